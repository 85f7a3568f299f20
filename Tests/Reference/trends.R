# Then against now (docs/statistics.md, section 5), for the census with non-response and for registers.

emptyTrend <- function() list(status = "ok", nThen = NA, nNow = NA, nMatched = NA, then = NA, now = NA, delta = NA, V = NA, se = NA, low = NA, high = NA, df = NA,
                              pValue = NA, pAdjusted = NA, significance = "")

signOf <- function(delta) if (abs(delta) < 1e-12) "no-change" else if (delta > 0) "up" else "down"

# Agresti and Caffo: the variance that a percentage of 0 or 100 contributes to a difference.
extremeVariance <- function(n, nYes, sumD) {
  q <- (nYes + 1) / (n + 2)
  (1 - n / sumD) * q * (1 - q) / (n + 2)
}

# What a cycle contributes; NA where it has no variance.
ownVariance <- function(it) {
  if (it$census) 0
  else if (it$extreme) extremeVariance(it$n, it$nYes, it$sumD)
  else if (it$df <= 0 || it$V == 0) NA_real_
  else it$V
}

# C of 5.1. Units are linked by id within the later cycle's stratum.
covariance <- function(now, then, zNow, zThen) {
  total <- 0
  populations <- merge(now$cycle$population, then$cycle$population, by = "unit", suffixes = c(".now", ".then"))
  populations <- populations[populations$stratum.now == populations$stratum.then, ]
  linked <- match(paste(now$rows$unit, now$rows$stratum), paste(then$rows$unit, then$rows$stratum))
  for (stratum in unique(now$rows$stratum)) {
    atNow <- which(now$rows$stratum == stratum & !is.na(linked))
    atThen <- linked[atNow]
    n <- length(atNow)
    if (n == 0) next
    N <- sum(populations$stratum.now == stratum)
    fNow <- now$rows$nh[atNow[1]] / now$rows$Nh[atNow[1]]
    fThen <- then$rows$nh[atThen[1]] / then$rows$Nh[atThen[1]]
    a <- zNow[atNow]; b <- zThen[atThen]
    open <- 1 - fNow * fThen * N / n
    if (n > 1) total <- total + open * n / (n - 1) * sum((a - mean(a)) * (b - mean(b)))
    else if (now$rows$nh[atNow[1]] == 1 && then$rows$nh[atThen[1]] == 1 && fNow < 1 && fThen < 1) total <- total + open * a * b
  }
  total
}

# delta, V and df known: interval and p-value.
withTest <- function(row, level) {
  if (is.na(row$V)) return(row)
  row$se <- sqrt(row$V)
  if (row$df <= 0 || row$V == 0) return(row)               # a variance of 0 is an accident of few units
  t <- qt(1 - (1 - level) / 2, row$df)
  row$low <- max(-1, row$delta - t * row$se)
  row$high <- min(1, row$delta + t * row$se)
  row$pValue <- 2 * pt(-abs(row$delta) / row$se, row$df)
  row
}

withCensus <- function(row) {
  row[c("se", "low", "high")] <- c(0, row$delta, row$delta)
  row$significance <- signOf(row$delta)
  row
}

# A variance that is nothing but rounding is 0, as in 3.1.
cancelled <- function(V, scale) if (is.na(V)) V else if (V < 1e-14 * scale) 0 else V

# Everyone who answered, in each cycle.
trendOfAll <- function(now, then, cell, level) {
  row <- emptyTrend()
  hereNow <- inCell(now$rows, cell); hereThen <- inCell(then$rows, cell)
  row$nNow <- if (now$notAsked) NA else sum(hereNow & now$rows$d)
  row$nThen <- if (then$notAsked) NA else sum(hereThen & then$rows$d)
  end <- function(status, here) {
    rows <- status$rows
    use <- here & rows$d
    if (sum(use) == 0) NA
    else if (status$isCount) sum(rows$w[rows$y & use])
    else if (sum(rows$y[use]) == sum(use)) 1
    else sum(rows$w[rows$y & use]) / sum(rows$w[use])
  }
  if (!now$notAsked) row$now <- end(now, hereNow)
  if (!then$notAsked) row$then <- end(then, hereThen)
  if (now$notAsked || then$notAsked) { row$status <- "not-asked"; return(row) }
  unitsNow <- now$rows$unit[hereNow & now$rows$d]; unitsThen <- then$rows$unit[hereThen & then$rows$d]
  row$nMatched <- sum(!is.na(unitsNow) & unitsNow %in% unitsThen)
  if (row$nNow == 0 || row$nThen == 0) { row$status <- "no-data"; return(row) }
  row$delta <- row$now - row$then
  if (now$isCount) return(row)
  if (!now$isResponses) return(withCensus(row))
  e <- percentage(now$rows, now$design, hereNow)
  s <- percentage(then$rows, then$design, hereThen)
  if (e$census && s$census) return(withCensus(row))
  Ve <- ownVariance(e); Vs <- ownVariance(s)
  independent <- identical(now$cycle$definition$trend$overlap, "none") || (e$extreme && !e$census) || (s$extreme && !s$census)
  if (independent) {
    row$df <- e$df + s$df
    row$V <- Ve + Vs
  } else {
    psus <- unique(rbind(now$rows[hereNow & now$rows$d, c("unit", "stratum")], then$rows[hereThen & then$rows$d, c("unit", "stratum")]))
    row$df <- nrow(psus) - length(unique(psus$stratum))
    C <- covariance(now, then, e$z, s$z)
    limit <- sqrt(Ve * Vs)
    C <- max(-limit, min(limit, C))
    if (!is.na(limit)) row$V <- cancelled(Ve + Vs - 2 * C, sum(e$z^2) + sum(s$z^2))
  }
  withTest(row, level)
}

