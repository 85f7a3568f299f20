# Changes between two cycles on both bases, and slopes over several (docs/statistics.md 5). Uses the small parts of ../trends.R.

# Units in both populations and in the same stratum; where populations are numbers only, the smaller of the two.
commonPopulation <- function(now, then, h) {
  if (now$status$isCensus && then$status$isCensus) {
    both <- merge(now$status$register[c("unit", "stratum")], then$status$register[c("unit", "stratum")])
    return(sum(both$stratum == h))
  }
  min(now$status$strata$N[now$status$strata$h == h], then$status$strata$N[then$status$strata$h == h])
}

at <- function(z, keys) ifelse(keys %in% names(z), z[keys], 0)

isLonely <- function(it, h) { one <- it$status$strata[it$status$strata$h == h, ]; sum(it$status$psus$h == h) == 1 && one$n < one$N }

# What `average` multiplies a variance by: strata with a row of the cell over those of them with more than one PSU.
averageFactor <- function(it) {
  touched <- unique(it$used$h)
  lonely <- sum(vapply(touched, function(h) isLonely(it, h), NA))
  if (lonely == length(touched)) 1 else length(touched) / (length(touched) - lonely)
}

# C of 5.1: over the PSUs of each stratum that are in both samples.
overlapCovariance <- function(now, then) {
  total <- 0
  for (h in intersect(now$status$strata$h, then$status$strata$h)) {
    keys <- intersect(now$status$psus$key[now$status$psus$h == h], then$status$psus$key[then$status$psus$h == h])
    n <- length(keys)
    if (n == 0) next
    frame <- lapply(list(now, then), function(it) it$status$strata[it$status$strata$h == h, ])
    f <- prod(vapply(frame, function(one) one$n / one$N, 0))
    a <- at(now$z, keys); b <- at(then$z, keys)
    open <- if (f == 0) 1 else 1 - f * commonPopulation(now, then, h) / n
    if (n > 1) total <- total + open * n / (n - 1) * sum((a - mean(a)) * (b - mean(b)))
    else if (now$status$lonely == "adjust" && isLonely(now, h) && isLonely(then, h)) total <- total + open * a * b
  }
  if (now$status$lonely == "average") total <- total * sqrt(averageFactor(now) * averageFactor(then))
  limit <- sqrt(now$own * then$own)
  max(-limit, min(limit, total))
}

isIndependent <- function(a, b, overlap) overlap == "none" || a$isEnd || b$isEnd || !a$status$isLinkable || !b$status$isLinkable

unionDf <- function(shares) {
  psus <- unique(do.call(rbind, lapply(shares, `[[`, "used")))
  nrow(psus) - length(unique(psus$h))
}

# Where all cycles have the same PSUs in every stratum and no population, survey knows the answer: stack, svyby(covmat = TRUE), svycontrast.
checkByStack <- function(shares, heres, coefficients, V) {
  same <- all(vapply(shares, function(it) setequal(it$status$psus$key, shares[[1]]$status$psus$key) && !any(is.finite(it$status$rows$N)), NA))
  if (!same) return(FALSE)
  stacked <- do.call(rbind, Map(function(it, here, cycle)
    data.frame(it$status$rows[c("h", "key", "w")], y = as.numeric(it$status$rows$y), cycle = paste0("c", cycle), use = here & it$status$rows$d),
    shares, heres, seq_along(shares)))
  options(survey.lonely.psu = shares[[1]]$status$lonely)
  each <- svyby(~y, ~cycle, subset(svydesign(ids = ~key, strata = ~h, weights = ~w, data = stacked), use), svymean, covmat = TRUE)
  byStack <- as.vector(vcov(svycontrast(each, setNames(coefficients, paste0("c", seq_along(shares))))))
  stopifnot(abs(byStack - V) <= 1e-10 * max(coefficients^2) * sum(vapply(shares, `[[`, 0, "scale")))
  TRUE
}

unitsIn <- function(status, here) if (!status$hasUnit && !status$isRegister) NULL else status$rows$unit[here & status$rows$d & status$rows$w > 0]

