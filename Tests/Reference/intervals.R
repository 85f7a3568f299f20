# Confidence intervals for a percentage (docs/statistics.md, section 4), on the 0..1 scale.
# `beta`, `wald`, `logit` and `arcsine` are survey's own where the two agree; `wilson` is not in survey 4.1 and is the formula,
# applied to survey's p, V and df. At p = 0 or 1 the stated rules hold, for which survey has no answer.

wilsonInterval <- function(p, nEff, t) {
  centre <- (p + t^2 / (2 * nEff)) / (1 + t^2 / nEff)
  half <- t * sqrt(p * (1 - p) / nEff + t^2 / (4 * nEff^2)) / (1 + t^2 / nEff)
  c(if (p == 0) 0 else centre - half, if (p == 1) 1 else centre + half)
}

betaInterval <- function(p, m, level) {
  alpha <- 1 - level
  c(if (p == 0) 0 else qbeta(alpha / 2, m * p, m * (1 - p) + 1),
    if (p == 1) 1 else qbeta(1 - alpha / 2, m * p + 1, m * (1 - p)))
}

surveyMethods <- c(beta = "beta", wald = "mean", logit = "xlogit", arcsine = "asin")

# `subsetDesign`: the rows of the cell's denominator, with the column y. Returns the method that was used and the two ends.
intervalOf <- function(subsetDesign, p, se, nEff, df, method, level) {
  t <- qt(1 - (1 - level) / 2, df)
  if (p == 0 || p == 1) {
    if (method == "wilson") return(list(method = method, ends = wilsonInterval(p, nEff, t)))
    return(list(method = "beta", ends = betaInterval(p, nEff, level)))
  }
  if (method == "wilson") return(list(method = method, ends = wilsonInterval(p, nEff, t)))
  angle <- asin(sqrt(p)) + c(-1, 1) * t * se / (2 * sqrt(p * (1 - p)))
  ends <- if (method == "arcsine" && (angle[1] < 0 || angle[2] > pi / 2)) {
    sin(pmin(pmax(angle, 0), pi / 2))^2                                      # survey folds the angle here
  } else {
    as.vector(confint(svyciprop(~y, subsetDesign, method = surveyMethods[[method]], level = level, df = df)))
  }
  list(method = method, ends = pmin(pmax(ends, 0), 1))
}
