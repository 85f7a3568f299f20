import ArgumentParser
import Engine
import SurveyModel

/// `pipeline export NAME`
struct ExportResults: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a breakdown from the results of the last run, without running again.")

  @Argument(help: "The pipeline.")
  var name: String

  @OptionGroup var directory: DirectoryOption

  @OptionGroup var results: PastResultsOption

  @Option(
    help: ArgumentHelp(
      "The total and this breakdown; may be repeated; region,sector is a crossing. (default: all that were run)",
      valueName: "dimensions"))
  var by: [String] = []

  @Option(help: ArgumentHelp("This indicator only; may be repeated.", valueName: "id"))
  var indicator: [String] = []

  @Option(help: ArgumentHelp("The estimates of this cycle only; may be repeated.", valueName: "name"))
  var cycle: [String] = []

  @Option(help: "The format.")
  var format = OutputFormat.csv

  @Flag(help: "In csv: a column for each member of the breakdown, with the percentages alone.")
  var wide = false

  @Flag(help: "Go on where the definitions changed since the run.")
  var force = false

  @Option(name: [.short, .long], help: "The file to write; - is standard output.")
  var output = Terminal.standardOutput

  func validate() throws {
    try Grouping.validate(by)
    if wide && !format.canBeWide { throw ValidationError("--wide is a shape of csv") }
  }

  func run() throws {
    try reportingFailures {
      let results = try ResultsExport(
        name: name, directory: results.directory(of: name), pipelines: directory.pipelines,
        groupings: by.map(Grouping.names), indicators: indicator, cycles: cycle, isForced: force
      ).results()
      guard output == Terminal.standardOutput else { return try format.replace(output, by: results, isWide: wide) }
      try Terminal.write(try format.bytes(of: results, isWide: wide))
    }
  }
}

extension OutputFormat: ExpressibleByArgument {
  /// A database is made of whole runs: it is not offered.
  public init?(argument: String) {
    guard let format = OutputFormat(rawValue: argument), Self.forExport.contains(format) else { return nil }
    self = format
  }

  public static var allValueStrings: [String] { forExport.map(\.rawValue) }
}
