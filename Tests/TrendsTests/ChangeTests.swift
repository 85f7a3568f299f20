import Estimate
import SurveyModel
import SurveyTestSupport
import Testing
import Trends

@Suite("The change between two cycles")
struct ChangeTests {
  private static func isInside(_ p: Double) -> Bool { p > 0 && p < 1 }

  // MARK: - Everyone who answered

  @Test func aCycleAgainstItselfDoesNotChange() throws {
    for seed in UInt64(1)...40 {
      var cycles = TwoCycles.random(seed: seed, sharing: .allPSUs)
      for index in cycles.units.indices {
        cycles.units[index].then = cycles.units[index].now
        cycles.units[index].weightThen = cycles.units[index].weightNow
      }
      for basis in TrendBasis.allCases {
        let row = try cycles.trend(basis)
        #expect(row.delta == 0)
        #expect(row.standardError == 0, "seed \(seed), \(basis)")
        // A variance of 0 is no certainty, and R has NaN: no test.
        #expect(row.interval == nil && row.pValue == nil && row.significance == nil)
      }
    }
  }

  @Test func sharingEveryPSUTheVarianceIsThatOfTheDifference() throws {
    var compared = 0
    for seed in UInt64(1)...150 {
      let cycles = TwoCycles.random(seed: seed, sharing: .allPSUs)
      let (p, zNow) = cycles.residuals(.now)
      let (q, zThen) = cycles.residuals(.then)
      guard Self.isInside(p), Self.isInside(q) else { continue }
      compared += 1
      let psus = cycles.sampledPSUs(.now)
      let difference = zNow.merging(zThen.mapValues { -$0 }) { $0 + $1 }
      let variance = cycles.covariance(difference, difference, over: psus)
      let row = try cycles.trend(.all)
      #expect(areClose(try #require(row.delta), p - q, relative: 1e-11), "seed \(seed)")
      #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-10), "seed \(seed)")
      #expect(row.degreesOfFreedom == difference.count - Set(difference.keys.map(\.stratum)).count, "seed \(seed)")
    }
    #expect(compared > 100)
  }

  @Test func sharingNoPSUTheVariancesAddUp() throws {
    var compared = 0
    for seed in UInt64(1)...100 {
      let cycles = TwoCycles.random(seed: seed, sharing: .none)
      let (p, zNow) = cycles.residuals(.now)
      let (q, zThen) = cycles.residuals(.then)
      guard Self.isInside(p), Self.isInside(q) else { continue }
      compared += 1
      let variance =
        cycles.covariance(zNow, zNow, over: cycles.sampledPSUs(.now))
        + cycles.covariance(zThen, zThen, over: cycles.sampledPSUs(.then))
      let row = try cycles.trend(.all)
      #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-11), "seed \(seed)")
    }
    #expect(compared > 60)
  }

