/// What programs write where there is no answer, or around a text that looks like a number.
enum SpreadsheetText {
  /// Spreadsheets, SPSS and statistical packages.
  private static let errors = ["#NULL!", "#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"]
  private static let blanks = [".", "NA", "NaN", "nan", "NULL", "null", "None", "<NA>", "N/A", "n/a"]

  /// What to do about a text that a column refuses; nil where it is none of these.
  static func words(for value: String, _ column: AnswerColumn) -> String? {
    if value.hasPrefix("=\""), value.hasSuffix("\""), value.count > 2 {
      return
        "this is Excel's formula for \"\(value.dropFirst(2).dropLast())\": write the text alone, without `=` and the "
        + "quotes, and format the column as text"
    }
    let isError = errors.contains(value)
    guard isError || blanks.contains(value), !column.missingTexts.contains(value) else { return nil }
    let missing = ([""] + column.missingTexts.filter { !$0.isEmpty } + [value]).map { "\"\($0)\"" }
    return (isError ? "this is an error value of a spreadsheet or of SPSS: " : "")
      + "if it stands for no answer, write `missing: [\(missing.joined(separator: ", "))]` on the question"
  }
}
