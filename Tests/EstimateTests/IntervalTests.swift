import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Estimate

@Suite("Confidence intervals")
struct IntervalTests {
  /// All but Jeffreys', which can miss a share near an end: it is an interval of the posterior.
  private static let methods = IntervalMethod.allCases.filter { $0 != .jeffreys }

  private struct Expected {
    var request: IntervalRequest
    var input: IntervalInput
    var used: String
    var low: Double
    var high: Double
  }

  /// interval-values.csv, made by interval-values.R.
  private static func expected() throws -> [Expected] {
    let text = try String(
      contentsOfFile: "\(projectDirectory)/Tests/EstimateTests/interval-values.csv", encoding: .utf8)
    return try text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",").map(String.init)
      func number(_ place: Int) throws -> Double { try #require(Double(fields[place])) }
      return Expected(
        request: IntervalRequest(method: try #require(IntervalMethod(rawValue: fields[0])), level: try number(6)),
        input: IntervalInput(
          proportion: try number(1), standardError: try number(2), rows: try #require(Int(fields[3])),
          effectiveSize: try number(4), degreesOfFreedom: try #require(Int(fields[5])),
          isSimpleRandomSample: fields[7] == "1"),
        used: fields[8], low: try number(9), high: try number(10))
    }
  }

  @Test func everyMethodAgreesWithR() throws {
    let cases = try Self.expected()
    #expect(cases.count == 3024)
    for expected in cases {
      let (bounds, method) = expected.request.interval(expected.input)
      #expect(method.rawValue == expected.used)
      #expect(areClose(bounds.lowerBound, expected.low, relative: 1e-9), "\(expected)")
      #expect(areClose(bounds.upperBound, expected.high, relative: 1e-9), "\(expected)")
    }
  }

  private static func input(_ p: Double, n: Int, deff: Double = 1.3, df: Int = 20) -> IntervalInput {
    let size = p == 0 || p == 1 ? Double(n) : Double(n) / deff
    return IntervalInput(
      proportion: p, standardError: (p * (1 - p) / size).squareRoot(), rows: n, effectiveSize: size,
      degreesOfFreedom: df)
  }

  private static let proportions = [0, 0.003, 0.05, 0.2, 1.0 / 3, 0.5, 0.77, 0.98, 1]

  @Test(arguments: methods) func intervalsHoldTheShareAndStayBetweenTheEnds(method: IntervalMethod) throws {
    for p in Self.proportions {
      for n in [2, 7, 30, 4000] {
        for df in [1, 3, 60] {
          let bounds = IntervalRequest(method: method).interval(Self.input(p, n: n, df: df)).bounds
          #expect(bounds.contains(p), "p \(p), n \(n), df \(df): \(bounds)")
          #expect(bounds.lowerBound >= 0)
          #expect(bounds.upperBound <= 1)
          #expect(bounds.upperBound > bounds.lowerBound)
        }
      }
    }
  }

  @Test(arguments: methods) func intervalsShrinkWithTheSample(method: IntervalMethod) throws {
    for p in Self.proportions {
      var before = 2.0
      for n in [20, 60, 200, 1000, 20000] {
        let bounds = IntervalRequest(method: method).interval(Self.input(p, n: n)).bounds
        #expect(bounds.upperBound - bounds.lowerBound < before, "p \(p), n \(n)")
        before = bounds.upperBound - bounds.lowerBound
      }
      #expect(before < 0.025)
    }
  }

  @Test(arguments: methods) func intervalsWidenWithTheLevel(method: IntervalMethod) throws {
    for p in Self.proportions {
      let widths = [0.5, 0.8, 0.95, 0.999].map { level in
        let bounds = IntervalRequest(method: method, level: level).interval(Self.input(p, n: 400)).bounds
        return bounds.upperBound - bounds.lowerBound
      }
      #expect(widths == widths.sorted())
      #expect(Set(widths).count == 4)
    }
  }

  @Test(arguments: methods) func intervalsOfTheComplementAreMirrored(method: IntervalMethod) throws {
    for p in Self.proportions {
      for n in [9, 150] {
        let bounds = IntervalRequest(method: method).interval(Self.input(p, n: n)).bounds
        let mirror = IntervalRequest(method: method).interval(Self.input(1 - p, n: n)).bounds
        #expect(abs(bounds.lowerBound - (1 - mirror.upperBound)) < 1e-11, "p \(p), n \(n)")
        #expect(abs(bounds.upperBound - (1 - mirror.lowerBound)) < 1e-11, "p \(p), n \(n)")
      }
    }
  }

