import SurveyModel

/// One row of `slopes.csv`: the change a year of an indicator in a cell over three cycles or more.
public struct SlopeRow: TestedRow {
  /// The id.
  public var indicator = ""
  public var unit = ""
  public var members: [String?] = []
  /// The NAMEs of the cycles with an estimate, separated by spaces, in the order of their years.
  public var cycles = ""
  /// Percentage points a year, or of a count a year.
  public var slope: Double?
  public var test = ChangeTest()

  public init() {}

  public static let columns: [ResultColumn<SlopeRow>] =
    [
      .text("indicator", { $0.indicator }, { $0.indicator = $1 }, "id of the indicator"),
      .text("unit", { $0.unit }, { $0.unit = $1 }, "what is counted"),
      .text("cycles", { $0.cycles }, { $0.cycles = $1 }, "NAMEs of the cycles with an estimate, separated by spaces"),
      .number("slope", .points, { $0.slope }, { $0.slope = $1 }, "change a year in percentage points, or of a count"),
    ] + testColumns
}

extension SlopeRow {
  /// - Parameter main: The cycle that was run.
  init(_ row: CellSlope, of main: SurveyCycle) {
    let indicator = main.indicators[row.indicator]
    self.indicator = indicator.id
    unit = indicator.unit
    members = row.cell.members
    cycles = row.cycles.joined(separator: " ")
    slope = row.slope.map { $0 * (indicator.kind == .count ? 1 : 100) }
    test = ChangeTest(row)
  }
}
