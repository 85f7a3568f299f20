import Export
import SurveyModel

/// How the numbers of results become numbers of Excel.
enum ResultCells {
  /// A percentage of 79.1 as 0.791, or a count; as the files print it where the kind is not known.
  static func value(_ number: Double?, kind: Indicator.Kind?) -> ResultValue {
    guard let number else { return .none }
    return .number(kind == .percentage ? number / 100 : number)
  }

  /// The number format of a value.
  ///
  /// - Parameter mark: Stands behind the number and belongs to its look, not to its value.
  static func valueFormat(_ kind: Indicator.Kind?, mark: String = "") -> String {
    let format =
      switch kind {
      case .percentage: NumberFormat.percent
      case .count: NumberFormat.count
      case nil: NumberFormat.number
      }
    return mark.isEmpty ? format : format + "\"\(mark)\""
  }

  /// The number format of a change as people read it: "~+8.1 ▲", or "+8.1 up" where everyone was counted.
  static func changeFormat(_ row: TrendRow, kind: Indicator.Kind) -> String {
    let caution = row.test.comparability.isEmpty ? "" : "~"
    let arrow =
      row.signWords.map { " " + $0 } ?? (row.isBeyondChance ? (row.test.significance == .up ? " ▲" : " ▼") : "")
    let digits = kind == .count ? "#,##0" : "0.0"
    // Where there is no arrow, as much room as one takes, so that digits stand below each other.
    let ending = arrow.isEmpty ? "_ _▲" : "\"\(arrow)\""
    return ["+", "-", ""].map { "\"\(caution)\($0)\"\(digits)\(ending)" }.joined(separator: ";")
  }
}

extension ResultColumn {
  /// The value of a row as Excel takes it.
  ///
  /// - Parameter indicator: The kind of the row's indicator.
  func cell(of row: Row, kind indicator: Indicator.Kind?) -> ResultValue {
    let value = value(row)
    guard kind == .percent, case .number(let number) = value else { return value }
    return ResultCells.value(number, kind: indicator)
  }

  func numberFormat(kind indicator: Indicator.Kind?) -> String {
    switch kind {
    case .word, .text: ""
    case .count: NumberFormat.count
    case .number: NumberFormat.number
    case .percent: ResultCells.valueFormat(indicator)
    case .probability: name == "level" ? NumberFormat.level : NumberFormat.probability
    case .points:
      switch (name, indicator) {
      case ("se", _): NumberFormat.unsignedPoints
      case ("slope", _): NumberFormat.pointsAYear
      case (_, .count): NumberFormat.countChange
      default: NumberFormat.points
      }
    }
  }
}
