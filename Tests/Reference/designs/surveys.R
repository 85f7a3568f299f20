# The pieces that make-designs.R puts surveys together from. A survey is a data frame; each piece adds columns or changes some.

suppressWarnings(RNGkind("Mersenne-Twister", "Inversion", "Rejection"))

pick <- function(size, codes, shares) sample(codes, size, replace = TRUE, prob = shares)

# Every answer of a row; `lean` moves the row towards yes or no.
answers <- function(size, lean = rep(0, size)) {
  says <- function(share) runif(size) < plogis(qlogis(share) + lean)
  silent <- function(values, share, text) { values[runif(size) < share] <- text; values }
  use <- ifelse(says(0.55), ifelse(runif(size) < 0.3, "sometimes", "yes"), "no")
  use <- silent(silent(silent(use, 0.05, ""), 0.02, "NA"), 0.03, "n/a")
  defect <- silent(silent(ifelse(says(0.05), "yes", "no"), 0.05, ""), 0.04, "n/a")
  known <- silent(silent(ifelse(says(0.95), "yes", "no"), 0.04, ""), 0.01, "Yes")
  helped <- ifelse(says(0.6), "yes", "no")
  helped[!use %in% c("yes", "sometimes")] <- ""
  helped <- silent(helped, 0.04, "")
  chosen <- cbind(a = says(0.7), b = says(0.5), c = says(0.3))
  topics <- apply(chosen, 1, function(row) paste(c("a", "b", "c")[row], collapse = "|"))
  data.frame(use, defect, known, helped, topics, size_class = silent(as.character(sample(1:6, size, TRUE)), 0.05, ""), stringsAsFactors = FALSE)
}

people <- function(size, areas = 4, kinds = 3) {
  data.frame(id = seq_len(size), area = pick(size, letters[seq_len(areas)], seq(2, 1, length.out = areas)),
             kind = pick(size, c("k", "l", "m", "n")[seq_len(kinds)], seq(1, 2, length.out = kinds)), stringsAsFactors = FALSE)
}

withUnknown <- function(rows) { rows$area[sample(nrow(rows), 12)] <- ""; rows }

# ---- weights ----

weighted <- function(rows, scale = 1, spread = 0.5, digits = 17) {
  rows$weight <- signif(scale * exp(rnorm(nrow(rows), 3, spread)), digits)
  rows
}
someZero <- function(rows) { rows$weight[sample(nrow(rows), nrow(rows) %/% 8)] <- 0; rows }
zeroStratum <- function(rows) { rows$weight[rows$stratum %in% c("s1", "s4")] <- 0; rows }
zeroClusters <- function(rows) { rows$weight[rows$psu %in% c("1", "4") & rows$stratum != "s2"] <- 0; rows }
shrunk <- function(rows) { rows$weight <- rows$weight / sum(rows$weight) * nrow(rows) * 0.6; rows }

# ---- strata and PSUs ----

# At least two rows a stratum.
inStrata <- function(rows, count) {
  rows$stratum <- paste0("s", sample(c(rep(seq_len(count), 2), sample(count, nrow(rows) - 2 * count, TRUE))))
  rows
}
twoColumns <- function(rows) {
  rows$province <- pick(nrow(rows), c("north", "south", "1", "11"), c(4, 3, 2, 2))
  rows$urban <- pick(nrow(rows), c("1", "11"), c(1, 1))
  rows
}
oddNames <- function(rows) {
  rows$stratum <- c(s1 = "a x b", s2 = "a", s3 = "b,c", s4 = "say \"d\"", s5 = "_T", s6 = " a")[rows$stratum]
  rows
}
withoutStratum <- function(rows) { rows$stratum[rows$stratum == "s3"] <- ""; rows }
stratumIsArea <- function(rows) { rows$stratum <- rows$area; rows }