  /// The rule of three: at p = 0, 1 - (alpha/2)^(1/n) is the upper bound of Clopper and Pearson.
  @Test(arguments: [1, 5, 30, 1000]) func betaAtTheEndsIsClopperAndPearsons(n: Int) throws {
    let width = 1 - pow(0.025, 1 / Double(n))
    let low = IntervalRequest(method: .beta).interval(Self.input(0, n: n)).bounds
    #expect(low.lowerBound == 0)
    #expect(areClose(low.upperBound, width, relative: 1e-12))
    let high = IntervalRequest(method: .beta).interval(Self.input(1, n: n)).bounds
    #expect(high.upperBound == 1)
    #expect(areClose(high.lowerBound, 1 - width, relative: 1e-12))
  }

  /// R folds the angle back; here it stops at the end.
  @Test func theAngleOfArcsineIsClipped() throws {
    let bounds = IntervalRequest(method: .arcsine).interval(Self.input(0.02, n: 6, df: 2)).bounds
    #expect(bounds.lowerBound == 0)
    #expect(bounds.upperBound > 0.02)
    let other = IntervalRequest(method: .arcsine).interval(Self.input(0.98, n: 6, df: 2)).bounds
    #expect(other.upperBound == 1)
  }

  @Test func quantilesOutsideTheirDomainAreNotANumber() {
    #expect(Distributions.studentT(0.975, degreesOfFreedom: 0).isNaN)
    #expect(Distributions.studentT(1.5, degreesOfFreedom: 4).isNaN)
    #expect(Distributions.beta(0.5, 0, 1).isNaN)
    #expect(Distributions.normal(-0.1).isNaN)
  }

  @Test func tailsAndQuantilesAreInverse() {
    for df in [1.0, 4, 30, 1000] {
      for probability in [0.6, 0.9, 0.975, 0.9999] {
        let t = Distributions.studentT(probability, degreesOfFreedom: df)
        #expect(
          areClose(Distributions.studentTTwoSidedTail(t, degreesOfFreedom: df), 2 * (1 - probability), relative: 1e-10))
        #expect(
          Distributions.studentTTwoSidedTail(-t, degreesOfFreedom: df)
            == Distributions.studentTTwoSidedTail(t, degreesOfFreedom: df))
      }
    }
    #expect(areClose(Distributions.normal(0.975), 1.959_963_984_540_054, relative: 1e-14))
  }
}

