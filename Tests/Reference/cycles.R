# A cycle as its definition describes it: the tables as used, dimensions, population.

readCycle <- function(file) {
  definition <- readYaml(file)
  name <- definition$pipeline
  cycle <- list(name = name, definition = definition, file = file,
                key = if (is.null(definition$cycle)) name else definition$cycle,
                referenceDate = definition[["reference-date"]], period = definition$period,
                level = if (is.null(definition$interval$level)) 0.95 else as.numeric(definition$interval$level),
                method = if (is.null(definition$interval$method)) "wilson" else definition$interval$method,
                indicators = readYaml(beside(file, definition$indicators)))
  names(cycle$indicators) <- vapply(cycle$indicators, function(indicator) indicator$id, "")
  cycle$tables <- Map(readTable, names(definition$tables), definition$tables, file)
  cycle$dimensions <- lapply(definition$dimensions, function(spec) {
    spec$members <- if (is.null(spec$labels)) character(0) else labelCodes(readYaml(beside(file, spec$labels)))
    spec
  })
  stopifnot(identical(names(cycle$dimensions), c("region", "sector")))
  cycle <- rejectUnknownUnits(cycle)
  cycle$submittedRows <- cycle$tables$responses
  cycle <- keepPopulation(cycle)
  rollUpLatest(cycle)
}

labelCodes <- function(labels) {
  if (!is.null(names(labels))) return(names(labels))
  if (is.character(labels)) return(labels)
  vapply(labels, function(entry) if (!is.null(entry$code)) entry$code else if (!is.null(entry$id)) entry$id else names(entry)[1], "")
}

# ---- dimensions ----

joinColumn <- function(spec, tableName) {
  if (!is.list(spec$on)) return(spec$on)
  if (!is.null(spec$on[[tableName]])) spec$on[[tableName]] else spec$on$default
}

# The member of each row; NULL where the table lacks the dimension. An empty value is in `_U`.
membersOf <- function(table, name, cycle) {
  spec <- cycle$dimensions[[name]]
  if (is.null(spec$join)) {
    if (!spec$column %in% names(table$data)) return(NULL)
    values <- columnOf(table, spec$column)
  } else {
    column <- joinColumn(spec, table$name)
    if (is.null(column) || !column %in% names(table$data)) return(NULL)
    register <- cycle$tables[[spec$join]]
    key <- columnOf(table, column)
    values <- columnOf(register, spec$column)[match(key, unitOf(register))]
    values[is.na(values)] <- ""
  }
  ifelse(values == "", "_U", values)
}

rejectUnknownUnits <- function(cycle) {
  for (spec in Filter(function(spec) !is.null(spec$join), cycle$dimensions)) {
    for (tableName in names(cycle$tables)) {
      table <- cycle$tables[[tableName]]
      column <- joinColumn(spec, tableName)
      if (is.null(column) || !column %in% names(table$data)) next
      unknown <- !columnOf(table, column) %in% c("", unitOf(cycle$tables[[spec$join]]))
      rejected <- table$rejected
      rejected[[paste("unknown", column)]] <- sum(unknown)
      table <- keepRows(table, !unknown)
      table$rejected <- rejected
      cycle$tables[[tableName]] <- table
    }
  }
  cycle
}

# Every grouping in one list: the total, then what `group-by` says, members in the order of the labels, then by bytes.
cellsOf <- function(tableName, cycle) {
  table <- cycle$tables[[tableName]]
  total <- data.frame(grouping = "total", region = "_T", sector = "_T", stringsAsFactors = FALSE)
  cells <- list(total)
  for (grouping in cycle$definition[["group-by"]]) {
    members <- lapply(grouping, function(name) {
      present <- membersOf(table, name, cycle)
      if (is.null(present)) return(NULL)
      known <- cycle$dimensions[[name]]$members
      c(known, sort(setdiff(unique(present), known), method = "radix"))
    })
    if (any(vapply(members, is.null, NA))) next
    names(members) <- grouping
    combinations <- rev(expand.grid(rev(members), stringsAsFactors = FALSE))   # the first dimension changes slowest
    cell <- data.frame(grouping = paste(grouping, collapse = " x "), region = "_T", sector = "_T", stringsAsFactors = FALSE)[rep(1, nrow(combinations)), ]
    cell[grouping] <- combinations
    cells <- c(cells, list(cell))
  }
  cells <- do.call(rbind, cells)
  rownames(cells) <- NULL
  cells
}

inCell <- function(rows, cell) {
  (cell$region == "_T" | rows$region == cell$region) & (cell$sector == "_T" | rows$sector == cell$sector)
}

# ---- population and roll-up of the responses ----

strataOf <- function(table, cycle) {
  parts <- lapply(cycle$definition$design$strata, function(name) {
    if (name %in% names(cycle$dimensions)) membersOf(table, name, cycle) else columnOf(table, name)
  })
  do.call(paste, c(parts, sep = "/"))
}

# The population is the units of a register that meet a condition; a row whose unit is none of them is outside.
keepPopulation <- function(cycle) {
  design <- cycle$definition$design
  if (is.null(design$population$table) || !is.null(design$weight)) stop("only a census with non-response is part of the reference implementation")
  register <- cycle$tables[[design$population$table]]
  belongs <- if (is.null(design$population$where)) rep(TRUE, nrow(register$data)) else holds(design$population$where, register, cycle)
  population <- data.frame(unit = unitOf(register), stratum = strataOf(register, cycle), stringsAsFactors = FALSE)[belongs, ]
  cycle$population <- population[!duplicated(population$unit), ]
  responses <- cycle$tables$responses
  inside <- unitOf(responses) %in% cycle$population$unit
  cycle$outside <- sum(!inside)
  cycle$tables$responses <- keepRows(responses, inside)
  cycle
}

# One row a unit: the latest by the submitted date, ties to the later row, no date is oldest.
rollUpLatest <- function(cycle) {
  responses <- cycle$tables$responses
  rollUp <- if (is.null(responses$spec[["roll-up"]])) "none" else responses$spec[["roll-up"]]
  if (rollUp == "none") return(cycle)
  if (rollUp != "latest") stop("roll-up ", rollUp, " is not part of the reference implementation")
  submitted <- columnOf(responses, responses$spec$submitted)
  submitted[!isDate(submitted)] <- ""
  ordered <- order(submitted, seq_along(submitted), method = "radix")
  latest <- ordered[!duplicated(unitOf(responses)[ordered], fromLast = TRUE)]
  cycle$superseded <- nrow(responses$data) - length(latest)
  cycle$tables$responses <- keepRows(responses, seq_len(nrow(responses$data)) %in% latest)
  cycle
}
