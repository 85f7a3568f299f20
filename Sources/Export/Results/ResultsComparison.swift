import SurveyModel

/// What differs between the results of two runs: every value of every row, number by number.
public struct ResultsComparison: Sendable {
  /// Two ways of adding up the same numbers agree to this (another order of the rows, a distributed engine), relative to
  /// the size of what is compared: see `size(of:_:_:scale:)`.
  public static let tolerance = 1e-12

  /// A value that is another one, or a row that only one of the runs has.
  public struct Difference: Sendable, Equatable {
    /// `estimates.csv` and so on.
    public var table: String
    /// The columns that tell rows apart, such as `cycle=cycle-4 indicator=A1 region=_T`.
    public var row: String
    /// Of the value; empty where the row is missing in one of the two.
    public var column: String
    /// As the files print it, empty for a whole row; nil where there is no such row.
    public var then: String?
    public var now: String?
  }

  /// How many values were compared.
  public private(set) var count = 0
  /// Numbers that differ, but by no more than the tolerance.
  public private(set) var closeCount = 0
  /// The largest relative difference of these.
  public private(set) var largestClose = 0.0
  /// In the order of the tables and of the rows now, then the rows that are missing now.
  public private(set) var differences: [Difference] = []

  private struct Line: Hashable {
    var indicator: String
    var members: [String?]
  }

  /// By indicator and cell: what its changes are made of.
  private var largestEstimate: [Line: Double] = [:]

  public init(from then: Results, to now: Results) {
    for row in then.estimates + now.estimates {
      let line = Line(indicator: row.indicator, members: row.members)
      largestEstimate[line] = max(largestEstimate[line] ?? 0, abs(row.estimate ?? 0))
    }
    compare("estimates.csv", then.estimates, now.estimates, now.dimensionNames)
    compare("trends.csv", then.trends, now.trends, now.dimensionNames)
    compare("slopes.csv", then.slopes, now.slopes, now.dimensionNames)
    compareAccounting(then.record, now.record)
  }

  /// Every value is the same to the last digit.
  public var isIdentical: Bool { differences.isEmpty && closeCount == 0 }

  private mutating func compare<Row: ResultRow>(_ table: String, _ then: [Row], _ now: [Row], _ dimensions: [String]) {
    let before = Row.columnsBeforeDimensions
    func key(_ row: Row) -> [String] {
      Row.columns[..<before].map { $0.value(row).printed } + row.members.map { $0 ?? Dimension.totalMember }
    }
    func words(_ key: [String]) -> String {
      zip(Row.columns[..<before].map(\.name) + dimensions, key).map { "\($0)=\($1)" }.joined(separator: " ")
    }
    var left = Dictionary(then.map { (key($0), $0) }) { first, _ in first }
    for row in now {
      let key = key(row)
      guard let other = left.removeValue(forKey: key) else {
        differences.append(Difference(table: table, row: words(key), column: "", then: nil, now: ""))
        continue
      }
      let scale = scale(of: row)
      for column in Row.columns[before...] {
        compare(column.value(other), column.value(row), size: { Self.size(of: column, $0, $1, scale: scale) }) {
          Difference(table: table, row: words(key), column: column.name, then: $0, now: $1)
        }
      }
    }
    for row in then {
      let key = key(row)
      guard left[key] != nil else { continue }
      differences.append(Difference(table: table, row: words(key), column: "", then: "", now: nil))
    }
  }

  /// Where the rows of each table went.
  private mutating func compareAccounting(_ then: RunRecord, _ now: RunRecord) {
    func counts(_ table: RunRecord.TableRecord) -> [(String, Int)] {
      [
        ("rows_read", table.rowsRead), ("rows_used", table.rowsUsed), ("rows_superseded", table.rowsSuperseded),
        ("rows_outside_population", table.rowsOutsidePopulation), ("rows_rejected", table.rowsRejected),
        ("answers_rejected", table.answersRejected),
      ]
    }
    for cycle in now.cycles {
      let others = then.cycles.first { $0.name == cycle.name }?.tables ?? []
      for table in cycle.tables {
        guard let other = others.first(where: { $0.table == table.table }) else { continue }
        for ((name, before), (_, after)) in zip(counts(other), counts(table)) {
          compare(.integer(before), .integer(after), size: { max($0, $1) }) {
            Difference(
              table: "run.json", row: "cycle=\(cycle.name) table=\(table.table)", column: name, then: $0, now: $1)
          }
        }
      }
    }
  }

  /// What the numbers of a row are made of.
  private struct Scale {
    /// The percentages or counts of which its changes are the differences.
    var estimates = 100.0
    /// How many comparisons its probability is adjusted for, at most.
    var comparisons = 1.0
  }

  private func scale<Row: ResultRow>(of row: Row) -> Scale {
    guard let row = row as? any TestedRow else { return Scale() }
    let line = Line(indicator: row.indicator, members: row.members)
    let test = row.test
    let factor = (test.adjustedPValue ?? 0) / (test.pValue ?? 1)
    return Scale(estimates: max(100, largestEstimate[line] ?? 0), comparisons: factor.isFinite ? max(1, factor) : 1)
  }

  /// What a difference of two numbers is to be seen against: the larger of them. A change may be as small as it likes,
  /// but is the difference of two percentages or counts; a probability is one minus another, and adjusted for many
  /// comparisons it is a multiple of that.
  private static func size<Row>(
    of column: ResultColumn<Row>, _ one: Double, _ other: Double, scale: Scale
  ) -> Double {
    switch column.kind {
    case .points: max(one, other, scale.estimates)
    case .probability: max(one, other, column.name == "p_adjusted" ? scale.comparisons : 1)
    case .word, .text, .count, .number, .percent: max(one, other)
    }
  }

  /// - Parameter size: Of two numbers without their signs.
  private mutating func compare(
    _ then: ResultValue, _ now: ResultValue, size: (Double, Double) -> Double,
    difference: (String, String) -> Difference
  ) {
    count += 1
    guard then != now else { return }
    if case .number(let before) = then, case .number(let after) = now {
      let relative = abs(before - after) / size(abs(before), abs(after))
      if relative <= Self.tolerance {
        closeCount += 1
        largestClose = max(largestClose, relative)
        return
      }
    }
    differences.append(difference(then.printed, now.printed))
  }
}

extension ResultValue {
  /// As the CSV files print it.
  var printed: String {
    switch self {
    case .none: ""
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): number.shortestText
    }
  }
}