changeOfAll <- function(e, s, cell, overlap, level) {
  row <- emptyTrend()
  hereNow <- if (!e$notAsked) inCell(e$rows, cell); hereThen <- if (!s$notAsked) inCell(s$rows, cell)
  now <- if (!e$notAsked) shareOf(e, hereNow); then <- if (!s$notAsked) shareOf(s, hereThen)
  if (!is.null(now)) { row$nNow <- now$n; if (now$n > 0) row$now <- now$value }
  if (!is.null(then)) { row$nThen <- then$n; if (then$n > 0) row$then <- then$value }
  if (is.null(now) || is.null(then)) { row$status <- "not-asked"; return(row) }
  unitsNow <- unitsIn(e, hereNow); unitsThen <- unitsIn(s, hereThen)
  if (!is.null(unitsNow) && !is.null(unitsThen)) row$nMatched <- sum(unitsNow %in% unitsThen)
  if (now$n == 0 || then$n == 0) { row$status <- "no-data"; return(row) }
  row$delta <- now$value - then$value
  if (e$isCount) return(row)
  if (now$isCensus && then$isCensus) return(withCensus(row))
  if (isIndependent(now, then, overlap)) {
    row$df <- now$df + then$df
    row$V <- now$own + then$own
  } else {
    row$df <- unionDf(list(now, then))
    if (!is.na(now$own + then$own)) row$V <- cancelled(now$own + then$own - 2 * overlapCovariance(now, then), now$scale + then$scale)
    if (!is.na(row$V)) stacked <<- stacked + checkByStack(list(now, then), list(hereNow, hereThen), c(1, -1), row$V)
  }
  withTest(row, level)
}
stacked <- stackedSlopes <- 0

# Only units in the denominator of both cycles, in the same cell.
changeOfMatched <- function(e, s, cell, level) {
  row <- emptyTrend()
  if (e$notAsked || s$notAsked) { row$status <- "not-asked"; return(row) }
  both <- intersect(unitsIn(e, inCell(e$rows, cell)), unitsIn(s, inCell(s$rows, cell)))
  if (is.null(unitsIn(e, TRUE)) || is.null(unitsIn(s, TRUE))) { row$status <- "no-data"; return(row) }
  row$nThen <- row$nNow <- row$nMatched <- length(both)
  if (length(both) == 0) { row$status <- "no-data"; return(row) }
  pair <- if (e$isCensus && !e$isRegister) asOneSample(e, s) else list(asOpen(e), asOpen(s))
  now <- shareOf(pair[[1]], pair[[1]]$rows$unit %in% both); then <- shareOf(pair[[2]], pair[[2]]$rows$unit %in% both)
  row$now <- now$value; row$then <- then$value
  row$delta <- now$value - then$value
  if (e$isCount) return(row)
  if (now$isCensus && then$isCensus) return(withCensus(row))
  if (now$isEnd || then$isEnd) {
    row$df <- now$df + then$df
    row$V <- now$own + then$own
    return(withTest(row, level))
  }
  row$df <- unionDf(list(now, then))
  if (row$df <= 0) return(row)
  keys <- union(names(now$z), names(then$z))
  change <- at(now$z, keys) - at(then$z, keys)
  names(change) <- keys
  psus <- unique(rbind(pair[[1]]$psus, pair[[2]]$psus))
  strata <- if (e$isCensus) pair[[1]]$strata else data.frame(h = unique(psus$h), n = 0, N = 1)
  lonely <- if (e$lonely == "fail") "adjust" else e$lonely
  if (is.na(now$own + then$own)) return(row)
  row$V <- cancelled(varianceOf(psus, strata, change, lonely), now$scale + then$scale)
  withTest(row, level)
}

