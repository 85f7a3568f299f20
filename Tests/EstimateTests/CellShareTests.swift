import Estimate
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The linearized variance against the formula row by row")
struct CellShareTests {
  /// Both are the same numbers but for rounding, which scales with sum z^2.
  private func expectEqual(
    _ share: CellShare?, _ expected: Microdata.Expectation?, _ seed: UInt64,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    #expect((share == nil) == (expected == nil), "seed \(seed)", sourceLocation: sourceLocation)
    guard let share, let expected else { return }
    #expect(
      areClose(share.proportion, expected.proportion, relative: 1e-13), "seed \(seed)", sourceLocation: sourceLocation)
    #expect(share.rows == expected.n, "seed \(seed)", sourceLocation: sourceLocation)
    #expect(share.rowsYes == expected.nYes, "seed \(seed)", sourceLocation: sourceLocation)
    #expect(share.degreesOfFreedom == expected.degreesOfFreedom, "seed \(seed)", sourceLocation: sourceLocation)
    #expect((share.variance == nil) == (expected.variance == nil), "seed \(seed)", sourceLocation: sourceLocation)
    guard let variance = share.variance, let other = expected.variance else { return }
    #expect(
      abs(variance - other) <= 1e-12 * max(other, expected.sumOfSquares), "seed \(seed): \(variance), \(other)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: [LonelyPSURule.fail, .certainty, .adjust, .average])
  func psusOfSeveralRows(lonely: LonelyPSURule) throws {
    for seed in UInt64(1)...250 {
      let data = Microdata.random(seed: seed, shape: .psus)
      for cell in Microdata.cells {
        try expectEqual(
          try CellShare(data.sumsByPSU, in: cell, lonely: lonely), data.expectation(in: cell, lonely: lonely),
          seed)
      }
    }
  }

  @Test(arguments: [LonelyPSURule.fail, .certainty, .adjust, .average])
  func rowsThatAreTheirOwnPSU(lonely: LonelyPSURule) throws {
    for seed in UInt64(1)...250 {
      let data = Microdata.random(seed: seed, shape: .rowsArePSUs)
      for cell in Microdata.cells {
        try expectEqual(
          try CellShare(data.sumsByStratum, in: cell, lonely: lonely),
          data.expectation(in: cell, lonely: lonely), seed)
      }
    }
  }

  @Test func theClosedFormIsThePSUFormWhereEveryRowIsItsOwnPSU() throws {
    for seed in UInt64(1)...300 {
      let data = Microdata.random(seed: seed, shape: .rowsArePSUs)
      for cell in Microdata.cells {
        let closed = try CellShare(data.sumsByStratum, in: cell)
        let long = try CellShare(data.sumsByPSU, in: cell)
        #expect((closed == nil) == (long == nil))
        guard let closed, let long, let a = closed.variance, let b = long.variance else { continue }
        let squares = long.residuals.reduce(0) { $0 + $1.value * $1.value }
        #expect(abs(a - b) <= 1e-12 * max(b, squares), "seed \(seed)")
        #expect(areClose(closed.proportion, long.proportion, relative: 1e-13))
        #expect(closed.degreesOfFreedom == long.degreesOfFreedom)
        #expect(closed.isCensus == long.isCensus)
      }
    }
  }

  @Test func residualsOfASampleAddUpToZero() throws {
    for seed in UInt64(1)...100 {
      let data = Microdata.random(seed: seed, shape: .psus)
      guard let share = try CellShare(data.sumsByPSU, in: Microdata.total) else { continue }
      #expect(abs(share.residuals.reduce(0) { $0 + $1.value }) < 1e-14, "seed \(seed)")
    }
  }

  /// At p = 0 and 1 every z is 0, and rounding must not say otherwise.
  @Test(arguments: [false, true]) func noVarianceWhereAllAnswerAlike(isYes: Bool) throws {
    for seed in UInt64(1)...100 {
      for shape in [Microdata.Shape.psus, .rowsArePSUs] {
        var data = Microdata.random(seed: seed, shape: shape)
        for index in data.rows.indices { data.rows[index].isYes = isYes }
        let sums = shape == .psus ? data.sumsByPSU : data.sumsByStratum
        guard let share = try CellShare(sums, in: Microdata.total) else { continue }
        #expect(share.proportion == (isYes ? 1 : 0), "seed \(seed)")
        #expect(share.variance == 0, "seed \(seed)")
      }
    }
  }

  /// PSUs alike in everything: z is the same for all of them, and what is left of V is rounding.
  @Test func noVarianceWhereAllPSUsAreAlike() throws {
    for weight in [1.0, 0.1, 3.7, 1e9 / 7] {
      var data = Microdata(rows: [], psuStrata: Array(repeating: 0, count: 9), populations: [nil])
      for psu in 0..<9 {
        for isYes in [true, true, false] {
          data.rows.append(
            Microdata.Row(stratum: 0, psu: psu, weight: weight, member: "a", isIn: true, isYes: isYes))
        }
      }
      #expect(try CellShare(data.sumsByPSU, in: Microdata.total)?.variance == 0)
    }
  }