# PSUs 1, 2, ... in every stratum, each with a row; rows of a PSU lean the same way.
inClusters <- function(rows, perStratum, sameAnswers = FALSE) {
  stratum <- if (is.null(rows$stratum)) rep("", nrow(rows)) else rows$stratum
  rows$psu <- ave(stratum, stratum, FUN = function(these) {
    count <- min(perStratum, length(these))
    as.character(sample(c(seq_len(count), sample(count, length(these) - count, TRUE))))
  })
  leaning(rows, if (sameAnswers) 3 else 0.6)
}
leaning <- function(rows, spread) {
  key <- paste(rows$stratum, rows$psu)
  rows$lean <- rnorm(length(unique(key)), 0, spread)[match(key, unique(key))]
  rows
}
unequalClusters <- function(rows) {
  sizes <- c(1, 1, 2, 3, 60, 40, 5, 1, 30, 2, 55, 20, 4, 4, 4, 25, 1, 60, 7, 50)
  size <- nrow(rows)
  psu <- rep(seq_along(sizes), sizes)
  rest <- size - length(psu)
  psu <- sample(c(psu, 20 + rep(seq_len(ceiling(rest / 13)), length.out = rest)))
  rows$stratum <- paste0("s", psu %% 4)
  rows$psu <- as.character(psu %/% 4)
  leaning(rows, 0.8)
}
unequalStrata <- function(rows) {
  rows$stratum <- paste0("s", pick(nrow(rows), 1:4, c(1, 2, 3, 4)))
  rows$psu <- ave(rows$stratum, rows$stratum, FUN = function(these) as.character(1 + seq_along(these) %% (2 + 3 * as.integer(substr(these[1], 2, 2)) %/% 2)))
  leaning(rows, 0.5)
}
lonelyClusters <- function(rows, lonely, others = 4) {
  stratum <- sample(seq_len(lonely + others), nrow(rows), TRUE, prob = c(rep(1, lonely), rep(3, others)))
  rows$stratum <- paste0("s", stratum)
  rows <- inClusters(rows, perStratum = 4)
  rows$psu[stratum <= lonely] <- "1"
  rows
}
lonelyRows <- function(rows, lonely) {
  rows <- inStrata(rows, 4)
  rows$stratum[seq_len(lonely)] <- paste0("t", seq_len(lonely))
  rows
}

# Four rows with the same weight a PSU, area and kind, which answer half yes, half no.
alike <- function(rows) {
  cells <- unique(rows[c("stratum", "psu")[c("stratum", "psu") %in% names(rows)]])
  cells <- merge(merge(cells, data.frame(area = c("a", "b"))), data.frame(kind = c("k", "l")))
  rows <- cells[rep(seq_len(nrow(cells)), each = 4), ]
  rows$id <- seq_len(nrow(rows))
  rows$weight <- signif(20 + 5 * (as.integer(rows$psu) %% 3), 4)
  attr(rows, "answers") <- data.frame(use = rep(c("yes", "no", "sometimes", "no"), length.out = nrow(rows)), defect = rep(c("no", "no", "no", "yes"), length.out = nrow(rows)),
                                      known = rep(c("yes", "yes", "no", "yes"), length.out = nrow(rows)), helped = rep(c("yes", "", "no", ""), length.out = nrow(rows)),
                                      topics = rep(c("a|b", "", "c", "b"), length.out = nrow(rows)), size_class = "3", stringsAsFactors = FALSE)
  rows
}

# ---- populations ----

# Sizes of the strata (rows or PSUs), and weights that stand for them. The first `whole` strata were taken whole.
fromPopulation <- function(rows, whole = 0, ofClusters = FALSE, keepWeight = TRUE, wholeLonely = FALSE) {
  stratum <- if (is.null(rows$stratum)) rep("", nrow(rows)) else rows$stratum
  unit <- if (ofClusters) paste(stratum, rows$psu) else seq_len(nrow(rows))
  names <- sort(unique(stratum), method = "radix")
  sampled <- vapply(names, function(name) length(unique(unit[stratum == name])), 0L)
  size <- ceiling(sampled * runif(length(sampled), 1.3, 4))
  at <- match(stratum, names)
  if (whole > 0) size[seq_len(whole)] <- sampled[seq_len(whole)]
  if (wholeLonely) size[sampled == 1] <- 1
  rows$size <- as.numeric(size[at])
  if (keepWeight) rows$weight <- rows$size / as.numeric(sampled[at]) * if (all(size == sampled)) 1 else exp(rnorm(nrow(rows), 0, 0.2))
  rows
}

