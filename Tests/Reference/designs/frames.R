# From a pipeline of this folder to what an indicator's estimate is made of: one row a unit, by docs/statistics.md 1, 2, 3.1 and 3.4.
# Only what R's survey lacks stands here: roll-ups, eligibility, populations from a register.

readDesign <- function(file) {
  definition <- readYaml(file)
  cycle <- list(name = definition$pipeline, definition = definition, indicators = readYaml(beside(file, definition$indicators)),
                level = as.numeric(definition$interval$level))
  cycle$tables <- Map(readTable, names(definition$tables), definition$tables, file)
  cycle$labels <- lapply(definition$dimensions, function(spec) if (is.null(spec$labels)) NULL else names(readYaml(beside(file, spec$labels))))
  cycle$design <- if (is.null(definition$design)) list() else definition$design
  cycle$isSimple <- length(setdiff(names(cycle$design), "lonely-psu")) == 0
  inPopulation(inSample(cycle))
}

# A row of a sample without a stratum or a PSU is left out: an empty text is no name of either.
inSample <- function(cycle) {
  if (!is.null(cycle$design$population$table) && is.null(cycle$design$weight)) return(cycle)
  responses <- cycle$tables$responses
  named <- rep(TRUE, nrow(responses$data))
  for (name in c(unlist(cycle$design$strata), cycle$design$psu)) named <- named & columnOf(responses, name) != ""
  cycle$tables$responses <- keepRows(responses, named)
  cycle
}

# The members of the register that meet the condition are the population; answers of others are outside it.
inPopulation <- function(cycle) {
  population <- cycle$design$population
  if (is.null(population$table)) return(cycle)
  register <- cycle$tables[[population$table]]
  register <- keepRows(register, holds(population$where, register, cycle))
  cycle$sizes <- table(stratumOf(register, cycle))
  cycle$tables$responses <- keepRows(cycle$tables$responses, unitOf(cycle$tables$responses) %in% unitOf(register))
  cycle
}

# One value a row that tells strata apart, whatever their names hold.
stratumOf <- function(table, cycle) {
  columns <- lapply(cycle$design$strata, function(name) { values <- columnOf(table, name); paste0(nchar(values), ":", values) })
  if (length(columns) == 0) rep("all", nrow(table$data)) else do.call(paste0, columns)
}

memberOf <- function(table, name) { values <- columnOf(table, name); ifelse(values == "", "_U", values) }

# d: in the denominator, y: in the numerator, known: the status is known (in a census). `units` tells which rows are one unit.
frameOf <- function(indicator, cycle) {
  table <- cycle$tables$responses
  design <- cycle$design
  rollUp <- indicator[["roll-up"]]
  if (is.null(rollUp)) rollUp <- table$spec[["roll-up"]]
  if (is.null(rollUp)) rollUp <- "none"
  size <- nrow(table$data)
  number <- function(column) if (is.null(column)) rep(1, size) else as.numeric(columnOf(table, column))
  eligible <- if (is.null(indicator$eligible)) rep(TRUE, size) else holds(indicator$eligible, table, cycle)
  denominator <- if (is.null(indicator$denominator)) list(decided = indicator$numerator) else indicator$denominator
  rows <- data.frame(area = memberOf(table, "area"), kind = memberOf(table, "kind"), stratum = stratumOf(table, cycle),
                     psu = if (is.null(design$psu)) as.character(seq_len(size)) else columnOf(table, design$psu), w = number(design$weight),
                     d = eligible & holds(denominator, table, cycle), stringsAsFactors = FALSE)
  yes <- holds(indicator$numerator, table, cycle)
  # An answer that decides cannot be read: the row leaves the base.
  rows$open <- is.na(rows$d) | (rows$d & is.na(yes)) %in% TRUE | unreadableIn(table, denominator, cycle)
  rows$d <- rows$d %in% TRUE & !rows$open
  rows$y <- rows$d & yes %in% TRUE
  rows$known <- rows$d | (!eligible) %in% TRUE
  rows$N <- if (!is.null(design$population$column)) number(design$population$column) else if (!is.null(cycle$sizes)) as.numeric(cycle$sizes[rows$stratum]) else NA_real_
  pattern <- design$replicates$columns
  if (!is.null(pattern)) {                                 # in the order of the header
    rows$replicate <- as.matrix(as.data.frame(lapply(table$data[grepl(glob2rx(pattern), names(table$data))], as.numeric)))
  }
  if (rollUp == "none") return(rows)
  rows$unitWeight <- number(design[["unit-weight"]])
  rolledUp(rows, unitOf(table), rollUp, if (rollUp == "latest") columnOf(table, table$spec$submitted), is.null(design$psu))
}

