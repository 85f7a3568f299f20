import Estimate
import SurveyModel
import SurveyTestSupport
import Trends

/// Units that answered in one of two cycles or in both; it hands out their sums as Aggregate would, and has the
/// formulas of docs/statistics.md 5 written down a second time.
struct TwoCycles: SumsProvider {
  struct Answer {
    var isIn = true
    var isYes: Bool
    /// Only a census asks.
    var isKnown = true
  }

  struct Unit {
    var id: String
    var psu: String
    var stratum: Int
    /// Where it differs from that of the later cycle.
    var stratumThen: Int?
    var member = "a"
    var weightNow = 1.0
    var weightThen = 1.0
    /// By indicator; nil where the unit was not sampled.
    var now: [Answer]?
    var then: [Answer]?

    func answers(_ end: End) -> [Answer]? { end == .now ? now : then }
    func stratum(_ end: End) -> Int { end == .now ? stratum : stratumThen ?? stratum }
    func weight(_ end: End) -> Double { end == .now ? weightNow : weightThen }
  }

  enum End: String { case now, then }

  var units: [Unit]
  var design = TableSums.Design.sample
  var populationsNow: [Double?]
  var populationsThen: [Double?]
  /// Units in both populations by stratum; nil where they are not listed.
  var common: [String: Double]?
  /// Whether the tables name their units, and their PSUs.
  var hasUnits = true
  var hasPSUs = true
  var kind = Indicator.Kind.percentage
  var trend = TrendRequest()
  var groupings: [[String]] = []
  var comparability: [CyclePair: String] = [:]
  /// Indicators that the earlier cycle did not ask.
  var notAskedThen: Set<Int> = []

  private var indicatorCount: Int { units.lazy.compactMap { $0.now ?? $0.then }.first?.count ?? 1 }

  // MARK: - As a provider of sums

  func populationInBoth(now: String, then: String) -> [String: Double]? { common }

  func sums(of cycle: String, in basis: SumsBasis) throws -> CycleSums {
    let end = cycle == "now" ? End.now : .then
    let places = (0..<indicatorCount).map { indicator in
      end == .then && notAskedThen.contains(indicator)
        ? nil : CycleSums.IndicatorPlace(units: Self.rows, index: indicator)
    }
    if basis != .all, !hasUnits { return CycleSums(places: places, tables: [:]) }
    return CycleSums(places: places, tables: [Self.rows: table(end, isMatched: basis != .all)])
  }

  private static let rows = UnitKind(table: "responses", rollUp: .none)

  private static let cells = [Cell(members: [nil]), Cell(members: ["a"]), Cell(members: ["b"])]

  private func table(_ end: End, isMatched: Bool) -> TableSums {
    var keys: [PSU] = []
    for unit in units where unit.answers(end) != nil {
      if !keys.contains(key(unit, end)) { keys.append(key(unit, end)) }
    }
    let populations = end == .now ? populationsNow : populationsThen
    let strata = populations.enumerated().map { stratum, population in
      let size = design == .census && isMatched ? common?["h\(stratum)"] ?? 0 : population
      return Stratum(name: "h\(stratum)", population: size)
    }
    let numbers = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    func isKnown(_ unit: Unit, _ end: End, _ indicator: Int) -> Bool {
      unit.answers(end).map { $0[indicator].isKnown || $0[indicator].isIn } ?? false
    }
    let known = (0..<indicatorCount).map { indicator in
      Set(
        units.filter {
          isKnown($0, end, indicator)
            && (!isMatched || (isKnown($0, .now, indicator) && isKnown($0, .then, indicator)))
        }.compactMap { numbers[key($0, end)] }
      ).sorted()
    }
    return TableSums(
      design: design, strata: strata,
      psus: keys.map { PrimarySamplingUnit(stratum: $0.stratum, id: hasPSUs ? $0.id : nil) },
      isSampled: keys.map { _ in true },
      sampledPSUs: strata.indices.map { stratum in keys.count(where: { $0.stratum == stratum }) },
      knownPSUs: design == .census ? known : [],
      cells: Dictionary(uniqueKeysWithValues: Self.cells.enumerated().map { ($1, $0) }),
      totals: Self.cells.map { cell in
        (0..<indicatorCount).map { indicator in
          var byPSU: [Int: PSUTotal] = [:]
          for unit in rows(end, indicator, isMatched: isMatched)
          where (cell.members[0] ?? unit.member) == unit.member {
            guard let psu = numbers[key(unit, end)], let answer = unit.answers(end)?[indicator] else { continue }
            var sum = byPSU[psu] ?? PSUTotal(psu: psu, rows: 0, rowsYes: 0, weight: 0, weightYes: 0)
            sum.rows += 1
            sum.weight += unit.weight(end)
            if answer.isYes {
              sum.rowsYes += 1
              sum.weightYes += unit.weight(end)
            }
            byPSU[psu] = sum
          }
          return .byPSU(byPSU.values.sorted { $0.psu < $1.psu })
        }
      }, dimensions: [0])
  }

  // MARK: - The formulas

  struct PSU: Hashable {
    var stratum: Int
    var id: String
  }

  private func key(_ unit: Unit, _ end: End) -> PSU { PSU(stratum: unit.stratum(end), id: unit.psu) }

