# A percentage of one cycle in one cell with what its changes need: z by PSU, variance, degrees of freedom (docs/statistics.md 3).
# Every variance is also asked of survey.

# One row a person (or unit): place, PSU, whether in the denominator and numerator; and the frame of strata.
statusIn <- function(case, cycle, indicator) {
  if (cycle$key %in% indicator$notAsked) return(list(notAsked = TRUE))
  isRegister <- indicator$table != "responses"
  rows <- if (isRegister) cycle$register else cycle$rows
  answer <- rows[[indicator$question]]
  design <- cycle$design
  eligible <- if (is.null(indicator$eligible)) rep(TRUE, nrow(rows)) else rows[[indicator$eligible]] == "1"
  status <- list(notAsked = FALSE, isCount = indicator$kind == "count", isRegister = isRegister, isCensus = identical(design$population, "table"),
                 hasPopulation = !is.null(design$population), lonely = if (is.null(design$lonely)) "fail" else design$lonely,
                 replicates = if (isRegister) NULL else design$replicates, hasUnit = !isFALSE(cycle$hasUnit), register = cycle$register)
  rows$d <- eligible & answer != ""
  rows$y <- rows$d & answer == "1"
  if (isRegister) {
    rows$region <- rows$sector <- ""
    rows$h <- "register"; rows$key <- rows$unit; rows$w <- 1; rows$N <- rows$n <- nrow(rows)
    status$rows <- rows
    return(status)
  }
  rows$h <- if (is.null(design$strata)) "all" else rows[[design$strata]]
  if (status$isCensus) rows <- rows[rows$d | !eligible, ]
  # What links a PSU to another cycle; without a PSU column the unit, without either nothing.
  link <- if (!is.null(design$psu)) rows[[design$psu]] else if (status$hasUnit) rows$unit else NULL
  status$isLinkable <- !is.null(link) && is.null(status$replicates)
  rows$key <- paste(rows$h, if (is.null(link)) seq_len(nrow(rows)) else link)
  sampled <- unique(rows[c("h", "key")])
  rows$n <- as.numeric(table(sampled$h)[rows$h])
  rows$N <- if (status$isCensus) as.numeric(table(cycle$register[[design$strata]])[rows$h])
    else if (status$hasPopulation) as.numeric(rows[[design$population]]) else Inf
  rows$w <- if (status$isCensus) rows$N / rows$n else if (is.null(design$weight)) 1 else rows[[design$weight]]
  status$rows <- rows
  status$strata <- unique(rows[c("h", "n", "N")])
  status$psus <- unique(rows[c("h", "key")])
  status
}

inCell <- function(rows, cell) (cell$region == "_T" | rows$region == cell$region) & (cell$sector == "_T" | rows$sector == cell$sector)

# sum_h (1 - f_h) n_h / (n_h - 1) sum_c (z_hc - mean)^2 over all PSUs of the frame; `z` is named by PSU, those left out are 0.
varianceOf <- function(psus, strata, z, lonely) {
  parts <- lonelyStrata <- touched <- 0
  for (i in seq_len(nrow(strata))) {
    keys <- psus$key[psus$h == strata$h[i]]
    values <- ifelse(keys %in% names(z), z[keys], 0)
    open <- 1 - strata$n[i] / strata$N[i]
    if (!any(keys %in% names(z))) next
    touched <- touched + 1
    if (length(keys) > 1) parts <- parts + open * length(keys) / (length(keys) - 1) * sum((values - mean(values))^2)
    else if (open > 0) {
      lonelyStrata <- lonelyStrata + 1
      if (lonely == "adjust") parts <- parts + open * values^2
    }
  }
  if (lonely == "average" && lonelyStrata > 0) parts * touched / (touched - lonelyStrata) else parts
}

surveyVariance <- function(status, use) {
  rows <- status$rows
  rows$y01 <- as.numeric(rows$y)
  options(survey.lonely.psu = status$lonely)
  if (!is.null(status$replicates)) {
    weights <- as.matrix(rows[grep("^rep", names(rows))])
    design <- suppressWarnings(svrepdesign(data = rows, repweights = weights, weights = ~w, type = "other", combined.weights = TRUE,
                                           scale = replicateScale(status$replicates, ncol(weights)), rscales = rep(1, ncol(weights)), mse = FALSE))
  } else if (any(is.finite(rows$N))) design <- svydesign(ids = ~key, strata = ~h, weights = ~w, fpc = ~N, data = rows)
  else design <- svydesign(ids = ~key, strata = ~h, weights = ~w, data = rows)
  as.vector(vcov(svymean(~y01, subset(design, use))))
}

replicateScale <- function(replicates, R) switch(replicates$type, brr = 1 / R, fay = 1 / (R * (1 - replicates$fay)^2), jk1 = (R - 1) / R, bootstrap = 1 / (R - 1))

shareOf <- function(status, here) {
  rows <- status$rows
  use <- here & rows$d & rows$w > 0
  result <- list(n = sum(use), nYes = sum(rows$y[use]), status = status)
  if (result$n == 0) return(result)
  part <- rows[use, ]
  result$value <- sum(part$w[part$y])
  if (status$isCount) return(result)
  sumD <- sum(part$w)
  p <- if (result$nYes == result$n) 1 else result$value / sumD
  result$p <- result$value <- p
  result$isCensus <- status$isRegister || (status$hasPopulation && all(part$n == part$N))
  result$isEnd <- p %in% c(0, 1) && !result$isCensus
  if (status$isRegister) return(c(result, list(V = 0)))
  result$z <- tapply(part$w * (part$y - p) / sumD, part$key, sum)
  result$used <- unique(part[c("h", "key")])
  result$scale <- sum((part$w * (part$y - p) / sumD)^2)
  if (!is.null(status$replicates)) {
    weights <- as.matrix(part[grep("^rep", names(part))])
    shares <- colSums(weights * part$y) / colSums(weights)
    result$V <- replicateScale(status$replicates, ncol(weights)) * sum((shares - mean(shares))^2)
    result$df <- min(ncol(weights), qr(weights, tol = 1e-5)$rank) - 1
  } else {
    result$V <- varianceOf(status$psus, status$strata, result$z, status$lonely)
    result$df <- nrow(result$used) - length(unique(result$used$h))
  }
  if (!result$isEnd && result$df > 0) {
    byTheirs <- surveyVariance(status, use)
    stopifnot(abs(byTheirs - result$V) <= 1e-10 * max(byTheirs, result$scale))
  }
  # What the cycle adds to the variance of a change: at 0 and 1 that of Agresti and Caffo.
  result$own <- if (result$isCensus) 0
    else if (result$isEnd) extremeVariance(result$n, result$nYes, if (status$hasPopulation) sumD else Inf)
    else if (result$df <= 0 || result$V < (if (is.null(status$replicates)) 1e-14 * result$scale else (1e-7 * p)^2)) NA_real_ else result$V
  result
}
