import Estimate
import SurveyModel
import SurveyTestSupport
import Testing

/// A toy that can be counted on paper: two strata of three PSUs of two rows, all weights 1.
///
///     stratum A   a1 yes yes   a2 yes no    a3 no no      3 of 6
///     stratum B   b1 yes yes   b2 yes yes   b3 yes no     5 of 6      p = 8/12 = 2/3
///
///     z = (yes - 2p) / 12                in 36ths
///     A    2, -1, -4   mean -1   deviations  3, 0, -3   squares 18   3/2 of it 27
///     B    2,  2, -1   mean  1   deviations  1, 1, -2   squares  6   3/2 of it  9
///     V = (27 + 9) / 36^2 = 1/36         se = 1/6       df = 6 - 2 = 4
///
///     V_srs = (2/9) / 11 = 2/99          deff = 99/72 = 1.375
///     n_eff = (2/9) / (1/36) = 8
@Suite("Two strata of three PSUs, counted on paper")
struct ToyVarianceTests {
  static func toy(populations: [Double?] = [nil, nil], weights: [Double] = [1, 1]) -> Microdata {
    let yes = [[2, 1, 0], [2, 2, 1]]
    var data = Microdata(rows: [], psuStrata: [0, 0, 0, 1, 1, 1], populations: populations)
    for stratum in 0..<2 {
      for psu in 0..<3 {
        for row in 0..<2 {
          data.rows.append(
            Microdata.Row(
              stratum: stratum, psu: stratum * 3 + psu, weight: weights[stratum],
              // Member a holds the rows of a1 and a2 only.
              member: stratum == 0 && psu < 2 ? "a" : "b", isIn: true, isYes: row < yes[stratum][psu]))
        }
      }
    }
    return data
  }

  @Test func theWholeSample() throws {
    let share = try #require(try CellShare(Self.toy().sumsByPSU, in: Microdata.total))
    #expect(share.rows == 12)
    #expect(share.rowsYes == 8)
    #expect(areClose(share.proportion, 2.0 / 3, relative: 1e-14))
    #expect(areClose(try #require(share.variance), 1.0 / 36, relative: 1e-13))
    #expect(share.degreesOfFreedom == 4)
  }

  @Test func theEstimateOfIt() throws {
    let estimate = try IndicatorEstimator(Self.toy().sumsByPSU).estimate(in: Microdata.total)
    #expect(areClose(try #require(estimate.standardError), 1.0 / 6, relative: 1e-13))
    #expect(areClose(try #require(estimate.designEffect), 1.375, relative: 1e-12))
    #expect(areClose(try #require(estimate.effectiveSize), 8, relative: 1e-12))
    #expect(estimate.degreesOfFreedom == 4)
    #expect(estimate.method == "wilson")
    #expect(estimate.level == 0.95)
    // Wilson with m = 8 and t_{0.975, 4} = 2.7764451: centre (2/3 + t^2/16) / (1 + t^2/8).
    let interval = try #require(estimate.interval)
    #expect(areClose(interval.lowerBound, 0.244_673_802, relative: 1e-8))
    #expect(areClose(interval.upperBound, 0.925_084_077, relative: 1e-8))
  }

  /// p = 3/4 of 4 rows; z = 1/8, -1/8 and 0 for a3, which has no row in the cell; B is all 0. V = 3/2 * 2/64 = 3/64.
  @Test func aPSUWithoutARowInTheCellCountsAsZero() throws {
    let share = try #require(try CellShare(Self.toy().sumsByPSU, in: Cell(members: ["a"])))
    #expect(share.proportion == 0.75)
    #expect(areClose(try #require(share.variance), 3.0 / 64, relative: 1e-14))
    #expect(share.degreesOfFreedom == 1)
  }

  /// f_A = 3/6 halves A's part, f_B = 3/3 removes B's: V = 13.5 / 36^2 = 1/96.
  @Test func aPopulationShrinksTheVariance() throws {
    let share = try #require(try CellShare(Self.toy(populations: [6, 3]).sumsByPSU, in: Microdata.total))
    #expect(areClose(try #require(share.variance), 1.0 / 96, relative: 1e-13))
    #expect(!share.isCensus)
  }

  /// Weight 2 in B: sum w = 18, p = (3 + 10) / 18 = 13/18; z = w (yes - 2p) / 18 in 162nds:
  /// A 5, -4, -13, mean -4, squares 162, 3/2 of it 243; B 10, 10, -8, mean 4, squares 216, 3/2 of it 324.
  @Test func weightsMoveTheShareAndItsVariance() throws {
    let share = try #require(try CellShare(Self.toy(weights: [1, 2]).sumsByPSU, in: Microdata.total))
    #expect(areClose(share.proportion, 13.0 / 18, relative: 1e-14))
    #expect(areClose(try #require(share.variance), (243.0 + 324) / (162 * 162), relative: 1e-13))
  }
}
