# Writes the data of the published examples (Tests/Reference/published/*.csv) from the data sets of R's survey package and from
# the tables that ucla-examples.pdf, which comes with it, prints in full. The figures in published.csv are copied from the sources by hand.
#     Rscript Tests/Reference/published.R

suppressWarnings(suppressMessages(library(survey)))
given <- commandArgs()
output <- file.path(dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1])), "published")

shortest <- function(x) vapply(x, function(value) {
  for (digits in 1:17) if (as.numeric(text <- format(value, digits = digits, scientific = FALSE)) == value) break
  trimws(text)
}, "")

writeData <- function(rows, name) {
  for (column in names(rows)) rows[[column]] <- if (is.numeric(rows[[column]])) shortest(rows[[column]]) else as.character(rows[[column]])
  write.csv(rows, file.path(output, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}

# A ratio sum(w a) / sum(w b) with a <= b is a percentage of two rows a unit: yes with weight w a, no with weight w (b - a). Any column of
# replicate weights is multiplied likewise. So is a mean of x <= top, as a share of `top`. `shares`: for each question the columns a and b.
asShares <- function(units, shares, weights) {
  parts <- list()
  for (question in names(shares)) for (answer in c("yes", "no")) {
    part <- units
    a <- shares[[question]][[1]]; b <- shares[[question]][[2]]
    stopifnot(a <= b)
    for (weight in weights) part[[weight]] <- units[[weight]] * (if (answer == "yes") a else b - a)
    for (other in names(shares)) part[[other]] <- if (other == question) answer else ""
    parts[[length(parts) + 1]] <- part
  }
  do.call(rbind, parts)
}

withReplicates <- function(units, design) {
  replicates <- weights(design, "analysis")
  for (column in seq_len(ncol(replicates))) units[[sprintf("rep%02d", column)]] <- replicates[, column]
  units
}

replicatesOf <- function(units) grep("^rep", names(units), value = TRUE)

# ---- fpc: the mean of x as a share of 10 ----

data(fpc)
fpc$above4 <- ifelse(fpc$x > 4, "yes", "no")
fpc$everyone <- 27
fpc$equal <- 1
writeData(asShares(fpc[c("stratid", "psuid", "Nh", "everyone", "above4", "weight", "equal")], list(x = list(fpc$x, 10)), c("weight", "equal")), "fpc")

# ---- api: schools of 15 districts ----

data(api)
schools <- apiclus1[c("dnum", "pw", "fpc", "stype", "sch.wide", "comp.imp", "both", "awards", "yr.rnd")]
schools$complete <- ifelse(is.na(apiclus1$avg.ed), "no", "yes")   # the only one of the variables in that example that has missing values
jackknife <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1))
stopifnot(abs(jackknife$scale - 14 / 15 * (1 - 15 / 757)) < 1e-15, jackknife$rscales == 1)
writeData(withReplicates(schools, jackknife), "schools")

# ---- api: a stratum of one school, and the rules for it ----

lonely <- data.frame(school = apiclus1$cds, district = apiclus1$dnum, weight = apiclus1$pw,
                     schools = ifelse(apiclus1$dnum == 413, 1, 1000))
writeData(asShares(lonely, list(api = list(apiclus1$api00, 1000)), "weight"), "lonely")

# ---- scd: survivors of cardiac arrests, with the half samples that the help page builds ----

data(scd)
halves <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
strata <- svydesign(data = scd, prob = ~1, id = ~ambulance, strata = ~ESA, nest = TRUE)
rescue <- data.frame(area = scd$ESA, ambulance = scd$ambulance, weight = 1, half = halves,
                     damped = weights(as.svrepdesign(strata, type = "Fay", fay.rho = 0.3), "analysis"))
names(rescue) <- sub("\\.", "", names(rescue))
writeData(asShares(rescue, list(alive = list(scd$alive, scd$arrests)), setdiff(names(rescue), c("area", "ambulance"))), "rescue")

# What these examples of ?scd give when they are run; their output is printed nowhere.
examples <- list(rescue = strata, "rescue-brr" = suppressWarnings(svrepdesign(data = scd, type = "BRR", repweights = halves, combined.weights = FALSE)),
                 "rescue-fay" = as.svrepdesign(strata, type = "Fay", fay.rho = 0.3))
for (name in names(examples)) {
  ratio <- svyratio(~alive, ~arrests, design = examples[[name]])
  message(sprintf("?scd, %s: %.7f, SE %.7f", name, coef(ratio), SE(ratio)))
}

# ---- hospital: births as a share of 10000 ----

data(hospital)
design <- svydesign(id = ~1, strata = ~oblevel, fpc = ~tothosp, weight = ~weighta, data = hospital)
jackknife <- as.svrepdesign(design)
message("jkn rscales of hospital: ", paste(shortest(jackknife$rscales), collapse = ", "))
units <- withReplicates(hospital[c("hospno", "oblevel", "weighta", "tothosp")], jackknife)
writeData(asShares(units, list(births = list(hospital$births, 10000)), c("weighta", replicatesOf(units))), "hospitals")

# ---- unemployment in municipalities (Lehtonen and Pahkinen), as ucla-examples.pdf prints them ----

stratified <- data.frame(str = c(1, 1, 1, 1, 2, 2, 2, 2), clu = c(1, 2, 4, 6, 21, 25, 26, 27), wt = rep(c(1.75, 6.25), each = 4),
                         fpc = rep(c(7, 25), each = 4))
unemployed <- c(4123, 666, 760, 457, 61, 262, 331, 98); force <- c(33786, 6016, 5919, 3022, 573, 1737, 2543, 545)
writeData(asShares(stratified, list(unemployed = list(unemployed, force), mean = list(unemployed, 10000)), "wt"), "unemployment-stratified")

certainty <- data.frame(str = c(2, rep(1, 7)), clu = c(1, 10, 4, 7, 32, 26, 18, 13), wt = c(1, 1.004, 1.893, 2.173, 2.971, 4.762, 6.335, 13.73),
                        fpc = c(1, rep(31, 7)))
unemployed <- c(4123, 1623, 760, 767, 568, 331, 187, 129)
writeData(asShares(certainty, list(mean = list(unemployed, 10000)), "wt"), "unemployment-certainty")

clustered <- data.frame(clu = rep(c(2, 8), each = 4), wt = 4, fpc = 32)
unemployed <- c(666, 528, 760, 187, 129, 128, 331, 568); force <- c(6016, 3818, 5919, 1448, 927, 819, 2543, 4011)
jackknife <- as.svrepdesign(svydesign(id = ~clu, weight = ~wt, fpc = ~fpc, data = clustered))
stopifnot(abs(jackknife$scale - 1 / 2 * (1 - 2 / 32)) < 1e-15, jackknife$rscales == 1)
units <- withReplicates(clustered, jackknife)
writeData(asShares(units, list(unemployed = list(unemployed, force)), c("wt", replicatesOf(units))), "unemployment-clustered")
