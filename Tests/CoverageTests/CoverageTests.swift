import Foundation
import SurveyModel
import SurveyTestSupport
import SyntheticData
import Testing

@testable import coverage_study

/// A short version of what `make coverage` does in full.
@Suite("How often intervals hold the truth")
struct CoverageTests {
  private static let study = Result {
    let frame = "\(projectDirectory)/Pipelines/cartagena/frame"
    return CoverageStudy(
      seed: 2026,
      frame: try PartyFrame(partiesPath: "\(frame)/parties.csv", reportingPath: "\(frame)/reporting.csv"),
      networks: [1000, 400, 300, 150])
  }

  private func rows(_ scenarios: [Scenario], replications: Int = 300) async throws -> [CoverageRow] {
    try await Self.study.get().rows(of: scenarios, replications: replications)
  }

  private func coverage(
    _ scenario: Scenario, _ method: IntervalMethod, replications: Int = 300
  ) async throws -> Double {
    let rows = try await rows([scenario], replications: replications)
    let row = try #require(rows.first { $0.method == method.rawValue })
    #expect(row.tally.replications == replications)
    return try #require(row.tally.coverage)
  }

  @Test("The population has exactly the percentage that the scenario names", arguments: StudyDesign.allCases)
  func truths(design: StudyDesign) async throws {
    for share in Scenario.shares {
      for size in [10, 100] {
        let rows = try await rows([Scenario(design: design, size: size, share: share)], replications: 1)
        #expect(rows.count == IntervalMethod.allCases.count)
        #expect(rows.allSatisfy { $0.truth == share })
      }
    }
  }

  /// The coverage of a simple random sample can be written down: 1 respondent says yes in 10, and wilson's interval with
  /// t is above 1 %; nobody does, and it begins at 0. So it holds 1 % exactly if nobody does: 0.99^10.
  @Test func itIsThatOfTheBinomialDistribution() async throws {
    let replications = 2000
    let coverage = try await coverage(
      Scenario(design: .simpleRandom, size: 10, share: 0.01), .wilson, replications: replications)
    let exact = (1...10).reduce(1.0) { product, _ in product * 0.99 }
    #expect(abs(coverage - exact) < 4 * (exact * (1 - exact) / Double(replications)).squareRoot())
  }

  @Test(arguments: StudyDesign.allCases) func wilsonHoldsWhatItPromises(design: StudyDesign) async throws {
    #expect(try await coverage(Scenario(design: design, size: 100, share: 0.2), .wilson) >= 0.90)
  }

  /// Too short and too symmetric where few say yes.
  @Test func waldFallsShortWhereWilsonDoesNot() async throws {
    let scenario = Scenario(design: .clustered, size: 100, share: 0.05)
    #expect(try await coverage(scenario, .wald) < 0.91)
    #expect(try await coverage(scenario, .wilson) > 0.92)
  }

  @Test(arguments: Overlap.allCases) func changesAreHeldToo(overlap: Overlap) async throws {
    let scenarios = StudyDesign.allCases.map { Scenario(design: $0, size: 100, share: 0.5, overlap: overlap) }
    for row in try await rows(scenarios, replications: 150) {
      #expect(row.method == "trend")
      #expect(row.truth == 0.25)
      #expect(row.tally.noInterval == 0)
      #expect(try #require(row.tally.coverage) > 0.88, "\(row.scenario.label)")
    }
  }

  /// Sharing respondents makes a change more certain.
  @Test func overlapMakesIntervalsShorter() async throws {
    let rows = try await rows(
      Overlap.allCases.map { Scenario(design: .clustered, size: 100, share: 0.2, overlap: $0) }, replications: 60)
    let widths = rows.compactMap(\.tally.meanWidth)
    #expect(widths.count == 3)
    #expect(widths == widths.sorted())
  }

  @Test("A scenario's rows do not depend on what runs beside it")
  func sameRowsEveryTime() async throws {
    let scenarios = [
      Scenario(design: .clustered, size: 30, share: 0.2), Scenario(design: .stratified, size: 30, share: 0.05),
      Scenario(design: .simpleRandom, size: 30, share: 0.05, overlap: .partial),
    ]
    let together = try await rows(scenarios, replications: 20)
    var alone: [CoverageRow] = []
    for scenario in scenarios.reversed() { alone = try await rows([scenario], replications: 20) + alone }
    #expect(together == alone)
  }

  @Test func tallySaysOnWhichSideAnIntervalMisses() throws {
    var tally = CoverageTally()
    tally.add(0.1...0.2, truth: 0.3, isAtEnd: false)
    tally.add(0.4...0.5, truth: 0.3, isAtEnd: false, designEffect: 1.5)
    tally.add(0.2...0.4, truth: 0.3, isAtEnd: false, designEffect: 0.5)
    tally.add(0...0.3, truth: 0.3, isAtEnd: true)
    tally.add(0.3...0.3, truth: 0.3, isAtEnd: false)
    tally.add(nil, truth: 0.3, isAtEnd: false)
    #expect(tally.replications == 6)
    #expect(tally.noInterval == 1)
    #expect(tally.coverage == 0.6)
    #expect(tally.belowShare == 0.2)
    #expect(tally.aboveShare == 0.2)
    #expect(tally.withoutWidth == 1)
    #expect(tally.atEnd == 1)
    #expect(tally.meanDesignEffect == 1)
    #expect(abs(try #require(tally.meanWidth) - 0.14) < 1e-12)
    #expect(CoverageTally().coverage == nil)
  }

  @Test(arguments: Scenario.sizes) func strataAreSampledAtUnequalRates(size: Int) {
    let allocation = StratifiedSampler.allocation(of: size)
    #expect(allocation.reduce(0, +) == size)
    #expect(allocation.allSatisfy { $0 > 1 })
    let rates = zip(allocation, [4, 3, 2, 1]).map {
      Double($0) / Double(StratifiedSampler.units(for: size) * $1 / 10)
    }
    #expect(rates == rates.sorted())
    #expect(rates.allSatisfy { $0 < 1 })
  }
}
