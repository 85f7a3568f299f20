import Estimate
import SurveyModel
import SurveyTestSupport

/// Rows of a sample, as docs/statistics.md speaks of them, and the variance written down from its section 3.1 without
/// a look at the sources.
struct Microdata {
  struct Row {
    var stratum: Int
    var psu: Int
    var weight: Double
    /// The member of the only dimension that the row lies in.
    var member: String
    /// d_i and y_i.
    var isIn: Bool
    var isYes: Bool
  }

  var rows: [Row]
  /// The stratum of each sampled PSU; also PSUs without a row of positive weight.
  var psuStrata: [Int]
  /// N_h by stratum; nil where none is declared.
  var populations: [Double?]

  static let total = Cell(members: [nil])
  static let cells = [total, Cell(members: ["a"]), Cell(members: ["b"])]

  // MARK: - The formula, row by row

  struct Expectation {
    var proportion = 0.0
    /// nil where `average` has no stratum with two PSUs.
    var variance: Double?
    /// Of the z of the rows: what rounding is measured by.
    var sumOfSquares = 0.0
    var degreesOfFreedom = 0
    var n = 0
    var nYes = 0
  }

  /// nil where no row of positive weight is in the denominator.
  func expectation(in cell: Cell, lonely: LonelyPSURule) -> Expectation? {
    func isIn(_ row: Row) -> Bool { row.isIn && (cell.members[0] ?? row.member) == row.member }
    var result = Expectation()
    var weight = 0.0
    var weightYes = 0.0
    for row in rows where isIn(row) && row.weight > 0 {
      result.n += 1
      weight += row.weight
      if row.isYes {
        result.nYes += 1
        weightYes += row.weight
      }
    }
    guard result.n > 0 else { return nil }
    let p = weightYes / weight
    result.proportion = p
    var z = Array(repeating: 0.0, count: psuStrata.count)
    var hasRow = Array(repeating: false, count: psuStrata.count)
    for row in rows where isIn(row) && row.weight > 0 {
      let zOfRow = row.weight * ((row.isYes ? 1 : 0) - p) / weight
      z[row.psu] += zOfRow
      result.sumOfSquares += zOfRow * zOfRow
      hasRow[row.psu] = true
    }
    var variance = 0.0
    var strataWithRow = 0
    var lonelyWithRow = 0
    for stratum in populations.indices {
      let psus = psuStrata.indices.filter { psuStrata[$0] == stratum }
      let size = Double(psus.count)
      guard psus.contains(where: { hasRow[$0] }) else { continue }
      strataWithRow += 1
      let f = populations[stratum].map { size / $0 } ?? 0
      if psus.count == 1 {
        guard f < 1 else { continue }
        lonelyWithRow += 1
        if lonely == .adjust { variance += (1 - f) * z[psus[0]] * z[psus[0]] }
        continue
      }
      let mean = psus.reduce(0) { $0 + z[$1] } / size
      variance += (1 - f) * size / (size - 1) * psus.reduce(0) { $0 + (z[$1] - mean) * (z[$1] - mean) }
    }
    result.variance = variance
    if lonely == .average, lonelyWithRow > 0 {
      result.variance =
        strataWithRow == lonelyWithRow
        ? nil : variance * Double(strataWithRow) / Double(strataWithRow - lonelyWithRow)
    }
    result.degreesOfFreedom = hasRow.count(where: \.self) - strataWithRow
    return result
  }

  // MARK: - The sums that Aggregate would hand on

  private func strata() -> [Stratum] {
    populations.enumerated().map { Stratum(name: "h\($0.offset)", population: $0.element) }
  }

  private func counted(in cell: Cell) -> [Row] {
    rows.filter { $0.isIn && $0.weight > 0 && (cell.members[0] ?? $0.member) == $0.member }
  }

  private func table(psus: [PrimarySamplingUnit], totals: [CellTotals]) -> TableSums {
    var sampled = Array(repeating: 0, count: populations.count)
    for stratum in psuStrata { sampled[stratum] += 1 }
    return TableSums(
      design: .sample, strata: strata(), psus: psus, isSampled: psus.map { _ in true }, sampledPSUs: sampled,
      knownPSUs: [], cells: Dictionary(uniqueKeysWithValues: Self.cells.enumerated().map { ($0.element, $0.offset) }),
      totals: totals.map { [$0] }, dimensions: [0])
  }

