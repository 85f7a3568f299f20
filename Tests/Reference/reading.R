# Reads what an analyst writes (YAML) and what a cycle delivers (CSV).
# Everything stays text: `true`, `no` and `010` are those characters until a condition asks for a number or a date.

suppressWarnings(suppressMessages(library(yaml)))

asWritten <- function(text) text
yamlKinds <- c("bool#yes", "bool#no", "bool#na", "int", "int#hex", "int#oct", "int#base60", "int#na", "float", "float#fix", "float#exp",
               "float#inf", "float#neginf", "float#nan", "float#base60", "float#na", "str#na",
               "timestamp", "timestamp#ymd", "timestamp#iso8601", "timestamp#spaced", "null")

readYaml <- function(path) {
  if (!file.exists(path)) stop("no such file: ", path)
  handlers <- setNames(rep(list(asWritten), length(yamlKinds)), yamlKinds)
  text <- paste(readLines(path, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
  suppressWarnings(yaml.load(text, handlers = handlers))
}

beside <- function(file, path) if (startsWith(path, "/")) path else file.path(dirname(file), path)

# CSV as docs/definitions.md says: quotes pair exactly, so a separator or a line end counts where the number of quotes before it is even.
readCsv <- function(path, delimiter = ",") {
  connection <- if (endsWith(path, ".gz")) gzfile(path, "rb") else file(path, "rb")
  bytes <- raw(0)
  repeat {
    piece <- readBin(connection, "raw", 1e7)
    if (length(piece) == 0) break
    bytes <- c(bytes, piece)
  }
  close(connection)
  if (length(bytes) >= 3 && all(bytes[1:3] == as.raw(c(0xEF, 0xBB, 0xBF)))) bytes <- bytes[-(1:3)]
  if (length(bytes) == 0) stop("empty file: ", path)
  code <- as.integer(bytes)
  quoted <- cumsum(code == 34L) %% 2L == 1L
  if (quoted[length(quoted)]) stop("unterminated quote: ", path)
  isEnd <- (code == 10L | code == 13L) & !quoted
  isCut <- isEnd | (code == utf8ToInt(delimiter) & !quoted)
  cuts <- which(isCut)
  if (!isEnd[length(isEnd)]) cuts <- c(cuts, length(code) + 1L)
  starts <- c(1L, head(cuts, -1) + 1L)
  endsRecord <- cuts > length(code) | isEnd[pmin(cuts, length(code))]
  record <- c(1L, head(cumsum(endsRecord), -1) + 1L)
  text <- rawToChar(bytes)
  Encoding(text) <- "latin1"                       # positions are bytes
  fields <- substring(text, starts, cuts - 1L)
  fields <- iconv(fields, "latin1", "latin1")
  Encoding(fields) <- "UTF-8"
  blank <- starts == cuts & ave(record, record, FUN = length) == 1
  fields <- fields[!blank]; record <- record[!blank]
  isQuoted <- startsWith(fields, "\"")
  fields[isQuoted] <- gsub("\"\"", "\"", substr(fields[isQuoted], 2, nchar(fields[isQuoted]) - 1), fixed = TRUE)
  rows <- split(fields, factor(record, unique(record)))
  header <- rows[[1]]
  if (anyDuplicated(header)) stop("a column stands twice in the header of ", path)
  rows <- rows[-1]
  rightWidth <- lengths(rows) == length(header)
  body <- do.call(rbind, c(list(matrix(character(0), 0, length(header))), unname(rows[rightWidth])))
  data <- as.data.frame(body, stringsAsFactors = FALSE)
  names(data) <- header
  attr(data, "wrongWidth") <- sum(!rightWidth)
  data
}

isDate <- function(text) {
  shape <- grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text)
  shape[shape] <- !is.na(as.Date(text[shape], format = "%Y-%m-%d"))
  shape
}
isInteger <- function(text) grepl("^[+-]?[0-9]+$", text)
isNumber <- function(text) grepl("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$", text)

readCodebook <- function(path) {
  book <- readYaml(path)
  list(missing = unique(c("", unlist(book$missing))), notApplicable = as.character(unlist(book[["not-applicable"]])), questions = book$questions)
}

# A table: its rows as text, with the rows left out that docs/results.md rejects.
readTable <- function(name, spec, definitionFile) {
  if (identical(spec$layout, "long")) stop("layout long is not part of the reference implementation")
  delimiter <- if (is.null(spec$delimiter)) "," else spec$delimiter
  files <- unlist(lapply(spec$path, function(path) {
    found <- Sys.glob(beside(definitionFile, path))
    if (length(found) == 0) stop("no file for ", path)
    sort(found, method = "radix")
  }))
  parts <- lapply(files, readCsv, delimiter = delimiter)
  data <- do.call(rbind, parts)
  rejected <- c("wrong number of fields" = sum(vapply(parts, attr, 0L, "wrongWidth")))
  reject <- function(data, bad, why) { rejected[[why]] <<- sum(bad); data[!bad, , drop = FALSE] }
  for (column in unique(c(spec$respondent, spec$unit))) {
    if (!column %in% names(data)) stop(name, " has no column ", column)
    data <- reject(data, data[[column]] == "", paste("empty", column))
  }
  if (!is.null(spec$respondent)) data <- reject(data, duplicated(data[[spec$respondent]]), "duplicate respondent")
  rownames(data) <- NULL
  list(name = name, data = data, spec = spec, rejected = rejected,
       separator = if (is.null(spec[["multiple-separator"]])) "|" else spec[["multiple-separator"]],
       codebook = if (is.null(spec$codebook)) NULL else readCodebook(beside(definitionFile, spec$codebook)))
}

keepRows <- function(table, keep) {
  table$data <- table$data[keep, , drop = FALSE]
  rownames(table$data) <- NULL
  table
}
