import SurveyModel

/// What a number says of an indicator.
enum MeasureCode: String, StandardCode {
  case value = "VALUE"
  case standardError = "SE"
  case lower = "CI_LOW"
  case upper = "CI_HIGH"
  case count = "N"
  case countYes = "N_YES"
  case change = "CHANGE"
  case changeStandardError = "CHANGE_SE"
  case changeLower = "CHANGE_CI_LOW"
  case changeUpper = "CHANGE_CI_HIGH"
  case changePValue = "CHANGE_P"
  case slope = "SLOPE"
  case slopeStandardError = "SLOPE_SE"
  case slopeLower = "SLOPE_CI_LOW"
  case slopeUpper = "SLOPE_CI_HIGH"
  case slopePValue = "SLOPE_P"

  var name: String {
    switch self {
    case .value: "Estimate: a percentage, or the count of a count indicator"
    case .standardError: "Standard error of the estimate"
    case .lower: "Lower end of the confidence interval"
    case .upper: "Upper end of the confidence interval"
    case .count: "Rows (or units) in the denominator"
    case .countYes: "Rows (or units) in the numerator"
    case .change: "Change since the cycle in COMPARED_WITH"
    case .changeStandardError: "Standard error of the change"
    case .changeLower: "Lower end of the confidence interval of the change"
    case .changeUpper: "Upper end of the confidence interval of the change"
    case .changePValue: "Probability of such a change by chance, adjusted for many comparisons"
    case .slope: "Change a year since the cycle in COMPARED_WITH, over all cycles between"
    case .slopeStandardError: "Standard error of the change a year"
    case .slopeLower: "Lower end of the confidence interval of the change a year"
    case .slopeUpper: "Upper end of the confidence interval of the change a year"
    case .slopePValue: "Probability of such a slope by chance, adjusted for many comparisons"
    }
  }

  func unit(of kind: Indicator.Kind) -> UnitOfMeasure {
    switch self {
    case .count, .countYes: .number
    case .value, .lower, .upper: kind == .count ? .number : .percent
    case .standardError, .change, .changeStandardError, .changeLower, .changeUpper:
      kind == .count ? .number : .percentagePoints
    case .slope, .slopeStandardError, .slopeLower, .slopeUpper:
      kind == .count ? .numberAYear : .percentagePointsAYear
    case .changePValue, .slopePValue: .pureNumber
    }
  }
}
