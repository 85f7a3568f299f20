import SurveyModel

/// How numbers are written into files: the shortest decimal that reads back to the same `Double`, whole numbers
/// without a fraction, nothing for a value that does not exist.
enum NumberText {
  static func text(_ number: Double?) -> String {
    guard let number else { return "" }
    return number.isFinite ? number.shortestText : ""
  }

  /// The same text, into a file that is being written.
  static func append(_ number: Double, to bytes: inout [UInt8]) {
    guard number.isFinite else { return }
    // Whole numbers below the smallest that is printed with an exponent; elsewhere the text has its fraction.
    if number.magnitude < 1e15, let whole = Int(exactly: number) {
      append(whole, to: &bytes)
    } else {
      var text = number.magnitude < 1e15 ? number.description : number.shortestText
      text.withUTF8 { bytes.append(contentsOf: $0) }
    }
  }

  static func append(_ number: Int, to bytes: inout [UInt8]) {
    var text = String(number)
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }
}