  func rows(_ end: End, _ indicator: Int = 0, isMatched: Bool = false) -> [Unit] {
    units.filter { unit in
      guard unit.answers(end)?[indicator].isIn == true, unit.weight(end) > 0 else { return false }
      return !isMatched || (unit.now?[indicator].isIn == true && unit.then?[indicator].isIn == true)
    }
  }

  /// z of every PSU with a row in the denominator, without a population: the percentages of a sample.
  func residuals(_ end: End, isMatched: Bool = false) -> (p: Double, z: [PSU: Double]) {
    let rows = rows(end, isMatched: isMatched)
    let weight = rows.reduce(0) { $0 + $1.weight(end) }
    let yes = rows.reduce(0) { $0 + ($1.answers(end)?[0].isYes == true ? $1.weight(end) : 0) }
    let p = yes / weight
    var z: [PSU: Double] = [:]
    for row in rows {
      z[key(row, end), default: 0] += row.weight(end) * ((row.answers(end)?[0].isYes == true ? 1 : 0) - p) / weight
    }
    return (p, z)
  }

  func sampledPSUs(_ end: End) -> Set<PSU> { Set(units.filter { $0.answers(end) != nil }.map { key($0, end) }) }

  /// sum_h n / (n - 1) sum_c (a_c - mean a) (b_c - mean b) over some PSUs; strata with one add 0.
  func covariance(_ a: [PSU: Double], _ b: [PSU: Double], over psus: Set<PSU>) -> Double {
    var sum = 0.0
    for stratum in populationsNow.indices {
      let here = psus.filter { $0.stratum == stratum }
      guard here.count > 1 else { continue }
      let n = Double(here.count)
      let meanA = here.reduce(0) { $0 + (a[$1] ?? 0) } / n
      let meanB = here.reduce(0) { $0 + (b[$1] ?? 0) } / n
      sum += n / (n - 1) * here.reduce(0) { $0 + ((a[$1] ?? 0) - meanA) * ((b[$1] ?? 0) - meanB) }
    }
    return sum
  }

  // MARK: - The trends of it

  func cycle(_ end: End) -> SurveyCycle {
    SurveyCycle(
      name: end.rawValue, title: "", cycle: "c-\(end.rawValue)",
      tables: ["responses": TableDefinition(name: "responses", paths: ["r.csv"])],
      dimensions: ["region": Dimension(name: "region", source: .column("region"))], groupings: groupings,
      design: SampleDesign(lonelyPSU: .adjust), trend: trend, reliability: .none,
      indicators: (0..<indicatorCount).map { indicator in
        let isAsked = end == .now || !notAskedThen.contains(indicator)
        let rule = IndicatorRule(numerator: .answered(["Q"]), denominator: .answered(["Q"]))
        return Indicator(
          id: "I\(indicator)", title: "", kind: kind, table: "responses",
          rule: isAsked ? .asked(rule) : .notAsked(reason: "it was not asked"), comparability: comparability)
      })
  }

  func trends(roles: [TrendRole] = [.previous], level: Double = 0.95) throws -> [CellTrend] {
    let now = try CycleEstimates(cycle: cycle(.now), sums: sums(of: "now", in: .all))
    let then = try CycleEstimates(cycle: cycle(.then), sums: sums(of: "then", in: .all))
    return try TrendCalculator(now: now, then: then, sums: self, level: level).trends(roles: roles)
  }

  /// The only indicator's total.
  func trend(_ basis: TrendBasis) throws -> CellTrend {
    try trends().first { $0.basis == basis && $0.cell.isTotal && $0.indicator == 0 }
      ?? CellTrend(
        cycle: "", compareTo: "", role: .previous, basis: basis, indicator: 0, cell: Self.cells[0], status: .noData)
  }

  // MARK: - Random pairs

  enum Sharing { case allPSUs, none, some }

  static func random(seed: UInt64, sharing: Sharing) -> TwoCycles {
    var generator = SeededGenerator(seed: seed)
    let strata = Int.random(in: 1...3, using: &generator)
    var cycles = TwoCycles(
      units: [], populationsNow: Array(repeating: nil, count: strata),
      populationsThen: Array(repeating: nil, count: strata))
    let share = Double.random(in: 0.3...0.7, using: &generator)
    for stratum in 0..<strata {
      for psu in 0..<Int.random(in: 4...8, using: &generator) {
        let ends: (now: Bool, then: Bool) =
          switch sharing {
          case .allPSUs: (true, true)
          case .none: (psu % 2 == 0, psu % 2 == 1)
          case .some: [(true, true), (true, false), (false, true)][psu % 3]
          }
        for unit in 0..<Int.random(in: 2...5, using: &generator) {
          func answer(_ isSampled: Bool, _ lean: Double) -> [Answer]? {
            guard isSampled else { return nil }
            return [
              Answer(
                isIn: unit == 0 || Double.random(in: 0..<1, using: &generator) < 0.8,
                isYes: Double.random(in: 0..<1, using: &generator) < share + lean)
            ]
          }
          let lean = Double.random(in: -0.25...0.25, using: &generator)
          cycles.units.append(
            Unit(
              id: "u\(stratum)-\(psu)-\(unit)", psu: "c\(psu)", stratum: stratum,
              weightNow: Double.random(in: 0.5...4, using: &generator),
              weightThen: Double.random(in: 0.5...4, using: &generator), now: answer(ends.now, lean),
              then: answer(ends.then, lean)))
        }
      }
    }
    return cycles
  }
}
