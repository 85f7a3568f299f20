import SurveyModel
import SurveyTestSupport
import Testing
import Trends

/// Samples of two cycles from finite populations: what the estimator of the variance of the change is on average,
/// against what that variance is (Tam 1984; Qualite and Tille 2008).
@Suite("The variance with overlap, by simulation")
struct OverlapSimulationTests {
  enum Sharing: CaseIterable {
    /// The same units both times; some of them; each cycle draws its own, so that some are common by chance.
    case full, partial, byChance
    /// Two populations without a common unit.
    case none
  }

  /// One stratum: N units, n_e and n_s sampled, n_c of them both times.
  private struct StratumPlan {
    var population: Int
    var now: Int
    var then: Int
    var both: Int
    var isYesNow: [Bool]
    var isYesThen: [Bool]
  }

  private static func strata(_ sharing: Sharing) -> [StratumPlan] {
    var generator = SeededGenerator(seed: 1984)
    let partial = [(40, 20, 24, 15), (26, 12, 9, 6)]
    let sizes = sharing == .full ? [(40, 20, 20, 20), (26, 12, 12, 12)] : partial
    return sizes.map { size, now, then, both in
      let isYesThen = (0..<size).map { _ in Double.random(in: 0..<1, using: &generator) < 0.45 }
      // Most keep their answer.
      let isYesNow = isYesThen.map { Double.random(in: 0..<1, using: &generator) < ($0 ? 0.85 : 0.3) }
      return StratumPlan(
        population: size, now: now, then: then, both: both, isYesNow: isYesNow, isYesThen: isYesThen)
    }
  }

  /// The variance of the change over all samples of the plan; `isLinked: false` leaves the covariance out.
  private static func truth(_ strata: [StratumPlan], _ basis: TrendBasis, isLinked: Bool) -> Double {
    let all = Double(strata.reduce(0) { $0 + $1.population })
    return strata.reduce(0) { sum, plan in
      let size = Double(plan.population)
      let now = plan.isYesNow.map { $0 ? 1.0 : 0 }
      let then = plan.isYesThen.map { $0 ? 1.0 : 0 }
      func spread(_ a: [Double], _ b: [Double]) -> Double {
        let meanA = a.reduce(0, +) / size
        let meanB = b.reduce(0, +) / size
        return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / (size - 1)
      }
      func open(_ sampled: Int) -> Double { 1 / Double(sampled) - 1 / size }
      // The matched units are one simple random sample of the stratum.
      let (n, m) = basis == .all ? (plan.now, plan.then) : (plan.both, plan.both)
      let shared = basis == .all ? Double(plan.both) / Double(plan.now * plan.then) - 1 / size : open(plan.both)
      let variance =
        open(n) * spread(now, now) + open(m) * spread(then, then) - (isLinked ? 2 * shared * spread(now, then) : 0)
      return sum + (size / all) * (size / all) * variance
    }
  }

  private static func draw(
    _ strata: [StratumPlan], _ sharing: Sharing, using generator: inout SeededGenerator
  ) -> TwoCycles {
    var cycles = TwoCycles(
      units: [], design: .census, populationsNow: strata.map { Double($0.population) },
      populationsThen: strata.map { Double($0.population) })
    cycles.common = Dictionary(
      uniqueKeysWithValues: strata.enumerated().map { ("h\($0)", sharing == .none ? 0 : Double($1.population)) })
    for (number, plan) in strata.enumerated() {
      let order = (0..<plan.population).shuffled(using: &generator)
      let placesNow = Set(order.prefix(plan.now))
      let placesThen =
        switch sharing {
        case .full, .partial: Set(order.prefix(plan.both) + order.dropFirst(plan.now).prefix(plan.then - plan.both))
        case .byChance, .none: Set((0..<plan.population).shuffled(using: &generator).prefix(plan.then))
        }
      func add(_ unit: Int, name: String, now: Bool, then: Bool) {
        cycles.units.append(
          TwoCycles.Unit(
            id: name, psu: name, stratum: number, now: now ? [TwoCycles.Answer(isYes: plan.isYesNow[unit])] : nil,
            then: then ? [TwoCycles.Answer(isYes: plan.isYesThen[unit])] : nil))
      }
      for unit in order where placesNow.contains(unit) || placesThen.contains(unit) {
        let (isNow, isThen) = (placesNow.contains(unit), placesThen.contains(unit))
        if sharing == .none {
          if isNow { add(unit, name: "\(number)-\(unit)-now", now: true, then: false) }
          if isThen { add(unit, name: "\(number)-\(unit)-then", now: false, then: true) }
        } else {
          add(unit, name: "\(number)-\(unit)", now: isNow, then: isThen)
        }
      }
    }
    return cycles
  }

  @Test(arguments: Sharing.allCases)
  func itIsRightOnAverage(sharing: Sharing) throws {
    let strata = Self.strata(sharing)
    var generator = SeededGenerator(seed: 2008)
    let runs = 400
    // By chance the matched units are a sample of random size, and without common units there are none.
    let bases: [TrendBasis] = sharing == .full || sharing == .partial ? [.all, .matched] : [.all]
    var variances: [TrendBasis: [Double]] = [:]
    var deltas: [TrendBasis: [Double]] = [:]
    for _ in 0..<runs {
      let rows = try Self.draw(strata, sharing, using: &generator).trends()
      for row in rows where bases.contains(row.basis) && row.cell.isTotal {
        let error = try #require(row.standardError)
        variances[row.basis, default: []].append(error * error)
        deltas[row.basis, default: []].append(try #require(row.delta))
      }
    }
    for basis in bases {
      let estimated = variances[basis] ?? []
      try #require(estimated.count == runs)
      let isLinked = sharing == .full || sharing == .partial
      let truth = Self.truth(strata, basis, isLinked: isLinked)
      // Four Monte Carlo standard errors.
      let tolerance = 4 * (variance(estimated) / Double(runs)).squareRoot()
      #expect(abs(mean(estimated) - truth) < tolerance, "mean \(mean(estimated)), truth \(truth), +/- \(tolerance)")
      #expect(tolerance < 0.1 * truth)
      // And the truth is what the samples show: their variance over the mean of its estimates is 1.
      let ratio = variance(deltas[basis] ?? []) / mean(estimated)
      #expect(abs(ratio - 1) < 4 * (2 / Double(runs)).squareRoot(), "ratio \(ratio)")
      // An estimator that knows nothing of the common units would be caught.
      if isLinked {
        #expect(abs(Self.truth(strata, basis, isLinked: false) - truth) > 3 * tolerance)
      }
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private func variance(_ values: [Double]) -> Double {
    let mean = mean(values)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}