# A register of members, most of whom answered; some answers come from outside.
census <- function(rows, silent = NULL, thin = NULL) {
  everyone <- rows
  everyone$member <- paste0("u", seq_len(nrow(rows)))
  everyone$status <- pick(nrow(rows), c("member", "observer"), c(9, 1))
  answered <- runif(nrow(rows)) < 0.75 & !everyone$area %in% silent
  if (!is.null(thin)) answered[everyone$area == thin] <- cumsum(everyone$status[everyone$area == thin] == "member") == 1
  attr(everyone, "register") <- everyone[setdiff(names(everyone), "id")]
  answering <- everyone[answered & !duplicated(everyone$member), setdiff(names(everyone), "status")]
  attr(answering, "register") <- attr(everyone, "register")
  answering
}
censusWeighted <- function(rows) {
  rows <- census(rows)
  register <- attr(rows, "register")
  rows$weight <- exp(rnorm(nrow(rows), 0.5, 0.3))
  attr(rows, "register") <- register
  rows
}

# ---- several rows a unit ----

# Each row becomes a unit of one to five rows, with the unit's place and weight; the rows have weights and dates of their own.
ofUnits <- function(units) {
  repeats <- sample(1:5, nrow(units), TRUE, prob = c(3, 3, 2, 1, 1))
  units$household <- paste0("h", seq_len(nrow(units)))
  units$unit_weight <- exp(rnorm(nrow(units), 1, 0.6))
  rows <- units[sample(rep(seq_len(nrow(units)), repeats)), ]
  rows$id <- seq_len(nrow(rows))
  rows$weight <- signif(exp(rnorm(nrow(rows), 0, 0.5)), 3)
  rows$submitted <- paste0("2024-0", sample(1:9, nrow(rows), TRUE), "-15")
  rows$submitted[runif(nrow(rows)) < 0.1] <- ""
  rownames(rows) <- NULL
  rows
}
kindVaries <- function(rows) { rows$kind <- sample(rows$kind); rows }

# ---- writing ----

made <- new.env()
made$count <- 0

# The shortest text that reads back to the same number.
shortest <- function(x) {
  text <- sprintf("%.17g", x)
  for (digits in 16:1) {
    shorter <- sprintf(paste0("%.", digits, "g"), x)
    same <- as.numeric(shorter) == x
    text[same] <- shorter[same]
  }
  isWhole <- x == round(x) & abs(x) < 1e15
  text[isWhole] <- sprintf("%.0f", x[isWhole])             # 10 and not 1e+01
  text
}
quoted <- function(x) ifelse(grepl("[\",\r\n]", x), paste0("\"", gsub("\"", "\"\"", x), "\""), x)
writeTable <- function(rows, file) {
  columns <- lapply(rows, function(column) if (is.numeric(column)) shortest(column) else quoted(column))
  writeLines(c(paste(names(rows), collapse = ","), do.call(paste, c(unname(columns), sep = ","))), file.path(folder, file))
}

flow <- function(names) paste0("[", paste(names, collapse = ", "), "]")

# Writes the next pipeline and its data. `register`: the population is the members of a second file.
design <- function(title, rows, weight = NULL, strata = NULL, psu = NULL, population = NULL, register = NULL, lonely = NULL, unit = NULL,
                   rollUp = NULL, unitWeight = NULL, replicates = NULL, level = 0.95, labels = made$count %% 4 == 0, crossed = made$count %% 4 != 1, indicators = "indicators") {
  made$count <- made$count + 1
  set.seed(2026 + 1000 * made$count)     # before `rows` is looked at for the first time: no design depends on those before
  name <- sprintf("d%02d", made$count)
  lean <- if (is.null(rows$lean)) rep(0, nrow(rows)) else rows$lean
  used <- c("id", "area", "kind", weight, strata, psu, population, if (!is.null(register)) register, unit, unitWeight, if (identical(rollUp, "latest")) "submitted",
            grep("^repw", names(rows), value = TRUE))
  said <- attr(rows, "answers")
  writeTable(cbind(rows[unique(used)], if (is.null(said)) answers(nrow(rows), lean) else said), paste0(name, ".csv"))
  if (!is.null(register)) {
    writeTable(attr(rows, "register")[unique(c(register, "status", strata, "area", "kind"))], paste0(name, "-register.csv"))
  }
  unit <- if (!is.null(register)) register else unit
  label <- function(file) if (labels) paste0(", labels: shared/", file, ".yaml") else ""
  lines <- c(
    paste0("pipeline: ", name), paste0("title: \"", title, "\""), "tables:", "  responses:", paste0("    path: ", name, ".csv"),
    "    codebook: shared/codebook.yaml", "    respondent: id", if (!is.null(unit)) paste0("    unit: ", unit),
    if (!is.null(rollUp)) paste0("    roll-up: ", rollUp), if (identical(rollUp, "latest")) "    submitted: submitted",
    if (!is.null(register)) paste0("  register: {path: ", name, "-register.csv, unit: ", register, "}"),
    "dimensions:", paste0("  area: {column: area", label("areas"), "}"), paste0("  kind: {column: kind", label("kinds"), "}"),
    paste0("group-by: [[area], [kind]", if (crossed) ", [area, kind]", "]"),
    if (!is.null(c(weight, strata, psu, population, register, unitWeight, replicates))) "design:",
    if (!is.null(weight)) paste0("  weight: ", weight), if (!is.null(strata)) paste0("  strata: ", flow(strata)), if (!is.null(psu)) paste0("  psu: ", psu),
    if (!is.null(unitWeight)) paste0("  unit-weight: ", unitWeight), if (!is.null(population)) paste0("  population: {column: ", population, "}"),
    if (!is.null(register)) "  population: {table: register, where: {status: member}}",
    if (!is.null(lonely)) paste0("  lonely-psu: ", lonely), if (!is.null(replicates)) paste0("  replicates: {", replicates, "}"),
    "max-rejected: 25%", paste0("interval: {method: wilson, level: ", level, "}"), paste0("indicators: shared/", indicators, ".yaml"))
  writeLines(lines, file.path(folder, paste0(name, ".yaml")))
}

