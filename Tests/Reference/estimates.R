# Percentages of the responses (a census with non-response, docs/statistics.md 3.4) and of the registers (complete by nature).

suppressWarnings(suppressMessages(library(survey)))
options(survey.lonely.psu = "adjust", survey.adjust.domain.lonely = FALSE)

# What the definition says about an indicator in a cycle.
definitionOf <- function(indicator, cycle) {
  own <- indicator[["per-cycle"]][[cycle$key]]
  if (!is.null(indicator[["per-cycle"]]) && is.null(own)) stop(indicator$id, " says nothing about ", cycle$key)
  if (!is.null(indicator[["roll-up"]])) stop("roll-up of an indicator is not part of the reference implementation")
  if (!is.null(own[["not-asked"]])) return(list(notAsked = TRUE))
  pick <- function(key) if (!is.null(own[[key]])) own[[key]] else indicator[[key]]
  numerator <- pick("numerator")
  denominator <- pick("denominator")
  if (is.null(denominator)) denominator <- list(decided = numerator)
  list(notAsked = FALSE, numerator = numerator, denominator = denominator, eligible = pick("eligible"))
}

tableOf <- function(indicator) if (is.null(indicator$table)) "responses" else indicator$table

# One row a unit: its place, whether it is in the denominator (d) and numerator (y), and whether its status is known.
statusOf <- function(indicator, cycle) {
  what <- definitionOf(indicator, cycle)
  table <- cycle$tables[[tableOf(indicator)]]
  if (is.null(table)) stop(indicator$id, ": no table ", tableOf(indicator))
  isResponses <- table$name == "responses"
  size <- nrow(table$data)
  place <- function(name) { members <- membersOf(table, name, cycle); if (is.null(members)) rep("_T", size) else members }
  unit <- unitOf(table)
  rows <- data.frame(unit = if (is.null(unit)) rep(NA_character_, size) else unit, region = place("region"), sector = place("sector"),
                     stratum = if (isResponses) strataOf(table, cycle) else rep("register", size), stringsAsFactors = FALSE)
  status <- list(isResponses = isResponses, isCount = identical(indicator$kind, "count"), notAsked = what$notAsked, cycle = cycle)
  if (!what$notAsked) {
    eligible <- if (is.null(what$eligible)) rep(TRUE, size) else holds(what$eligible, table, cycle)
    d <- eligible & holds(what$denominator, table, cycle)
    yes <- holds(what$numerator, table, cycle)
    # Where an answer that decides cannot be read, the row leaves the base.
    d <- d %in% TRUE & !is.na(yes)
    rows$d <- d
    rows$y <- d & yes %in% TRUE
    rows$known <- d | (!eligible) %in% TRUE
    if (isResponses) rows <- withDesign(rows[rows$known, ], cycle) else { rows$w <- rep(1, size); rows$nh <- rep(1, size); rows$Nh <- rep(1, size) }
    rownames(rows) <- NULL
  }
  status$rows <- rows
  status
}

# Known rows: n_h, N_h, weight.
withDesign <- function(rows, cycle) {
  rows$nh <- as.numeric(table(rows$stratum)[rows$stratum])
  rows$Nh <- as.numeric(table(cycle$population$stratum)[rows$stratum])
  if (any(rows$nh > rows$Nh)) stop("more known units than the population holds")
  rows$w <- rows$Nh / rows$nh
  rows
}

surveyDesign <- function(rows) if (nrow(rows) == 0) NULL else svydesign(ids = ~1, strata = ~stratum, fpc = ~Nh, data = rows)

# V of a percentage straight from the formula of 3.1; survey must agree.
varianceByFormula <- function(rows, z) {
  sum(vapply(split(seq_along(z), rows$stratum), function(at) {
    n <- length(at); open <- 1 - n / rows$Nh[at[1]]
    if (n == 1) open * z[at]^2 else open * n / (n - 1) * sum((z[at] - mean(z[at]))^2)
  }, 0))
}

