# Draws docs/intervals.svg from docs/intervals.csv and fills the tables of docs/intervals.md, between their markers.
#
#   Rscript Benchmarks/Coverage/intervals.R [DIRECTORY]      default docs

arguments <- commandArgs(trailingOnly = TRUE)
directory <- if (length(arguments) > 0) arguments[1] else "docs"
rows <- read.csv(file.path(directory, "intervals.csv"), na.strings = "NA", stringsAsFactors = FALSE)
one <- rows[rows$overlap == "", ]
trends <- rows[rows$overlap != "", ]
methods <- unique(one$method)
designs <- unique(one$design)
sizes <- sort(unique(one$n))
shares <- sort(unique(one$p))
overlaps <- unique(trends$overlap)
nominal <- 0.95
low <- 0.93

percent <- function(x, digits = 1) ifelse(is.na(x), "none", sprintf("%.*f", digits, 100 * x))
# Coverage in percent; bold where it is clearly below the level.
marked <- function(x) ifelse(!is.na(x) & x < low, paste0("**", percent(x), "**"), percent(x))
table_lines <- function(header, body, left = 1) {
  rule <- ifelse(seq_along(header) <= left, "---", "--:")
  line <- function(cells) paste0("| ", paste(cells, collapse = " | "), " |")
  c(line(header), paste0("|", paste(rule, collapse = "|"), "|"), apply(body, 1, line))
}
one_row <- function(design, n, p, method) {
  one[one$design == design & one$n == n & one$p == p & one$method == method, ]
}
cells <- function(design) expand.grid(p = shares, n = sizes, design = design, stringsAsFactors = FALSE)

# Method by method: how near to the level, how far below at worst, how wide.
summary_table <- function() {
  of_method <- lapply(methods, function(method) {
    x <- one[one$method == method, ]
    width <- function(keep) mean(x$mean_width[keep])
    data.frame(
      method = method, distance = mean(abs(x$coverage - nominal)), coverage = mean(x$coverage),
      lowest = min(x$coverage), count = sum(x$coverage < low), few = width(x$n < 30), many = width(x$n >= 30))
  })
  x <- do.call(rbind, of_method)
  x <- x[order(x$distance), ]
  table_lines(
    c("method", "mean distance from 95", "mean coverage", "lowest coverage",
      sprintf("below %s, of %d", percent(low, 0), nrow(one) / length(methods)), "mean width, n = 10",
      "mean width, n from 30 on"),
    cbind(paste0("`", x$method, "`"), percent(x$distance, 2), percent(x$coverage), marked(x$lowest), x$count,
      percent(x$few), percent(x$many)))
}

worst_table <- function() {
  body <- t(vapply(methods, function(method) {
    x <- one[one$method == method, ]
    x <- x[order(x$coverage), ][1:3, ]
    c(paste0("`", method, "`"),
      sprintf("%s: %s, n = %d, p = %s", marked(x$coverage), x$design, x$n, percent(x$p, 0)))
  }, character(4)))
  table_lines(c("method", "worst", "second", "third"), body, left = 4)
}

coverage_table <- function() {
  grid <- cells(designs)
  body <- t(apply(grid, 1, function(cell) {
    design <- cell[["design"]]
    n <- as.numeric(cell[["n"]])
    p <- as.numeric(cell[["p"]])
    coverage <- vapply(methods, function(m) one_row(design, n, p, m)$coverage, numeric(1))
    of_all <- one_row(design, n, p, methods[1])
    c(design, n, percent(p, 0), marked(coverage), sprintf("%.2f", of_all$design_effect),
      percent(of_all$at_end / of_all$replications), percent(of_all$no_width / of_all$replications),
      sum(vapply(methods, function(m) one_row(design, n, p, m)$no_interval, numeric(1))))
  }))
  table_lines(
    c("design", "n", "p", paste0("`", methods, "`"), "deff", "estimate 0 or 100", "no width", "no interval"), body)
}

width_table <- function() {
  grid <- expand.grid(n = sizes, design = designs, stringsAsFactors = FALSE)
  body <- t(apply(grid, 1, function(cell) {
    x <- one[one$design == cell[["design"]] & one$n == as.numeric(cell[["n"]]), ]
    width <- vapply(methods, function(m) mean(x$mean_width[x$method == m]), numeric(1))
    c(cell[["design"]], as.numeric(cell[["n"]]), percent(width))
  }))
  table_lines(c("design", "n", paste0("`", methods, "`")), body)
}

