import ArgumentParser
import Engine
import PipelineDefinition
import SurveyModel

/// `pipeline list`
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the pipelines with title, year, rows of the last run, and when that was.")

  @OptionGroup var directory: DirectoryOption

  func run() throws {
    try reportingFailures {
      let reader = DefinitionReader(directory: directory.pipelines)
      var table = TextTable(columns: [
        .init(title: "name", alignment: .left), .init(title: "title", alignment: .left, isFlexible: true),
        .init(title: "year", alignment: .right), .init(title: "indicators", alignment: .right),
        .init(title: "rows", alignment: .right), .init(title: "last run", alignment: .left),
      ])
      for name in try reader.names() {
        let last = (try? PastRun(directory: PastRun.directory(of: name)))?.record
        do {
          let cycle = try reader.cycle(named: name)
          table.append([
            name, cycle.title, cycle.year.map(\.shortestText) ?? "",
            String(cycle.indicators.count), last.map { String($0.responsesRead) } ?? "", last?.finished ?? "never",
          ])
        } catch let error as DefinitionError {
          // A broken definition must not hide the others.
          table.append([name, "error: \(error.summary)", "", "", "", ""])
        }
      }
      for line in table.lines(width: Terminal.width) { try Terminal.print(line) }
    }
  }
}
