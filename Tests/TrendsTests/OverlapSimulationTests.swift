import SurveyModel
import SurveyTestSupport
import Testing
import Trends

/// Two samples with a fixed overlap from one finite population: what the estimator of the variance of the change is
/// on average, against what that variance is (Tam 1984; Qualite and Tille 2008).
@Suite("The variance with overlap, by simulation")
struct OverlapSimulationTests {
  /// One stratum: N units, n_e and n_s sampled, n_c of them both times.
  private struct StratumPlan {
    var population: Int
    var now: Int
    var then: Int
    var both: Int
    var isYesNow: [Bool]
    var isYesThen: [Bool]
  }

  private static func strata() -> [StratumPlan] {
    var generator = SeededGenerator(seed: 1984)
    return [(40, 20, 24, 15), (26, 12, 9, 6)].map { size, now, then, both in
      let isYesThen = (0..<size).map { _ in Double.random(in: 0..<1, using: &generator) < 0.45 }
      // Most keep their answer.
      let isYesNow = isYesThen.map { Double.random(in: 0..<1, using: &generator) < ($0 ? 0.85 : 0.3) }
      return StratumPlan(
        population: size, now: now, then: then, both: both, isYesNow: isYesNow, isYesThen: isYesThen)
    }
  }

  /// The variance of the change over all samples of the plan.
  private static func truth(_ strata: [StratumPlan]) -> Double {
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
      let variance =
        (1 / Double(plan.now) - 1 / size) * spread(now, now) + (1 / Double(plan.then) - 1 / size) * spread(then, then)
        - 2 * (Double(plan.both) / Double(plan.now * plan.then) - 1 / size) * spread(now, then)
      return sum + (size / all) * (size / all) * variance
    }
  }

  private static func draw(_ strata: [StratumPlan], using generator: inout SeededGenerator) -> TwoCycles {
    var cycles = TwoCycles(
      units: [], design: .census, populationsNow: strata.map { Double($0.population) },
      populationsThen: strata.map { Double($0.population) })
    cycles.common = Dictionary(uniqueKeysWithValues: strata.enumerated().map { ("h\($0)", Double($1.population)) })
    for (number, plan) in strata.enumerated() {
      let order = (0..<plan.population).shuffled(using: &generator)
      for (place, unit) in order.enumerated() where place < plan.now + plan.then - plan.both {
        cycles.units.append(
          TwoCycles.Unit(
            id: "\(number)-\(unit)", psu: "\(number)-\(unit)", stratum: number,
            now: place < plan.now ? [TwoCycles.Answer(isYes: plan.isYesNow[unit])] : nil,
            then: place < plan.both || place >= plan.now
              ? [TwoCycles.Answer(isYes: plan.isYesThen[unit])] : nil))
      }
    }
    return cycles
  }

  @Test func itIsRightOnAverage() throws {
    let strata = Self.strata()
    let truth = Self.truth(strata)
    var generator = SeededGenerator(seed: 2008)
    let runs = 1200
    var variances: [Double] = []
    var deltas: [Double] = []
    for _ in 0..<runs {
      let row = try Self.draw(strata, using: &generator).trend(.all)
      let error = try #require(row.standardError)
      variances.append(error * error)
      deltas.append(try #require(row.delta))
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func variance(_ values: [Double]) -> Double {
      let mean = mean(values)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
    // Four Monte Carlo standard errors; the covariance that sharing saves is many times that.
    let tolerance = 4 * (variance(variances) / Double(runs)).squareRoot()
    #expect(abs(mean(variances) - truth) < tolerance, "mean \(mean(variances)), truth \(truth), +/- \(tolerance)")
    #expect(tolerance < 0.1 * truth)
    // And the truth is what the samples show.
    #expect(abs(variance(deltas) - truth) < 4 * truth * (2 / Double(runs)).squareRoot())
  }
}
