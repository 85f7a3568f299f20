import Ingest
import Normalize
import SurveyModel

/// A first row of data that looks like one more header row: Qualtrics writes three, SurveyMonkey two.
public struct HeaderHint: Sendable, Equatable {
  public var file: String
  public var line: Int
  public var reason: String
  /// What `header-rows` likely should be.
  public var headerRows: Int
  /// Whether the first row leaves columns without a name, whose names stand in the next.
  public var joinsNames = false

  /// One line for the terminal.
  public var words: String {
    "\(file):\(line): \(reason); write `header-rows: \(headerRows)` "
      + (joinsNames ? "and `header-names: joined`, which makes names of these rows" : "to skip what heads the file")
  }
}

extension HeaderHint {
  /// Looks at the first rows of every file that a cycle reads; files that cannot be read twice are left out.
  ///
  /// - Throws: `IngestError` where a file cannot be read.
  static func found(in cycle: SurveyCycle, tables: [String]) throws -> [HeaderHint] {
    try tables.flatMap { name throws -> [HeaderHint] in
      guard let table = cycle.tables[name] else { return [] }
      let numeric = name == SurveyCycle.responsesTable ? [cycle.design.weight].compactMap(\.self) : []
      return try InputPaths.expanded(table.paths, table: name).compactMap { path in
        guard
          let start = try RecordReader(path: path, table: name, format: CSVFormat(table)).firstRows(2),
          let first = start.rows.first
        else { return nil }
        let look = FirstRows(
          table: table, names: start.header.names, numeric: Set(numeric), rows: start.rows.map(\.fields))
        return look.problem.map {
          HeaderHint(
            file: path, line: first.line, reason: $0.reason, headerRows: table.headerRows + $0.rows,
            joinsNames: !table.joinsHeaderRows && look.leavesNamesOut)
        }
      }
    }
  }
}

/// The first two rows of a file beside what the definition says of their columns.
private struct FirstRows {
  let table: TableDefinition
  let names: [String]
  /// Columns of numbers that no codebook lists.
  let numeric: Set<String>
  let rows: [[String]]

  /// Why the first rows look like header rows, and how many of them do.
  var problem: (reason: String, rows: Int)? {
    if isImportIDs(rows[0]) { return ("this row has ImportIds, as Qualtrics writes them", 1) }
    if rows.count > 1, isImportIDs(rows[1]) {
      return ("the next row has ImportIds: both look like header rows of Qualtrics", 2)
    }
    if repeatsNames(rows[0]) { return ("this row repeats the names or labels of the columns", 1) }
    if isOfSurveyMonkey(rows[0]) { return ("this row looks like the second header row of SurveyMonkey", 1) }
    if isOfTexts { return ("this row has texts where codes and numbers belong, and the next has not", 1) }
    return nil
  }

  /// Whether the first row has names where the header has none.
  var leavesNamesOut: Bool { zip(names, rows[0]).contains { $0.isEmpty && !$1.isEmpty } }

  /// Four of five fields: a ticked option may be called like its column.
  private func isMost(_ row: [String], _ isSo: (Int, String) -> Bool) -> Bool {
    let filled = row.enumerated().filter { !$0.element.isEmpty }
    let count = filled.count { isSo($0.offset, $0.element) }
    return count > 0 && count * 5 >= filled.count * 4
  }

  private func isImportIDs(_ row: [String]) -> Bool { isMost(row) { $1.hasPrefix("{\"ImportId\"") } }

  private func repeatsNames(_ row: [String]) -> Bool {
    isMost(row) { column, text in
      let plain = text.lowercased()
      return plain == names[column].lowercased()
        || plain == table.codebook?.questions[names[column]]?.label?.lowercased()
    }
  }

  private func isOfSurveyMonkey(_ row: [String]) -> Bool {
    row.contains("Open-Ended Response") || row.count { $0 == "Response" } > 1
  }

  /// Texts stand where codes, numbers and days belong, and no longer in the next row.
  private var isOfTexts: Bool {
    guard rows.count > 1 else { return false }
    var (texts, readable) = (0, 0)
    for (column, name) in names.enumerated() {
      guard let isFine = reader(of: name), !rows[0][column].isEmpty else { continue }
      if isFine(rows[0][column]) { return false }
      texts += 1
      if isFine(rows[1][column]), !rows[1][column].isEmpty { readable += 1 }
    }
    return texts > 1 && readable > 1 && readable * 2 >= texts
  }

  /// Whether a text may be an answer; nil for columns that take any.
  private func reader(of name: String) -> ((String) -> Bool)? {
    func isFigure(_ text: String) -> Bool { text.count { $0.isNumber } >= text.count { $0.isLetter } }
    guard let question = table.codebook?.questions[name] else { return numeric.contains(name) ? isFigure : nil }
    let others = Set(table.missingCodes(of: name) + (table.codebook?.notApplicableCodes(in: name) ?? []))
    switch question.type {
    case .text: return nil
    case .one: return { question.options.contains($0) || others.contains($0) }
    case .many:
      return { text in
        others.contains(text) || question.options.contains { text.contains($0) }
      }
    case .integer, .number, .date: return { isFigure($0) || others.contains($0) }
    }
  }
}
