# Invents the surveys of this folder: one pipeline (dNN.yaml) and one data file (dNN.csv) a design, the same bytes every time.
#     Rscript Tests/Reference/designs/make-designs.R [FOLDER]
# Weights are written so that they read back to the same double. What each design is for stands in its title.

suppressWarnings(suppressMessages(library(survey)))
given <- commandArgs()
home <- dirname(sub("^--file=", "", grep("^--file=", given, value = TRUE)[1]))
source(file.path(home, "surveys.R"))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) > 0) arguments[1] else home

invisible(file.remove(list.files(folder, "^d[0-9]+.*\\.(yaml|csv)$", full.names = TRUE)))

# ---- no weights, no strata ----

design("Simple random sample", people(160))
design("Simple random sample, level 0.90", people(400, areas = 4, kinds = 2), level = 0.9)
design("Six rows: cells of one row, cells of none", people(6), labels = TRUE)
design("Simple random sample with unknown areas", withUnknown(people(180, areas = 4)))

# ---- weights only ----

design("Weights only", weighted(people(200)), weight = "weight")
design("Weights with a heavy tail, level 0.99", weighted(people(240, areas = 5, kinds = 2), spread = 2), weight = "weight", level = 0.99)
design("Weights of about a hundred-millionth", weighted(people(150), scale = 1e-8), weight = "weight")
design("Weights of about a thousand million", weighted(people(150), scale = 1e9), weight = "weight")
design("Weights from a thousandth to a thousand in one sample", weighted(people(200), spread = 3.5), weight = "weight")
design("Some weights are zero", someZero(weighted(people(160))), weight = "weight")
design("Weights below one: more rows than they stand for", weighted(people(120), scale = 0.05), weight = "weight")

# ---- strata without PSUs ----

design("Three strata", weighted(inStrata(people(180), 3)), weight = "weight", strata = "stratum")
design("Sixty strata of two to five rows", weighted(inStrata(people(220), 60)), weight = "weight", strata = "stratum")
design("Strata from two columns", weighted(twoColumns(people(200))), weight = "weight", strata = c("province", "urban"))
design("Strata are the dimensions area and kind", weighted(people(200, areas = 3, kinds = 3)), weight = "weight", strata = c("area", "kind"), lonely = "adjust")
design("Strata and no weights", inStrata(people(150), 7), strata = "stratum")
design("Strata named from columns whose values hold separators", oddNames(weighted(inStrata(people(130), 6))), weight = "weight", strata = "stratum")
design("Rows without a stratum are left out", withoutStratum(weighted(inStrata(people(170), 5))), weight = "weight", strata = "stratum")
design("Whole strata of weight zero", zeroStratum(weighted(inStrata(people(160), 8))), weight = "weight", strata = "stratum")

# ---- PSUs ----

design("PSUs without strata", weighted(inClusters(people(300), perStratum = 30)), weight = "weight", psu = "psu")
design("PSUs nested in strata, the same ids in each", weighted(inClusters(inStrata(people(300), 6), perStratum = 5)), weight = "weight", strata = "stratum", psu = "psu")
design("Two PSUs in each of sixty strata", weighted(inClusters(inStrata(people(320), 60), perStratum = 2)), weight = "weight", strata = "stratum", psu = "psu")
design("Clusters of one to sixty rows", weighted(unequalClusters(people(700, areas = 5, kinds = 3))), weight = "weight", strata = "stratum", psu = "psu")
design("The PSU is the area: no degrees of freedom inside an area", weighted(people(160, areas = 5, kinds = 2)), weight = "weight", psu = "area")
design("PSUs some of which weigh nothing", zeroClusters(weighted(inClusters(inStrata(people(240), 5), perStratum = 6))), weight = "weight", strata = "stratum", psu = "psu")
design("Areas are whole strata: cells that hold no PSU of most strata", weighted(inClusters(stratumIsArea(people(220, areas = 5)), perStratum = 4)), weight = "weight", strata = "stratum", psu = "psu")
design("Clustered weights of a thousand million", weighted(inClusters(inStrata(people(200), 4), perStratum = 6), scale = 1e9, spread = 1.5), weight = "weight", strata = "stratum", psu = "psu")
design("Clusters agree with themselves: a large design effect", weighted(inClusters(inStrata(people(300), 3), perStratum = 8, sameAnswers = TRUE)), weight = "weight", strata = "stratum", psu = "psu")
design("Two thousand rows", weighted(inClusters(inStrata(people(2000, areas = 5, kinds = 4), 20), perStratum = 10), digits = 4), weight = "weight", strata = "stratum", psu = "psu")

