import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The project's own definitions")
struct ProjectDefinitionsTests {
  static let reader = DefinitionReader(directory: "\(projectDirectory)/Pipelines")

  @Test("All are there")
  func names() throws {
    #expect(
      Set(try Self.reader.names()).isSuperset(of: [
        "cycle-2", "cycle-3", "cycle-4", "cycle-5", "nhanes", "variants-cycle-4", "variants-cycle-5",
        "institutions-cycle-2", "institutions-cycle-3", "institutions-cycle-4", "institutions-cycle-5",
      ]))
  }

  @Test("Each reads, and compares with what is there as well", arguments: try reader.names())
  func reads(name: String) throws {
    let cycle = try Self.reader.cycle(named: name)
    #expect(cycle.name == name)
    #expect(!cycle.indicators.isEmpty)
    let names = try Self.reader.names()
    for other in [cycle.trend.previous, cycle.trend.baseline].compactMap(\.self) + (cycle.trend.slope ?? []) {
      #expect(names.contains(other))
    }
    #expect(cycle.indicators.allSatisfy { $0.title.count <= 70 && !$0.title.isEmpty })
  }

  @Test("The four cycles have the 39 indicators of the plan, in its order", arguments: 2...5)
  func indicators(cycle: Int) throws {
    let letters: [(String, Int)] = [
      ("A.1", 4), ("A.2", 2), ("A.3", 1), ("A.4", 2), ("A.5", 3), ("A.6", 3), ("A.7", 1), ("A.8", 2), ("A.9", 1),
      ("A.10", 1), ("A.11", 2), ("B.1", 4), ("B.2", 4), ("B.3", 6), ("B.4", 3),
    ]
    let expected = letters.flatMap { goal, count in "abcdef".prefix(count).map { "\(goal)(\($0))" } }
    #expect(expected.count == 39)
    let indicators = try Self.reader.cycle(named: "cycle-\(cycle)").indicators
    #expect(indicators.map(\.id) == expected)
    #expect(indicators.allSatisfy { $0.id.hasPrefix(($0.goal ?? "none") + "(") })
  }

  @Test("Every file that they name is on record and exists")
  func files() throws {
    let cycle = try Self.reader.cycle(named: "cycle-4")
    let names = cycle.definitionFiles.map { $0.replacing("\(projectDirectory)/Pipelines/", with: "") }
    #expect(
      Set(names) == [
        "cycle-4.yaml", "cartagena/codebook-cycle-4.yaml", "cartagena/regions.yaml", "cartagena/sectors.yaml",
        "cartagena/indicators.yaml",
      ])
  }
}
