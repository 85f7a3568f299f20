# The foreign survey of the example: NHANES 2009-10 blood measurements, as they come with R's survey package.
#     Rscript Tests/Reference/nhanes.R DATA.csv [EXPECTED.csv]
# Writes the data as CSV and, if asked, what survey says about them.

suppressWarnings(suppressMessages(library(survey)))
given <- commandArgs()
source(file.path(dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1])), "intervals.R"))
arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) < 1) stop("usage: nhanes.R DATA.csv [EXPECTED.csv]")

data(nhanes)
nhanes$race <- as.character(nhanes$race)
nhanes$agecat <- c("0-19", "20-39", "40-59", "60+")[as.integer(nhanes$agecat)]

# The shortest decimal, without exponent, that reads back to the same number.
shortest <- function(x) {
  text <- rep("", length(x))
  for (digits in 17:1) {
    shorter <- formatC(x, digits = digits, format = "fg", width = 1)
    same <- !is.na(x) & suppressWarnings(as.numeric(shorter)) == x
    text[same] <- shorter[same]
  }
  text
}

columns <- c("SDMVPSU", "SDMVSTRA", "WTMEC2YR", "HI_CHOL", "race", "agecat", "RIAGENDR")
out <- data.frame(respondent = as.character(seq_len(nrow(nhanes))), stringsAsFactors = FALSE)
for (column in columns) out[[column]] <- if (is.character(nhanes[[column]])) nhanes[[column]] else shortest(as.numeric(nhanes[[column]]))
dir.create(dirname(arguments[1]), showWarnings = FALSE, recursive = TRUE)
write.csv(out, arguments[1], row.names = FALSE, quote = FALSE)

if (length(arguments) > 1) {
  nhanes$y <- as.numeric(nhanes$HI_CHOL == 1)
  design <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes)
  level <- 0.95
  methods <- c("wilson", "beta", "wald", "logit", "arcsine")
  races <- sort(unique(nhanes$race)); ages <- sort(unique(nhanes$agecat))
  cells <- rbind(data.frame(race = "_T", agecat = "_T"), data.frame(race = races, agecat = "_T"), data.frame(race = "_T", agecat = ages),
                 rev(expand.grid(agecat = ages, race = races)))
  number <- function(x) sprintf("%.17g", x)
  lines <- apply(as.matrix(cells), 1, function(cell) {
    here <- (cell[["race"]] == "_T" | nhanes$race == cell[["race"]]) & (cell[["agecat"]] == "_T" | nhanes$agecat == cell[["agecat"]])
    part <- subset(design, here & !is.na(HI_CHOL))
    estimate <- svymean(~y, part, deff = "replace")
    p <- as.vector(coef(estimate)); V <- as.vector(vcov(estimate)); df <- degf(part); n <- nrow(part)
    stopifnot(p > 0, p < 1, V > 0, df > 0, all(weights(part) > 0))
    nEff <- p * (1 - p) / V
    ends <- lapply(methods, function(method) intervalOf(part, p, sqrt(V), nEff, df, method, level)$ends)
    paste(c(cell, n, sum(part$variables$y), number(c(100 * p, 100 * sqrt(V), df, as.vector(deff(estimate)), nEff, 100 * unlist(ends)))), collapse = ",")
  })
  head <- c("race", "agecat", "n", "n_yes", "estimate", "se", "df", "deff", "n_eff", paste0(c("ci_low_", "ci_high_"), rep(methods, each = 2)))
  writeLines(c(paste(head, collapse = ","), lines), arguments[2])
}