  @Test func sharingSomePSUsTheirCovarianceIsTakenOff() throws {
    var compared = 0
    for seed in UInt64(1)...150 {
      let cycles = TwoCycles.random(seed: seed, sharing: .some)
      let (p, zNow) = cycles.residuals(.now)
      let (q, zThen) = cycles.residuals(.then)
      guard Self.isInside(p), Self.isInside(q) else { continue }
      compared += 1
      let vNow = cycles.covariance(zNow, zNow, over: cycles.sampledPSUs(.now))
      let vThen = cycles.covariance(zThen, zThen, over: cycles.sampledPSUs(.then))
      let bound = (vNow * vThen).squareRoot()
      let shared = cycles.sampledPSUs(.now).intersection(cycles.sampledPSUs(.then))
      let c = min(max(cycles.covariance(zNow, zThen, over: shared), -bound), bound)
      let row = try cycles.trend(.all)
      #expect(
        areClose(try #require(row.standardError), (vNow + vThen - 2 * c).squareRoot(), relative: 1e-10), "seed \(seed)")
      let keys = Set(zNow.keys).union(zThen.keys)
      #expect(row.degreesOfFreedom == keys.count - Set(keys.map(\.stratum)).count, "seed \(seed)")
    }
    #expect(compared > 100)
  }

  @Test(arguments: [true, false]) func withoutALinkDegreesOfFreedomAddUpAndNothingIsTakenOff(byRule: Bool) throws {
    for seed in UInt64(1)...40 {
      var cycles = TwoCycles.random(seed: seed, sharing: .allPSUs)
      let (p, zNow) = cycles.residuals(.now)
      let (q, zThen) = cycles.residuals(.then)
      guard Self.isInside(p), Self.isInside(q) else { continue }
      if byRule { cycles.trend.overlap = .newSamples } else { cycles.hasPSUs = false }
      let psus = cycles.sampledPSUs(.now)
      let variance = cycles.covariance(zNow, zNow, over: psus) + cycles.covariance(zThen, zThen, over: psus)
      let row = try cycles.trend(.all)
      #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-11), "seed \(seed)")
      let strata = Set(zNow.keys.map(\.stratum)).count + Set(zThen.keys.map(\.stratum)).count
      #expect(row.degreesOfFreedom == zNow.count + zThen.count - strata, "seed \(seed)")
    }
  }

  @Test func aPSUWhoseStratumChangedIsNotLinked() throws {
    var cycles = TwoCycles.random(seed: 3, sharing: .allPSUs)
    cycles.populationsNow = [nil, nil, nil, nil, nil, nil]
    cycles.populationsThen = cycles.populationsNow
    for index in cycles.units.indices { cycles.units[index].stratumThen = cycles.units[index].stratum + 3 }
    let (p, zNow) = cycles.residuals(.now)
    let (q, zThen) = cycles.residuals(.then)
    try #require(Self.isInside(p) && Self.isInside(q))
    let variance =
      cycles.covariance(zNow, zNow, over: cycles.sampledPSUs(.now))
      + cycles.covariance(zThen, zThen, over: cycles.sampledPSUs(.then))
    #expect(areClose(try #require(try cycles.trend(.all).standardError), variance.squareRoot(), relative: 1e-11))
  }

  @Test func intervalAndTestAreStudents() throws {
    let cycles = TwoCycles.random(seed: 11, sharing: .some)
    for basis in TrendBasis.allCases {
      let row = try cycles.trend(basis)
      let delta = try #require(row.delta)
      let error = try #require(row.standardError)
      let df = Double(try #require(row.degreesOfFreedom))
      let interval = try #require(row.interval)
      let half = Distributions.studentT(0.975, degreesOfFreedom: df) * error
      #expect(areClose(interval.lowerBound, max(-1, delta - half)))
      #expect(areClose(interval.upperBound, min(1, delta + half)))
      #expect(
        areClose(
          try #require(row.pValue), Distributions.studentTTwoSidedTail(delta / error, degreesOfFreedom: df)))
    }
  }

  @Test func theIntervalOfALargeChangeEndsAtOne() throws {
    let cycles = units(now: [true, true, true, false], then: [false, false, false, true])
    let row = try cycles.trend(.all)
    #expect(row.delta == 0.5)
    #expect(row.interval?.upperBound == 1)
  }

  // MARK: - Units that are their own PSUs, one stratum

  private func units(
    now: [Bool?], then: [Bool?], populations: (Double, Double)? = nil, common: Double? = nil
  ) -> TwoCycles {
    var cycles = TwoCycles(units: [], populationsNow: [populations?.0], populationsThen: [populations?.1])
    if populations != nil {
      cycles.design = .census
      cycles.common = ["h0": common ?? 0]
    }
    for index in now.indices {
      cycles.units.append(
        TwoCycles.Unit(
          id: "u\(index)", psu: "u\(index)", stratum: 0, now: now[index].map { [TwoCycles.Answer(isYes: $0)] },
          then: then[index].map { [TwoCycles.Answer(isYes: $0)] }))
    }
    return cycles
  }

  /// Five of five then, three of five now: (5 + 1) / (5 + 2) = 6/7 then, so 6/7 * 1/7 / 7 = 6/343; now the published
  /// V = 0.24 / 4; no covariance although all units are linked; df = 4 + 4.
  @Test func atTheEndsAgrestiAndCaffosVariance() throws {
    let cycles = units(now: [true, true, true, false, false], then: [true, true, true, true, true])
    let variance: Double = 6 / 343 + 0.06
    for basis in TrendBasis.allCases {
      let row = try cycles.trend(basis)
      #expect(areClose(try #require(row.delta), -0.4, relative: 1e-14), "\(basis)")
      #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-13), "\(basis)")
      #expect(row.degreesOfFreedom == 8, "\(basis)")
    }
  }

  @Test func fromOneEndToTheOther() throws {
    let cycles = units(now: [false, false, false], then: [true, true, true])
    let row = try cycles.trend(.all)
    #expect(row.delta == -1)
    // q = 4/5 and 1/5: 4/25 / 5 each.
    let variance: Double = 8 / 125
    #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-13))
    #expect(row.interval?.lowerBound == -1)
    #expect(row.significance == .down)
  }

  @Test func theSameEndTwiceIsNoChange() throws {
    let row = try units(now: [true, true, true], then: [true, true, true]).trend(.all)
    #expect(row.delta == 0)
    #expect(row.standardError ?? 0 > 0)
    #expect(row.pValue == 1)
    #expect(row.significance == .noChange)
  }

  /// With a population of 20: f = n / sum(w d) = 4/20.
  @Test func atTheEndsAPopulationShrinksIt() throws {
    let cycles = units(
      now: [true, true, true, true], then: [true, false, true, false], populations: (20, 20), common: 20)
    let row = try cycles.trend(.all)
    let q = 5.0 / 6
    let published = (1 - 0.2) * 0.25 / 3
    let variance: Double = 0.8 * q * (1 - q) / 6 + published
    #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-13))
  }

  // MARK: - Census

  @Test func aCensusInBothCyclesHasNoError() throws {
    let cycles = units(
      now: [true, true, true, false], then: [true, false, false, false], populations: (4, 4), common: 4)
    for basis in TrendBasis.allCases {
      let row = try cycles.trend(basis)
      #expect(row.delta == 0.5)
      #expect(row.standardError == 0)
      #expect(row.interval == 0.5...0.5)
      #expect(row.pValue == nil)
      #expect(row.adjustedPValue == nil)
      #expect(row.degreesOfFreedom == nil)
      #expect(row.significance == .up)
    }
    let back = units(now: [true, false], then: [true, true], populations: (2, 2), common: 2)
    #expect(try back.trend(.all).significance == .down)
    let same = units(now: [true, false], then: [false, true], populations: (2, 2), common: 2)
    #expect(try same.trend(.all).significance == .noChange)
  }

  @Test func aCensusInOneCycleAddsNothing() throws {
    let cycles = units(
      now: [true, true, true, false], then: [true, false, true, nil], populations: (4, 6), common: 4)
    let row = try cycles.trend(.all)
    // V_s = (1 - 1/2) * 3/2 * (1 + 4 + 1) / 81; V_e = 0 limits the covariance to 0.
    let variance: Double = 0.5 * 1.5 * 6 / 81
    #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-12))
    #expect(row.pValue != nil)
  }

  @Test func matchedIsAllWhereEverybodyAnsweredBoth() throws {
    for seed in UInt64(1)...60 {
      var cycles = TwoCycles.random(seed: seed, sharing: .allPSUs)
      for index in cycles.units.indices {
        cycles.units[index].now?[0].isIn = true
        cycles.units[index].then?[0].isIn = true
      }
      try expectSameOnBothBases(cycles, seed)
    }
  }

  @Test func matchedIsAllInACensusWhereEverybodyAnsweredBoth() throws {
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      let count = Int.random(in: 4...12, using: &generator)
      let population = Double(count + Int.random(in: 1...9, using: &generator))
      let answers = { (0..<count).map { $0 == 0 ? true : $0 == 1 ? false : Bool.random(using: &generator) } }
      try expectSameOnBothBases(
        units(now: answers(), then: answers(), populations: (population, population), common: population), seed)
    }
  }

  private func expectSameOnBothBases(_ cycles: TwoCycles, _ seed: UInt64) throws {
    let all = try cycles.trend(.all)
    let matched = try cycles.trend(.matched)
    #expect(areClose(try #require(all.delta), try #require(matched.delta), relative: 1e-12), "seed \(seed)")
    let a = try #require(all.standardError)
    let b = try #require(matched.standardError)
    #expect(abs(a * a - b * b) < 1e-13, "seed \(seed): \(a), \(b)")
    #expect(all.degreesOfFreedom == matched.degreesOfFreedom, "seed \(seed)")
    #expect(matched.nMatched == matched.nNow)
    #expect(all.nMatched == matched.nMatched)
  }

  // MARK: - Only who answered both

  @Test func matchedSamplesByBruteForce() throws {
    var compared = 0
    for seed in UInt64(1)...200 {
      let cycles = TwoCycles.random(seed: seed, sharing: .some)
      guard !cycles.rows(.now, isMatched: true).isEmpty else { continue }
      let (p, zNow) = cycles.residuals(.now, isMatched: true)
      let (q, zThen) = cycles.residuals(.then, isMatched: true)
      guard Self.isInside(p), Self.isInside(q) else { continue }
      let difference = zNow.merging(zThen.mapValues { -$0 }) { $0 + $1 }
      let psus = cycles.sampledPSUs(.now).union(cycles.sampledPSUs(.then))
      let variance = cycles.covariance(difference, difference, over: psus)
      let row = try cycles.trend(.matched)
      guard row.degreesOfFreedom != nil else { continue }
      compared += 1
      #expect(areClose(try #require(row.delta), p - q, relative: 1e-11), "seed \(seed)")
      #expect(areClose(try #require(row.now), p, relative: 1e-12))
      #expect(areClose(try #require(row.then), q, relative: 1e-12))
      #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-10), "seed \(seed)")
      #expect(row.nMatched == cycles.rows(.now, isMatched: true).count)
    }
    #expect(compared > 100)
  }

  /// Six units, N = 10 then, 9 now, 8 in both; five known in both. Then 1 1 0 0 1, now 1 0 1 1 1:
  /// z = (d - delta) / 5 with d = 0 -1 1 1 0, delta = 1/5; V = (1 - 5/8) * 5/4 * sum (d - 0.2)^2 / 25.
  @Test func aMatchedCensusIsOneSampleOfUnits() throws {
    let cycles = units(
      now: [true, false, true, true, true, false], then: [true, true, false, false, true, nil], populations: (9, 10),
      common: 8)
    let row = try cycles.trend(.matched)
    #expect(areClose(try #require(row.delta), 0.2, relative: 1e-13))
    let squares = [0.0, -1, 1, 1, 0].reduce(0) { $0 + ($1 - 0.2) * ($1 - 0.2) }
    let variance: Double = 0.375 * 1.25 * squares / 25
    #expect(areClose(try #require(row.standardError), variance.squareRoot(), relative: 1e-12))
    #expect(row.degreesOfFreedom == 4)
    #expect(row.nMatched == 5)
  }

  @Test func withoutAUnitNothingIsMatchedAndItSaysSo() throws {
    var cycles = TwoCycles.random(seed: 5, sharing: .allPSUs)
    cycles.hasUnits = false
    let row = try cycles.trend(.matched)
    #expect(row.delta == nil)
    #expect(row.reason?.contains("`unit`") == true)
    #expect(try cycles.trend(.all).delta != nil)
  }

  @Test func noUnitInBothIsNoData() throws {
    let row = try TwoCycles.random(seed: 5, sharing: .none).trend(.matched)
    #expect(row.status == .noData)
    #expect(row.nMatched == 0)
    #expect(row.delta == nil)
    #expect(row.reason != nil)
  }

  // MARK: - Rows without a change

  @Test func whatWasNotAskedHasNoChange() throws {
    var cycles = TwoCycles.random(seed: 9, sharing: .allPSUs)
    cycles.notAskedThen = [0]
    for basis in TrendBasis.allCases {
      let row = try cycles.trend(basis)
      #expect(row.status == .notAsked)
      #expect(row.delta == nil)
      #expect(row.then == nil)
      #expect(row.nThen == nil)
      #expect(row.pValue == nil)
      #expect(row.significance == nil)
      #expect(row.reason?.contains("it was not asked") == true)
    }
    #expect(try cycles.trend(.all).nNow != nil)
  }

  @Test func aCellWithoutRowsIsNoDataAndNotZero() throws {
    var cycles = TwoCycles.random(seed: 9, sharing: .allPSUs)
    for index in cycles.units.indices { cycles.units[index].then?[0].isIn = false }
    let row = try cycles.trend(.all)
    #expect(row.status == .noData)
    #expect(row.nThen == 0)
    #expect(row.delta == nil)
    #expect(row.reason != nil)
  }

  @Test func countsChangeByNumbersWithoutATest() throws {
    var cycles = units(now: [true, true, true, false], then: [true, false, false, nil])
    cycles.kind = .count
    for (basis, delta) in [(TrendBasis.all, 2.0), (.matched, 2.0)] {
      let row = try cycles.trend(basis)
      #expect(row.delta == delta)
      #expect(row.now == 3)
      #expect(row.then == 1)
      #expect(row.standardError == nil)
      #expect(row.interval == nil)
      #expect(row.pValue == nil)
      #expect(row.significance == nil)
    }
  }

  @Test func tooFewPSUsLeaveADeltaWithoutATest() throws {
    var cycles = units(now: [true, false, true, false], then: [true, true, false, false])
    for index in cycles.units.indices { cycles.units[index].psu = "one" }
    for basis in TrendBasis.allCases {
      let row = try cycles.trend(basis)
      #expect(row.delta == 0)
      #expect(row.interval == nil)
      #expect(row.pValue == nil)
      #expect(row.significance == nil)
      #expect(row.reason != nil)
    }
  }

  // MARK: - Comparability

  @Test func theDefinitionsReasonStandsBesideTheDelta() throws {
    var cycles = TwoCycles.random(seed: 4, sharing: .allPSUs)
    cycles.comparability = [
      CyclePair(then: "c-then", now: "c-now"): "the scale gained a step",
      CyclePair(then: "c-now", now: "c-then"): "the wrong way round",
    ]
    for basis in TrendBasis.allCases {
      let row = try cycles.trend(basis)
      #expect(row.comparability == "the scale gained a step")
      #expect(row.delta != nil)
    }
  }

  @Test func cyclesThatCoverDifferentStrataSaySo() throws {
    var cycles = units(
      now: [true, true, false, false], then: [true, false, true, nil], populations: (9, 9), common: 9)
    cycles.populationsNow += [4, 4]
    cycles.populationsThen += [4, 4]
    cycles.common = ["h0": 9, "h1": 4, "h2": 4]
    for (id, stratum, isNow) in [("x", 1, true), ("y", 1, true), ("z", 2, false)] {
      let answer = [TwoCycles.Answer(isYes: true)]
      cycles.units.append(
        TwoCycles.Unit(
          id: id, psu: id, stratum: stratum, now: isNow ? answer : nil, then: isNow ? nil : answer))
    }
    let text = try #require(try cycles.trend(.all).comparability)
    #expect(text.contains("only now covers h1"))
    #expect(text.contains("only then covers h2"))
  }
}

@Suite("Families of comparisons")
struct FamilyTests {
  /// Three indicators, with a breakdown of two members.
  private static func cycles() -> TwoCycles {
    var generator = SeededGenerator(seed: 77)
    var cycles = TwoCycles(units: [], populationsNow: [nil], populationsThen: [nil])
    cycles.groupings = [["region"]]
    for index in 0..<240 {
      func answers(_ shares: [Double]) -> [TwoCycles.Answer] {
        shares.map { TwoCycles.Answer(isYes: Double.random(in: 0..<1, using: &generator) < $0) }
      }
      cycles.units.append(
        TwoCycles.Unit(
          id: "u\(index)", psu: "u\(index)", stratum: 0, member: index % 3 == 0 ? "a" : "b",
          now: answers([0.8, 0.5, 0.35]), then: answers([0.45, 0.5, 0.65])))
    }
    return cycles
  }

  @Test(arguments: [TrendRequest.Adjustment.holm, .benjaminiHochberg])
  func aFamilyIsOneBasisAndOneGrouping(adjust: TrendRequest.Adjustment) throws {
    var cycles = Self.cycles()
    cycles.trend.adjust = adjust
    let rows = try cycles.trends()
    #expect(rows.count == 3 * 3 * 2)
    for basis in TrendBasis.allCases {
      for isTotal in [true, false] {
        let family = rows.filter { $0.basis == basis && $0.cell.isTotal == isTotal }
        #expect(family.count == (isTotal ? 3 : 6))
        let expected = MultipleComparisons.adjusted(family.compactMap(\.pValue), by: adjust)
        #expect(family.map(\.adjustedPValue) == expected)
      }
    }
  }

  @Test func significanceFollowsTheAdjustedValue() throws {
    var seen: Set<String> = []
    for row in try Self.cycles().trends() {
      let value = try #require(row.adjustedPValue)
      let delta = try #require(row.delta)
      let expected: Significance = value >= 0.05 ? .noChange : delta > 0 ? .up : .down
      #expect(row.significance == expected)
      seen.insert(expected.rawValue)
    }
    #expect(seen == ["up", "down", "no-change"])
  }

  @Test func theLevelDecidesWhatIsSignificant() throws {
    func changed(_ level: Double) throws -> Int {
      let rows = try Self.cycles().trends(level: level)
      #expect(rows.allSatisfy { ($0.significance == .noChange) == ($0.adjustedPValue ?? 0 >= 1 - level) })
      return rows.count(where: { $0.significance != .noChange })
    }
    let strict = try changed(1 - 1e-6)
    let usual = try changed(0.95)
    let lax = try changed(0.1)
    #expect(usual > strict)
    #expect(lax >= usual)
  }

  @Test func theSameCycleInTwoRolesCountsOnce() throws {
    let once = try Self.cycles().trends(roles: [.previous])
    let twice = try Self.cycles().trends(roles: [.previous, .baseline])
    #expect(twice.count == 2 * once.count)
    for role in [TrendRole.previous, .baseline] {
      let rows = twice.filter { $0.role == role }
      #expect(rows.count == once.count)
      #expect(rows.map(\.adjustedPValue) == once.map(\.adjustedPValue))
      #expect(rows.map(\.significance) == once.map(\.significance))
    }
  }

  @Test func rowsWithoutATestAreNoMembers() throws {
    var cycles = Self.cycles()
    cycles.notAskedThen = [2]
    let family = try cycles.trends().filter { $0.basis == .all && $0.cell.isTotal }
    let values = family.compactMap(\.pValue)
    #expect(values.count == 2)
    #expect(family.compactMap(\.adjustedPValue) == MultipleComparisons.adjusted(values, by: .holm))
    #expect(family[2].adjustedPValue == nil)
  }
}
