# Checks the covariance of trends.R (docs/statistics.md 5.1) against survey: two cycles with the same PSUs and no population, stacked,
# svyby(covmat = TRUE), svycontrast. Also that cycles without a common PSU have none.
#     Rscript Tests/Reference/overlap.R

given <- commandArgs()
home <- dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1]))
for (part in c("reading.R", "conditions.R", "cycles.R", "intervals.R", "estimates.R", "trends.R")) source(file.path(home, part))

set.seed(2019)
for (round in 1:20) {
  sizes <- sample(2:9, 4, replace = TRUE)
  stratum <- rep(c("a", "b", "c", "d"), sizes)
  unit <- sprintf("u%03d", seq_along(stratum))
  weight <- runif(length(unit), 1, 5)
  then <- runif(length(unit)) < 0.4
  now <- ifelse(runif(length(unit)) < 0.7, then, runif(length(unit)) < 0.6)
  cellThen <- runif(length(unit)) < 0.7                    # a cell that a unit may enter or leave
  cellNow <- ifelse(runif(length(unit)) < 0.9, cellThen, !cellThen)
  if (sum(cellThen) < 3 || sum(cellNow) < 3) next
  stacked <- data.frame(unit = rep(unit, 2), stratum = rep(stratum, 2), weight = rep(weight, 2), cycle = rep(c("s", "e"), each = length(unit)),
                        y = as.numeric(c(then, now)), inside = c(cellThen, cellNow))
  design <- svydesign(ids = ~unit, strata = ~stratum, weights = ~weight, data = stacked)
  both <- svyby(~y, ~cycle, subset(design, inside), svymean, covmat = TRUE)
  byStack <- as.vector(vcov(svycontrast(both, c(e = 1, s = -1))))
  linear <- function(y, inside) { p <- sum(weight[inside & y]) / sum(weight[inside]); ifelse(inside, weight * (y - p) / sum(weight[inside]), 0) }
  status <- function(units) list(cycle = list(population = data.frame(unit = units, stratum = stratum, stringsAsFactors = FALSE)),
                                 rows = data.frame(unit = units, stratum = stratum, nh = 1, Nh = Inf, stringsAsFactors = FALSE))
  zNow <- linear(now, cellNow); zThen <- linear(then, cellThen)
  byFormula <- varianceByFormula(data.frame(stratum, Nh = Inf), zNow) + varianceByFormula(data.frame(stratum, Nh = Inf), zThen) -
    2 * covariance(status(unit), status(unit), zNow, zThen)
  agree(byStack, byFormula, 1e-3)
  stopifnot(covariance(status(unit), status(paste0("other", unit)), zNow, zThen) == 0)
}
message("the covariance of two cycles equals survey's on every round")
