import Encodings
import SurveyModel

/// What stands between a definition and a query of it.
public enum QueryError: Failure, Equatable {
  case populationNeedsResponses(file: String)
  /// The dialect takes two names for one.
  case alikeNames(String, String, table: String, dialect: String)
  case longName(String, table: String, limit: Int)
  case longTable(String, limit: Int)
  /// A value of an answer is no number: a defect of the project, or an answer that was cut off.
  case badAnswer(String)
  case populationVaries(stratum: String, column: String)
  case populationNotANumber(value: String, stratum: String, column: String, hint: String)
  /// Rows that a roll-up combines disagree about what a unit has once.
  case unitVaries(unit: String, what: String, table: String)
  /// Under `latest`, a date of one of a unit's rows cannot be read.
  case unreadableDate(unit: String, value: String, table: String)
  /// The engine knows no order in which one of them would be the first.
  case repeatedKey(String, what: String, count: Int, table: String)
  /// So many answers decide whether a question is asked that no query can be made of it.
  case deepRouting(question: String, table: String)
  /// A record that the engine would read otherwise than the file is meant.
  case unreadable(file: String, problem: RowProblem, table: String)
  /// A file whose first record is not that of the others.
  case otherHeader(file: String, table: String)
  /// A record that stands there like a header once more.
  case repeatedHeader(file: String, table: String)
  /// The definition says of the files what the engine cannot be told.
  case otherForm(table: String, key: String, dialect: String)
  /// A file begins as the engine cannot be told.
  case otherStart(file: String, table: String, what: String, dialect: String)
}

extension QueryError {
  public var location: SourceLocation? {
    switch self {
    case .populationNeedsResponses(let file), .unreadable(let file, _, _), .otherHeader(let file, _),
      .repeatedHeader(let file, _), .otherStart(let file, _, _, _):
      SourceLocation(file: file)
    default: nil
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .populationNeedsResponses, .alikeNames, .longName, .longTable, .otherForm, .deepRouting: .badDefinition
    case .badAnswer: .engineUnavailable
    case .populationVaries, .populationNotANumber, .unitVaries, .unreadableDate, .repeatedKey, .unreadable,
      .otherHeader, .repeatedHeader, .otherStart:
      .unacceptableData
    }
  }

  public var summary: String {
    switch self {
    case .populationNeedsResponses: "the population depends on the responses that it is to weight"
    case .alikeNames(let one, let other, let table, let dialect):
      "columns \(one) and \(other) of table \(table) are one name in \(dialect)"
    case .longName(let name, let table, let limit):
      "column \(name) of table \(table) has a name of more than \(limit) bytes"
    case .longTable(let name, let limit): "table \(name) has a name of more than \(limit) bytes"
    case .deepRouting(let question, let table):
      "the routing of question \(question) of table \(table) is too deep for a query"
    case .badAnswer(let text): "the query answered \"\(text)\" where a number belongs"
    case .populationVaries(let stratum, let column):
      "the population size in column \(column) varies within stratum \(stratum)"
    case .populationNotANumber(let value, let stratum, let column, let hint):
      "\"\(value)\" in column \(column) is no population size for stratum \(stratum)\(hint)"
    case .unitVaries(let unit, let what, let table):
      "the \(what) of unit \(unit) differs between its rows in table \(table)"
    case .unreadableDate(let unit, let value, let table):
      "unit \(unit.withVisibleControls) has several rows in table \(table), and which is the latest cannot be told: "
        + "\"\(value.withVisibleControls)\" is no date that can be read"
    case .repeatedKey(let key, let what, let count, let table):
      "\(count) \(what) of table \(table) have several rows, among them \"\(key)\""
    case .unreadable(_, let problem, _): problem.words
    case .otherHeader(_, let table): "its first record is not the header of the other files of table \(table)"
    case .repeatedHeader(_, let table): "the header of table \(table) stands in it more than once"
    case .otherForm(let table, let key, let dialect): "table \(table) has `\(key)`, which \(dialect) cannot be told"
    case .otherStart(_, let table, let what, let dialect):
      "the file of table \(table) \(what), which \(dialect) cannot be told"
    }
  }

