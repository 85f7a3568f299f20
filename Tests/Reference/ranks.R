# The rank that R's `degf` gives the replicate weights of a domain, also where they are rounded:
#     Rscript Tests/Reference/ranks.R
# ranks.csv: a line per domain with its design, digits of the weights, rank, and the weights row after row.

suppressWarnings(suppressMessages(library(survey)))
home <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
set.seed(77)

sampleOf <- function(strata, psus, size) {
  rows <- do.call(rbind, lapply(seq_len(strata), function(h) data.frame(h = h, psu = rep(paste0(h, "-", seq_len(psus)), each = size))))
  rows$w <- exp(rnorm(nrow(rows))) * sample(c(1, 200), 1)
  rows
}
replicated <- function(rows, type) {
  design <- svydesign(~psu, strata = if (type == "JK1") NULL else ~h, weights = ~w, data = rows)
  more <- if (type == "bootstrap") list(replicates = 12)
  as.matrix(weights(suppressWarnings(do.call(as.svrepdesign, c(list(design, type = type, compress = FALSE), more))), "analysis"))
}
lines <- "type,digits,width,rank,weights"
for (type in c("JK1", "JKn", "BRR", "Fay", "bootstrap")) for (digits in c(17, 6, 3)) for (round in 1:6) {
  rows <- sampleOf(if (type == "JK1") 1 else sample(2:5, 1), if (type %in% c("BRR", "Fay")) 2 else sample(2:4, 1), sample(1:4, 1))
  weights <- suppressWarnings(if (type == "Fay") {
    as.matrix(weights(as.svrepdesign(svydesign(~psu, strata = ~h, weights = ~w, data = rows), type = "Fay", fay.rho = 0.3), "analysis"))
  } else replicated(rows, type))
  # Weights of six digits behind the point, as published files have them; a third of them keep only three.
  if (digits < 17) weights <- round(weights, digits)
  domain <- rows$psu %in% sample(unique(rows$psu), sample(seq_along(unique(rows$psu)), 1))
  part <- weights[domain, , drop = FALSE]
  design <- suppressWarnings(svrepdesign(data = data.frame(one = rep(1, nrow(rows))), repweights = weights, weights = rep(1, nrow(rows)), type = "other", scale = 1,
                                         rscales = rep(1, ncol(weights)), combined.weights = TRUE))
  rank <- degf(subset(design, domain)) + 1
  lines <- c(lines, paste(type, digits, ncol(part), rank, paste(sprintf("%.17g", t(part)), collapse = " "), sep = ","))
}
writeLines(lines, file.path(home, "ranks.csv"))
message("ranks.csv: ", length(lines) - 1, " domains")
