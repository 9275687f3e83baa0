# Writes posterior-cases.json: draws, and what R's package posterior says of them.
# Debian: apt-get install r-cran-posterior. Then: Rscript posterior-cases.R > posterior-cases.json
suppressMessages(library(posterior))
set.seed(20240229, kind = "Mersenne-Twister", normal.kind = "Inversion")

# One chain: x[t] = phi x[t-1] + e[t], with the variance of e[t].
ar <- function(n, phi, sd = 1) as.numeric(stats::filter(rnorm(n, sd = sd), phi, method = "recursive"))
chains <- function(count, one) sapply(seq_len(count), one)

cases <- list(
  well_mixed = chains(4, function(i) rnorm(150)),
  badly_mixed = chains(4, function(i) rnorm(80, mean = i)),
  other_scales = chains(4, function(i) rnorm(80, sd = c(1, 1, 1, 6)[i])),
  autocorrelated = chains(4, function(i) ar(200, 0.9)),
  random_walk = chains(3, function(i) cumsum(rnorm(120))),
  drifting = chains(4, function(i) rnorm(100) + seq(-2, 2, length.out = 100)),
  heavy_tailed = chains(4, function(i) rcauchy(120)),
  discrete = chains(4, function(i) rpois(120, 4)),
  discrete_autocorrelated = chains(3, function(i) round(3 * ar(120, 0.8))),
  binary = chains(4, function(i) rbinom(60, 1, 0.4)),
  binary_in_balance = chains(3, function(i) sample(rep(0:1, 20))),
  odd_length = chains(5, function(i) ar(101, 0.5)),
  odd_length_far_middle = chains(2, function(i) { x <- rnorm(51); x[26] <- 1e6; x }),
  antithetic = chains(4, function(i) ar(120, -0.7)),
  alternating = chains(2, function(i) rep(c(-1, 1), 20) + rnorm(40, sd = 1e-3)),
  stuck_for_a_half = chains(4, function(i) if (i == 2) c(rep(0.25, 30), rnorm(30)) else rnorm(60)),
  one_chain = chains(1, function(i) ar(80, 0.3)),
  many_short_chains = chains(60, function(i) ar(12, 0.6)),
  far_from_zero = chains(4, function(i) 1e6 + ar(60, 0.5, sd = 1e-2)),
  skewed = chains(4, function(i) exp(3 * ar(80, 0.4))),
  ten_draws = chains(4, function(i) rnorm(10)),
  nine_draws = chains(4, function(i) rnorm(9)),
  eight_draws = chains(3, function(i) rnorm(8)),
  seven_draws = chains(3, function(i) rnorm(7)),
  six_draws = chains(2, function(i) rnorm(6)),
  five_draws = chains(3, function(i) rnorm(5)),
  four_draws = chains(3, function(i) rnorm(4))
)

number <- function(x, digits) ifelse(is.na(x), "null", sprintf(paste0("%.", digits, "g"), x))
rows <- function(x) paste0(
  "[", apply(x, 2, function(chain) paste(number(chain, 9), collapse = ",")), "]", collapse = ",\n    ")

entry <- function(name) {
  # What is written is what is measured.
  x <- matrix(as.numeric(sprintf("%.9g", cases[[name]])), nrow = nrow(cases[[name]]))
  figures <- suppressWarnings(c(rhat(x), ess_bulk(x), ess_tail(x)))
  sprintf(
    paste0(
      "  {\n    \"name\": \"%s\",\n    \"rhat\": %s, \"essBulk\": %s, \"essTail\": %s,\n",
      "    \"chains\": [\n    %s]\n  }"),
    name, number(figures[1], 17), number(figures[2], 17), number(figures[3], 17), rows(x))
}

cat(sprintf("{\n\"posterior\": \"%s\",\n\"cases\": [\n%s\n]\n}\n",
            packageVersion("posterior"), paste(sapply(names(cases), entry), collapse = ",\n")))
