# Expected intervals, from base R alone: qt and qbeta are AS 241/AS 109 code that shares nothing with Boost.Math
# (scipy's beta quantile is Boost's own since 1.10, so it would prove nothing here). Formulas from docs/statistics.md 4.
# Rscript interval-values.R > interval-values.csv         made with R 4.2.2
wilson <- function(p, se, n, m, df, level) {
  t <- qt(1 - (1 - level) / 2, df)
  # The roots of (p - q)^2 = t^2 q (1 - q) / m.
  a <- 1 + t^2 / m; b <- -(2 * p + t^2 / m); c <- p^2
  root <- sqrt(max(0, b^2 - 4 * a * c))
  c((-b - root) / (2 * a), (-b + root) / (2 * a))
}
beta <- function(p, se, n, m, df, level) {
  if (p > 0 && p < 1) m <- m * (qt(1 - (1 - level) / 2, n - 1) / qt(1 - (1 - level) / 2, df))^2
  x <- p * m
  c(if (p == 0) 0 else qbeta((1 - level) / 2, x, m - x + 1),
    if (p == 1) 1 else qbeta((1 - level) / 2, x + 1, m - x, lower.tail = FALSE))
}
wald <- function(p, se, n, m, df, level) pmin(pmax(p + c(-1, 1) * qt(1 - (1 - level) / 2, df) * se, 0), 1)
logit <- function(p, se, n, m, df, level)
  plogis(qlogis(p) + c(-1, 1) * qt(1 - (1 - level) / 2, df) * se / (p * (1 - p)))
arcsine <- function(p, se, n, m, df, level)
  sin(pmin(pmax(asin(sqrt(p)) + c(-1, 1) * qt(1 - (1 - level) / 2, df) * se / (2 * sqrt(p * (1 - p))), 0), pi / 2))^2
methods <- list(wilson = wilson, beta = beta, wald = wald, logit = logit, arcsine = arcsine)

levels <- c(0.9, 0.95, 0.99)
cat("method,p,se,n,n_eff,df,level,used,low,high\n")
case <- 0
for (p in c(0, 0.004, 0.1, 0.5, 0.73, 0.985, 1)) for (n in c(4, 37, 900)) for (deff in c(0.4, 1, 3.2))
  for (df in c(1, 5, 40, 600)) {
    case <- case + 1
    level <- levels[case %% 3 + 1]
    end <- p %in% c(0, 1)
    m <- if (end) n else n / deff
    se <- if (end) 0 else sqrt(p * (1 - p) / m)
    for (name in names(methods)) {
      used <- if (end && name %in% c("wald", "logit", "arcsine")) "beta" else name
      bounds <- methods[[used]](p, se, n, m, df, level)
      cat(paste(c(name, sprintf("%.17g", c(p, se)), n, sprintf("%.17g", m), df, level, used,
                  sprintf("%.17g", bounds)), collapse = ","), "\n", sep = "")
    }
  }
