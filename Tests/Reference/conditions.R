# The condition language of docs/definitions.md. `holds(cond, table, cycle)` gives TRUE or FALSE for every row of the table.
# Conditions are two-valued: a missing answer meets no form, so `not` of that form is true.

question <- function(table, name) table$codebook$questions[[name]]

columnOf <- function(table, name) {
  values <- table$data[[name, exact = TRUE]]
  if (is.null(values)) stop("table ", table$name, " has no column ", name)
  values
}

chosenCodes <- function(table, values) strsplit(values, table$separator, fixed = TRUE)

# missing (empty, a missing code, rejected), not-applicable, or valid
stateOf <- function(table, name) {
  values <- columnOf(table, name)
  asked <- question(table, name)
  if (is.null(asked)) return(ifelse(values == "", "missing", "valid"))
  isNotApplicable <- values %in% table$codebook$notApplicable
  type <- if (is.null(asked$type)) "text" else asked$type
  accepted <- switch(type,
    one = values %in% unlist(asked$options),
    many = vapply(paste0(values, table$separator), function(v) {   # the appended separator keeps an empty last piece
      all(chosenCodes(table, v)[[1]] %in% unlist(asked$options)) }, NA, USE.NAMES = FALSE),
    text = rep(TRUE, length(values)),
    integer = isInteger(values), number = isNumber(values), date = isDate(values),
    stop("unknown type ", type, " of ", name))
  ifelse(values %in% table$codebook$missing, "missing", ifelse(isNotApplicable, "not-applicable", ifelse(accepted, "valid", "missing")))
}

isAnswered <- function(table, name) stateOf(table, name) == "valid"

# Columns of the table itself that a condition names (not those inside `related`: they belong to the other table).
namedColumns <- function(cond) {
  found <- character(0)
  for (key in names(cond)) {
    value <- cond[[key]]
    found <- c(found, switch(key,
      any = , all = unlist(lapply(value, namedColumns)),
      not = namedColumns(value),
      answered = , "routed-out" = unlist(value),
      related = , reported = character(0),
      key))
  }
  unique(found)
}

# A question skipped because of its route: no answer, its `asked-if` is false, and every gate in it is settled.
isRoutedOut <- function(table, name, cycle) {
  gate <- question(table, name)[["asked-if"]]
  if (is.null(gate)) return(rep(FALSE, nrow(table$data)))
  settled <- rep(TRUE, nrow(table$data))
  for (other in namedColumns(gate)) {
    settled <- settled & (stateOf(table, other) != "missing" | isRoutedOut(table, other, cycle))
  }
  stateOf(table, name) == "missing" & !holds(gate, table, cycle) & settled
}

# Every mandatory question that was asked is answered or not applicable.
isComplete <- function(table, cycle) {
  complete <- rep(TRUE, nrow(table$data))
  for (name in names(table$codebook$questions)) {
    asked <- question(table, name)
    if (!identical(asked$mandatory, "true")) next
    wasAsked <- if (is.null(asked[["asked-if"]])) TRUE else holds(asked[["asked-if"]], table, cycle)
    complete <- complete & (!wasAsked | stateOf(table, name) != "missing")
  }
  complete
}

numberBounds <- c("at-least", "at-most", "above", "below")
dateBounds <- c("before", "on-or-before", "after", "on-or-after")

dateWord <- function(word, cycle) {
  date <- switch(word, "reference-date" = cycle$referenceDate, "period-from" = cycle$period$from, "period-to" = cycle$period$to, word)
  if (is.null(date) || !isDate(date)) stop("not a date: ", word)
  date
}

meetsBound <- function(values, usable, bound, limit, cycle) {
  met <- rep(FALSE, length(values))
  if (bound %in% numberBounds) {
    usable <- usable & isNumber(values)
    numbers <- as.numeric(values[usable]); limit <- as.numeric(limit)
    met[usable] <- switch(bound, "at-least" = numbers >= limit, "at-most" = numbers <= limit, above = numbers > limit, below = numbers < limit)
  } else {
    usable <- usable & isDate(values)
    dates <- as.Date(values[usable]); limit <- as.Date(dateWord(limit, cycle))
    met[usable] <- switch(bound, before = dates < limit, "on-or-before" = dates <= limit, after = dates > limit, "on-or-after" = dates >= limit)
  }
  met
}

