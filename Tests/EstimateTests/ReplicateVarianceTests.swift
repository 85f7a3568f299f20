import Estimate
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The variance by replicate weights against its formula written out")
struct ReplicateVarianceTests {
  private static let cell = Cell(members: [])

  /// n = 40 rows, 16 of them yes; 40 % of weight 200.
  private static func sums(
    _ replicates: ReplicateWeights, weights: [Double], weightsYes: [Double], rowsYes: Int = 16, weightYes: Double = 80
  ) throws -> TableSums {
    let scheme = try #require(replicates.scheme(columns: weights.indices.map { "r\($0 + 1)" }))
    return TableSums(
      design: .replicates(scheme), strata: [Stratum(name: "all")], psus: [], isSampled: [], sampledPSUs: [40],
      knownPSUs: [], cells: [cell: 0],
      totals: [
        [
          .byReplicate(
            ReplicateTotal(
              rows: 40, rowsYes: rowsYes, weight: 200, weightYes: weightYes, replicateWeights: weights,
              replicateWeightsYes: weightsYes))
        ]
      ], dimensions: [])
  }

  private static func estimate(_ sums: TableSums) throws -> IndicatorEstimate {
    try IndicatorEstimator(
      sums: sums, indicator: 0, kind: .percentage, lonely: .fail, interval: IntervalRequest(), reliability: .none
    ).estimate(in: cell)
  }

  private static let weights: [Double] = [190, 210, 205, 180, 220, 198]
  private static let weightsYes: [Double] = [70, 90, 80, 81, 85, 70]

  // MARK: - Every type

  struct Case: Sendable, CustomTestStringConvertible {
    var replicates: ReplicateWeights
    /// What the sum of squares is multiplied by, for 6 replicates.
    var scale: Double
    var factors = Array(repeating: 1.0, count: 6)
    var testDescription: String { "\(replicates.type), mse \(replicates.isAroundEstimate), scale \(scale)" }
  }

  private static func declared(
    _ type: ReplicateType, fay: Double = 0, scale: Double? = nil, factors: [Double]? = nil
  ) -> ReplicateWeights {
    ReplicateWeights(columns: ["r*"], type: type, fay: fay, scale: scale, replicateScales: factors)
  }

  private static let unequal = [0.5, 0.75, 0, 0.9, 2, 0.25]

  static let cases: [Case] = [
    Case(replicates: declared(.brr), scale: 1 / 6.0),
    Case(replicates: declared(.fay, fay: 0.3), scale: 1 / (6 * 0.49)),
    Case(replicates: declared(.fay, fay: 0), scale: 1 / 6.0),
    Case(replicates: declared(.jk1), scale: 5 / 6.0),
    Case(replicates: declared(.jkn, factors: unequal), scale: 1, factors: unequal),
    Case(replicates: declared(.jkn, factors: [0.8]), scale: 1, factors: Array(repeating: 0.8, count: 6)),
    Case(replicates: declared(.bootstrap), scale: 1 / 5.0),
    Case(replicates: declared(.successiveDifference), scale: 4 / 6.0),
    Case(replicates: declared(.brr, scale: 0.123), scale: 0.123),
    Case(replicates: declared(.jk1, scale: 2, factors: unequal), scale: 2, factors: unequal),
  ]

  @Test(arguments: cases, [false, true]) func theFormula(_ example: Case, isAroundEstimate: Bool) throws {
    var replicates = example.replicates
    replicates.isAroundEstimate = isAroundEstimate
    let estimate = try Self.estimate(Self.sums(replicates, weights: Self.weights, weightsYes: Self.weightsYes))
    let shares = zip(Self.weightsYes, Self.weights).map { $0 / $1 }
    let counted = zip(shares, example.factors).filter { $0.1 > 0 }.map(\.0)
    let centre = isAroundEstimate ? 0.4 : counted.reduce(0, +) / Double(counted.count)
    var variance = 0.0
    for (share, factor) in zip(shares, example.factors) {
      variance += example.scale * factor * (share - centre) * (share - centre)
    }
    #expect(estimate.value == 0.4)
    #expect(areClose(try #require(estimate.standardError), variance.squareRoot(), relative: 1e-12))
    #expect(estimate.degreesOfFreedom == 5)
    #expect(areClose(try #require(estimate.effectiveSize), 0.24 / variance, relative: 1e-12))
    #expect(areClose(try #require(estimate.designEffect), variance / (0.24 / 39), relative: 1e-12))
    #expect(estimate.reason == nil)
  }

  @Test func theFactorsMustFitTheColumns() {
    let columns = ["a", "b", "c"]
    #expect(Self.declared(.jkn, factors: [1, 2]).scheme(columns: columns) == nil)
    #expect(Self.declared(.jkn, factors: [1, 2, 3]).scheme(columns: columns)?.replicateScales == [1, 2, 3])
    #expect(Self.declared(.brr).scheme(columns: columns)?.replicateScales == [1, 1, 1])
  }

