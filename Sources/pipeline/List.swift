import ArgumentParser
import Engine
import Foundation
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
        let last = LastRun(directory: "Output/\(name)")
        do {
          let cycle = try reader.cycle(named: name)
          table.append([
            name, cycle.title, cycle.year.map(\.shortestText) ?? "",
            String(cycle.indicators.count), last.map { String($0.rows) } ?? "", last?.finished ?? "never",
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

/// What `run.json` of the last run says.
private struct LastRun {
  var rows: Int
  var finished: String

  private struct Record: Decodable {
    struct Cycle: Decodable { var tables: [Table] }
    struct Table: Decodable {
      var table: String
      var rowsRead: Int
    }
    var finished: String
    var cycles: [Cycle]
  }

  init?(directory: String) {
    guard let data = FileManager.default.contents(atPath: "\(directory)/\(ResultsDirectory.recordName)") else {
      return nil
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let record = try? decoder.decode(Record.self, from: data) else { return nil }
    rows = record.cycles.first?.tables.first { $0.table == SurveyCycle.responsesTable }?.rowsRead ?? 0
    finished = record.finished
  }
}
