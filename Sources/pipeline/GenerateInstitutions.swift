import ArgumentParser
import Engine
import SurveyModel
import SyntheticData

/// `pipeline generate institutions`
struct GenerateInstitutions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "institutions",
    abstract: "An invented survey of institutions with weights, strata, networks and a panel, and its known truth.")

  @Option(help: "Responses a cycle, from 500 on.")
  var responses: Int

  @Option(help: "One cycle, such as 4, or the first and the last, such as 2..5.")
  var cycles = "2..5"

  @Option(help: "Another seed gives another population and another sample.")
  var seed: UInt64 = 2026

  @Option(name: [.short, .long], help: "The directory to write into; files of the same names are replaced.")
  var output: String

  @OptionGroup var directory: DirectoryOption

  func run() throws {
    try reportingFailures {
      let cycles = try range()
      try InstitutionSurvey.check(responses: responses, cycles: cycles)
      let frame = "\(directory.pipelines)/cartagena/frame"
      let survey = try InstitutionSurvey(
        seed: seed, responses: responses, cycles: cycles,
        frame: try PartyFrame(partiesPath: "\(frame)/parties.csv", reportingPath: "\(frame)/reporting.csv"))
      for file in try survey.write(to: output) {
        try Terminal.print("\(file.path)  \(file.bytes) bytes")
      }
    }
  }

  private func range() throws(SyntheticDataError) -> ClosedRange<Int> {
    let ends = cycles.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let parts = ends.count == 3 && ends[1].isEmpty ? [ends[0], ends[2]] : ends
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, let first = numbers.first, let last = numbers.last, numbers.count < 3,
      first <= last, numbers.count == 1 || cycles.contains("..")
    else { throw .unknownCycles(cycles) }
    return first...last
  }
}
