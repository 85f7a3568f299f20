# Invented people in PSUs in strata who are asked again and again, and the files of a cycle that asked some of them.

# One row a person. PSU ids start anew in every stratum, so only stratum and id together tell which one it is.
world <- function(psus, persons, questions = 3) {
  psu <- do.call(rbind, lapply(names(psus), function(h) data.frame(stratum = h, psu = as.character(seq_len(psus[[h]])), stringsAsFactors = FALSE)))
  psu$effect <- rnorm(nrow(psu), 0, 0.7)
  people <- psu[rep(seq_len(nrow(psu)), each = persons), ]
  people$unit <- paste0(people$stratum, people$psu, "-", seq_len(persons))
  people$region <- sample(c("N", "S"), nrow(people), replace = TRUE)
  people$sector <- sample(c("farm", "shop", "school"), nrow(people), replace = TRUE)
  for (q in seq_len(questions)) people[[paste0("leaning", q)]] <- rnorm(nrow(people), 0, 1.5)
  rownames(people) <- NULL
  people
}

# The answers "1", "0" or none of the people asked in one cycle; `shift` moves the share of yes.
asked <- function(people, shift = 0, missing = 0.07, moving = 0.05) {
  questions <- sum(grepl("^leaning", names(people)))
  rows <- people[c("unit", "stratum", "psu", "region", "sector")]
  move <- runif(nrow(rows)) < moving
  rows$region[move] <- ifelse(rows$region[move] == "N", "S", "N")
  rows$w <- round(runif(nrow(rows), 1, 4), 2)
  for (q in seq_len(questions)) {
    yes <- runif(nrow(rows)) < plogis(people$effect + people[[paste0("leaning", q)]] + shift * q - 0.3)
    rows[[paste0("q", q)]] <- ifelse(runif(nrow(rows)) < missing, "", ifelse(yes, "1", "0"))
  }
  rownames(rows) <- NULL
  rows
}

# People of the PSUs with these numbers, each with the given chance.
some <- function(people, psus, chance = 1) people[people$psu %in% as.character(psus) & runif(nrow(people)) < chance, ]

# ---- files ----

flow <- function(fields) paste0("{", paste(names(fields), unlist(fields), sep = ": ", collapse = ", "), "}")

definitionOfCycle <- function(case, cycle) {
  design <- cycle$design
  responses <- list(path = paste0(cycle$name, ".csv"))
  if (!isFALSE(cycle$hasUnit)) responses$unit <- "unit"
  text <- c(paste0("pipeline: ", cycle$name), paste0("title: ", case$title), paste0("cycle: ", cycle$key), paste0("year: ", cycle$year),
            "tables:", paste0("  responses: ", flow(responses)))
  if (!is.null(cycle$register)) text <- c(text, paste0("  units: ", flow(list(path = paste0(cycle$name, "-units.csv"), unit = "unit"))))
  fields <- list()
  if (!is.null(design$weight)) fields$weight <- design$weight
  if (!is.null(design$strata)) fields$strata <- paste0("[", design$strata, "]")
  if (!is.null(design$psu)) fields$psu <- design$psu
  if (!is.null(design$population)) fields$population <- if (design$population == "table") "{table: units}" else paste0("{column: ", design$population, "}")
  if (!is.null(design$lonely)) fields[["lonely-psu"]] <- design$lonely
  if (!is.null(design$replicates)) fields$replicates <- flow(c(list(columns = "\"rep*\""), design$replicates))
  text <- c(text, "dimensions: {region: {column: region}, sector: {column: sector}}", paste0("group-by: ", case$groupBy), paste0("design: ", flow(fields)))
  if (!is.null(cycle$trend)) text <- c(text, paste0("trend: ", flow(cycle$trend)))
  c(text, "reliability: none", paste0("indicators: ", case$id, "-indicators.yaml"))
}

indicatorText <- function(indicator, cycles) {
  own <- list(id = indicator$id, title = paste("Question", indicator$question))
  if (indicator$kind == "count") own$kind <- "count"
  if (indicator$table != "responses") own$table <- indicator$table
  if (!is.null(indicator$eligible)) own$eligible <- paste0("{", indicator$eligible, ": \"1\"}")
  numerator <- paste0("{numerator: {", indicator$question, ": \"1\"}}")
  if (length(indicator$notAsked) > 0) {
    entries <- vapply(cycles, function(key) paste0(key, ": ", if (key %in% indicator$notAsked) "{not-asked: \"left out\"}" else numerator), "")
    own[["per-cycle"]] <- paste0("{", paste(entries, collapse = ", "), "}")
  } else own$numerator <- paste0("{", indicator$question, ": \"1\"}")
  if (length(indicator$comparability) > 0)
    own$comparability <- paste0("{", paste0(names(indicator$comparability), ": \"", indicator$comparability, "\"", collapse = ", "), "}")
  paste0("- ", flow(own))
}

writeCase <- function(case, directory) {
  into <- function(name) file.path(directory, name)
  for (cycle in case$cycles) {
    writeLines(definitionOfCycle(case, cycle), into(paste0(cycle$name, ".yaml")))
    write.csv(cycle$rows, into(paste0(cycle$name, ".csv")), row.names = FALSE, quote = FALSE)
    if (!is.null(cycle$register)) write.csv(cycle$register, into(paste0(cycle$name, "-units.csv")), row.names = FALSE, quote = FALSE)
  }
  writeLines(vapply(case$indicators, indicatorText, "", vapply(case$cycles, `[[`, "", "key")), into(paste0(case$id, "-indicators.yaml")))
}
