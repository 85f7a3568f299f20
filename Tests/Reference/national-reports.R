# Recomputes the national reports, cycles 2 to 5, from the definitions and the data, and writes the expected numbers:
#     Rscript Tests/Reference/national-reports.R          (from the root of the project, or: make reference)
# Options, for trying it elsewhere: national-reports.R [PIPELINES [OUTPUT]]

invisible(suppressWarnings(Sys.setlocale("LC_ALL", "C.UTF-8")))
given <- commandArgs()
home <- dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1]))
for (part in c("reading.R", "conditions.R", "cycles.R", "intervals.R", "estimates.R", "trends.R")) source(file.path(home, part))

arguments <- commandArgs(trailingOnly = TRUE)
pipelines <- if (length(arguments) > 0) arguments[1] else "Pipelines"
output <- if (length(arguments) > 1) arguments[2] else home
cycleNames <- c("cycle-2", "cycle-3", "cycle-4", "cycle-5")

digits <- function(x) if (is.character(x)) ifelse(is.na(x), "", x) else ifelse(is.na(x), "", sprintf("%.17g", as.numeric(x)))
quoted <- function(x) ifelse(grepl("[\",\r\n]", x), paste0("\"", gsub("\"", "\"\"", x), "\""), x)

writeCsv <- function(rows, columns, file) {
  text <- do.call(paste, c(lapply(columns, function(column) quoted(digits(rows[[column]]))), sep = ","))
  path <- file.path(output, file)
  writeLines(c(paste(names(columns), collapse = ","), text), path, useBytes = TRUE)
  message(file, ": ", length(text), " rows, ", file.size(path), " bytes")
}

rowsOf <- function(lists) {
  columns <- names(lists[[1]])
  as.data.frame(setNames(lapply(columns, function(column) unlist(lapply(lists, `[[`, column))), columns), stringsAsFactors = FALSE)
}

percent <- function(rows, columns, isCount) { for (column in columns) rows[[column]] <- ifelse(isCount, rows[[column]], 100 * rows[[column]]); rows }

# ---- read ----

cycles <- setNames(lapply(cycleNames, function(name) {
  cycle <- readCycle(file.path(pipelines, paste0(name, ".yaml")))
  for (table in cycle$tables) {
    lost <- table$rejected[table$rejected > 0]
    message(name, " ", table$name, ": ", nrow(table$data), " rows used", if (length(lost) > 0) paste0(", rejected: ", paste(lost, names(lost), collapse = ", ")))
  }
  message(name, ": ", cycle$outside, " responses outside the population, ", cycle$superseded, " superseded")
  cycle
}), cycleNames)

statuses <- lapply(cycles, function(cycle) lapply(cycle$indicators, function(indicator) {
  status <- statusOf(indicator, cycle)
  if (!status$notAsked && status$isResponses) {
    status$rows$y01 <- as.numeric(status$rows$y)
    status$design <- surveyDesign(status$rows)
  }
  status$table <- tableOf(indicator)
  status
}))

# ---- estimates ----

estimate <- function(cycle, method, grouping = NULL) {
  lists <- list()
  for (id in names(cycle$indicators)) {
    status <- statuses[[cycle$name]][[id]]
    cells <- cellsOf(status$table, cycle)
    if (!is.null(grouping)) cells <- cells[cells$grouping %in% grouping, ]
    for (i in seq_len(nrow(cells))) {
      row <- estimateRow(status, status$design, cells[i, ], method, cycle$level)
      lists[[length(lists) + 1]] <- c(list(cycle = cycle$name, indicator = id, region = cells$region[i], sector = cells$sector[i], isCount = status$isCount,
                                           isResponses = status$isResponses), row)
    }
  }
  rows <- rowsOf(lists)
  percent(rows, c("estimate", "se", "low", "high"), rows$isCount)
}

estimates <- do.call(rbind, lapply(cycles, function(cycle) estimate(cycle, cycle$method)))
writeCsv(estimates, c(cycle = "cycle", indicator = "indicator", region = "region", sector = "sector", status = "status", n = "n", n_yes = "nYes", population = "population",
                      estimate = "estimate", se = "se", ci_low = "low", ci_high = "high", method = "method", df = "df", deff = "deff", n_eff = "nEff", flag = "flag"),
         "national-reports-estimates.csv")

# ---- intervals by every method, cycle 4, totals and regions ----

intervals <- do.call(rbind, lapply(c("wilson", "beta", "wald", "logit", "arcsine"), function(method) {
  rows <- estimate(cycles[["cycle-4"]], method, c("total", "region"))
  cbind(requested = method, rows[rows$status == "ok" & !rows$isCount & rows$isResponses, ], stringsAsFactors = FALSE)
}))
writeCsv(intervals, c(method_requested = "requested", method = "method", indicator = "indicator", region = "region", sector = "sector", ci_low = "low", ci_high = "high"),
         "national-reports-intervals.csv")

# ---- trends ----

trendRows <- function(now, then, role) {
  lists <- list()
  for (id in names(now$indicators)) {
    e <- statuses[[now$name]][[id]]
    s <- statuses[[then$name]][[id]]
    if (is.null(s)) stop(then$name, " has no indicator ", id)
    cells <- cellsOf(e$table, now)
    thenCells <- cellsOf(s$table, then)
    cells <- rbind(cells, thenCells[!do.call(paste, thenCells) %in% do.call(paste, cells), ])
    matched <- if (e$notAsked || s$notAsked) NULL else matchedRows(e, s)
    for (i in seq_len(nrow(cells))) for (basis in c("all", "matched")) {
      row <- if (basis == "all") trendOfAll(e, s, cells[i, ], now$level) else trendOfMatched(e, s, matched, cells[i, ], now$level)
      lists[[length(lists) + 1]] <- c(list(cycle = now$name, compareTo = then$name, role = role, basis = basis, grouping = cells$grouping[i], indicator = id,
                                           region = cells$region[i], sector = cells$sector[i], isCount = e$isCount), row)
    }
  }
  rowsOf(lists)
}

trends <- do.call(rbind, unlist(lapply(cycles, function(now) {
  roles <- now$definition$trend[intersect(c("previous", "baseline"), names(now$definition$trend))]
  lapply(names(roles), function(role) trendRows(now, cycles[[roles[[role]]]], role))
}), recursive = FALSE))
trends <- do.call(rbind, lapply(split(trends, factor(trends$cycle, cycleNames)), function(part) if (nrow(part) == 0) part else adjusted(part, cycles[[part$cycle[1]]]$level)))
trends <- percent(trends, c("then", "now", "delta", "se", "low", "high"), trends$isCount)
untested <- trends$status == "ok" & !is.na(trends$pValue) & trends$se == 0
message("trends tested with se 0: ", sum(untested & trends$delta == 0), " without change, ", sum(untested & trends$delta != 0), " with change")
trendColumns <- c(cycle = "cycle", compare_to = "compareTo", role = "role", basis = "basis", indicator = "indicator", region = "region", sector = "sector", status = "status",
                  n_then = "nThen", n_now = "nNow", n_matched = "nMatched", then = "then", now = "now", delta = "delta", se = "se", ci_low = "low", ci_high = "high", df = "df",
                  p_value = "pValue", p_adjusted = "pAdjusted", significance = "significance")
crossed <- grepl(" x ", trends$grouping)                        # too many for a file one wants to read: one pair of cycles only
writeCsv(trends[!crossed, ], trendColumns, "national-reports-trends.csv")
writeCsv(trends[crossed & trends$cycle == "cycle-4" & trends$compareTo == "cycle-3", ], trendColumns, "national-reports-trends-region-sector.csv")
