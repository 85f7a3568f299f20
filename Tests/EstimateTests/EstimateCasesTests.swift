import Estimate
import SurveyModel
import SurveyTestSupport
import Testing

/// Some PSUs of one stratum, each with so many rows and so many of them yes, all weights 1 unless said.
private func sample(
  _ psus: [(yes: Int, of: Int)], population: Double? = nil, weight: Double = 1, stratumOf: (Int) -> Int = { _ in 0 }
) -> Microdata {
  let strata = (psus.indices.map(stratumOf).max() ?? 0) + 1
  var data = Microdata(
    rows: [], psuStrata: psus.indices.map(stratumOf), populations: Array(repeating: population, count: strata))
  for (psu, count) in psus.enumerated() {
    for row in 0..<count.of {
      data.rows.append(
        Microdata.Row(
          stratum: stratumOf(psu), psu: psu, weight: weight, member: "a", isIn: true, isYes: row < count.yes))
    }
  }
  return data
}

@Suite("Degrees of freedom, design effect and effective size: the first case that matches wins")
struct EstimateCasesTests {
  @Test func everyPSUOfEveryStratumMakesACensus() throws {
    let data = sample([(1, 2), (2, 2), (0, 2)], population: 3)
    let estimate = try IndicatorEstimator(data.sumsByPSU).estimate(in: Microdata.total)
    #expect(estimate.status == .ok)
    #expect(estimate.value == 0.5)
    #expect(estimate.standardError == 0)
    #expect(estimate.interval == 0.5...0.5)
    #expect(estimate.method == "census")
    #expect(estimate.flags == [.census])
    #expect(estimate.degreesOfFreedom == nil)
    #expect(estimate.designEffect == nil)
    #expect(estimate.effectiveSize == nil)
  }

  /// A census comes before "no degrees of freedom": one PSU of one is everything.
  @Test func aCensusOfOneIsACensus() throws {
    let estimate = try IndicatorEstimator(sample([(1, 4)], population: 1).sumsByPSU).estimate(in: Microdata.total)
    #expect(estimate.method == "census")
    #expect(estimate.standardError == 0)
    #expect(estimate.reason == nil)
  }

  @Test(arguments: [(yes: 2, of: 4), (yes: 4, of: 4), (yes: 0, of: 4)])
  func onePSUHasNoDegreesOfFreedom(psu: (yes: Int, of: Int)) throws {
    let estimate = try IndicatorEstimator(sample([psu]).sumsByPSU, lonely: .adjust).estimate(in: Microdata.total)
    #expect(estimate.status == .ok)
    #expect(estimate.value == Double(psu.yes) / 4)
    #expect(estimate.standardError == nil)
    #expect(estimate.interval == nil)
    #expect(estimate.designEffect == nil)
    #expect(estimate.effectiveSize == nil)
    #expect(estimate.reason == "no degrees of freedom")
  }

  @Test func atTheEndsTheEffectiveSizeIsThatOfTheRows() throws {
    for (psus, p) in [([(yes: 3, of: 3), (2, 2)], 1.0), ([(0, 3), (0, 2)], 0.0)] {
      let estimate = try IndicatorEstimator(sample(psus).sumsByPSU).estimate(in: Microdata.total)
      #expect(estimate.value == p)
      #expect(estimate.standardError == 0)
      #expect(estimate.effectiveSize == 5)
      #expect(estimate.designEffect == nil)
      #expect(estimate.degreesOfFreedom == 1)
      #expect(estimate.method == "wilson")
      let interval = try #require(estimate.interval)
      #expect((p == 1 ? interval.upperBound : interval.lowerBound) == p)
    }
  }

  /// n = 5 rows of weight 4: n / (1 - 5/20).
  @Test func atTheEndsAPopulationMakesTheEffectiveSizeLarger() throws {
    let data = sample([(3, 3), (2, 2)], population: 9, weight: 4)
    let estimate = try IndicatorEstimator(data.sumsByPSU).estimate(in: Microdata.total)
    #expect(areClose(try #require(estimate.effectiveSize), 5 / 0.75, relative: 1e-14))
    #expect(estimate.standardError == 0)
  }

