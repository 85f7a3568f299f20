# Recomputes every design of this folder with R's survey and writes the expected numbers, expected/dNN.csv:
#     Rscript Tests/Reference/designs/designs.R [FOLDER [dNN ..]]
# p, V, deff, df and the intervals beta, wald, logit and arcsine are survey's own, on a design of all rows that is cut to the cell afterwards.
# Where the number is ours on purpose, a comment says why; docs/statistics.md holds the definitions, README.md the list.

suppressWarnings(suppressMessages(library(survey)))
given <- commandArgs()
home <- dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1]))
for (part in c("../reading.R", "../conditions.R", "../intervals.R", "frames.R", "more-intervals.R")) source(file.path(home, part))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) > 0) arguments[1] else home

methods <- c("wilson", "beta", "wald", "logit", "arcsine", "clopper-pearson", "agresti-coull", "jeffreys", "likelihood")
negligible <- 1e-14

# ---- survey's design ----

lonelyRule <- function(cycle) if (is.null(cycle$design[["lonely-psu"]])) "fail" else cycle$design[["lonely-psu"]]

taylorDesign <- function(rows, cycle) {
  options(survey.lonely.psu = lonelyRule(cycle), survey.adjust.domain.lonely = FALSE)
  hasStrata <- length(cycle$design$strata) > 0
  ids <- if (is.null(cycle$design$psu)) ~1 else ~psu
  fpc <- if (is.null(cycle$design$population)) NULL else ~N
  if (hasStrata) svydesign(ids, strata = ~stratum, weights = ~w, fpc = fpc, data = rows, nest = TRUE)
  else svydesign(ids, weights = ~w, fpc = fpc, data = rows)
}

# `svrepdesign` with its own scale for each type; where the definition has a scale of its own, with that.
replicateDesign <- function(rows, cycle) {
  spec <- cycle$design$replicates
  count <- ncol(rows$replicate)
  number <- function(key) if (is.null(spec[[key]])) NULL else as.numeric(unlist(spec[[key]]))
  rscales <- number("rscales")
  if (length(rscales) == 1) rscales <- rep(rscales, count)
  type <- switch(spec$type, brr = "BRR", fay = "Fay", jk1 = "JK1", jkn = "JKn", bootstrap = "bootstrap", "successive-difference" = "successive-difference")
  scale <- number("scale")
  if (!is.null(scale)) type <- "other"                     # survey ignores the scale of some types
  replicate <- rows$replicate
  rows$replicate <- NULL
  design <- suppressWarnings(svrepdesign(variables = rows, repweights = replicate, weights = rows$w, type = type, rho = number("fay"), scale = scale,
                                         rscales = rscales, combined.weights = TRUE, mse = identical(spec$mse, "true")))
  # What df of a cell cannot exceed; survey takes the rank of the cell's weights less one.
  design$declaredDf <- if (is.null(spec$df)) count - 1 else number("df")
  design
}

surveyDesign <- function(rows, cycle) if (is.null(cycle$design$replicates)) taylorDesign(rows, cycle) else replicateDesign(rows, cycle)

# ---- one cell ----

estimateOf <- function(design, rows, cell, cycle, isCount, withSurveysLikelihood) {
  use <- inCell(rows, cell) & rows$d & rows$w > 0          # a row of weight 0 counts for nothing but its PSU
  part <- rows[use, ]
  result <- list(n = sum(use), n_yes = sum(part$y))
  if (result$n == 0) return(result)
  if (isCount) return(c(result, estimate = sum(part$w[part$y])))
  hasPopulation <- !is.null(cycle$design$population)
  sumD <- sum(part$w)
  isAtEnd <- result$n_yes %in% c(0, result$n)
  sub <- subset(design, use)
  if (!is.null(design$declaredDf)) sub$degf <- min(design$declaredDf, degf(sub))
  mean <- suppressWarnings(svymean(~y01, sub, deff = if (hasPopulation) TRUE else "replace"))
  p <- if (isAtEnd) as.numeric(result$n_yes > 0) else as.vector(coef(mean))
  result$estimate <- 100 * p
  if (hasPopulation && all(part$f == 1)) {                 # 3.5 (a): nothing was left to chance
    return(c(result, case = "a", se = 0, intervals(function(method) c(p, p))))
  }
  result$df <- degf(sub)
  if (result$df <= 0) return(c(result, case = "b"))        # 3.5 (b)
  V <- as.vector(vcov(mean))
  # What is left of a variance of zero after rounding, by 3.1; for replicates against p.
  z <- part$w * (part$y - p) / sumD
  if (isAtEnd || V < if (is.null(design$declaredDf)) negligible * sum(z^2) else (1e-7 * p)^2) V <- 0
  result$se <- 100 * sqrt(V)
  if (V == 0 && !isAtEnd) return(c(result, case = "d"))     # 3.5 (d)
  n <- result$n
  # 3.5 (c): at 0 and 100 % survey has V = 0 and no interval. n_eff is that of a simple random sample (Korn and Graubard 1998).
  nEff <- if (!isAtEnd) p * (1 - p) / V else if (hasPopulation && n < sumD) n / (1 - n / sumD) else n
  if (!isAtEnd && n > 1 && !(hasPopulation && n > sumD)) {
    deff <- as.vector(deff(mean))
    if (is.finite(deff)) result$deff <- deff
  }
  result$n_eff <- nEff
  t <- qt(1 - (1 - cycle$level) / 2, result$df)
  adjusted <- if (isAtEnd || n == 1) nEff else nEff * (qt((1 - cycle$level) / 2, n - 1) / t)^2
  m <- if (cycle$isSimple) n else adjusted
  ends <- function(method) switch(method,
    "clopper-pearson" = clopperPearson(p, m, cycle$level), "agresti-coull" = agrestiCoull(p, m, cycle$level), jeffreys = jeffreys(p, m, cycle$level),
    likelihood = likelihoodInterval(p, nEff, n, t),
    intervalOf(sub, p, sqrt(V), nEff, result$df, method, cycle$level)$ends)
  result <- c(result, case = if (isAtEnd) "c", intervals(ends))
  # survey interpolates a profile of about ten points, and with replicates takes the variance of the logit itself, which is endless where a
  # replicate is at 0 or 1: near the definition (2e-4) only in larger samples that are linearized.
  if (withSurveysLikelihood && !isAtEnd && is.null(design$declaredDf) && nEff >= 50) {
    theirs <- tryCatch(suppressWarnings(confint(svyciprop(~y01, sub, method = "likelihood", level = cycle$level, df = result$df))), error = function(e) NULL)
    if (!is.null(theirs)) result[c("survey_likelihood_low", "survey_likelihood_high")] <- 100 * as.vector(theirs)
  }
  result
}

