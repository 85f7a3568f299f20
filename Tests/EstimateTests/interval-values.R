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
# A simple random sample counts its rows; elsewhere the size is the one of `beta`.
size <- function(p, n, m, df, level, simple)
  if (simple) n else if (p == 0 || p == 1) m else m * (qt(1 - (1 - level) / 2, n - 1) / qt(1 - (1 - level) / 2, df))^2
clopper <- function(p, m, level)
  c(if (p == 0) 0 else qbeta((1 - level) / 2, p * m, m - p * m + 1),
    if (p == 1) 1 else qbeta((1 - level) / 2, p * m + 1, m - p * m, lower.tail = FALSE))
agresti <- function(p, m, level) {
  z <- qnorm(1 - (1 - level) / 2)
  q <- (p * m + z^2 / 2) / (m + z^2)
  pmin(pmax(q + c(-1, 1) * z * sqrt(q * (1 - q) / (m + z^2)), 0), 1)
}
jeffreys <- function(p, m, level)
  c(if (p == 0) 0 else qbeta((1 - level) / 2, p * m + 0.5, m - p * m + 0.5),
    if (p == 1) 1 else qbeta((1 - level) / 2, p * m + 0.5, m - p * m + 0.5, lower.tail = FALSE))
# Where twice the log likelihood ratio at the size m (n - 1) / n reaches t^2, found on the scale of log q.
likelihood <- function(p, n, m, df, level) {
  limit <- qt(1 - (1 - level) / 2, df)^2 / (2 * m * (n - 1) / n)
  below <- function(p) {
    excess <- function(u) {
      q <- exp(u)
      (if (q < p / 2) p * (log(p) - u) else -p * log1p((q - p) / p)) - (if (p == 1) 0 else (1 - p) * log1p((p - q) / (1 - p))) - limit
    }
    if (excess(-700) <= 0) 0 else exp(uniroot(excess, c(-700, log(p)), tol = 1e-15)$root)
  }
  c(if (p == 0) 0 else below(p), if (p == 1) 1 else 1 - below(1 - p))
}
methods <- list(wilson = wilson, beta = beta, wald = wald, logit = logit, arcsine = arcsine)
textbook <- list("clopper-pearson" = clopper, "agresti-coull" = agresti, jeffreys = jeffreys)

print_case <- function(name, p, se, n, m, df, level, simple, used, bounds)
  cat(paste(c(name, sprintf("%.17g", c(p, se)), n, sprintf("%.17g", m), df, level, if (simple) 1 else 0, used,
              sprintf("%.17g", bounds)), collapse = ","), "\n", sep = "")
levels <- c(0.9, 0.95, 0.99)
cat("method,p,se,n,n_eff,df,level,simple,used,low,high\n")
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
      print_case(name, p, se, n, m, df, level, FALSE, used, bounds)
    }
    for (name in names(textbook)) for (simple in c(FALSE, TRUE))
      print_case(name, p, se, n, m, df, level, simple, name,
                 textbook[[name]](p, size(p, n, m, df, level, simple), level))
    print_case("likelihood", p, se, n, m, df, level, FALSE, "likelihood", likelihood(p, n, m, df, level))
  }