  var sumsByPSU: TableSums {
    table(
      psus: psuStrata.enumerated().map { PrimarySamplingUnit(stratum: $0.element, id: "c\($0.offset)") },
      totals: Self.cells.map { cell in
        var byPSU: [Int: PSUTotal] = [:]
        for row in counted(in: cell) {
          var sum = byPSU[row.psu] ?? PSUTotal(psu: row.psu, rows: 0, rowsYes: 0, weight: 0, weightYes: 0)
          sum.rows += 1
          sum.weight += row.weight
          if row.isYes {
            sum.rowsYes += 1
            sum.weightYes += row.weight
          }
          byPSU[row.psu] = sum
        }
        return .byPSU(byPSU.values.sorted { $0.psu < $1.psu })
      })
  }

  /// Only right where every row is its own PSU.
  var sumsByStratum: TableSums {
    table(
      psus: [],
      totals: Self.cells.map { cell in
        var byStratum: [Int: StratumTotal] = [:]
        for row in counted(in: cell) {
          var sum =
            byStratum[row.stratum]
            ?? StratumTotal(
              stratum: row.stratum, rows: 0, rowsYes: 0, weight: 0, weightYes: 0, weightSquared: 0,
              weightSquaredYes: 0)
          sum.rows += 1
          sum.weight += row.weight
          sum.weightSquared += row.weight * row.weight
          if row.isYes {
            sum.rowsYes += 1
            sum.weightYes += row.weight
            sum.weightSquaredYes += row.weight * row.weight
          }
          byStratum[row.stratum] = sum
        }
        return .byStratum(byStratum.values.sorted { $0.stratum < $1.stratum })
      })
  }

  // MARK: - Random samples

  enum Shape { case psus, rowsArePSUs }

  static func random(seed: UInt64, shape: Shape) -> Microdata {
    var generator = SeededGenerator(seed: seed)
    let strataCount = Int.random(in: 1...5, using: &generator)
    let hasPopulations = Bool.random(using: &generator)
    let hasZeroWeights = Bool.random(using: &generator)
    let share = Double.random(in: 0.1...0.9, using: &generator)
    var data = Microdata(rows: [], psuStrata: [], populations: [])
    for stratum in 0..<strataCount {
      let psus = Int.random(in: 1...(shape == .psus ? 5 : 12), using: &generator)
      for _ in 0..<psus {
        data.psuStrata.append(stratum)
        for _ in 0..<(shape == .psus ? Int.random(in: 1...6, using: &generator) : 1) {
          let isZero = hasZeroWeights && Int.random(in: 0..<6, using: &generator) == 0
          data.rows.append(
            Row(
              stratum: stratum, psu: data.psuStrata.count - 1,
              weight: isZero ? 0 : Double.random(in: 0.1...7, using: &generator),
              member: Bool.random(using: &generator) ? "a" : "b",
              isIn: Double.random(in: 0..<1, using: &generator) < 0.8,
              isYes: Double.random(in: 0..<1, using: &generator) < share))
        }
      }
      data.populations.append(
        hasPopulations ? Double(psus + Int.random(in: 0...6, using: &generator)) : nil)
    }
    return data
  }
}

extension CellShare {
  /// The share of the only indicator of some sums.
  init?(_ sums: TableSums, in cell: Cell, lonely: LonelyPSURule = .adjust) throws {
    self.init(
      sums: sums, indicator: 0, cell: cell, frame: try DesignFrame(sums: sums, indicator: 0), lonely: lonely)
  }
}

extension IndicatorEstimator {
  init(
    _ sums: TableSums, kind: Indicator.Kind = .percentage, lonely: LonelyPSURule = .fail,
    interval: IntervalRequest = IntervalRequest(), reliability: ReliabilityStandard = .none
  ) throws {
    try self.init(
      sums: sums, indicator: 0, kind: kind, lonely: lonely, interval: interval, reliability: reliability)
  }
}
