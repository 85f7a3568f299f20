# The cases: what the cycles have in common, which design, which indicators. Every case has its own seed, so one can change alone.

percentageOf <- function(question, ...) modifyList(list(id = question, question = question, kind = "percentage", table = "responses", notAsked = character(0),
                                                        comparability = character(0)), list(...))
threeQuestions <- lapply(c("q1", "q2", "q3"), percentageOf)
clusters <- list(weight = "w", strata = "stratum", psu = "psu")

# Cycles in time order, the last is `now`; `rows` and `registers` likewise.
newCase <- function(id, title, rows, years, design, indicators = threeQuestions, groupBy = "[[region]]", registers = NULL, trend = list(), hasUnit = TRUE) {
  keys <- if (length(rows) == 2) c("then", "now") else c("first", "then", "mid", "now")[c(length(rows) == 4, TRUE, TRUE, TRUE)]
  names <- paste0(id, "-", keys)
  last <- length(rows)
  cycles <- lapply(seq_along(rows), function(i) list(
    name = names[i], key = keys[i], year = years[i], rows = rows[[i]], register = registers[[i]], hasUnit = hasUnit,
    design = if (is.null(names(design))) design[[i]] else design,
    trend = if (i == last) c(list(previous = names[last - 1]), if (last > 2) list(baseline = names[1]),
                             if (last > 3) list(slope = paste0("[", toString(names), "]")), modifyList(list(overlap = "psu"), trend))))
  list(id = id, title = title, cycles = cycles, indicators = indicators, groupBy = groupBy,
       overlap = if (is.null(trend$overlap)) "psu" else trend$overlap, adjust = if (is.null(trend$adjust)) "holm" else trend$adjust)
}

answersOf <- function(rows, question, value) { asked <- rows[[question]] != ""; rows[[question]][asked] <- value; rows }

# Replicate weights that are the sampling weight times 0 or 2 (half samples), or n / (n - 1) with one PSU left out.
halfSamples <- function(rows, R) {
  psus <- unique(paste(rows$stratum, rows$psu))
  for (r in seq_len(R)) rows[[paste0("rep", r)]] <- rows$w * sample(c(0, 2), length(psus), replace = TRUE)[match(paste(rows$stratum, rows$psu), psus)]
  rows
}
leaveOneOut <- function(rows) {
  psus <- unique(paste(rows$stratum, rows$psu))
  own <- match(paste(rows$stratum, rows$psu), psus)
  for (r in seq_along(psus)) rows[[paste0("rep", r)]] <- ifelse(own == r, 0, round(rows$w * length(psus) / (length(psus) - 1), 6))
  rows
}

registerOf <- function(people) { units <- unique(people[c("unit", "stratum")]); units$status <- sample(c("1", "0"), nrow(units), replace = TRUE); units }

# A census with non-response: every person is a unit of the population.
parties <- function() world(c(A = 22, B = 15, C = 31), persons = 1)
census <- list(strata = "stratum", psu = "unit", population = "table", lonely = "adjust")
reporting <- function(people, chance, ...) asked(people[runif(nrow(people)) < chance, ], ...)

