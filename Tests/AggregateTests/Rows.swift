import SurveyModel
import Testing
import SurveyTestSupport

@testable import Aggregate
@testable import Ingest
@testable import Normalize

/// Rows of a table as small codes, and what their sums must be, added up one by one.
struct Rows {
  struct Row {
    var unit: Int
    /// nil: the date is empty.
    var submitted: Int64?
    var weight: Double
    var stratum: Int
    var psu: Int
    /// Member numbers of two dimensions.
    var members: [Int]
    /// By indicator: in the numerator's, the denominator's and the eligible condition, each on its own.
    var isYes: [Bool]
    var isIn: [Bool]
    var isEligible: [Bool]
    /// The answer of the numerator's condition cannot be read.
    var isUnreadable: [Bool] = []
    var isUsed: Bool

    func isUnreadable(_ indicator: Int) -> Bool { isUnreadable.indices.contains(indicator) && isUnreadable[indicator] }
  }

  var rows: [Row]
  var indicators: Int
  var design = TableSums.Design.sample
  var rollUp = RollUp.none
  var hasPSUColumn = false
  var linksUnits = false
  var groupings = [[0], [1], [0, 1]]
  static let strata = 3
  static let memberNames = [["a", "b", "c"], ["x", "y"]]

  // MARK: - Through the tally

  /// - Parameter batchSizes: Where the rows are cut; they come round again.
  func tally(batchSizes: [Int] = [7, 1, 64, 130]) -> FinishedTally {
    var tally = Tally(plan: plan)
    var start = 0
    var turn = 0
    while start < rows.count {
      let end = min(rows.count, start + batchSizes[turn % batchSizes.count])
      add(start..<end, to: &tally)
      start = end
      turn += 1
    }
    return tally.finish(codes: codes, dimensions: [0, 1])
  }

  func superseded() -> [SupersededRow] {
    var tally = Tally(plan: plan)
    add(rows.indices, to: &tally)
    return tally.superseded
  }

  private func add(_ range: Range<Int>, to tally: inout Tally) {
    do { try tally.add(batch(range)) } catch { Issue.record(error) }
  }

  private var plan: TallyPlan {
    TallyPlan(
      indicators: (0..<indicators).map { indicator in
        func meets(_ part: Int) -> Predicate {
          .code(column: indicator * 3 + part, accepted: [false, false, true, false], Self.states)
        }
        return IndicatorPredicates(
          numerator: meets(0), denominator: meets(1), eligible: indicator % 2 == 1 ? meets(2) : nil)
      }, groupings: groupings, dimensionCount: 2, design: design, rollUp: rollUp, hasPSUColumn: hasPSUColumn,
      linksUnits: linksUnits, unitField: 0)
  }

  /// PSU numbers are the same in every stratum; a PSU is a pair of both.
  private func psuNumber(_ row: Row) -> Int { row.stratum * 10 + row.psu }

  private var codes: TableCodes {
    TableCodes(
      strata: (0..<Self.strata).map { Stratum(name: "h\($0)", population: design == .census ? 1000 : nil) },
      psus: hasPSUColumn
        ? (0..<Self.strata * 10).map { PrimarySamplingUnit(stratum: $0 / 10, id: "c\($0 % 10)") } : [],
      members: Self.memberNames)
  }

  /// Code 3 is that of unreadable answers.
  static let states = CodeStates(
    unknown: [false, false, false, true], holding: [false, false, false, false], unreadable: 3)

  static func column(_ codes: [AnswerColumn.Code]) -> CodedColumn {
    var column = CodedColumn(codes: codes)
    column.hasUnreadable = codes.contains(3)
    return column
  }

  private func batch(_ range: Range<Int>) -> CodedBatch {
    let part = Array(rows[range])
    var records = RecordBatch(columnCount: 1)
    for (offset, row) in part.enumerated() {
      records.bytes += Array("u\(row.unit)".utf8)
      records.ends.append(records.bytes.count)
      records.lines.append(range.lowerBound + offset + 2)
      records.rowCount += 1
    }
    func codes(_ holds: (Row) -> Bool) -> CodedColumn { CodedColumn(codes: part.map { holds($0) ? 2 : 0 }) }
    return CodedBatch(
      records: records, used: RowMask(rowCount: part.count) { part[$0].isUsed },
      columns: (0..<indicators).flatMap { indicator in
        [
          Self.column(part.map { $0.isUnreadable(indicator) ? 3 : $0.isYes[indicator] ? 2 : 0 }),
          codes { $0.isIn[indicator] }, codes { $0.isEligible[indicator] },
        ]
      }, weights: part.map(\.weight), strata: part.map { Int32($0.stratum) },
      psus: hasPSUColumn ? part.map { Int32(psuNumber($0)) } : [],
      members: [0, 1].map { dimension in part.map { Int32($0.members[dimension]) } },
      units: part.map { UInt128($0.unit) }, submitted: part.map { $0.submitted ?? .min })
  }

  // MARK: - One by one

  /// The rows that count, in the order of the file: under `latest` one a unit, the last submitted, an empty date
  /// being the oldest, the later row of a tie. Units stand where their first row stood.
  var counted: [Row] {
    let used = rows.filter(\.isUsed)
    guard rollUp == .latest else { return used }
    var order: [Int] = []
    for row in used where !order.contains(row.unit) { order.append(row.unit) }
    let places = Dictionary(grouping: used.indices) { used[$0].unit }
    return order.compactMap { unit in
      places[unit]?.max { (used[$0].submitted ?? .min, $0) < (used[$1].submitted ?? .min, $1) }.map { used[$0] }
    }
  }