# Only units in the denominator of both cycles, in the same cell: one sample of units, weighted to the Parties of both.
matchedRows <- function(now, then) {
  both <- intersect(now$rows$unit, then$rows$unit)
  both <- both[!is.na(both)]
  e <- now$rows[match(both, now$rows$unit), ]
  s <- then$rows[match(both, then$rows$unit), ]
  rows <- data.frame(unit = both, stratum = e$stratum, dNow = e$d, dThen = s$d, yNow = e$y, yThen = s$y, stringsAsFactors = FALSE)
  rows$regionNow <- e$region; rows$regionThen <- s$region; rows$sectorNow <- e$sector; rows$sectorThen <- s$sector
  if (now$isResponses) {
    inBoth <- now$cycle$population[now$cycle$population$unit %in% then$cycle$population$unit, ]
    rows$nh <- as.numeric(table(rows$stratum)[rows$stratum])
    rows$Nh <- as.numeric(table(inBoth$stratum)[rows$stratum])
    rows$w <- rows$Nh / rows$nh
  } else rows$w <- rows$nh <- rows$Nh <- rep(1, nrow(rows))
  rows
}

trendOfMatched <- function(now, then, matched, cell, level) {
  row <- emptyTrend()
  if (now$notAsked || then$notAsked) { row$status <- "not-asked"; return(row) }
  here <- inCell(list(region = matched$regionNow, sector = matched$sectorNow), cell) & inCell(list(region = matched$regionThen, sector = matched$sectorThen), cell)
  use <- here & matched$dNow & matched$dThen
  row$nThen <- row$nNow <- row$nMatched <- sum(use)
  if (row$nMatched == 0) { row$status <- "no-data"; return(row) }
  rows <- matched
  rows$d <- use
  rows$yThen <- use & rows$yThen; rows$yNow <- use & rows$yNow
  if (now$isCount) {
    row$then <- sum(rows$w[rows$yThen]); row$now <- sum(rows$w[rows$yNow])
    row$delta <- row$now - row$then
    return(row)
  }
  if (!now$isResponses) {
    row$then <- sum(rows$yThen) / row$nMatched; row$now <- sum(rows$yNow) / row$nMatched
    row$delta <- row$now - row$then
    return(withCensus(row))
  }
  rows$y <- rows$yNow; rows$y01 <- as.numeric(rows$y)
  e <- percentage(rows, surveyDesign(rows), use)
  rows$y <- rows$yThen; rows$y01 <- as.numeric(rows$y)
  s <- percentage(rows, surveyDesign(rows), use)
  row$then <- s$p; row$now <- e$p
  row$delta <- e$p - s$p
  if (e$census) return(withCensus(row))
  if (e$extreme || s$extreme) {
    row$df <- e$df + s$df
    row$V <- ownVariance(e) + ownVariance(s)
    return(withTest(row, level))
  }
  row$df <- e$df
  if (row$df <= 0 || e$V == 0 || s$V == 0) return(row)
  rows$change <- rows$yNow - rows$yThen
  V <- as.vector(vcov(svymean(~change, subset(surveyDesign(rows), use))))
  z <- e$z - s$z
  agree(V, varianceByFormula(rows, z), sum(z^2))
  row$V <- cancelled(V, sum(z^2))
  withTest(row, level)
}

# Holm within (cycle, compare_to, basis, grouping), over the percentages; the same compare_to in two roles counts once.
adjusted <- function(trends, level) {
  family <- paste(trends$cycle, trends$compareTo, trends$basis, trends$grouping)
  tested <- !is.na(trends$pValue)
  for (one in unique(family)) {
    at <- which(family == one & tested)
    key <- paste(trends$indicator, trends$region, trends$sector)[at]
    first <- !duplicated(key)
    trends$pAdjusted[at] <- p.adjust(trends$pValue[at][first], "holm")[match(key, key[first])]
    trends$significance[at] <- ifelse(trends$pAdjusted[at] >= 1 - level, "no-change", ifelse(trends$delta[at] > 0, "up", "down"))
  }
  trends
}
