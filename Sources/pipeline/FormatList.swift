import ArgumentParser
import Engine

/// The formats that a run writes beside its CSV files: `xlsx,html`, or `all`.
struct FormatList: ExpressibleByArgument {
  var formats: [OutputFormat] = []

  init() {}

  init?(argument: String) {
    if argument == "all" {
      formats = OutputFormat.forRuns
      return
    }
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      // CSV is always written.
      if word == OutputFormat.csv.rawValue { continue }
      guard let format = OutputFormat.forRuns.first(where: { $0.rawValue == word }) else { return nil }
      if !formats.contains(format) { formats.append(format) }
    }
  }

  var defaultValueDescription: String { "csv" }

  static var allValueStrings: [String] { ["all", OutputFormat.csv.rawValue] + OutputFormat.forRuns.map(\.rawValue) }
}
