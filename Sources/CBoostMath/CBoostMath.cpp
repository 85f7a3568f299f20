#include "CBoostMath.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/toms748_solve.hpp>

namespace {

namespace policies = boost::math::policies;

// Errors come back as NaN or infinity: an exception must never cross into Swift.
// Promotion to long double is off so that results do not depend on the x87 unit.
using Quiet = policies::policy<
    policies::domain_error<policies::ignore_error>,
    policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::evaluation_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>,
    policies::promote_double<false>>;

template <typename Body>
double quietly(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace

extern "C" {

double boost_normal_quantile(double probability) {
  return quietly([&] {
    return boost::math::quantile(boost::math::normal_distribution<double, Quiet>(0, 1), probability);
  });
}

double boost_student_t_quantile(double degrees_of_freedom, double probability) {
  return quietly([&] {
    return boost::math::quantile(
        boost::math::students_t_distribution<double, Quiet>(degrees_of_freedom), probability);
  });
}

double boost_student_t_two_sided_tail(double degrees_of_freedom, double t) {
  return quietly([&] {
    boost::math::students_t_distribution<double, Quiet> distribution(degrees_of_freedom);
    return 2 * boost::math::cdf(boost::math::complement(distribution, std::fabs(t)));
  });
}

double boost_f_quantile(double numerator_df, double denominator_df, double probability) {
  return quietly([&] {
    return boost::math::quantile(
        boost::math::fisher_f_distribution<double, Quiet>(numerator_df, denominator_df), probability);
  });
}

double boost_beta_quantile(double alpha, double beta, double probability) {
  return quietly([&] {
    return boost::math::quantile(boost::math::beta_distribution<double, Quiet>(alpha, beta), probability);
  });
}

double boost_bracketed_root(
    double (*function)(double, void *), void *context, double low, double high) {
  return quietly([&] {
    auto value = [&](double x) { return function(x, context); };
    std::uintmax_t iterations = 500;
    auto bracket = boost::math::tools::toms748_solve(
        value, low, high, boost::math::tools::eps_tolerance<double>(52), iterations, Quiet());
    return bracket.first + (bracket.second - bracket.first) / 2;
  });
}

}