  func isIn(_ row: Row, _ indicator: Int) -> Bool { isInBase(row, indicator) && !row.isUnreadable(indicator) }

  private func isInBase(_ row: Row, _ indicator: Int) -> Bool {
    row.isIn[indicator] && !isIneligible(row, indicator)
  }

  private func isIneligible(_ row: Row, _ indicator: Int) -> Bool { indicator % 2 == 1 && !row.isEligible[indicator] }

  func isKnown(_ row: Row, _ indicator: Int) -> Bool { isIn(row, indicator) || isIneligible(row, indicator) }

  /// Rows of a cell in no denominator: eligible and not decided, and unreadable.
  func leftOut(_ cell: Cell, _ indicator: Int) -> (missing: Int, unreadable: Int) {
    var result = (missing: 0, unreadable: 0)
    for row in counted where row.weight > 0 && Self.lies(row, in: cell) && !isIneligible(row, indicator) {
      if !row.isIn[indicator] { result.missing += 1 } else if row.isUnreadable(indicator) { result.unreadable += 1 }
    }
    return result
  }

  /// All cells that have a row of positive weight.
  var cells: [Cell] {
    var result: [Cell] = [Cell(members: [nil, nil])]
    for row in counted where row.weight > 0 {
      for grouping in groupings {
        var cell = Cell(members: [nil, nil])
        for dimension in grouping { cell.members[dimension] = Self.memberNames[dimension][row.members[dimension]] }
        if !result.contains(cell) { result.append(cell) }
      }
    }
    return result
  }

  static func lies(_ row: Row, in cell: Cell) -> Bool {
    [0, 1].allSatisfy { dimension in
      cell.members[dimension].map { $0 == memberNames[dimension][row.members[dimension]] } ?? true
    }
  }

  /// The six sums of some rows.
  struct Sum: Equatable {
    var rows = 0
    var rowsYes = 0
    var weight = 0.0
    var weightYes = 0.0
    var squared = 0.0
    var squaredYes = 0.0

    mutating func add(_ weight: Double, isYes: Bool) {
      rows += 1
      self.weight += weight
      squared += weight * weight
      if isYes {
        rowsYes += 1
        weightYes += weight
        squaredYes += weight * weight
      }
    }
  }

  /// Sums of a cell and indicator by group: the stratum, the PSU, or the place of the row among those that count.
  func expected(_ cell: Cell, _ indicator: Int, groups: Groups) -> [Int: Sum] {
    var result: [Int: Sum] = [:]
    for (place, row) in counted.enumerated()
    where row.weight > 0 && isIn(row, indicator) && Self.lies(row, in: cell) {
      let group =
        switch groups {
        case .strata: row.stratum
        case .psus: psuNumber(row)
        case .rows: place
        }
      result[group, default: Sum()].add(row.weight, isYes: row.isYes[indicator])
    }
    return result
  }

  enum Groups { case strata, psus, rows }

  // MARK: - Random tables

  static func random(seed: UInt64, count: Int = 150, indicators: Int = 3) -> Rows {
    var generator = SeededGenerator(seed: seed)
    var result = Rows(rows: [], indicators: indicators)
    for _ in 0..<count {
      func answers(_ share: Double) -> [Bool] {
        (0..<indicators).map { _ in Double.random(in: 0..<1, using: &generator) < share }
      }
      result.rows.append(
        Row(
          unit: Int.random(in: 0..<count / 2, using: &generator),
          submitted: Bool.random(using: &generator) ? Int64.random(in: 1...4, using: &generator) : nil,
          weight: Int.random(in: 0..<8, using: &generator) == 0 ? 0 : Double.random(in: 0.1...9, using: &generator),
          stratum: Int.random(in: 0..<strata, using: &generator), psu: Int.random(in: 0..<6, using: &generator),
          members: memberNames.map { Int.random(in: 0..<$0.count, using: &generator) }, isYes: answers(0.4),
          isIn: answers(0.8), isEligible: answers(0.7), isUnreadable: answers(0.1),
          isUsed: Int.random(in: 0..<10, using: &generator) > 0))
    }
    return result
  }
}

extension CellTotals {
  /// By group, in the order given.
  var sums: [(group: Int, sum: Rows.Sum)] {
    switch self {
    case .byPSU(let totals):
      totals.map {
        ($0.psu, Rows.Sum(rows: $0.rows, rowsYes: $0.rowsYes, weight: $0.weight, weightYes: $0.weightYes))
      }
    case .byStratum(let totals):
      totals.map {
        (
          $0.stratum,
          Rows.Sum(
            rows: $0.rows, rowsYes: $0.rowsYes, weight: $0.weight, weightYes: $0.weightYes,
            squared: $0.weightSquared, squaredYes: $0.weightSquaredYes)
        )
      }
    case .byReplicate(let total):
      total.map {
        [(0, Rows.Sum(rows: $0.rows, rowsYes: $0.rowsYes, weight: $0.weight, weightYes: $0.weightYes))]
      } ?? []
    }
  }
}
