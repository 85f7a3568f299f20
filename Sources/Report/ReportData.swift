import Export
import SurveyModel

/// What the script of the page draws and puts into the tables when a reader chooses another cell or basis.
///
/// All texts are made here, so that flags are acted on in one place; the script only chooses among them. Rows are
/// encoded as lists, because a report has thousands of them.
struct ReportData: Encodable, Sendable {
  var dimensions: [DimensionNames]
  /// NAME first, then those that it is compared with.
  var series: [Series]
  /// All cycles that ran, by time.
  var cycles: [Series]
  /// The members of each cell that has a row; null: all together.
  var cells: [[String?]]
  var indicators: [IndicatorNumbers]
  var charts: Charts
  /// What stands where an indicator has no row for the cell that is chosen.
  var absence = AbsenceWords()

  struct DimensionNames: Encodable, Sendable {
    var title: String
    var members: [Member]
  }

  struct Member: Encodable, Sendable {
    var code: String
    var label: String
  }

  struct AbsenceWords: Encodable, Sendable {
    var notAsked = EstimateStatus.notAsked.words
    var noData = EstimateStatus.noData.words
    var notBrokenDown = Absences.notBrokenDown
    var and = Absences.and
  }

  struct Series: Encodable, Sendable {
    /// Its place among the estimates of an indicator.
    var place: Int
    var label: String
    var year: Double?
  }

  struct IndicatorNumbers: Encodable, Sendable {
    var id: String
    var title: String
    var goal: Int
    var isCount: Bool
    /// By cycle that ran, in the order of the run.
    var estimates: [[Estimate]]
    /// By cycle that ran, in the order of the run: the part of the series that it is in. Breaks separate the parts.
    var parts: [Int]
    /// By basis, then by the cycle compared with, in the order of the series.
    var changes: [String: [[Change]]]
  }

  /// Encoded as [cell, value, low, high, n, value in words, interval in words]; no value where none may be drawn.
  struct Estimate: Encodable, Sendable {
    var cell: Int
    var value: Double?
    var low: Double?
    var high: Double?
    var printed: PrintedEstimate

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(cell)
      for number in [value, low, high] { try list.encode(number.map { ($0 * 100).rounded() / 100 }) }
      try list.encode(printed.n)
      try list.encode(printed.value + printed.mark)
      try list.encode(printed.interval)
    }
  }

  /// Encoded as [cell, change in words, interval in words].
  struct Change: Encodable, Sendable {
    var cell: Int
    var text: String
    var interval: String

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(cell)
      try list.encode(text)
      try list.encode(interval)
    }
  }
}

extension ReportData {
  init(_ facts: ReportFacts) {
    let results = facts.results
    dimensions = results.dimensions.map { dimension in
      DimensionNames(
        title: dimension.name.readable,
        members: dimension.members.map { Member(code: $0.code, label: $0.label.readable) })
    }
    let cycles = facts.series
    series = facts.compared.map { cycles[$0] }
    self.cycles = cycles.sorted { ($0.year ?? 0, $0.label) < ($1.year ?? 0, $1.label) }
    cells = facts.cells
    indicators = results.indicators.map { indicator in
      IndicatorNumbers(
        id: indicator.id.readable, title: indicator.title.readable,
        goal: facts.goals.firstIndex(of: indicator.goal) ?? 0,
        isCount: indicator.kind == .count,
        estimates: results.cycles.map { cycle in
          facts.estimates(cycle: cycle.name, indicator: indicator.id).map { row in
            Estimate(row, kind: indicator.kind, cell: facts.place(of: row.members))
          }
        },
        parts: results.cycles.map { cycle in indicator.segments.firstIndex { $0.contains(cycle.name) } ?? 0 },
        changes: Dictionary(
          uniqueKeysWithValues: TrendBasis.allCases.map { basis in
            (
              basis.rawValue,
              facts.compared.dropFirst().map { cycle in
                facts.changes(from: results.cycles[cycle].name, basis: basis, indicator: indicator.id).map {
                  Change(
                    cell: facts.place(of: $0.members), text: $0.printedChange(kind: indicator.kind),
                    interval: $0.printedInterval(kind: indicator.kind))
                }
              }
            )
          }))
    }
    charts = Charts(
      series: series.map(\.label), hasYears: self.cycles.allSatisfy { $0.year != nil })
  }
}

extension ReportData.Estimate {
  init(_ row: EstimateRow, kind: Indicator.Kind, cell: Int) {
    self.cell = cell
    printed = PrintedEstimate(row, kind: kind)
    guard printed.isShown else { return }
    value = row.estimate
    low = row.lower
    high = row.upper
  }
}