  /// The same share in every PSU, however large: z is 0 but for rounding.
  @Test(arguments: [1.0, 0.1, 0.7, 1.3, 1e9 / 7])
  func noVarianceWhereAllPSUsHaveTheSameShare(weight: Double) throws {
    var data = Microdata(rows: [], psuStrata: Array(repeating: 0, count: 6), populations: [nil])
    for psu in 0..<6 {
      for row in 0..<3 * (psu + 1) {
        data.rows.append(
          Microdata.Row(stratum: 0, psu: psu, weight: weight, member: "a", isIn: true, isYes: row % 3 == 0))
      }
    }
    #expect(try CellShare(data.sumsByPSU, in: Microdata.total)?.variance == 0)
    let estimate = try IndicatorEstimator(data.sumsByPSU).estimate(in: Microdata.total)
    #expect(estimate.flags == [.reviewNoVariance])
    #expect(estimate.effectiveSize == nil)
  }

  @Test func aSampleBeyondItsPopulationIsRefused() {
    var data = ToyVarianceTests.toy(populations: [2, 3])
    #expect(throws: EstimateError.sampleExceedsPopulation(stratum: "h0", sampled: 3, population: 2)) {
      try IndicatorEstimator(data.sumsByPSU)
    }
    data.populations = [3, 3]
    #expect(throws: Never.self) { try IndicatorEstimator(data.sumsByPSU) }
  }
}

@Suite("What may not change a variance")
struct VarianceIdentityTests {
  private func numbers(_ data: Microdata, in cell: Cell) throws -> (p: Double, variance: Double, df: Int)? {
    guard let share = try CellShare(data.sumsByPSU, in: cell) else { return nil }
    return (share.proportion, share.variance ?? -1, share.degreesOfFreedom)
  }

  private func expectSame(_ data: Microdata, _ other: Microdata, _ seed: UInt64) throws {
    for cell in Microdata.cells {
      let a = try numbers(data, in: cell)
      let b = try numbers(other, in: cell)
      #expect((a == nil) == (b == nil), "seed \(seed)")
      guard let a, let b else { continue }
      #expect(areClose(a.p, b.p, relative: 1e-13), "seed \(seed)")
      #expect(abs(a.variance - b.variance) <= 1e-12 * max(a.variance, 1e-3), "seed \(seed)")
      #expect(a.df == b.df, "seed \(seed)")
    }
  }

  @Test(arguments: [0.001, 0.37, 12345.678]) func allWeightsTimesAConstant(factor: Double) throws {
    for seed in UInt64(1)...80 {
      let data = Microdata.random(seed: seed, shape: .psus)
      var scaled = data
      for index in scaled.rows.indices { scaled.rows[index].weight *= factor }
      try expectSame(data, scaled, seed)
    }
  }

  @Test func aRowSplitIntoTwoOfHalfTheWeightInOnePSU() throws {
    for seed in UInt64(1)...80 {
      let data = Microdata.random(seed: seed, shape: .psus)
      var split = data
      split.rows = data.rows.flatMap { row in
        var half = row
        half.weight /= 2
        return [half, half]
      }
      try expectSame(data, split, seed)
      let n = try CellShare(data.sumsByPSU, in: Microdata.total)?.rows ?? 0
      #expect(try CellShare(split.sumsByPSU, in: Microdata.total)?.rows ?? 0 == 2 * n)
    }
  }

  @Test func aStratumWithoutARow() throws {
    for seed in UInt64(1)...80 {
      let data = Microdata.random(seed: seed, shape: .psus)
      var more = data
      more.populations.append(data.populations[0] == nil ? nil : 12)
      try expectSame(data, more, seed)
    }
  }

  /// Two PSUs without a row in the cell change n_h and nothing else, which is not nothing.
  @Test func psusOutsideTheCellDoChangeIt() throws {
    let data = ToyVarianceTests.toy()
    var more = data
    more.psuStrata += [0, 0]
    let a = try #require(try numbers(data, in: Cell(members: ["a"])))
    let b = try #require(try numbers(more, in: Cell(members: ["a"])))
    // n_h = 5: 5/4 * 2/64 in place of 3/2 * 2/64.
    #expect(areClose(b.variance, a.variance * (5.0 / 4) / (3.0 / 2), relative: 1e-13))
    #expect(a.df == b.df)
  }

  @Test func rowsOfWeightZeroAreInNoSumButTheirPSUIsInTheSample() throws {
    let data = ToyVarianceTests.toy()
    var more = data
    more.psuStrata.append(0)
    more.rows.append(Microdata.Row(stratum: 0, psu: 6, weight: 0, member: "a", isIn: true, isYes: true))
    let a = try #require(try CellShare(data.sumsByPSU, in: Microdata.total))
    let b = try #require(try CellShare(more.sumsByPSU, in: Microdata.total))
    #expect(b.rows == a.rows)
    #expect(b.proportion == a.proportion)
    #expect(b.degreesOfFreedom == a.degreesOfFreedom)
    // n_A = 4: the squares around the mean of 2, -1, -4, 0 are 21 - 9/4, times 4/3: 25, and B's 9.
    #expect(areClose(try #require(b.variance), (25.0 + 9) / (36 * 36), relative: 1e-13))
  }

  @Test func sharesAndTheirComplementsHaveTheSameVariance() throws {
    for seed in UInt64(1)...80 {
      let data = Microdata.random(seed: seed, shape: .psus)
      var opposite = data
      for index in opposite.rows.indices { opposite.rows[index].isYes.toggle() }
      guard let a = try numbers(data, in: Microdata.total), let b = try numbers(opposite, in: Microdata.total) else {
        continue
      }
      #expect(areClose(a.p, 1 - b.p, relative: 1e-12), "seed \(seed)")
      #expect(abs(a.variance - b.variance) <= 1e-12 * max(a.variance, 1e-3), "seed \(seed)")
    }
  }
}
