import ArgumentParser
import Engine
import Foundation
import PipelineDefinition
import SurveyModel
import SyntheticData

/// `pipeline generate national-reports`
struct GenerateNationalReports: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "national-reports",
    abstract: "Invented national reports of four cycles, and the registers, on the real frame of Parties.")

  @Option(help: "Another seed gives other answers.")
  var seed: UInt64 = 2026

  @Option(name: [.short, .long], help: "The directory to write into; files of the same names are replaced.")
  var output: String

  @OptionGroup var directory: DirectoryOption

  func run() throws {
    try reportingFailures {
      let definitions = "\(directory.pipelines)/cartagena"
      var codebooks: [Int: Codebook] = [:]
      for cycle in 2...5 {
        codebooks[cycle] = try DefinitionReader.codebook(atPath: "\(definitions)/codebook-cycle-\(cycle).yaml")
      }
      let frame = try PartyFrame(
        partiesPath: "\(definitions)/frame/parties.csv", reportingPath: "\(definitions)/frame/reporting.csv")
      for (path, contents) in try NationalReports(seed: seed, codebooks: codebooks, frame: frame).files() {
        let target = URL(fileURLWithPath: output).appendingPathComponent(path)
        do {
          try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data(contents).write(to: target, options: .atomic)
        } catch {
          throw EngineError.cannotCreate(path: target.path, reason: FileProblem.words(for: error))
        }
        try Terminal.print("\(target.relativePath)  \(contents.count) bytes")
      }
    }
  }
}
