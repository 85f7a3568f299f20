# R survey on the first rows of the job and its first indicator: percentages, linearized errors and intervals of all 54 cells.
#
#     Rscript survey.R DIRECTORY OUTPUT INDICATOR COLUMN CODES SECONDS
#
# CODES are joined by "|". The seconds of reading, building the design and estimating go to the file SECONDS, so that the driver can
# extrapolate each of them to all rows and the last to all indicators. As its own users would speed it up: data.table reads only the
# columns that are needed, and svyby uses every core.

suppressPackageStartupMessages({
  library(survey)
  library(data.table)
})
arguments <- commandArgs(trailingOnly = TRUE)
column <- arguments[[4]]
codes <- strsplit(arguments[[5]], "|", fixed = TRUE)[[1]]
# The same Wilson interval as ours came with survey 4.5; before it, the logit interval costs as much.
method <- if (packageVersion("survey") >= "4.5") "wilson" else "xlogit"

read <- system.time({
  rows <- fread(file.path(arguments[[1]], "responses.csv"),
    select = c("stratum", "network", "region", "sector", "weight", column), na.strings = ""
  )
  rows[, y := as.integer(get(column) %in% codes)]
})
build <- system.time(
  design <- svydesign(ids = ~network, strata = ~stratum, weights = ~weight, data = rows, nest = TRUE)
)

by_cell <- function(answered, by, names) {
  found <- svyby(~y, by, answered, svyciprop, method = method, vartype = c("se", "ci"), multicore = TRUE)
  data.frame(
    region = if ("region" %in% names) found$region else "_T", sector = if ("sector" %in% names) found$sector else "_T",
    estimate = found[["y"]], se = found[[grep("^se[.]", names(found))]], ci_low = found$ci_l, ci_high = found$ci_u
  )
}

estimate <- system.time({
  answered <- subset(design, !is.na(rows[[column]]))
  total <- svyciprop(~y, answered, method = method)
  cells <- rbind(
    data.frame(
      region = "_T", sector = "_T", estimate = as.numeric(total), se = sqrt(as.numeric(attr(total, "var"))),
      ci_low = attr(total, "ci")[[1]], ci_high = attr(total, "ci")[[2]]
    ),
    by_cell(answered, ~region, "region"),
    by_cell(answered, ~sector, "sector"),
    by_cell(answered, ~ region + sector, c("region", "sector"))
  )
})

percent <- c("estimate", "se", "ci_low", "ci_high")
cells[percent] <- 100 * cells[percent]
fwrite(cbind(indicator = arguments[[3]], cells), arguments[[2]])
took <- data.frame(method = method, version = as.character(packageVersion("survey")), rows = nrow(rows))
took$read <- read[["elapsed"]]
took$build <- build[["elapsed"]]
took$estimate <- estimate[["elapsed"]]
fwrite(took, arguments[[6]])