# Of a census the units whose status is known both times are one sample of the units in both populations, in the later strata.
asOneSample <- function(e, s) {
  both <- intersect(e$rows$unit, s$rows$unit)
  now <- e; then <- s
  now$rows <- e$rows[match(both, e$rows$unit), ]
  then$rows <- s$rows[match(both, s$rows$unit), ]
  then$rows$h <- now$rows$h
  inBoth <- e$register[e$register$unit %in% s$register$unit, ]
  lapply(list(now, then), function(one) {
    one$rows$key <- paste(one$rows$h, one$rows$unit)
    one$rows$n <- as.numeric(table(one$rows$h)[one$rows$h])
    one$rows$N <- as.numeric(table(inBoth$stratum)[one$rows$h])
    one$rows$w <- one$rows$N / one$rows$n
    one$strata <- unique(one$rows[c("h", "n", "N")])
    one$psus <- unique(one$rows[c("h", "key")])
    if (one$lonely == "fail") one$lonely <- "adjust"
    one
  })
}

# Elsewhere each cycle keeps its design, with f = 0.
asOpen <- function(status) {
  if (status$isRegister) return(status)
  status$rows$N <- Inf
  status$strata$N <- Inf
  status$hasPopulation <- FALSE
  if (status$lonely == "fail") status$lonely <- "adjust"
  status
}

# ---- several cycles ----

emptySlope <- function() list(cycles = "", slope = NA, se = NA, low = NA, high = NA, df = NA, pValue = NA, pAdjusted = NA, significance = "", comparability = "")

slopeOf <- function(statuses, cycles, cell, overlap, level, comparability) {
  row <- emptySlope()
  order <- order(vapply(cycles, `[[`, 0, "year"))
  statuses <- statuses[order]; cycles <- cycles[order]
  shares <- lapply(statuses, function(status) if (status$notAsked) list(n = 0) else shareOf(status, inCell(status$rows, cell)))
  ok <- vapply(shares, function(share) share$n > 0, NA)
  shares <- shares[ok]; cycles <- cycles[ok]
  row$cycles <- paste(vapply(cycles, `[[`, "", "name"), collapse = " ")
  K <- length(shares)
  keys <- vapply(cycles, `[[`, "", "key")
  if (K > 1) row$comparability <- paste(unlist(comparability[paste(keys[-K], "->", keys[-1])]), collapse = "; ")
  if (K < 3) { row$comparability <- NA; return(row) }
  x <- vapply(cycles, `[[`, 0, "year")
  k <- (x - mean(x)) / sum((x - mean(x))^2)
  row$slope <- sum(k * vapply(shares, `[[`, 0, "value"))
  if (shares[[1]]$status$isCount) return(row)
  if (all(vapply(shares, `[[`, NA, "isCensus"))) {
    row[c("se", "low", "high")] <- c(0, row$slope, row$slope)
    row$significance <- signOf(row$slope)
    return(row)
  }
  Cov <- diag(vapply(shares, `[[`, 0, "own"))
  linked <- matrix(FALSE, K, K)
  for (i in seq_len(K)) for (j in seq_len(K)) if (i < j && !isIndependent(shares[[i]], shares[[j]], overlap)) {
    Cov[i, j] <- Cov[j, i] <- overlapCovariance(shares[[j]], shares[[i]])
    linked[i, j] <- linked[j, i] <- TRUE
  }
  V <- sum(Cov * outer(k, k))
  if (is.na(V)) return(row)
  V <- cancelled(V, sum(k^2 * vapply(shares, function(share) if (is.null(share$scale)) 0 else share$scale, 0)))
  if (all(linked | diag(K) == 1))
    stackedSlopes <<- stackedSlopes + checkByStack(shares, lapply(shares, function(share) inCell(share$status$rows, cell)), k, V)
  if (V < 0) V <- sum(diag(Cov) * k^2)
  hasLink <- rowSums(linked) > 0
  row$df <- sum(vapply(shares[!hasLink], `[[`, 0, "df")) + if (any(hasLink)) unionDf(shares[hasLink]) else 0
  row$se <- sqrt(V)
  if (row$df <= 0) return(row)
  if (V == 0) return(row)                                  # an accident of few PSUs, no certainty
  t <- qt(1 - (1 - level) / 2, row$df)
  row$low <- row$slope - t * row$se; row$high <- row$slope + t * row$se
  row$pValue <- 2 * pt(-abs(row$slope) / row$se, row$df)
  row
}