  @Test(arguments: [IntervalMethod.wald, .logit, .arcsine])
  func atTheEndsMethodsWithoutWidthGiveWayToBeta(method: IntervalMethod) throws {
    for psus in [[(yes: 3, of: 3), (4, 4)], [(0, 3), (0, 4)]] {
      let own = try IndicatorEstimator(sample(psus).sumsByPSU, interval: IntervalRequest(method: method))
        .estimate(in: Microdata.total)
      let beta = try IndicatorEstimator(sample(psus).sumsByPSU, interval: IntervalRequest(method: .beta))
        .estimate(in: Microdata.total)
      #expect(own.method == "beta")
      #expect(own.interval == beta.interval)
      // Clopper-Pearson with m = n = 7: 1 - (alpha/2)^(1/7) wide, without an adjustment by degrees of freedom.
      let width = try #require(own.interval.map { $0.upperBound - $0.lowerBound })
      #expect(areClose(width, 0.409_616_4, relative: 1e-6))
    }
  }

  @Test func noVarianceBetweenTheEndsIsFlagged() throws {
    let estimate = try IndicatorEstimator(sample([(1, 2), (1, 2), (1, 2)]).sumsByPSU).estimate(in: Microdata.total)
    #expect(estimate.value == 0.5)
    #expect(estimate.standardError == 0)
    #expect(estimate.interval == nil && estimate.method == nil)
    #expect(estimate.flags == [.reviewNoVariance])
    #expect(estimate.designEffect == nil)
    #expect(estimate.effectiveSize == nil)
  }

  @Test func noRowIsNoDataAndNeverZero() throws {
    let estimate = try IndicatorEstimator(sample([(1, 2), (0, 2)]).sumsByPSU).estimate(in: Cell(members: ["b"]))
    #expect(estimate.status == .noData)
    #expect(estimate.value == nil)
    #expect(estimate.n == 0)
    #expect(estimate.reason != nil)
  }

  @Test func countsReportTheirSumWithoutAnError() throws {
    let data = sample([(1, 2), (2, 2)], weight: 2.5)
    let estimate = try IndicatorEstimator(data.sumsByPSU, kind: .count).estimate(in: Microdata.total)
    #expect(estimate.value == 7.5)
    #expect(estimate.standardError == nil)
    #expect(estimate.interval == nil)
    #expect(estimate.method == nil)
    let none = try IndicatorEstimator(sample([(0, 2), (0, 2)]).sumsByPSU, kind: .count).estimate(in: Microdata.total)
    #expect(none.value == 0)
  }

  // MARK: - Design effect

  /// Simple random sampling: V is V_srs, n_eff is n - 1 without and (n - 1) / (1 - f) with a population.
  @Test(arguments: [nil, 40.0]) func simpleRandomSamplingHasADesignEffectOfOne(population: Double?) throws {
    let psus = (0..<16).map { (yes: $0 < 5 ? 1 : 0, of: 1) }
    let weight = population.map { $0 / 16 } ?? 1
    let data = sample(psus, population: population, weight: weight)
    for sums in [data.sumsByPSU, data.sumsByStratum] {
      let estimate = try IndicatorEstimator(sums).estimate(in: Microdata.total)
      #expect(areClose(try #require(estimate.designEffect), 1, relative: 1e-12))
      let known = population.map { 1 - 16 / $0 } ?? 1
      #expect(areClose(try #require(estimate.effectiveSize), 15 / known, relative: 1e-12))
    }
  }

  @Test func noDesignEffectWhereTheRowsOutnumberTheWeights() throws {
    // Weights of one half with populations: n > sum(w d).
    let estimate = try IndicatorEstimator(
      sample([(1, 2), (2, 2), (0, 2)], population: 9, weight: 0.5).sumsByPSU
    ).estimate(in: Microdata.total)
    #expect(estimate.designEffect == nil)
    #expect(estimate.effectiveSize != nil)
  }

  // MARK: - Lonely strata