trend_table <- function() {
  grid <- cells(designs)
  body <- t(apply(grid, 1, function(cell) {
    x <- trends[trends$design == cell[["design"]] & trends$n == as.numeric(cell[["n"]]) &
      trends$p == as.numeric(cell[["p"]]), ]
    x <- x[match(overlaps, x$overlap), ]
    c(cell[["design"]], as.numeric(cell[["n"]]), percent(as.numeric(cell[["p"]]), 0), percent(x$truth[1]),
      marked(x$coverage), percent(x$mean_width), percent(x$no_width / x$replications), sum(x$no_interval))
  }))
  table_lines(
    c("design", "n", "p", "change", overlaps, paste("width,", overlaps), paste("no width,", overlaps), "no interval"),
    body)
}

trend_summary_table <- function() {
  grid <- expand.grid(design = designs, overlap = overlaps, stringsAsFactors = FALSE)
  body <- t(apply(grid, 1, function(cell) {
    x <- trends[trends$design == cell[["design"]] & trends$overlap == cell[["overlap"]], ]
    few <- x$n < 30
    c(cell[["overlap"]], cell[["design"]], percent(mean(x$coverage[!few])), marked(min(x$coverage[!few])),
      percent(mean(x$coverage[few])), marked(min(x$coverage[few])))
  }))
  table_lines(
    c("shared PSUs", "design", "mean, n from 30 on", "lowest, n from 30 on", "mean, n = 10", "lowest, n = 10"), body,
    left = 2)
}

run_line <- function() {
  sprintf(
    "%s samples a scenario: the standard error of a coverage of 95 %% is %s points.",
    format(one$replications[1], big.mark = ","),
    sprintf("%.2f", 100 * sqrt(nominal * (1 - nominal) / one$replications[1])))
}