makeCases <- list(
  t01 = function(id) { w <- world(c(a = 6, b = 8, c = 5), 5)
    newCase(id, "The same PSUs, no population",
            list(asked(some(w, 1:9, 0.8)), asked(some(w, 1:9, 0.8), 0.5)), c(2015, 2019), clusters, groupBy = "[[region], [sector]]") },
  t02 = function(id) { w <- world(c(a = 12, b = 14), 5); rows <- list(asked(some(w, 1:6)), asked(some(w, 7:14), 0.7))
    rows <- lapply(rows, function(r) { r$w[sample(nrow(r), 4)] <- 0; r })
    newCase(id, "No PSU in common", rows, c(2015, 2019), clusters) },
  t03 = function(id) { w <- world(c(a = 12, b = 14), 5)
    newCase(id, "Some PSUs in common, three cycles",
            list(asked(some(w, 1:8, 0.9)), asked(some(w, 4:11, 0.9), 0.3), asked(some(w, 6:14, 0.9), 0.6)), c(2010, 2013, 2021), clusters,
            groupBy = "[[region], [region, sector]]", trend = list(adjust = "benjamini-hochberg")) },
  t04 = function(id) { w <- parties(); rows <- list(reporting(w, 0.6), reporting(w, 0.7, 0.3), reporting(w, 0.65, 0.6))
    rows <- lapply(rows, function(r) { r$elig <- sample(c("1", "0"), nrow(r), replace = TRUE, prob = c(0.8, 0.2)); r })
    newCase(id, "A census with non-response, three cycles", rows, c(2011, 2015, 2019), census,
            c(threeQuestions, list(percentageOf("q1", id = "q1-eligible", eligible = "elig"))),
            groupBy = "[[region], [sector]]", registers = lapply(1:3, function(i) registerOf(w))) },
  t05 = function(id) { w <- world(c(a = 12, b = 14), 5); rows <- list(asked(some(w, 1:9, 0.9)), asked(some(w, 5:14, 0.9), 0.4))
    rows <- lapply(rows, function(r) { r$N <- ifelse(r$stratum == "a", 15, 21); r })
    newCase(id, "Weights, and strata of known size", rows, c(2015, 2019), c(clusters, population = "N")) },
  t06 = function(id) { w <- world(c(a = 9, b = 9), 5); moved <- w
    moved$stratum[w$stratum == "a" & w$psu %in% c("2", "5")] <- "b"
    moved$psu[w$stratum == "a" & w$psu == "2"] <- "a2"; moved$psu[w$stratum == "a" & w$psu == "5"] <- "a5"
    now <- asked(moved, 0.5); then <- asked(w)
    then$psu[then$stratum == "a" & then$psu == "2"] <- "a2"; then$psu[then$stratum == "a" & then$psu == "5"] <- "a5"
    newCase(id, "Two PSUs changed stratum, no population", list(then, now), c(2015, 2019), clusters) },
  t07 = function(id) { w <- parties(); moved <- w; moved$stratum[c(3, 4, 25)] <- c("B", "C", "A"); joined <- -(60:64); left <- -(1:2)
    newCase(id, "Units changed stratum, joined and left the population",
            list(reporting(w[joined, ], 0.7), reporting(moved[left, ], 0.75, 0.5)), c(2015, 2019), census,
            registers = list(registerOf(w[joined, ]), registerOf(moved[left, ]))) },
  t08 = function(id) { w <- world(c(a = 60, b = 80), 1)
    newCase(id, "No PSU column, people linked by unit",
            list(asked(some(w, 1:60, 0.8)), asked(some(w, 10:80, 0.8), 0.4)), c(2015, 2019), list(weight = "w", strata = "stratum")) },
  t09 = function(id) { w <- world(c(a = 60, b = 80), 1); rows <- list(asked(some(w, 1:60, 0.8)), asked(some(w, 1:80, 0.8), 0.4))
    rows <- lapply(rows, function(r) { r$N <- ifelse(r$stratum == "a", 100, 350); r$w[sample(nrow(r), 5)] <- 0; r })
    newCase(id, "Nothing links the cycles", rows, c(2015, 2019), list(weight = "w", strata = "stratum", population = "N"), hasUnit = FALSE) },
  t10 = function(id) { w <- world(c(a = 6, b = 8), 5)
    newCase(id, "The same PSUs, overlap none, one cycle in two roles",
            list(asked(some(w, 1:8, 0.8)), asked(some(w, 1:8, 0.8), 0.5)), c(2015, 2019), clusters,
            trend = list(baseline = "t10-then", overlap = "none")) },
  t11 = function(id) { w <- world(c(a = 6, b = 8), 5)
    newCase(id, "Half-sample weights then, jackknife weights now", list(halfSamples(asked(w), 16), leaveOneOut(asked(w, 0.6))), c(2015, 2019),
            list(list(weight = "w", replicates = list(type = "brr")), list(weight = "w", replicates = list(type = "jk1"))), hasUnit = FALSE) },
  t12 = function(id) { w <- world(c(a = 6, b = 8), 5)
    then <- answersOf(answersOf(asked(some(w, 1:8, 0.8)), "q1", "0"), "q2", "1"); now <- answersOf(asked(some(w, 1:8, 0.8)), "q2", "1")
    now$q3[now$region == "S" & now$q3 != ""] <- "1"
    newCase(id, "0 and 100 % in a sample", list(then, now), c(2015, 2019), clusters) },
  t13 = function(id) { w <- parties()
    then <- answersOf(reporting(w, 0.6), "q1", "0"); now <- answersOf(reporting(w, 0.7), "q2", "1")
    newCase(id, "0 and 100 % in a census with non-response",
            list(then, now), c(2015, 2019), census, registers = list(registerOf(w), registerOf(w))) },
  t14 = function(id) { w <- parties()
    newCase(id, "Everyone reports, and a register, three cycles",
            list(asked(w, missing = 0), asked(w, 0.3, missing = 0), asked(w, 0.6, missing = 0)), c(2011, 2014, 2019), census,
            c(threeQuestions, list(percentageOf("status", table = "units"))), registers = lapply(1:3, function(i) registerOf(w))) },
  t15 = function(id) { w <- parties()
    newCase(id, "Everyone reports in one of three cycles",
            list(reporting(w, 0.8, missing = 0), asked(w, 0.3, missing = 0), reporting(w, 0.7, 0.5, missing = 0)), c(2011, 2014, 2019), census,
            registers = lapply(1:3, function(i) registerOf(w))) },
  t16 = function(id) { w <- world(c(a = 9, b = 9), 5)
    newCase(id, "Counts, three cycles", list(asked(some(w, 1:7)), asked(some(w, 2:8), 0.3), asked(some(w, 3:9), 0.6)), c(2012, 2013, 2018), clusters,
            list(percentageOf("q1", id = "n1", kind = "count"), percentageOf("q2"))) },
  t17 = function(id) { w <- parties()
    newCase(id, "Counts of a census",
            list(reporting(w, 0.6), reporting(w, 0.7, 0.3)), c(2015, 2019), census, list(percentageOf("q1", id = "n1", kind = "count"), percentageOf("q2")),
            registers = list(registerOf(w), registerOf(w))) },
  t18 = function(id) { w <- world(c(a = 14, b = 14), 5)
    rows <- list(asked(some(w, 1:7)), asked(some(w, 3:9), 0.3), asked(some(w, 5:11), 0.4), asked(some(w, 7:14), 0.6))
    rows[[2]] <- answersOf(rows[[2]], "q3", "0")
    newCase(id, "Four cycles, not all of which asked everything", rows, c(2007, 2011, 2014, 2021), clusters, groupBy = "[[region], [region, sector]]",
            list(percentageOf("q1", comparability = c("first -> then" = "a new wording", "mid -> now" = "one option more", "first -> mid" = "never printed here")),
                 percentageOf("q2", notAsked = "then", comparability = c("first -> mid" = "asked on paper", "then -> mid" = "not printed")), percentageOf("q3"),
                 percentageOf("q1", id = "twice", notAsked = c("first", "mid")))) },
  t19 = function(id) { w <- parties(); rows <- list(reporting(w, 0.6), reporting(w, 0.7, 0.3), asked(w, 0.4, missing = 0), reporting(w, 0.8, 0.6))
    rows[[1]] <- answersOf(rows[[1]], "q3", "0")
    newCase(id, "Four cycles of a census, one of them complete", rows, c(2007, 2011, 2015, 2019), census, registers = lapply(1:4, function(i) registerOf(w))) },
  t20 = function(id) { w <- world(c(a = 6, b = 8), 5)
    newCase(id, "Replicate weights, three cycles",
            list(leaveOneOut(asked(w)), leaveOneOut(asked(w, 0.3)), leaveOneOut(asked(w, 0.5))), c(2010, 2014, 2016),
            list(weight = "w", replicates = list(type = "jk1")), hasUnit = FALSE) },
  t21 = function(id) { w <- world(c(a = 9, b = 9), 5)
    newCase(id, "Three cycles, overlap none",
            list(asked(some(w, 1:7)), asked(some(w, 2:8), 0.3), asked(some(w, 3:9), 0.6)), c(2010, 2014, 2016), clusters, trend = list(overlap = "none")) },
  t22 = function(id) { w <- world(c(a = 6, b = 8, z = 1), 5)
    newCase(id, "A stratum of one PSU counts as certain",
            list(asked(some(w, 1:6)), asked(some(w, 1:8), 0.4)), c(2015, 2019), c(clusters, lonely = "certainty")) },
  t23 = function(id) { w <- world(c(a = 6, b = 8, z = 1), 5)
    newCase(id, "A stratum of one PSU counts as the average",
            list(asked(some(w, 1:6)), asked(some(w, 1:8), 0.4)), c(2015, 2019), c(clusters, lonely = "average")) },
  t24 = function(id) { w <- world(c(a = 6, b = 8, c = 5), 5)
    newCase(id, "The same PSUs, no population, four cycles",
            list(asked(w), asked(w, 0.2), asked(w, 0.3), asked(w, 0.5)), c(2001, 2007, 2009, 2019), clusters, groupBy = "[[sector]]") },
  t25 = function(id) { w <- world(c(a = 6, b = 8, z = 1), 5)
    newCase(id, "The same PSUs, a stratum of one of them around the grand mean, three cycles",
            list(asked(w), asked(w, 0.2), asked(w, 0.4)), c(2010, 2014, 2019), c(clusters, lonely = "adjust")) },
  t26 = function(id) { w <- world(c(a = 6, b = 8, z = 1), 5)
    newCase(id, "The same PSUs, a stratum of one of them as the average, three cycles",
            list(asked(w), asked(w, 0.2), asked(w, 0.4)), c(2010, 2014, 2019), c(clusters, lonely = "average")) },
  t27 = function(id) { w <- world(c(a = 6, b = 8, z = 1), 5); rows <- asked(w)
    newCase(id, "An identical panel with a stratum of one PSU, three cycles", list(rows, rows, rows), c(2010, 2014, 2019), c(clusters, lonely = "adjust")) }
)
