// A C face on the distributions and the root finder of Boost.Math that interval estimation needs.
//
// Every function returns NaN where its arguments lie outside the distribution's
// domain; none throws, none writes errno, none aborts.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// The quantile of the standard normal distribution; probability in (0, 1).
double boost_normal_quantile(double probability);

/// The quantile of Student's t distribution; degrees_of_freedom > 0.
double boost_student_t_quantile(double degrees_of_freedom, double probability);

/// P(|T| > |t|), the two-sided tail of Student's t distribution.
double boost_student_t_two_sided_tail(double degrees_of_freedom, double t);

/// The quantile of the F distribution.
double boost_f_quantile(double numerator_df, double denominator_df, double probability);

/// The quantile of the beta distribution with shapes alpha, beta > 0.
double boost_beta_quantile(double alpha, double beta, double probability);

/// Where a continuous function is 0 between low and high, at which it has opposite signs (Alefeld, Potra and Shi 1995,
/// algorithm 748).
double boost_bracketed_root(double (*function)(double, void *), void *context, double low, double high);

#ifdef __cplusplus
}
#endif
