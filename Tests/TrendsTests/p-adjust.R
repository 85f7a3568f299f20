# Adjusted p-values of R's p.adjust.       Rscript p-adjust.R > p-adjust.csv       made with R 4.2.2
set.seed(20191001)
families <- list(
  c(0.01, 0.02, 0.03, 0.04, 0.05), c(0.04), c(1, 1, 1), c(0, 0.5, 1), c(0.02, 0.02, 0.02, 0.9),
  c(0.5, 0.4, 0.3, 0.2, 0.1), c(1e-12, 1e-3, 0.049, 0.051, 0.2, 0.2), runif(17), rbeta(40, 0.3, 2), round(rbeta(25, 0.5, 1), 2))
cat("family,p,holm,bh\n")
for (family in seq_along(families)) {
  p <- families[[family]]
  cat(sprintf("%d,%.17g,%.17g,%.17g\n", family, p, p.adjust(p, "holm"), p.adjust(p, "BH")), sep = "")
}
