# The condition language of docs/definitions.md. `holds(cond, table, cycle)` gives TRUE, FALSE or NA for every row of the table.
# A missing answer meets no form, so `not` of that form is true; an unreadable answer is NA. Inside `decided` a missing answer
# is NA, too, and R's own `&`, `|` and `!` do the rest.
leavesMissingOpen <- FALSE

# What a form says of each row: `met` for readable answers.
judged <- function(state, met, isOfState = FALSE) {
  met[state == "unreadable"] <- NA
  if (leavesMissingOpen && !isOfState) met[state %in% c("missing", "not-applicable") & !met] <- NA
  met
}

# Whether a condition comes out TRUE or FALSE whatever the missing answers would have been. Where an unreadable answer decides
# that, this says FALSE: the row is in no base either way.
isDecided <- function(cond, table, cycle) {
  leavesMissingOpen <<- TRUE
  on.exit(leavesMissingOpen <<- FALSE)
  !is.na(holds(cond, table, cycle))
}

question <- function(table, name) table$codebook$questions[[name]]

columnOf <- function(table, name) {
  values <- table$data[[name, exact = TRUE]]
  if (is.null(values)) stop("table ", table$name, " has no column ", name)
  values
}

chosenCodes <- function(table, values) strsplit(values, table$separator, fixed = TRUE)

# missing (empty, a missing code), not-applicable, unreadable, or valid
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
  ifelse(values %in% table$codebook$missing, "missing", ifelse(isNotApplicable, "not-applicable", ifelse(accepted, "valid", "unreadable")))
}

isAnswered <- function(table, name) judged(stateOf(table, name), stateOf(table, name) == "valid", isOfState = TRUE)

# Columns of the table itself that a condition names (not those inside `related`: they belong to the other table).
namedColumns <- function(cond) {
  found <- character(0)
  for (key in names(cond)) {
    value <- cond[[key]]
    found <- c(found, switch(key,
      any = , all = unlist(lapply(value, namedColumns)),
      not = , decided = namedColumns(value),
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
    state <- stateOf(table, other)
    isSettled <- judged(state, state != "missing", isOfState = TRUE)
    if (leavesMissingOpen) isSettled[state == "missing"] <- NA
    settled <- settled & (isSettled | isRoutedOut(table, other, cycle))
  }
  state <- stateOf(table, name)
  judged(state, state == "missing", isOfState = TRUE) & !holds(gate, table, cycle) & settled
}

# Every mandatory question that was asked is answered or not applicable.
isComplete <- function(table, cycle) {
  complete <- rep(TRUE, nrow(table$data))
  for (name in names(table$codebook$questions)) {
    asked <- question(table, name)
    if (!identical(asked$mandatory, "true")) next
    wasAsked <- if (is.null(asked[["asked-if"]])) TRUE else holds(asked[["asked-if"]], table, cycle)
    state <- stateOf(table, name)
    complete <- complete & (!wasAsked | judged(state, state != "missing", isOfState = TRUE))
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
    return(judged(state, state != "missing" & chosen))
  }
  met <- rep(TRUE, length(values))
  for (key in names(form)) {
    met <- met & if (key == "includes-all") {
      codes <- unlist(form[[key]])
      checkCodes(codes)
      judged(state, state != "missing" & vapply(if (isMany) chosenCodes(table, values) else as.list(values), function(picked) all(codes %in% picked), NA))
    } else if (key == "empty") {
      judged(state, (state == "missing") == (form[[key]] == "true"), isOfState = TRUE)
    } else if (key %in% c(numberBounds, dateBounds)) {
      judged(state, meetsBound(values, state == "valid", key, form[[key]], cycle))
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
  # Missing answers of the other table meet no form, also inside `decided` here.
  wasOpen <- leavesMissingOpen
  leavesMissingOpen <<- FALSE
  on.exit(leavesMissingOpen <<- wasOpen)
  meets <- if (is.null(form$where)) rep(TRUE, nrow(other$data)) else holds(form$where, other, cycle)
  mine <- columnOf(table, here)
  keys <- unique(mine)
  countOf <- function(rows) {
    linked <- match(columnOf(other, there)[rows], keys)
    tabulate(linked[!is.na(linked)], length(keys))[match(mine, keys)]
  }
  least <- if (is.null(form[["at-least"]])) 1 else as.numeric(form[["at-least"]])
  met <- countOf(meets %in% TRUE) >= least
  met[!met & countOf(meets %in% TRUE | is.na(meets)) >= least] <- NA
  met & mine != ""
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
      state <- ifelse(dates == "", "missing", ifelse(isDate(dates), "valid", "unreadable"))
      judged(state, meetsBound(dates, dates != "", key, form[[key]], cycle))
    }
  }
  met <- unitOf(table) %in% unitOf(submitted)[meets %in% TRUE]
  met[!met & unitOf(table) %in% unitOf(submitted)[is.na(meets)]] <- NA
  met
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
      decided = isDecided(value, table, cycle),
      answered = Reduce(`&`, lapply(unlist(value), function(name) isAnswered(table, name))),
      "routed-out" = isRoutedOut(table, value, cycle),
      related = meetsRelated(table, value, cycle),
      reported = meetsReported(table, value, cycle),
      meetsColumn(table, key, value, cycle))
  }
  met
}