# ---- replicate weights ----

# Full weights repw1, repw2, ... by survey's as.svrepdesign; the weights of successive differences by Fay and Train (1995), as ACS makes them:
# a row's factor is 1 + 2^(-3/2) a_1 - 2^(-3/2) a_2, a_1 and a_2 from two successive rows of a Hadamard matrix.
replicated <- function(title, rows, type, fay = NULL, mse = FALSE, scale = NULL, rscales = NULL, df = NULL, replicates = NULL, zeroFactors = NULL, level = 0.95) {
  set.seed(4052 + made$count)
  ids <- if (is.null(rows$psu)) ~1 else ~psu
  sample <- if (is.null(rows$stratum)) svydesign(ids, weights = ~weight, data = rows) else svydesign(ids, strata = ~stratum, weights = ~weight, data = rows, nest = TRUE)
  factors <- NULL
  if (type == "successive-difference") {
    matrix <- 2 * hadamard(replicates - 1) - 1
    stopifnot(ncol(matrix) == replicates)
    first <- (seq_len(nrow(rows)) - 1) %% (replicates - 1) + 1
    factors <- 1 + 2^-1.5 * (matrix[first, ] - matrix[first %% (replicates - 1) + 2, ])
  } else {
    converted <- switch(type, brr = as.svrepdesign(sample, "BRR", compress = FALSE), fay = as.svrepdesign(sample, "Fay", fay.rho = fay, compress = FALSE),
      jk1 = as.svrepdesign(sample, "JK1", compress = FALSE), jkn = as.svrepdesign(sample, "JKn", compress = FALSE),
      bootstrap = as.svrepdesign(sample, "subbootstrap", replicates = replicates, compress = FALSE))
    factors <- unclass(as.matrix(weights(converted, "replication")))
    if (type == "jkn") rscales <- converted$rscales
  }
  if (!is.null(zeroFactors)) rscales[zeroFactors] <- 0
  weights <- as.data.frame(signif(factors * rows$weight, 10))
  colnames(weights) <- paste0("repw", seq_len(ncol(weights)))
  words <- c('columns: "repw*"', paste("type:", type), if (!is.null(fay)) paste("fay:", fay), paste("mse:", if (mse) "true" else "false"),
             if (!is.null(scale)) paste("scale:", shortest(scale)),
             if (length(rscales) == 1) paste("rscales:", shortest(rscales)) else if (length(rscales) > 1) paste("rscales:", flow(shortest(rscales))),
             if (!is.null(df)) paste("df:", df))
  rows$stratum <- rows$psu <- NULL
  said <- attr(rows, "answers")
  rows <- cbind(rows, weights)
  attr(rows, "answers") <- said
  design(title, rows, weight = "weight", replicates = paste(words, collapse = ", "), level = level)
}