meetsColumn <- function(table, name, form, cycle) {
  values <- columnOf(table, name)
  state <- stateOf(table, name)
  asked <- question(table, name)
  isMany <- identical(asked$type, "many")
  checkCodes <- function(codes) {
    unknown <- setdiff(codes, c(unlist(asked$options), table$codebook$notApplicable))
    if (length(unknown) > 0 && !is.null(asked$options)) stop("codes of ", name, " that the codebook of ", table$name, " does not list: ", toString(unknown))
  }
  if (is.null(names(form))) {                                    # codes
    codes <- unlist(form)
    checkCodes(codes)
    chosen <- if (isMany) vapply(chosenCodes(table, values), function(picked) any(picked %in% codes), NA) else values %in% codes
    return(state != "missing" & chosen)
  }
  met <- rep(TRUE, length(values))
  for (key in names(form)) {
    met <- met & if (key == "includes-all") {
      codes <- unlist(form[[key]])
      checkCodes(codes)
      state != "missing" & vapply(if (isMany) chosenCodes(table, values) else as.list(values), function(picked) all(codes %in% picked), NA)
    } else if (key == "empty") {
      (state == "missing") == (form[[key]] == "true")
    } else if (key %in% c(numberBounds, dateBounds)) {
      meetsBound(values, state == "valid", key, form[[key]], cycle)
    } else stop("unknown form `", key, "` for ", name)
  }
  met
}

# Enough rows of another table, with the same value in the linking column, meet a condition.
meetsRelated <- function(table, form, cycle) {
  other <- cycle$tables[[form$table]]
  if (is.null(other)) stop("no table ", form$table)
  here <- if (is.list(form$on)) form$on$here else form$on
  there <- if (is.list(form$on)) form$on$there else form$on
  meets <- if (is.null(form$where)) rep(TRUE, nrow(other$data)) else holds(form$where, other, cycle)
  mine <- columnOf(table, here)
  keys <- unique(mine)
  linked <- match(columnOf(other, there)[meets], keys)
  count <- tabulate(linked[!is.na(linked)], length(keys))[match(mine, keys)]
  mine != "" & count >= (if (is.null(form[["at-least"]])) 1 else as.numeric(form[["at-least"]]))
}

# The unit of the row has a response, whatever became of it in the roll-up, that was submitted in time and is complete.
meetsReported <- function(table, form, cycle) {
  submitted <- cycle$submittedRows
  meets <- rep(TRUE, nrow(submitted$data))
  for (key in names(form)) {
    meets <- meets & if (key == "complete") {
      if (form[[key]] == "true") isComplete(submitted, cycle) else TRUE
    } else {
      dates <- columnOf(submitted, submitted$spec$submitted)
      meetsBound(dates, dates != "", key, form[[key]], cycle)
    }
  }
  unitOf(table) %in% unitOf(submitted)[meets]
}

unitOf <- function(table) if (is.null(table$spec$unit)) NULL else columnOf(table, table$spec$unit)

holds <- function(cond, table, cycle) {
  met <- rep(TRUE, nrow(table$data))
  for (key in names(cond)) {
    value <- cond[[key]]
    met <- met & switch(key,
      any = Reduce(`|`, lapply(value, holds, table, cycle), rep(FALSE, length(met))),
      all = Reduce(`&`, lapply(value, holds, table, cycle), rep(TRUE, length(met))),
      not = !holds(value, table, cycle),
      answered = Reduce(`&`, lapply(unlist(value), function(name) isAnswered(table, name))),
      "routed-out" = isRoutedOut(table, value, cycle),
      related = meetsRelated(table, value, cycle),
      reported = meetsReported(table, value, cycle),
      meetsColumn(table, key, value, cycle))
  }
  met
}