# The plot, written as text so that it is the same on every machine.
plot_lines <- function() {
  colours <- c(
    wilson = "#000000", beta = "#0072b2", wald = "#d55e00", logit = "#009e73", arcsine = "#e69f00",
    "clopper-pearson" = "#56b4e9", "agresti-coull" = "#cc79a7", jeffreys = "#7a5c00", likelihood = "#8a8a8a")
  shapes <- c("circle", "square", "diamond", "circle", "square", "diamond", "circle", "square", "diamond")
  panel <- c(width = 232, height = 170)
  gap <- c(16, 34)
  origin <- c(96, 44)
  bottom <- 0.84
  left_of <- function(column) origin[1] + (column - 1) * (panel[["width"]] + gap[1])
  top_of <- function(row) origin[2] + (row - 1) * (panel[["height"]] + gap[2])
  y_of <- function(row, value) top_of(row) + (1 - value) / (1 - bottom) * (panel[["height"]] - 12) + 6
  x_of <- function(column, place, method) {
    step <- panel[["width"]] / length(shares)
    left_of(column) + (place - 0.5) * step + (match(method, methods) - 5) * 4
  }
  width <- left_of(length(sizes)) + panel[["width"]] + 16
  height <- top_of(length(designs)) + panel[["height"]] + 92
  number <- function(x) sub("\\.0$", "", sprintf("%.1f", x))
  text <- function(x, y, words, anchor = "middle", more = "") {
    sprintf('<text x="%s" y="%s" text-anchor="%s"%s>%s</text>', number(x), number(y), anchor, more, words)
  }
  mark <- function(x, y, method) {
    colour <- colours[[method]]
    size <- 2.6
    switch(shapes[match(method, methods)],
      circle = sprintf('<circle cx="%s" cy="%s" r="%s" fill="%s"/>', number(x), number(y), size, colour),
      square = sprintf(
        '<rect x="%s" y="%s" width="5" height="5" fill="%s"/>', number(x - 2.5), number(y - 2.5), colour),
      diamond = sprintf(
        '<path d="M%s %sl3.2 3.2 -3.2 3.2 -3.2 -3.2z" fill="%s"/>', number(x), number(y - 3.2), colour))
  }
  lines <- c(
    sprintf(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" font-family="sans-serif" font-size="11">',
      number(width), number(height), number(width)),
    "<title>Coverage of nominal 95 % intervals by design, respondents, percentage and method</title>",
    sprintf('<rect width="%s" height="%s" fill="#ffffff"/>', number(width), number(height)))
  spread <- 2 * sqrt(nominal * (1 - nominal) / one$replications[1])
  for (row in seq_along(designs)) for (column in seq_along(sizes)) {
    x0 <- left_of(column)
    y0 <- top_of(row)
    lines <- c(lines, sprintf(
      '<rect x="%s" y="%s" width="%s" height="%s" fill="#e4e4e4"/>', number(x0),
      number(y_of(row, nominal + spread)), panel[["width"]],
      number(y_of(row, nominal - spread) - y_of(row, nominal + spread))))
    for (value in seq(0.85, 1, by = 0.05)) {
      y <- y_of(row, value)
      is_level <- abs(value - nominal) < 1e-9
      lines <- c(lines, sprintf(
        '<path d="M%s %sh%s" stroke="%s"/>', number(x0), number(y), panel[["width"]],
        if (is_level) "#444444" else "#dddddd"))
      if (column == 1) lines <- c(lines, text(x0 - 6, y + 4, sprintf("%.0f %%", 100 * value), "end"))
    }
    lines <- c(lines, sprintf(
      '<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="#999999"/>', number(x0), number(y0),
      panel[["width"]], panel[["height"]]))
    for (place in seq_along(shares)) {
      lines <- c(lines, text(
        x_of(column, place, methods[5]), y0 + panel[["height"]] + 14, sprintf("p = %s %%", percent(shares[place], 0))))
    }
    if (row == 1) lines <- c(lines, text(x0 + panel[["width"]] / 2, y0 - 12, sprintf("n = %d", sizes[column]),
      more = ' font-size="14" font-weight="bold"'))
    if (column == 1) {
      middle <- y0 + panel[["height"]] / 2
      lines <- c(lines, text(22, middle, designs[row], more = sprintf(
        ' font-size="14" font-weight="bold" transform="rotate(-90 22 %s)"', number(middle))))
    }
    # The default is drawn last and lies on top.
    for (method in rev(methods)) {
      x <- one[one$design == designs[row] & one$n == sizes[column] & one$method == method, ]
      value <- x$coverage[match(shares, x$p)]
      xs <- x_of(column, seq_along(shares), method)
      ys <- y_of(row, pmax(value, bottom))
      lines <- c(lines, sprintf(
        '<polyline points="%s" fill="none" stroke="%s" stroke-width="%s" stroke-opacity="0.7"/>',
        paste(number(xs), number(ys), sep = ",", collapse = " "), colours[[method]],
        if (method == methods[1]) "2" else "1"))
      for (place in seq_along(shares)) {
        if (value[place] < bottom) {
          lines <- c(lines,
            sprintf('<path d="M%s %sl-4 -7h8z" fill="%s"/>', number(xs[place]), number(ys[place] + 5), colours[[method]]),
            text(xs[place] + 7, ys[place] + 2, sprintf("%.0f %%", 100 * value[place]), "start"))
        } else {
          lines <- c(lines, mark(xs[place], ys[place], method))
        }
      }
    }
  }
  y <- top_of(length(designs)) + panel[["height"]] + 48
  # A place as wide as the name needs.
  places <- origin[1] + cumsum(c(0, 52 + 7 * nchar(methods)))
  for (method in methods) {
    x <- places[match(method, methods)]
    lines <- c(lines,
      sprintf('<path d="M%s %sh22" stroke="%s" stroke-width="%s"/>', number(x), number(y), colours[[method]],
        if (method == methods[1]) "2" else "1"),
      mark(x + 11, y, method), text(x + 27, y + 4, method, "start"))
  }
  c(lines,
    text(origin[1], y + 28, paste(
      "Share of samples whose interval holds the truth. The grey band is two Monte Carlo standard errors around 95 %;",
      "a triangle stands for a value below the panel."), "start", ' fill="#555555"'),
    "</svg>")
}

fill <- function(text, name, lines) {
  begin <- which(text == sprintf("<!-- %s: made by Benchmarks/Coverage/intervals.R -->", name))
  end <- which(text == sprintf("<!-- end of %s -->", name))
  if (length(begin) != 1 || length(end) != 1 || end <= begin) stop("no place for the table ", name)
  c(text[seq_len(begin)], "", lines, "", text[end:length(text)])
}

writeLines(plot_lines(), file.path(directory, "intervals.svg"))
document <- file.path(directory, "intervals.md")
text <- readLines(document, encoding = "UTF-8")
text <- fill(text, "run", run_line())
text <- fill(text, "summary", summary_table())
text <- fill(text, "worst", worst_table())
text <- fill(text, "coverage", coverage_table())
text <- fill(text, "width", width_table())
text <- fill(text, "trend-summary", trend_summary_table())
text <- fill(text, "trend", trend_table())
writeLines(text, document, useBytes = TRUE)