design("Every PSU answers alike: no variance", alike(weighted(inClusters(inStrata(people(240, areas = 2, kinds = 2), 3), perStratum = 10))), weight = "weight", strata = "stratum", psu = "psu")

# ---- strata with one PSU ----

for (rule in c("certainty", "adjust", "average")) {
  design(paste("Lonely PSUs:", rule), weighted(lonelyClusters(people(200), lonely = 3)), weight = "weight", strata = "stratum", psu = "psu", lonely = rule)
  design(paste("Lonely rows:", rule), weighted(lonelyRows(people(150), lonely = 5)), weight = "weight", strata = "stratum", lonely = rule)
}
design("Every stratum is lonely: average has nothing to average", weighted(lonelyClusters(people(80), lonely = 6, others = 0)), weight = "weight", strata = "stratum", psu = "psu", lonely = "average")
design("Lonely PSUs are refused", weighted(lonelyClusters(people(90), lonely = 1)), weight = "weight", strata = "stratum", psu = "psu", lonely = "fail")

# ---- populations and weights ----

design("Population by column, no PSUs", fromPopulation(inStrata(people(200), 5)), weight = "weight", strata = "stratum", population = "size")
design("Population by column: one stratum taken whole", fromPopulation(inStrata(people(180), 4), whole = 1), weight = "weight", strata = "stratum", population = "size")
design("A lonely row that is its whole stratum is not lonely", fromPopulation(lonelyRows(people(140), lonely = 2), wholeLonely = TRUE), weight = "weight", strata = "stratum", population = "size", lonely = "fail")
design("Population counts PSUs", fromPopulation(inClusters(inStrata(people(280), 6), perStratum = 5), ofClusters = TRUE), weight = "weight", strata = "stratum", psu = "psu", population = "size")
design("Population counts PSUs: one lonely PSU is its whole stratum, others are averaged", fromPopulation(lonelyClusters(people(240), lonely = 3), ofClusters = TRUE, whole = 1), weight = "weight", strata = "stratum", psu = "psu", population = "size", lonely = "average")
design("Everything was taken: no sampling error", fromPopulation(inStrata(people(120), 4), whole = 4), weight = "weight", strata = "stratum", population = "size")
design("One population, no strata", fromPopulation(people(150)), weight = "weight", population = "size")
design("Weights that add up to fewer than the rows, with a population", shrunk(fromPopulation(inStrata(people(150), 3))), weight = "weight", strata = "stratum", population = "size")

# ---- census with non-response: a population and no weights ----

design("Census with non-response, population by column", fromPopulation(inStrata(people(160), 5), keepWeight = FALSE), strata = "stratum", population = "size", lonely = "adjust")
design("Census with non-response, one population", fromPopulation(people(140), keepWeight = FALSE), population = "size")
design("Census in which two strata are complete", fromPopulation(inStrata(people(150), 5), whole = 2, keepWeight = FALSE), strata = "stratum", population = "size", lonely = "adjust")
design("Census of PSUs with several rows", fromPopulation(inClusters(inStrata(people(220), 4), perStratum = 8), ofClusters = TRUE, keepWeight = FALSE), strata = "stratum", psu = "psu", population = "size", lonely = "adjust")
design("Census of a register's members, strata are areas", census(people(130, areas = 5, kinds = 2)), strata = "area", register = "member", lonely = "adjust")
design("Census of a register, an area is silent and some are lonely", census(people(70, areas = 5, kinds = 2), silent = "e", thin = "d"), strata = "area", register = "member", lonely = "adjust")
design("Census of a register, strata by two columns", census(twoColumns(people(150))), strata = c("province", "urban"), register = "member", lonely = "certainty")
design("Register as population beside a weight column", censusWeighted(people(140, areas = 4, kinds = 2)), weight = "weight", strata = "area", register = "member", lonely = "adjust")

# ---- replicate weights ----

