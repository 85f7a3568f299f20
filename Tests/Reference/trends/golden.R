# Writes the pipelines and data of all cases, and what their trends.csv and slopes.csv must say:
#     Rscript Tests/Reference/trends/golden.R

suppressWarnings(suppressMessages(library(survey)))
invisible(suppressWarnings(Sys.setlocale("LC_ALL", "C.UTF-8")))
given <- commandArgs()
home <- dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1]))
source(file.path(home, "..", "trends.R"))
for (part in c("world.R", "shares.R", "changes.R", "cases.R")) source(file.path(home, part))
options(survey.adjust.domain.lonely = FALSE)
level <- 0.95

digits <- function(x) if (is.character(x)) ifelse(is.na(x), "", x) else ifelse(is.na(x), "", sprintf("%.17g", as.numeric(x)))
rowsOf <- function(lists) {
  columns <- names(lists[[1]])
  as.data.frame(setNames(lapply(columns, function(column) unlist(lapply(lists, `[[`, column))), columns), stringsAsFactors = FALSE)
}

writeGolden <- function(rows, columns, file) {
  quoted <- function(x) ifelse(grepl(",", x), paste0("\"", x, "\""), x)
  lines <- do.call(paste, c(lapply(columns, function(column) quoted(digits(rows[[column]]))), sep = ","))
  writeLines(c(paste(names(columns), collapse = ","), lines), file.path(home, file))
  message(file, ": ", length(lines), " rows")
}

# Members that any cycle has, in every declared grouping.
cellsOf <- function(case, indicator) {
  cells <- list(list(region = "_T", sector = "_T", grouping = "total"))
  if (indicator$table != "responses") return(cells)
  members <- function(name) sort(unique(unlist(lapply(case$cycles, function(cycle) cycle$rows[[name]]))))
  for (grouping in strsplit(gsub("^\\[\\[|\\]\\]$", "", case$groupBy), "\\], \\[")[[1]]) {
    names <- strsplit(grouping, ", ")[[1]]
    for (region in if ("region" %in% names) members("region") else "_T") for (sector in if ("sector" %in% names) members("sector") else "_T")
      cells[[length(cells) + 1]] <- list(region = region, sector = sector, grouping = grouping)
  }
  cells
}

adjustedBy <- function(rows, family, method, change) {
  for (one in unique(family)) {
    at <- which(family == one & !is.na(rows$pValue))
    key <- paste(rows$indicator, rows$region, rows$sector)[at]
    first <- !duplicated(key)
    rows$pAdjusted[at] <- p.adjust(rows$pValue[at][first], c(holm = "holm", "benjamini-hochberg" = "BH")[[method]])[match(key, key[first])]
    rows$significance[at] <- ifelse(rows$pAdjusted[at] >= 1 - level, "no-change", ifelse(rows[[change]][at] > 0, "up", "down"))
  }
  rows
}

percent <- function(rows, columns) { for (column in columns) rows[[column]] <- ifelse(rows$isCount, rows[[column]], 100 * rows[[column]]); rows }

trends <- slopes <- list()
for (id in names(makeCases)) {
  set.seed(5100 + as.integer(sub("t", "", id)))
  case <- makeCases[[id]](id)
  writeCase(case, home)
  now <- case$cycles[[length(case$cycles)]]
  changes <- several <- list()
  for (indicator in case$indicators) {
    statuses <- lapply(case$cycles, function(cycle) statusIn(case, cycle, indicator))
    for (cell in cellsOf(case, indicator)) {
      key <- c(list(pipeline = now$name, indicator = indicator$id, isCount = indicator$kind == "count"), cell)
      for (role in intersect(c("previous", "baseline"), names(now$trend))) {
        i <- which(vapply(case$cycles, `[[`, "", "name") == now$trend[[role]])
        comparability <- unname(indicator$comparability[paste(case$cycles[[i]]$key, "->", now$key)])
        for (basis in c("all", "matched")) {
          row <- if (basis == "all") changeOfAll(statuses[[length(statuses)]], statuses[[i]], cell, case$overlap, level)
            else changeOfMatched(statuses[[length(statuses)]], statuses[[i]], cell, level)
          changes[[length(changes) + 1]] <- c(key, list(compareTo = now$trend[[role]], role = role, basis = basis, comparability = comparability), row)
        }
      }
      if (length(case$cycles) > 2)
        several[[length(several) + 1]] <- c(key, slopeOf(statuses, case$cycles, cell, case$overlap, level, as.list(indicator$comparability)))
    }
  }
  changes <- rowsOf(changes)
  trends[[id]] <- adjustedBy(changes, paste(changes$compareTo, changes$basis, changes$grouping), case$adjust, "delta")
  if (length(several) > 0) { several <- rowsOf(several); slopes[[id]] <- adjustedBy(several, several$grouping, case$adjust, "slope") }
}

trends <- percent(do.call(rbind, trends), c("then", "now", "delta", "se", "low", "high"))
slopes <- percent(do.call(rbind, slopes), c("slope", "se", "low", "high"))
place <- c(pipeline = "pipeline", indicator = "indicator", region = "region", sector = "sector")
tested <- c(se = "se", ci_low = "low", ci_high = "high", df = "df", p_value = "pValue", p_adjusted = "pAdjusted", significance = "significance",
            comparability = "comparability")
writeGolden(trends, c(place, compare_to = "compareTo", role = "role", basis = "basis", status = "status",
                      n_then = "nThen", n_now = "nNow", n_matched = "nMatched", then = "then",
                      now = "now", delta = "delta", tested), "expected-trends.csv")
writeGolden(slopes, c(place, cycles = "cycles", slope = "slope", tested), "expected-slopes.csv")
message("variances that survey's stack confirms: of ", stacked, " changes and ", stackedSlopes, " slopes")
