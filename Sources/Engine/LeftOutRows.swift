import SurveyModel

/// Rows of one table that are left out for one reason, few enough for the run to go on.
public struct LeftOutRows: Sendable, Equatable {
  /// Reasons of one table that are told on the terminal; `rejected.csv` lists all.
  static let mostReasons = 5

  /// Empty where the row as a whole is meant.
  public var column: String
  public var reason: String
  public var count: Int
  /// What stands in the column in their place, the most frequent first; at most three texts.
  public var mostFrequent: [AnswerAccounting.Refused]

  /// By column and reason, the most frequent first, ties by column and reason. A reason that names what was likely meant
  /// is the same reason without that name.
  static func found(in rejections: [Rejection]) -> [LeftOutRows] {
    struct Key: Hashable {
      var column: String
      var reason: String
    }
    var values: [Key: [String: Int]] = [:]
    // Mostly the same reason comes again and again.
    var last = (reason: "", bare: "")
    for rejection in rejections where rejection.scope == .row {
      if rejection.reason != last.reason { last = (rejection.reason, bare(rejection.reason)) }
      values[Key(column: rejection.column, reason: last.bare), default: [:]][rejection.value, default: 0] += 1
    }
    return values.map { key, values in
      let frequent = values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
      return LeftOutRows(
        column: key.column, reason: key.reason, count: values.values.reduce(0, +),
        mostFrequent: frequent.map { AnswerAccounting.Refused(value: $0.key, count: $0.value) })
    }.sorted { ($1.count, $0.column, $0.reason) < ($0.count, $1.column, $1.reason) }
  }

  private static func bare(_ reason: String) -> String {
    reason.range(of: "; did you mean").map { String(reason[..<$0.lowerBound]) } ?? reason
  }

  /// Behind "rows are left out: ".
  var words: String {
    guard !column.isEmpty else { return reason }
    let isEmpty = mostFrequent.allSatisfy(\.value.isEmpty)
    let accounting = AnswerAccounting(
      column: column, given: count, rejected: count, mostFrequent: mostFrequent, remedy: nil)
    return "column \(column) is \(isEmpty ? "empty" : accounting.words): \(reason)"
  }
}

extension CycleAccounting {
  /// One line each for the terminal.
  public var leftOutRows: [String] {
    tables.flatMap { table -> [String] in
      let told = table.leftOut.prefix(LeftOutRows.mostReasons).map { rows in
        "\(cycle): \(rows.count) of \(table.rows.read) rows of \(table.name) "
          + "\(rows.count == 1 ? "is" : "are") left out: \(rows.words)"
      }
      let others = table.leftOut.dropFirst(LeftOutRows.mostReasons)
      guard !others.isEmpty else { return told }
      let count = others.reduce(0) { $0 + $1.count }
      return told + [
        "\(cycle): \(count) more row\(count == 1 ? "" : "s") of \(table.name) \(count == 1 ? "is" : "are") left out for "
          + "\(others.count) other reason\(others.count == 1 ? "" : "s"), which rejected.csv lists"
      ]
    }
  }
}