  private static let lonely = sample([(1, 2), (2, 2), (1, 3)], stratumOf: { $0 == 2 ? 1 : 0 })

  @Test func failNamesTheStratum() {
    #expect(throws: EstimateError.lonelyPSU(stratum: "h1")) { try IndicatorEstimator(Self.lonely.sumsByPSU) }
    for rule in [LonelyPSURule.certainty, .adjust, .average] {
      #expect(throws: Never.self) { try IndicatorEstimator(Self.lonely.sumsByPSU, lonely: rule) }
    }
  }

  @Test func aStratumWhoseOtherPSUsLieOutsideTheCellIsNotLonely() throws {
    var data = sample([(1, 2), (2, 2), (1, 3), (1, 1)], stratumOf: { $0 / 2 })
    for index in data.rows.indices where data.rows[index].psu == 3 { data.rows[index].member = "b" }
    let estimate = try IndicatorEstimator(data.sumsByPSU, lonely: .fail).estimate(in: Cell(members: ["a"]))
    #expect(estimate.standardError ?? 0 > 0)
  }

  @Test func aStratumOfOneThatWasTakenWholeIsNotLonely() throws {
    var data = Self.lonely
    data.populations = [5, 1]
    #expect(throws: Never.self) { try IndicatorEstimator(data.sumsByPSU, lonely: .fail) }
  }

  @Test func averageNeedsAStratumWithTwo() throws {
    let data = sample([(1, 2), (2, 3)], stratumOf: { $0 })
    let share = try #require(try CellShare(data.sumsByPSU, in: Microdata.total, lonely: .average))
    #expect(share.variance == nil)
    let estimate = try IndicatorEstimator(data.sumsByPSU, lonely: .average).estimate(in: Microdata.total)
    #expect(estimate.standardError == nil)
    #expect(estimate.interval == nil)
    #expect(estimate.value == 0.6)
  }
}

/// Regions R1 (10 Parties) and R2 (5) and R3 (2). Four Parties of R1 are known: yes, yes, no, and one that is not
/// eligible. Nobody of R2 reported. Both Parties of R3 did: yes, no.
///
///     weights   R1 10/4    R3 2/2     p = (2.5 * 2 + 1) / (2.5 * 3 + 2) = 6 / 9.5 = 12/19
///     R1 alone  p = 2/3, z = 2.5 (y - p) / 7.5 = 1/9, 1/9, -2/9, 0
///               V = (1 - 0.4) * 4/3 * 6/81 = 0.8 * 6/81 = 4.8/81        df = 3 - 1
@Suite("A census with non-response")
struct CensusTests {
  private static let regions = ["R1", "R2", "R3"]

