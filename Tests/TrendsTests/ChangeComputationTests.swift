import Estimate
import SurveyModel
import SurveyTestSupport
import Testing
import Trends

@Suite("All changes of a run together")
struct ChangeComputationTests {
  /// Several indicators, the second of which the earlier cycle did not ask.
  private static func cycles(seed: UInt64) -> TwoCycles {
    var cycles = TwoCycles.random(seed: seed, sharing: [.allPSUs, .none, .some][Int(seed % 3)])
    var generator = SeededGenerator(seed: seed)
    for index in cycles.units.indices {
      func more(_ answers: [TwoCycles.Answer]?) -> [TwoCycles.Answer]? {
        answers.map { first in
          first
            + (0..<4).map { _ in
              TwoCycles.Answer(isIn: Int.random(in: 0..<5, using: &generator) > 0, isYes: .random(using: &generator))
            }
        }
      }
      cycles.units[index].now = more(cycles.units[index].now)
      cycles.units[index].then = more(cycles.units[index].then)
      cycles.units[index].member = Bool.random(using: &generator) ? "a" : "b"
    }
    cycles.groupings = [["region"]]
    cycles.notAskedThen = [1]
    return cycles
  }

  private static func lines(_ rows: [CellTrend]) -> [String] { rows.map { "\($0)" } }

  @Test(arguments: [1, 2, 5])
  func theyAreThoseOfEachComparison(threads: Int) async throws {
    for seed in UInt64(1)...12 {
      let cycles = Self.cycles(seed: seed)
      let now = try CycleEstimates(cycle: cycles.cycle(.now), sums: cycles.sums(of: "now", in: .all))
      let then = try CycleEstimates(cycle: cycles.cycle(.then), sums: cycles.sums(of: "then", in: .all))
      func calculator() throws -> TrendCalculator {
        try TrendCalculator(now: now, then: then, sums: cycles, level: 0.95)
      }
      let computation = ChangeComputation(
        comparisons: [(try calculator(), [.previous]), (try calculator(), [.baseline, .requested])], slopes: nil)
      let together = try await computation.changes(threads: threads)
      let alone =
        try calculator().trends(roles: [.previous]) + calculator().trends(roles: [.baseline, .requested])
      #expect(Self.lines(together.trends) == Self.lines(alone), "seed \(seed)")
      #expect(together.slopes.isEmpty)
    }
  }

  @Test(arguments: [1, 3])
  func estimatesAreTheSameForAnyNumberOfTasks(threads: Int) async throws {
    for seed in UInt64(1)...12 {
      let cycles = Self.cycles(seed: seed)
      let (cycle, sums) = (cycles.cycle(.now), try cycles.sums(of: "now", in: .all))
      let alone = try CycleEstimates(cycle: cycle, sums: sums)
      let together = try await CycleEstimates.computed(cycle: cycle, sums: sums, threads: threads)
      #expect(alone.all.map { "\($0)" } == together.all.map { "\($0)" }, "seed \(seed)")
    }
  }

  @Test func nothingToCompareIsNoChange() async throws {
    let changes = try await ChangeComputation(comparisons: [], slopes: nil).changes(threads: 2)
    #expect(changes.trends.isEmpty && changes.slopes.isEmpty)
  }
}