pairs <- function(rows, strata = 8) weighted(inClusters(inStrata(people(rows), strata), perStratum = 2), digits = 4)
replicated("Balanced repeated replication", pairs(180), "brr")
replicated("Balanced repeated replication about the full estimate", pairs(180, 7), "brr", mse = TRUE)
replicated("Balanced repeated replication with a scale of its own", pairs(150), "brr", scale = 0.1)
replicated("Fay's method, 0.3", pairs(180), "fay", fay = 0.3)
replicated("Fay's method, 0.5, about the full estimate, df given", pairs(150, 6), "fay", fay = 0.5, mse = TRUE, df = 6)
replicated("Jackknife without strata: cells lose replicates", weighted(inClusters(people(160), perStratum = 18), digits = 4), "jk1")
replicated("Jackknife without strata about the full estimate", weighted(inClusters(people(160), perStratum = 15), digits = 4), "jk1", mse = TRUE)
replicated("Jackknife without strata, one factor for all replicates", weighted(inClusters(people(140), perStratum = 12), digits = 4), "jk1", rscales = 0.9)
replicated("Jackknife with strata", weighted(inClusters(inStrata(people(200), 5), perStratum = 4), digits = 4), "jkn")
replicated("Jackknife with strata of unequal size about the full estimate", weighted(unequalStrata(people(180))), "jkn", mse = TRUE)
replicated("Jackknife with strata, two replicates of factor zero", weighted(inClusters(inStrata(people(160), 4), perStratum = 4), digits = 4), "jkn", zeroFactors = c(2, 7))
replicated("Bootstrap", weighted(inClusters(inStrata(people(140), 5), perStratum = 5), digits = 4), "bootstrap", replicates = 30)
replicated("Bootstrap about the full estimate, scale 1/R, level 0.90", weighted(inClusters(inStrata(people(130), 4), perStratum = 6), digits = 4), "bootstrap", replicates = 25, mse = TRUE, scale = 1 / 25, level = 0.9)
replicated("Successive differences", weighted(people(120), digits = 4), "successive-difference", replicates = 32)
replicated("Successive differences, df given", weighted(people(120), digits = 4), "successive-difference", replicates = 16, df = 40, mse = TRUE)
replicated("Jackknife of PSUs that answer alike: no variance", alike(weighted(inClusters(people(160, areas = 2, kinds = 2), perStratum = 10), digits = 4)), "jk1")
replicated("Jackknife with zero main weights", someZero(weighted(inClusters(people(150), perStratum = 14), digits = 4)), "jk1")

# ---- several rows a unit ----

design("Units by any of their rows", ofUnits(people(70)), unit = "household", rollUp = "any")
design("Units by all of their rows", ofUnits(people(70)), unit = "household", rollUp = "all", unitWeight = "unit_weight")
design("Units by the majority of their rows by weight", ofUnits(people(80)), unit = "household", rollUp = "majority", weight = "weight", unitWeight = "unit_weight")
design("Units by the latest of their rows", ofUnits(people(80)), unit = "household", rollUp = "latest")
design("Units by any of their rows, in strata and PSUs", ofUnits(inClusters(inStrata(people(90), 4), perStratum = 5)), unit = "household", rollUp = "any", strata = "stratum", psu = "psu", unitWeight = "unit_weight")
design("Units by the majority of their rows, in strata", ofUnits(inStrata(people(80), 4)), unit = "household", rollUp = "majority", weight = "weight", strata = "stratum")
design("Units in strata, the latest of their rows", ofUnits(inStrata(people(80), 5)), unit = "household", rollUp = "latest", strata = "stratum")
design("Rows and units side by side, by indicator", ofUnits(inStrata(people(80), 4)), unit = "household", weight = "weight", strata = "stratum", unitWeight = "unit_weight", indicators = "by-unit")
design("Rows and units side by side, in PSUs", ofUnits(inClusters(inStrata(people(90), 3), perStratum = 6)), unit = "household", strata = "stratum", psu = "psu", indicators = "by-unit")
design("A dimension that varies within units", kindVaries(ofUnits(people(70))), unit = "household", rollUp = "all")

message(made$count, " designs, ", sum(file.size(list.files(folder, "^d[0-9]+\\.", full.names = TRUE))), " bytes")