# `decided` itself does not tell an unreadable answer from a missing one: here those rows that some reading of the unreadable
# answer would decide. Enough for conditions on one question each, which is what the designs have.
unreadableIn <- function(table, denominator, cycle) {
  names <- if (is.null(denominator$decided)) character(0) else namedColumns(denominator$decided)
  open <- rep(FALSE, nrow(table$data))
  for (name in names) open <- open | stateOf(table, name) == "unreadable"
  open & !(holds(denominator, table, cycle) %in% TRUE)
}

rolledUp <- function(rows, unit, rollUp, submitted, unitsArePSUs) {
  if (rollUp == "latest") {
    ordered <- order(submitted, seq_along(submitted), method = "radix")
    kept <- sort(ordered[!duplicated(unit[ordered], fromLast = TRUE)])
  } else {
    kept <- which(!duplicated(unit))
    sumBy <- function(values) as.vector(rowsum(as.numeric(values), unit, reorder = FALSE))
    asked <- sumBy(rows$d)
    yes <- switch(rollUp, any = sumBy(rows$y) > 0, all = sumBy(rows$y) == asked, majority = sumBy(rows$y * rows$w) > sumBy(rows$d * rows$w) / 2)
    # A row that cannot be read leaves its unit out where it could turn the outcome.
    has <- sumBy(rows$open) > 0
    open <- has & switch(rollUp, any = sumBy(rows$y) == 0, all = sumBy(rows$y) == asked,
      majority = asked == 0 | (sumBy(rows$y * rows$w) <= sumBy((rows$d | rows$open) * rows$w) / 2
        & sumBy((rows$y | rows$open) * rows$w) > sumBy((rows$d | rows$open) * rows$w) / 2))
    varies <- function(values) length(unique(paste(unit, values))) > length(unique(unit))
    stopifnot(!varies(rows$stratum), unitsArePSUs || !varies(rows$psu), !varies(rows$unitWeight))
    for (name in c("area", "kind")) if (varies(rows[[name]])) rows[[name]] <- NA       # only the total is left
    rows$d[kept] <- asked > 0 & !open
    rows$y[kept] <- asked > 0 & yes & !open
  }
  rows$w <- rows$unitWeight
  rows <- rows[kept, ]
  if (unitsArePSUs) rows$psu <- unit[kept]
  rows
}

# The census of 3.4: only rows whose status is known, and weights N_h / n_h.
asCensus <- function(rows) {
  rows <- rows[rows$known, ]
  n <- vapply(split(rows$psu, rows$stratum), function(these) length(unique(these)), 0L)
  rows$w <- rows$N / as.numeric(n[rows$stratum])
  rows
}

# ---- cells ----

membersOf <- function(cycle, name) {
  present <- unique(memberOf(cycle$tables$responses, name))
  c(cycle$labels[[name]], sort(setdiff(present, cycle$labels[[name]]), method = "radix"))
}

cellsOf <- function(cycle) {
  areas <- membersOf(cycle, "area"); kinds <- membersOf(cycle, "kind")
  crossed <- any(lengths(cycle$definition[["group-by"]]) > 1)
  rbind(data.frame(area = "_T", kind = "_T"), data.frame(area = areas, kind = "_T"), data.frame(area = "_T", kind = kinds),
        if (crossed) rev(expand.grid(kind = kinds, area = areas, stringsAsFactors = FALSE)))
}

inCell <- function(rows, cell) (cell$area == "_T" | rows$area == cell$area) & (cell$kind == "_T" | rows$kind == cell$kind)
