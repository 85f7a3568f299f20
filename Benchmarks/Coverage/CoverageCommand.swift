import ArgumentParser
import Foundation
import SurveyModel
import SyntheticData

/// `coverage-study`
@main
struct CoverageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage-study",
    abstract: "How often the intervals hold the truth, for every method, design, size and percentage.")

  @Option(help: "Samples a scenario.")
  var replications = 5000

  @Option(help: "Another seed gives other populations and other samples.")
  var seed: UInt64 = 2026

  @Option(name: [.short, .long], help: "The CSV file to write.")
  var output: String

  func validate() throws {
    guard replications > 0 else { throw ValidationError("At least one replication is needed.") }
  }

  func run() async throws {
    let frame = "Pipelines/cartagena/frame"
    do {
      let study = CoverageStudy(
        seed: seed,
        frame: try PartyFrame(partiesPath: "\(frame)/parties.csv", reportingPath: "\(frame)/reporting.csv"))
      let rows = try await study.rows(of: Scenario.all, replications: replications)
      let text = CoverageRow.header + rows.map(\.line).joined()
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch let failure as any Failure {
      FileHandle.standardError.write(Data("\(failure.report)\n".utf8))
      throw ExitCode(failure.exitStatus.rawValue)
    }
  }
}