@Suite("The NCHS standards for proportions")
struct ReliabilityTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var why: String
    var p: Double
    var n: Int
    var size: Double
    var df: Int
    var flags: [EstimateFlag]
    var testDescription: String { why }
  }

  private static let cases = [
    Case(why: "n* of 29 rows", p: 0.5, n: 29, size: 29, df: 28, flags: [.notShown]),
    Case(why: "many rows, n_eff below 30", p: 0.5, n: 500, size: 25, df: 100, flags: [.notShown]),
    Case(why: "n* is capped at n", p: 0.5, n: 29, size: 1000, df: 28, flags: [.notShown]),
    Case(why: "n_eff above 30, few df make n* less", p: 0.5, n: 500, size: 40, df: 3, flags: [.notShown]),
    Case(why: "narrow", p: 0.5, n: 5000, size: 5000, df: 100, flags: []),
    Case(why: "narrow, though wide for so small a p", p: 0.002, n: 2000, size: 2000, df: 100, flags: []),
    Case(why: "wider than 0.30", p: 0.5, n: 35, size: 35, df: 34, flags: [.notShown]),
    Case(why: "between 0.05 and 0.30", p: 0.5, n: 200, size: 200, df: 199, flags: []),
    Case(why: "wide for a small p", p: 0.04, n: 60, size: 60, df: 59, flags: [.notShown]),
    Case(why: "wide for a small 1 - p", p: 0.96, n: 60, size: 60, df: 59, flags: [.footnoteComplement]),
    // The thresholds from both sides: L of p = 1/2 is 0.3019 at 46 rows and 0.2987 at 47.
    Case(why: "L just above 0.30", p: 0.5, n: 46, size: 46, df: 45, flags: [.notShown]),
    Case(why: "L just below 0.30", p: 0.5, n: 47, size: 47, df: 46, flags: []),
    Case(why: "L / p just above 1.30", p: 0.05, n: 204, size: 204, df: 203, flags: [.notShown]),
    Case(why: "L / p just below 1.30", p: 0.05, n: 205, size: 205, df: 204, flags: []),
    Case(why: "L / (1 - p) just above 1.30", p: 0.95, n: 204, size: 204, df: 203, flags: [.footnoteComplement]),
    Case(why: "L / (1 - p) just below 1.30", p: 0.95, n: 205, size: 205, df: 204, flags: []),
    Case(why: "L just above 0.05, wide for its p", p: 0.02, n: 166, size: 166, df: 165, flags: [.notShown]),
    Case(why: "L just below 0.05, wide for its p", p: 0.02, n: 167, size: 167, df: 166, flags: []),
    // 26 of 31: the effective size is 30 but for rounding, which depends on the size of the weights.
    Case(why: "n_eff of 30", p: 26.0 / 31, n: 31, size: 30, df: 30, flags: [.footnoteComplement]),
    Case(why: "rounded down", p: 26.0 / 31, n: 31, size: 29.999999999999986, df: 30, flags: [.footnoteComplement]),
    Case(why: "n_eff below 30, not by rounding", p: 26.0 / 31, n: 31, size: 29.9999, df: 30, flags: [.notShown]),
    Case(why: "df 7", p: 0.5, n: 5000, size: 5000, df: 7, flags: [.reviewDF]),
    Case(why: "df 8", p: 0.5, n: 5000, size: 5000, df: 8, flags: []),
    Case(
      why: "a footnote and df 7", p: 0.96, n: 90, size: 90, df: 7, flags: [.footnoteComplement, .reviewDF]),
    Case(why: "p 0, n* is n", p: 0, n: 30, size: 30, df: 29, flags: [.review0To100]),
    Case(why: "p 0 of 29", p: 0, n: 29, size: 29, df: 28, flags: [.notShown]),
    Case(why: "p 1, n_eff with a population does not count", p: 1, n: 29, size: 400, df: 28, flags: [.notShown]),
    Case(why: "p 1 and df 3", p: 1, n: 40, size: 40, df: 3, flags: [.reviewDF, .review0To100]),
  ]

  @Test(arguments: cases) func eachBranch(of aCase: Case) {
    let error = (aCase.p * (1 - aCase.p) / aCase.size).squareRoot()
    #expect(
      Reliability.flags(
        IntervalInput(
          proportion: aCase.p, standardError: error, rows: aCase.n, effectiveSize: aCase.size,
          degreesOfFreedom: aCase.df)) == aCase.flags)
  }

  /// 400 rows that are their own PSUs; 8 % say yes.
  private static let sample = {
    var data = Microdata(rows: [], psuStrata: Array(repeating: 0, count: 60), populations: [nil])
    for psu in 0..<60 {
      data.rows.append(
        Microdata.Row(stratum: 0, psu: psu, weight: 1, member: "a", isIn: true, isYes: psu % 20 == 0))
    }
    return data
  }()

  /// The width that counts is that of beta at 95 %, whatever was asked for; and nothing is blanked.
  @Test(arguments: [IntervalMethod.wilson, .beta, .wald, .logit, .arcsine], [0.5, 0.95, 0.9999])
  func flagsDoNotDependOnTheRequest(method: IntervalMethod, level: Double) throws {
    let estimate = try IndicatorEstimator(
      Self.sample.sumsByPSU, interval: IntervalRequest(method: method, level: level), reliability: .nchs
    ).estimate(in: Microdata.total)
    #expect(estimate.flags == [.notShown])
    #expect(estimate.value == 0.05)
    #expect(estimate.interval != nil)
    #expect(estimate.standardError != nil)
  }

  @Test func noneAsksForNoFlags() throws {
    let estimate = try IndicatorEstimator(Self.sample.sumsByPSU, reliability: .none).estimate(in: Microdata.total)
    #expect(estimate.flags == [])
  }

  @Test func flagsStandInTheOrderOfTheContract() throws {
    // p = 1/2 in every PSU: no variance, and few degrees of freedom.
    var data = Microdata(rows: [], psuStrata: [0, 0, 0], populations: [nil])
    for psu in 0..<3 {
      for row in 0..<40 {
        data.rows.append(
          Microdata.Row(stratum: 0, psu: psu, weight: 1, member: "a", isIn: true, isYes: row % 2 == 0))
      }
    }
    let estimate = try IndicatorEstimator(data.sumsByPSU, reliability: .nchs).estimate(in: Microdata.total)
    #expect(estimate.flags.first == .reviewNoVariance)
  }
}
