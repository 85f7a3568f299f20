import SurveyTestSupport
import Testing

/// One bad input and how the command must end. The files `BadInputCase+*.swift` list them by theme; `BadInputBattery`
/// runs them.
struct BadInputCase: CustomTestStringConvertible, Sendable {
  var name: String
  var row: BadInputRow
  var changes: [BadInputChange]
  /// What is typed after `pipeline run survey`.
  var options: [String] = []
  /// What is typed in place of `run survey`.
  var command = ["run", "survey"]
  var outcome: Outcome

  enum Outcome: Sendable {
    /// The exit status, the start of the message after `error: `, and what else it must say.
    case fails(Int32, at: String, saying: [String])
    case goesOn(Accounting)
  }

  /// Where the rows of the responses went when the run goes on; the fixture has 8.
  struct Accounting: Sendable {
    var used = 8
    var rejected = 0
    var outside = 0
    var answersRejected = 0
    /// What `rejected.csv` says, without its header.
    var lines: [String] = []
    /// What `estimates.csv` says of indicator P1 in all regions, by column.
    var total: [String: String] = [:]
  }

  var testDescription: String { "\(row): \(name)" }

  var isFailure: Bool { if case .fails = outcome { true } else { false } }
}

extension BadInputCase {
  /// - Parameter place: The start of the message after `error: `.
  static func fails(
    _ name: String, _ row: BadInputRow, _ status: Int32, at place: String = "", _ words: [String],
    options: [String] = [], command: [String] = ["run", "survey"], _ changes: BadInputChange...
  ) -> BadInputCase {
    BadInputCase(
      name: name, row: row, changes: changes, options: options, command: command,
      outcome: .fails(status, at: place, saying: words))
  }

  static func goesOn(
    _ name: String, _ row: BadInputRow, _ accounting: Accounting, options: [String] = [], _ changes: BadInputChange...
  ) -> BadInputCase {
    BadInputCase(name: name, row: row, changes: changes, options: options, outcome: .goesOn(accounting))
  }

  /// A row on line 10 that is rejected for what stands in `column`, which is empty where the whole row is meant.
  static func rejectsRow(
    _ name: String, _ row: String, column: String, reason: String, value: String = ""
  ) -> BadInputCase {
    let line = "data/responses.csv,10,\(column),row,\(reason),\(value)"
    return goesOn(name, .row, Accounting(rejected: 1, lines: [line]), .row(row))
  }

  /// An answer on line 10 that is rejected, while its row is used.
  static func rejectsAnswer(_ name: String, _ column: String, _ value: String, _ reason: String) -> BadInputCase {
    let answers = ["plan", "routes", "trained", "visited", "staff", "budget", "note"]
      .map { $0 == column ? value.asField : "" }
    let line = "data/responses.csv,10,\(column),answer,\(reason.asField),\(value.asField)"
    return goesOn(
      name, .answer, Accounting(used: 9, answersRejected: 1, lines: [line]),
      .row("r9,AAA,1,north,p1," + answers.joined(separator: ",")))
  }
}

extension String {
  /// The text as a field of a CSV file.
  var asField: String {
    contains { "\",\r\n".contains($0) } ? "\"\(replacingOccurrences(of: "\"", with: "\"\""))\"" : self
  }
}

/// The rows of the table "What happens to bad input" in the documentation, and what it leaves to the list of exit
/// statuses: definitions that are wrong.
enum BadInputRow: String, CaseIterable, Sendable, CustomStringConvertible {
  case missing = "no file, unreadable, a directory, an empty file"
  case header = "a column lacks or stands twice"
  case grammar = "quotes, long records, NUL, no UTF-8"
  case archive = "compressed files that are not in order"
  case row = "a row that is rejected"
  case weightZero = "weight 0"
  case replicate = "replicate weights"
  case outside = "outside the population"
  case answer = "an answer that is rejected"
  case routedOut = "an answer that was not asked for"
  case tooMany = "more rejected rows than allowed"
  case design = "a design that does not hold"
  case changing = "a file that changes while it is read"
  case output = "an output that cannot be written"
  case formula = "text that a spreadsheet would run"
  case outsideName = "a name that reaches outside"
  case definition = "a definition that is wrong"

  var description: String { rawValue }
}
