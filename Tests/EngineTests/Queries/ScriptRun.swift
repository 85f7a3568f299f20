import Engine
import Foundation
import Query
import SurveyTestSupport

/// Runs what `pipeline sql` prints, statement after statement, until one fails.
struct ScriptRun {
  /// What the statements answer that ask for numbers, in order: accounting, then sums.
  private(set) var answers: [[[String?]]] = []
  /// The message of the statement that failed.
  private(set) var failure: String?
  /// The names of the columns of the last sums, as the script has them.
  private(set) var columns: [String] = []

  /// - Parameter files: In PostgreSQL, the file that is copied into each table.
  init(_ name: String, in survey: WrittenPipelines, _ dialect: Dialect, files: [String: String] = [:]) async throws {
    let script = try CycleScript(name: name, pipelines: survey.directory.path, dialect: dialect)
    let statements = Self.statements(script)
    columns = Self.columns(of: statements.last { $0.contains("SELECT") } ?? "")
    do {
      switch dialect {
      case .duckdb:
        let engine = try DuckDBSession()
        for statement in statements { take(try await engine.answer(statement), of: statement) }
      case .postgresql:
        let engine = try PostgreSQLSession()
        for (table, file) in files {
          let header = try survey.text(file).prefix { $0 != "\n" }.split(separator: ",").map(String.init)
          try await engine.copy(
            [survey.directory.path(of: file)], header: header, delimiter: UInt8(ascii: ","), to: table)
        }
        for statement in statements {
          if Self.asks(statement) {
            take(try await engine.table(of: statement), of: statement)
          } else {
            try await engine.run(statement)
          }
        }
      case .spark: break
      }
    } catch let error as DuckDBSession.Failed {
      failure = error.description
    } catch let error as PostgreSQLSession.Failed {
      failure = error.description
    }
  }

  private mutating func take(_ answer: [[String?]], of statement: String) {
    if Self.asks(statement), !statement.hasPrefix("SELECT error(") { answers.append(answer) }
  }

  private static func asks(_ statement: String) -> Bool { statement.hasPrefix("SELECT") }

  static func statements(_ script: CycleScript) -> [String] {
    script.lines.filter { !$0.hasPrefix("--") }.joined(separator: "\n").components(separatedBy: ";\n")
      .map { $0.hasSuffix(";") ? String($0.dropLast()) : $0 }
      .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
      .filter { !$0.isEmpty }
  }

  private static func columns(of statement: String) -> [String] {
    statement.prefix(upTo: statement.range(of: "\nFROM")?.lowerBound ?? statement.endIndex).split(separator: "\n").map {
      String($0.split(separator: " ").last ?? "").trimmingCharacters(in: [","])
    }
  }

  /// The sum of a column of the last answer.
  func sum(_ column: String) -> Int? {
    guard let place = columns.firstIndex(of: column), let rows = answers.last else { return nil }
    return rows.reduce(0) { $0 + (Int($1[place] ?? "") ?? 0) }
  }
}
