import SurveyModel

/// How numbers are written into files: the shortest decimal that reads back to the same `Double`, whole numbers
/// without a fraction, nothing for a value that does not exist.
enum NumberText {
  static func text(_ number: Double?) -> String {
    guard let number else { return "" }
    return number.isFinite ? number.shortestText : ""
  }

  /// A proportion in percent, or a count as it is.
  static func percent(_ proportion: Double?, isCount: Bool = false) -> String {
    text(isCount ? proportion : proportion.map { $0 * 100 })
  }

  static func text(_ number: Int?) -> String { number.map(String.init) ?? "" }
}
