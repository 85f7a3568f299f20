# The intervals of docs/statistics.md 4 that survey 4.1 does not have: textbook formulas (Brown, Cai and DasGupta 2001) on survey's p, V and df.

clopperPearson <- function(p, m, level) betaInterval(p, m, level)

agrestiCoull <- function(p, m, level) {
  z <- qnorm(1 - (1 - level) / 2)
  size <- m + z^2
  centre <- (p * m + z^2 / 2) / size
  pmin(pmax(centre + c(-1, 1) * z * sqrt(centre * (1 - centre) / size), 0), 1)
}

jeffreys <- function(p, m, level) {
  alpha <- 1 - level
  c(if (p == 0) 0 else qbeta(alpha / 2, p * m + 0.5, (1 - p) * m + 0.5), if (p == 1) 1 else qbeta(1 - alpha / 2, p * m + 0.5, (1 - p) * m + 0.5))
}

# The ends of {q : 2 k [p log(p/q) + (1-p) log((1-p)/(1-q))] <= t^2}, k = n_eff (n-1)/n, by bisection on the scale of logit q, where both
# ends of the percentage have room.
likelihoodInterval <- function(p, nEff, n, t) {
  k <- nEff * (n - 1) / n
  if (k == 0) return(c(0, 1))
  limit <- t^2 / (2 * k)
  if (p == 0) return(c(0, -expm1(-limit)))
  if (p == 1) return(c(exp(-limit), 1))
  excess <- function(x) p * (log(p) - plogis(x, log.p = TRUE)) + (1 - p) * (log1p(-p) - plogis(-x, log.p = TRUE)) - limit
  lowest <- (log(p) + (1 - p) * log1p(-p) - limit) / p - 5                  # log q there makes the first term alone exceed the limit
  highest <- -((log1p(-p) + p * log(p) - limit) / (1 - p) - 5)
  root <- function(from, to) plogis(uniroot(excess, c(from, to), tol = 1e-14, maxiter = 10000)$root)
  c(root(lowest, qlogis(p)), root(qlogis(p), highest))
}
