# The peer of throughput.sh: R survey on the same file, and the largest relative difference to our answer.
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
people <- read.csv(arguments[1], colClasses = c(respondent = "character", agecat = "character"))
ours <- read.csv(arguments[2], colClasses = "character")
people$yes <- as.numeric(people$HI_CHOL == 1)
design <- svydesign(
  id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
  data = people[, c("SDMVPSU", "SDMVSTRA", "WTMEC2YR", "yes", "race", "agecat")])
design <- subset(design, !is.na(yes))
difference <- 0
for (r in c("_T", sort(unique(people$race)))) for (a in c("_T", sort(unique(people$agecat)))) {
  cell <- subset(design, (r == "_T" | design$variables$race == r) &
    (a == "_T" | design$variables$agecat == a))
  answer <- svyciprop(~yes, cell, method = "beta")
  mine <- ours[ours$race == r & ours$age == a, ]
  pair <- c(as.numeric(mine$estimate) / as.numeric(coef(answer) * 100),
    as.numeric(mine$se) / as.numeric(SE(answer) * 100))
  difference <- max(difference, abs(pair - 1))
}
cat(sprintf("largest difference %.1e\n", difference))