columnNames <- function(method) paste0(gsub("-", "_", method), c("_low", "_high"))
# An interval that is the same as beta's is left empty, to save bytes.
intervals <- function(ends) {
  beta <- ends("beta")
  unlist(lapply(methods, function(method) {
    mine <- ends(method)
    if (method != "beta" && identical(mine, beta)) NULL else as.list(setNames(100 * mine, columnNames(method)))
  }), recursive = FALSE)
}

# ---- one design ----

isRefused <- function(rows, cycle) {
  if (lonelyRule(cycle) != "fail" || !is.null(cycle$design$replicates)) return(FALSE)
  keys <- unique(rows[c("stratum", "psu", "N")])
  alone <- table(keys$stratum) == 1
  any(alone[keys$stratum] & !(keys$N %in% 1))
}

expectedOf <- function(cycle) {
  cells <- cellsOf(cycle)
  isCensus <- !is.null(cycle$design$population) && is.null(cycle$design$weight)
  rowsOf <- function(indicator) {
    rows <- frameOf(indicator, cycle)
    if (isCensus) rows <- asCensus(rows)
    if (isRefused(rows, cycle)) return(NULL)
    rows$y01 <- rows$y <- as.numeric(rows$y)
    rows$y <- rows$y == 1
    sampled <- vapply(split(rows$psu, rows$stratum), function(these) length(unique(these)), 0L)
    rows$f <- as.numeric(sampled[rows$stratum]) / rows$N
    design <- surveyDesign(rows, cycle)
    lapply(seq_len(nrow(cells)), function(at) {
      cell <- cells[at, ]
      if ((cell$area != "_T" && anyNA(rows$area)) || (cell$kind != "_T" && anyNA(rows$kind))) return(NULL)
      c(list(indicator = indicator$id, area = cell$area, kind = cell$kind),
        estimateOf(design, rows, cell, cycle, identical(indicator$kind, "count"), cell$area == "_T" || cell$kind == "_T"))
    })
  }
  Filter(Negate(is.null), unlist(lapply(cycle$indicators, rowsOf), recursive = FALSE))
}

columns <- c("indicator", "area", "kind", "n", "n_yes", "case", "estimate", "se", "df", "deff", "n_eff", unlist(lapply(methods, columnNames)),
             "survey_likelihood_low", "survey_likelihood_high")
# 17 significant digits; the ends of the intervals, nine tenths of the bytes, have 12 (they are compared to 1e-9), survey's likelihood 7 (to 2e-4).
shownDigits <- function(column) if (startsWith(column, "survey_likelihood")) "%.7g" else if (grepl("_(low|high)$", column)) "%.12g" else "%.17g"

writeExpected <- function(rows, file) {
  text <- lapply(columns, function(column) {
    vapply(rows, function(row) { value <- row[[column]]; if (is.null(value) || is.na(value)) "" else if (is.character(value)) value else sprintf(shownDigits(column), value) }, "")
  })
  writeLines(c(paste(columns, collapse = ","), do.call(paste, c(text, sep = ","))), file)
}

names <- sub("\\.yaml$", "", sort(list.files(folder, "^d[0-9]+\\.yaml$")))
if (length(arguments) > 1) names <- arguments[-1]
dir.create(file.path(folder, "expected"), showWarnings = FALSE)
if (length(arguments) < 2) invisible(file.remove(list.files(file.path(folder, "expected"), full.names = TRUE)))
counts <- parallel::mclapply(names, mc.cores = 2, mc.preschedule = FALSE, function(name) {
  rows <- expectedOf(readDesign(file.path(folder, paste0(name, ".yaml"))))
  # A refused design has a header and no row.
  writeExpected(rows, file.path(folder, "expected", paste0(name, ".csv")))
  sum(vapply(rows, function(row) row$n > 0, NA))
})
failed <- vapply(counts, inherits, NA, "try-error")
if (any(failed)) stop(paste(names[failed], unlist(counts[failed]), collapse = "\n"))
message(length(names), " designs, ", sum(unlist(counts)), " estimates, ", sum(file.size(list.files(file.path(folder, "expected"), full.names = TRUE))), " bytes")