  private static func sums(populations: [Double] = [10, 5, 2]) -> TableSums {
    let total = Cell(members: [nil])
    let cells = [total] + regions.map { Cell(members: [$0]) }
    let answers = [0: true, 1: true, 2: false, 4: true, 5: false]
    let strata = [0, 0, 0, 0, 2, 2]
    func totals(_ isInside: (Int) -> Bool) -> CellTotals {
      .byPSU(
        answers.keys.sorted().filter(isInside).map { psu in
          PSUTotal(
            psu: psu, rows: 1, rowsYes: answers[psu] == true ? 1 : 0, weight: 1,
            weightYes: answers[psu] == true ? 1 : 0)
        })
    }
    return TableSums(
      design: .census,
      strata: zip(regions, populations).map { Stratum(name: $0, population: $1, members: [0: $0]) },
      psus: strata.enumerated().map { PrimarySamplingUnit(stratum: $1, id: "p\($0)") },
      isSampled: strata.map { _ in true }, sampledPSUs: [4, 0, 2], knownPSUs: [[0, 1, 2, 3, 4, 5]],
      cells: Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1, $0) }),
      totals: [[totals { _ in true }]] + regions.indices.map { region in [totals { strata[$0] == region }] },
      dimensions: [0])
  }

  private static func estimate(_ region: String?, kind: Indicator.Kind = .percentage) throws -> IndicatorEstimate {
    try IndicatorEstimator(sums(), kind: kind, lonely: .adjust, reliability: .nchs)
      .estimate(in: Cell(members: [region]))
  }

  @Test func aRegionWithNonResponse() throws {
    let estimate = try Self.estimate("R1")
    #expect(estimate.n == 3)
    #expect(estimate.nYes == 2)
    #expect(estimate.population == 10)
    #expect(areClose(try #require(estimate.value), 2.0 / 3, relative: 1e-14))
    #expect(areClose(try #require(estimate.standardError), (4.8 / 81).squareRoot(), relative: 1e-13))
    #expect(estimate.degreesOfFreedom == 2)
    #expect(estimate.flags == [])
    #expect(estimate.reason == nil)
  }

  @Test func theTotalWeighsRegionsByTheirPopulations() throws {
    let estimate = try Self.estimate(nil)
    #expect(areClose(try #require(estimate.value), 12.0 / 19, relative: 1e-14))
    #expect(estimate.n == 5)
    #expect(estimate.nYes == 3)
    #expect(estimate.population == 17)
    // z in R1: 2.5 (7/19, 7/19, -12/19, 0) / 9.5; R3 was taken whole and adds nothing to V.
    let z = [7.0, 7, -12, 0].map { 2.5 * $0 / 19 / 9.5 }
    let mean = z.reduce(0, +) / 4
    let variance = 0.6 * 4 / 3 * z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(areClose(try #require(estimate.standardError), variance.squareRoot(), relative: 1e-12))
    #expect(estimate.degreesOfFreedom == 3)
  }

  @Test func aSilentRegionMakesTheTotalPartial() throws {
    let estimate = try Self.estimate(nil)
    #expect(estimate.flags == [.partial])
    #expect(estimate.reason?.hasPrefix("no report from R2: covers 12 of 17 ") == true, "\(estimate.reason ?? "")")
  }

  @Test func aSilentRegionHasNoDataItself() throws {
    let estimate = try Self.estimate("R2")
    #expect(estimate.status == .noData)
    #expect(estimate.n == 0)
    #expect(estimate.value == nil)
    #expect(estimate.population == 5)
    #expect(estimate.reason == "no report from R2")
    #expect(estimate.flags == [])
  }

  @Test func aRegionInWhichEveryPartyIsKnownIsACensus() throws {
    let estimate = try Self.estimate("R3")
    #expect(estimate.value == 0.5)
    #expect(estimate.standardError == 0)
    #expect(estimate.interval == 0.5...0.5)
    #expect(estimate.flags == [.census])
    #expect(estimate.method == "census")
    #expect(estimate.degreesOfFreedom == nil)
    #expect(estimate.population == 2)
  }

  @Test func countsAreWeightedToThePopulation() throws {
    #expect(try Self.estimate(nil, kind: .count).value == 6)
    #expect(try Self.estimate("R3", kind: .count).value == 1)
  }

  @Test func rowsInAStratumThatThePopulationDoesNotKnowAreRefused() {
    var sums = Self.sums()
    sums.strata[0].population = nil
    #expect(throws: EstimateError.noPopulation(stratum: "R1")) { try IndicatorEstimator(sums, lonely: .adjust) }
  }

  @Test func moreReportersThanPartiesAreRefused() {
    #expect(throws: EstimateError.sampleExceedsPopulation(stratum: "R1", sampled: 4, population: 3)) {
      try IndicatorEstimator(Self.sums(populations: [3, 5, 2]), lonely: .adjust)
    }
  }

  @Test func registersAreCompleteByNature() throws {
    var sums = Self.sums()
    sums.design = .register
    sums.strata = sums.strata.map { Stratum(name: $0.name) }
    let estimate = try IndicatorEstimator(sums, lonely: .fail, reliability: .nchs).estimate(in: Cell(members: [nil]))
    #expect(estimate.value == 0.6)
    #expect(estimate.standardError == 0)
    #expect(estimate.interval == 0.6...0.6)
    #expect(estimate.method == "census")
    #expect(estimate.flags == [.census])
  }
}
