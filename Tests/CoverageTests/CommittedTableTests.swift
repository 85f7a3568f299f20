import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import coverage_study

/// docs/intervals.csv, and what docs/intervals.md says of it in words.
@Suite("The committed study of coverage")
struct CommittedTableTests {
  private struct Line {
    var name: String
    var method: String
    var size: Int
    var isChange: Bool
    var noInterval: Int
    var coverage: Double
    var width: Double
  }

  private static func lines() throws -> [Line] {
    let text = try String(contentsOfFile: "\(projectDirectory)/docs/intervals.csv", encoding: .utf8)
    #expect(text.hasPrefix(CoverageRow.header))
    return try text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Line(
        name: [0, 1, 2, 4, 5].map { fields[$0] }.joined(separator: " "), method: fields[4],
        size: try #require(Int(fields[1])), isChange: !fields[5].isEmpty, noInterval: try #require(Int(fields[7])),
        coverage: try #require(Double(fields[8])), width: try #require(Double(fields[11])))
    }
  }

  @Test func itHasEveryScenario() throws {
    let expected = Scenario.all.flatMap { scenario in
      (scenario.overlap == nil ? IntervalMethod.allCases.map(\.rawValue) : ["trend"]).map { method in
        "\(scenario.design.rawValue) \(scenario.size) \(scenario.share) \(method) \(scenario.overlap?.rawValue ?? "")"
      }
    }
    #expect(try Self.lines().map(\.name) == expected)
  }

  @Test func itsWordsAreTrue() throws {
    let lines = try Self.lines()
    #expect(lines.allSatisfy { $0.noInterval == 0 })
    let byMethod = Dictionary(grouping: lines.filter { !$0.isChange }, by: \.method)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let distance = byMethod.mapValues { mean($0.map { abs($0.coverage - 0.95) }) }
    #expect(distance.min { $0.value < $1.value }?.key == "wilson")
    #expect(distance.max { $0.value < $1.value }?.key == "wald")
    let careful: Set = ["beta", "clopper-pearson", "logit", "agresti-coull"]
    #expect(Set(byMethod.filter { $0.value.allSatisfy { $0.coverage >= 0.93 } }.keys) == careful)
    let widths = byMethod.mapValues { mean($0.filter { $0.size >= 30 }.map(\.width)) }
    let order = ["jeffreys", "agresti-coull", "wilson", "logit", "beta"].compactMap { widths[$0] }
    #expect(order == order.sorted())
    // At a thousand respondents all but wald agree.
    let large = lines.filter { $0.size == 1000 && !$0.isChange && $0.method != "wald" }
    #expect(large.allSatisfy { $0.coverage > 0.935 })
  }
}