  public var advice: String? {
    switch self {
    case .populationNeedsResponses: "let `population: {where: ..}` speak of registers only"
    case .alikeNames: "rename one of them; names that differ in letter case alone are refused"
    case .longName: "PostgreSQL cuts longer names: rename the column"
    case .longTable: "PostgreSQL cuts longer names: rename the table in the definition"
    case .deepRouting: "run it with `--engine local`, or leave `answers-when-routed-out: ignore` out"
    case .badAnswer: "run it once more; the previous results are untouched"
    case .populationVaries, .populationNotANumber: "every row of a stratum must give the same number of PSUs"
    case .unitVaries: "a unit has one stratum, one PSU and one weight"
    case .unreadableDate: "correct the date, or say by `date-format` how the table writes dates"
    case .repeatedKey: "`pipeline check` lists them; a distributed engine knows no first row that could stay"
    case .unreadable: "run it with `--engine local`, which says where, or reads it"
    case .otherForm, .otherStart:
      "convert the files to CSV in UTF-8 that begins with one line of names, or use the embedded engine"
    case .otherHeader, .repeatedHeader: "all files of a table begin with the same header, byte by byte"
    }
  }

  /// What Spark cannot be told of files, whatever stands in them.
  public static func checkKeys(of table: TableDefinition, dialect: Dialect) throws(QueryError) {
    guard dialect == .spark else { return }
    let isUTF8 = table.encoding.map { TextEncoding($0)?.isUTF8 ?? false } ?? true
    let keys = [("header-rows", table.headerRows > 1), ("skip-rows", table.skippedRows > 0), ("encoding", !isUTF8)]
    if let (key, _) = keys.first(where: \.1) { throw .otherForm(table: table.name, key: key, dialect: "Spark") }
  }

  /// Above the data, and in the encoding, engines take less than the embedded one.
  static func checkForm(of table: TableDefinition, _ source: TableSource, dialect: Dialect) throws(QueryError) {
    // People load tables into PostgreSQL themselves.
    guard dialect != .postgresql else { return }
    try checkKeys(of: table, dialect: dialect)
    let name = dialect == .spark ? "Spark" : "DuckDB"
    for (path, start) in zip(source.paths, source.starts) {
      func refused(_ what: String) -> QueryError {
        .otherStart(file: path, table: table.name, what: what, dialect: name)
      }
      if let encoding = start.convertedEncoding { throw refused("is in \(encoding)") }
      if dialect == .spark, start.linesAbove > 0 { throw refused("begins with a line `sep=`") }
      if start.holdsQuoteAbove { throw refused("has a quote in a line above the header") }
    }
  }

  /// DuckDB knows no letter case in names, and PostgreSQL no long names.
  ///
  /// - Parameter names: Of columns, and of the questions of a long table.
  static func check(_ names: [String], table: String, dialect: Dialect) throws(QueryError) {
    switch dialect {
    case .spark: return
    case .duckdb:
      var known: [String: String] = [:]
      for name in names {
        if let other = known.updateValue(name, forKey: name.lowercased()), other != name {
          throw .alikeNames(other, name, table: table, dialect: dialect.rawValue)
        }
      }
    case .postgresql:
      // 63 bytes, with the longest word that stands before a name.
      let limit = 63 - "contradiction_".utf8.count
      if let name = names.first(where: { $0.utf8.count > limit }) { throw .longName(name, table: table, limit: limit) }
      // The same with what makes the names of views.
      let rest = 63 - "cycle_00__units_majority".utf8.count
      if table.utf8.count > rest { throw .longTable(table, limit: rest) }
    }
  }
}