agree <- function(a, b, scale) if (abs(a - b) > 1e-12 * max(abs(a), abs(b), scale)) stop("survey and the formula differ: ", a, " ", b)

# The percentage of one cell. `design` is built on all known rows and only then cut to the cell.
percentage <- function(rows, design, here) {
  use <- here & rows$d
  result <- list(n = sum(use), nYes = sum(rows$y[use]), census = FALSE, df = NA_real_, V = NA_real_)
  if (result$n == 0) return(result)
  part <- rows[use, ]
  sumD <- sum(part$w)
  extreme <- result$nYes == 0 || result$nYes == result$n
  p <- if (result$nYes == 0) 0 else if (extreme) 1 else sum(part$w[part$y]) / sumD
  z <- ifelse(use, rows$w * (rows$y - p) / sumD, 0)
  keys <- unique(part$stratum)
  result <- c(result[c("n", "nYes")], list(p = p, z = z, sumD = sumD, extreme = extreme, census = all(part$nh == part$Nh)))
  result$subset <- subset(design, use)
  result$df <- degf(result$subset)
  stopifnot(result$df == result$n - length(keys))
  mean <- suppressWarnings(svymean(~y01, result$subset, deff = TRUE))
  if (!extreme) agree(as.vector(coef(mean)), p, 0)
  V <- as.vector(vcov(mean))
  if (!extreme) agree(V, varianceByFormula(rows, z), sum(z^2))
  result$V <- if (V < 1e-14 * sum(z^2) || extreme) 0 else V
  result$deff <- if (result$n > 1 && !extreme && result$V > 0) as.vector(deff(mean)) else NA_real_
  result$nEff <- if (extreme) result$n / (1 - result$n / sumD) else p * (1 - p) / result$V
  result
}

flagText <- function(...) { flags <- c(...); paste(names(flags)[flags], collapse = " ") }

missedRegions <- function(rows, cycle) setdiff(unique(cycle$population$stratum), unique(rows$stratum))

# One row of estimates.csv.
estimateRow <- function(status, design, cell, method, level) {
  cycle <- status$cycle
  row <- list(status = "not-asked", n = NA, nYes = NA, population = NA, estimate = NA, se = NA, low = NA, high = NA, method = "", df = NA, deff = NA, nEff = NA, flag = "")
  if (status$isResponses && cell$sector == "_T") {
    row$population <- if (cell$region == "_T") nrow(cycle$population) else sum(cycle$population$stratum == cell$region)
  }
  if (status$notAsked) return(row)
  rows <- status$rows
  here <- inCell(rows, cell)
  use <- here & rows$d
  row$n <- sum(use); row$nYes <- sum(rows$y[use])
  row$status <- if (row$n == 0) "no-data" else "ok"
  if (row$n == 0) return(row)
  if (status$isCount) { row$estimate <- sum(rows$w[rows$y & use]); return(row) }
  if (!status$isResponses) {
    p <- row$nYes / row$n
    row[c("estimate", "se", "low", "high")] <- c(p, 0, p, p)
    row$method <- row$flag <- "census"
    return(row)
  }
  it <- percentage(rows, design, here)
  partial <- cell$region == "_T" && length(missedRegions(rows, cycle)) > 0
  row$estimate <- it$p
  if (it$census) {                                               # 3.5 (a)
    row[c("se", "low", "high")] <- c(0, it$p, it$p)
    row$method <- "census"
    row$flag <- flagText(census = TRUE, partial = partial)
    return(row)
  }
  row$df <- it$df
  row$flag <- flagText(partial = partial)
  if (it$df <= 0) return(row)                                    # 3.5 (b)
  row$se <- sqrt(it$V)
  if (it$V == 0 && !it$extreme) {                                # 3.5 (d)
    row$flag <- flagText(partial = partial, "review-no-variance" = TRUE)
    return(row)
  }
  interval <- intervalOf(it$subset, it$p, row$se, it$nEff, it$df, method, level)
  row$low <- interval$ends[1]; row$high <- interval$ends[2]
  row$method <- interval$method
  row$nEff <- it$nEff
  row$deff <- it$deff
  row
}
