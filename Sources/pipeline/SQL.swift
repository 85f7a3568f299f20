import ArgumentParser
import Engine
import Query

/// `pipeline sql NAME`
struct SQL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Print the query of a pipeline, to be run in a warehouse of your own.")

  @Argument(help: "The pipeline: NAME reads NAME.yaml in the directory of definitions.")
  var name: String

  @OptionGroup var directory: DirectoryOption

  @Option(help: "Whose SQL: \(Dialect.allCases.map(\.rawValue).joined(separator: ", ")).")
  var dialect = Dialect.duckdb

  func run() throws {
    try reportingFailures {
      for line in try CycleScript(name: name, pipelines: directory.pipelines, dialect: dialect).lines {
        try Terminal.print(line)
      }
    }
  }
}

extension Dialect: ExpressibleByArgument {}