  @Test func degreesOfFreedomMayBeDeclared() throws {
    var replicates = Self.declared(.brr)
    let ofType = try Self.estimate(Self.sums(replicates, weights: Self.weights, weightsYes: Self.weightsYes))
    replicates.degreesOfFreedom = 99
    let declared = try Self.estimate(Self.sums(replicates, weights: Self.weights, weightsYes: Self.weightsYes))
    #expect(declared.degreesOfFreedom == 99)
    #expect(declared.standardError == ofType.standardError)
    let (wide, narrow) = (try #require(ofType.interval), try #require(declared.interval))
    #expect(wide.lowerBound < narrow.lowerBound && narrow.upperBound < wide.upperBound)
  }

  // MARK: - Replicates without weight

  /// R - 1 and the scale stay; the mean is that of the others.
  @Test(arguments: [false, true]) func aReplicateWithoutWeightIsDroppedByName(isAroundEstimate: Bool) throws {
    var replicates = Self.declared(.jk1)
    replicates.isAroundEstimate = isAroundEstimate
    var weights = Self.weights
    var weightsYes = Self.weightsYes
    for dropped in [1, 4] {
      weights[dropped] = 0
      weightsYes[dropped] = 0
    }
    let estimate = try Self.estimate(Self.sums(replicates, weights: weights, weightsYes: weightsYes))
    let shares = [0, 2, 3, 5].map { weightsYes[$0] / weights[$0] }
    let centre = isAroundEstimate ? 0.4 : shares.reduce(0, +) / 4
    let variance = 5.0 / 6 * shares.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    #expect(areClose(try #require(estimate.standardError), variance.squareRoot(), relative: 1e-12))
    #expect(estimate.degreesOfFreedom == 5)
    #expect(estimate.reason == "no weight here in r2, r5, left out of the variance")
  }

  @Test func negativeReplicateWeightsAreUsed() throws {
    let estimate = try Self.estimate(
      Self.sums(Self.declared(.brr), weights: [-50, 100], weightsYes: [-10, 60]))
    // 0.2 and 0.6 around 0.4.
    #expect(areClose(try #require(estimate.standardError), 0.2, relative: 1e-12))
    #expect(estimate.reason == nil)
  }

  @Test func oneReplicateIsNoSpread() throws {
    var weights = Array(repeating: 0.0, count: 6)
    weights[3] = 100
    let estimate = try Self.estimate(Self.sums(Self.declared(.brr), weights: weights, weightsYes: weights))
    #expect(estimate.status == .ok)
    #expect(estimate.value == 0.4)
    #expect(estimate.standardError == nil && estimate.interval == nil && estimate.effectiveSize == nil)
    #expect(estimate.level == nil)
    #expect(
      estimate.reason
        == "no weight here in r1, r2, r3, r5, r6, left out of the variance; fewer than two replicates have weight here")
  }

  @Test func noReplicateHasWeight() throws {
    let none = Array(repeating: 0.0, count: 3)
    let estimate = try Self.estimate(Self.sums(Self.declared(.brr), weights: none, weightsYes: none))
    #expect(estimate.value == 0.4)
    #expect(estimate.standardError == nil)
    #expect(estimate.reason?.contains("r1, r2, r3") == true)
  }

  // MARK: - The ends, and no spread

  @Test(arguments: [(0, 0.0), (40, 1.0)]) func atTheEnds(rowsYes: Int, share: Double) throws {
    // The sums of yes are rounded apart from those of all rows; the share is exact nevertheless.
    let weightsYes = Self.weights.map { $0 * share * (1 - 1e-16) }
    let estimate = try Self.estimate(
      Self.sums(
        Self.declared(.brr), weights: Self.weights, weightsYes: weightsYes, rowsYes: rowsYes, weightYes: 200 * share))
    #expect(estimate.value == share)
    #expect(estimate.standardError == 0)
    #expect(estimate.effectiveSize == 40)
    #expect(estimate.designEffect == nil)
    let interval = try #require(estimate.interval)
    #expect(interval.contains(share))
    #expect(interval.upperBound - interval.lowerBound > 0.01)
  }

  @Test func equalReplicatesHaveNoVariance() throws {
    let estimate = try Self.estimate(
      Self.sums(Self.declared(.brr), weights: Self.weights, weightsYes: Self.weights.map { 0.1 * $0 + 0.3 * $0 }))
    #expect(estimate.standardError == 0)
    #expect(estimate.interval == nil && estimate.method == nil && estimate.level == nil)
    #expect(estimate.flags == [.reviewNoVariance])
  }
}
