import Foundation
import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("The files of a survey of institutions")
struct SurveyFilesTests {
  private static let paths =
    (2...5).map { "institutions-cycle-\($0)/responses.csv" } + ["registers/parties.csv", "truth.csv", "README.md"]

  @Test func sameSeedSameBytes() throws {
    let (one, other) = (try SurveyFiles(), try SurveyFiles())
    for path in Self.paths {
      #expect(try one.directory.text(of: path) == other.directory.text(of: path), "\(path)")
    }
    let written = try #require(FileManager.default.subpaths(atPath: one.directory.path))
    #expect(written.allSatisfy { !$0.contains("partial") })
  }

  @Test func anotherSeedGivesAnotherPopulation() throws {
    let (one, other) = (try SurveyFiles(seed: 1, cycles: 4...4), try SurveyFiles(seed: 2, cycles: 4...4))
    for path in ["institutions-cycle-4/responses.csv", "truth.csv"] {
      #expect(try one.directory.text(of: path) != other.directory.text(of: path), "\(path)")
    }
    #expect(try one.directory.text(of: "registers/parties.csv") == other.directory.text(of: "registers/parties.csv"))
  }

  @Test func anotherDrawGivesAnotherSampleOfTheSamePopulation() throws {
    let (one, other) = (try SurveyFiles(cycles: 3...3), try SurveyFiles(draw: 1, cycles: 3...3))
    #expect(try one.responses(3) != other.responses(3))
    #expect(try one.directory.text(of: "truth.csv") == other.directory.text(of: "truth.csv"))
  }

  @Test func aCycleDoesNotDependOnTheOthers() throws {
    let (all, one) = (try SurveyFiles(), try SurveyFiles(cycles: 4...4))
    let path = "institutions-cycle-4/responses.csv"
    #expect(try all.directory.text(of: path) == one.directory.text(of: path))
    #expect(try all.truth(4) == one.truth(4))
    #expect(!FileManager.default.fileExists(atPath: one.directory.path(of: "institutions-cycle-3")))
  }

  @Test(arguments: [500, 501, 619, 3000]) func asManyResponsesAsAskedFor(responses: Int) throws {
    let files = try SurveyFiles(responses: responses, cycles: 2...3)
    for cycle in 2...3 {
      let rows = try files.responses(cycle)
      #expect(rows.count == responses)
      for key in ["response_id", "institution"] { #expect(Set(rows.map { $0[key] }).count == responses) }
    }
  }

  @Test func everyAnswerIsInTheCodebook() throws {
    let codebook = try DefinitionReader.codebook(atPath: "\(projectDirectory)/Pipelines/institutions/codebook.yaml")
    #expect(Array(codebook.questions.keys) == InstitutionQuestion.allCases.map(\.key))
    #expect(InstitutionQuestion.allCases.count == InstitutionQuestion.count)
    let files = try SurveyFiles(responses: 2000, cycles: 4...4)
    let rows = try files.responses(4)
    for question in codebook.questions.values {
      var seen: Set<String> = []
      for row in rows {
        let cell = row[question.key] ?? "?"
        if codebook.missing.contains(cell) { continue }
        switch question.type {
        case .integer: #expect((Int(cell) ?? 0) > 0)
        case .many: seen.formUnion(cell.split(separator: "|").map(String.init))
        default: seen.insert(cell)
        }
        if let gate = ["staff": "team", "staff_enough": "team", "methods": "detection"][question.key] {
          #expect(row[gate] == "yes")
        }
      }
      // Every code is there, too: a code that nobody chooses would test nothing.
      #expect(seen == Set(question.options), "\(question.key)")
    }
    #expect(rows.contains { $0["training"] == "" } && rows.contains { $0["training"] == "NA" })
    #expect(rows.allSatisfy { !["", "NA"].contains($0["mandate"]) })
    #expect(rows.allSatisfy { $0["partners"] == "none" || $0["partners"]?.contains("none") == false })
  }

  @Test func sectorsAndIndicatorsAreThoseOfTheDefinitions() throws {
    let cycle = try DefinitionReader(directory: "\(projectDirectory)/Pipelines").cycle(named: "institutions-cycle-4")
    #expect(cycle.indicators.map(\.id) == InstitutionIndicator.allCases.map(\.id))
    for (indicator, truth) in zip(cycle.indicators, InstitutionIndicator.allCases) {
      #expect((indicator.kind == .count) == truth.isCount)
      #expect((indicator.table != SurveyCycle.responsesTable) == truth.isRolledUp)
    }
    let sectors = try #require(cycle.dimensions["sector"]?.labels)
    #expect(Array(sectors.keys) == InstitutionSector.allCases.map(\.rawValue))
    let regions = try #require(cycle.dimensions["region"]?.labels)
    #expect(Array(regions.keys) == (try SampleData.frame()).regions)
  }

  @Test(arguments: [-1, 0, 499, 1_000_000_001, Int.max]) func unworkableSizesAreRefused(responses: Int) throws {
    let error = SyntheticDataError.unworkableResponses(responses, least: 500, most: 1_000_000_000)
    #expect(throws: error) { try SurveyFiles(responses: responses) }
    #expect(error.exitStatus == .usage)
  }

  @Test(arguments: [1...4, 2...6, 0...0]) func unknownCyclesAreRefused(cycles: ClosedRange<Int>) {
    #expect(throws: SyntheticDataError.self) { try SurveyFiles(cycles: cycles) }
  }

  @Test func aDirectoryThatCannotBeIsRefused() throws {
    let files = try SurveyFiles(cycles: 2...2)
    #expect {
      _ = try files.survey.write(to: files.directory.path(of: "truth.csv"))
    } throws: { error in
      (error as? SyntheticDataError)?.exitStatus == .cannotCreateOutput
    }
  }
}
