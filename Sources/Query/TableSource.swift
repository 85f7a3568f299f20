import Ingest
import Normalize
import SurveyModel

/// Where the records of a table come from.
public struct TableSource: Sendable {
  /// As the engine that runs the query sees them.
  public var paths: [String]
  /// The names in the header of the files.
  public var header: [String]
  /// The header's record as it stands in the files; nil where it does not matter.
  public var headerRecord: String?
  /// The files that the paths stand for, as the engine calls them; empty where it does not matter.
  public var files: [String]
  /// Whether records of the files go on over several lines.
  public var joinsLines = false
  /// What heads each file; empty where all begin with a line of names.
  public var starts: [FileStart] = []
  public var dialect: Dialect
  /// In a database, the table into which the files were copied; nil: one of the name that the definition gives it.
  public var relation: String?

  public init(
    paths: [String], header: [String], headerRecord: String? = nil, files: [String] = [], dialect: Dialect
  ) {
    self.paths = paths
    self.files = files
    self.header = header
    self.headerRecord = headerRecord
    self.dialect = dialect
  }

  /// Longer ones are refused, as by the embedded engine.
  private static let longestRecord = 16 << 20
  private static let byteOrderMark = "\u{FEFF}"

  // MARK: - Spark

  /// Spark reads lines and parses each by `from_csv`, so that every record is there as it stands in the file: its CSV
  /// reader takes quotes inside of fields for ordinary characters, and where it leaves out columns it does not see that
  /// a record is misshapen.
  private func records(of table: TableQuery) -> String {
    let lines = paths.indices.map { number in
      """
      SELECT value AS record, _metadata.file_path AS file,
        named_struct('path', \(number), 'file', _metadata.file_path, 'block', _metadata.file_block_start,
          'record', monotonically_increasing_id()) AS place
      FROM text.\(dialect.identifier(paths[number]))
      """
    }
    let schema = (header.indices.map { "c\($0) STRING" } + ["malformed STRING"]).joined(separator: ", ")
    let all = lines.joined(separator: "\nUNION ALL\n")
    let whole = joinsLines ? joined(all, quote: table.plan.table.quote) : all
    return """
      SELECT *, from_csv(record, \(dialect.literal(schema)), \(options(table.plan.table))) AS parsed FROM (
      \(whole.indented)
      ) AS records WHERE record <> ''
      """
  }

  /// Puts the lines of records together that go on over several: in a file that is well formed, a line ends a record
  /// where the quotes up to there are even. That needs the lines of a file in their order, in one place.
  private func joined(_ lines: String, quote: UInt8?) -> String {
    let mark = dialect.literal(quote.map { String(UnicodeScalar($0)) } ?? "")
    let order = "PARTITION BY place.path, file ORDER BY place"
    return """
      SELECT array_join(transform(array_sort(collect_list(struct(place, record))), entry -> entry.record), '\\n') AS record,
        file, min(place) AS place
      FROM (
        SELECT *, sum(CASE WHEN quotes_before % 2 = 0 THEN 1 ELSE 0 END) OVER (\(order)) AS number FROM (
          SELECT *, coalesce(sum(octet_length(record) - octet_length(replace(record, \(mark), ''))) OVER (
            \(order) ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS quotes_before
          FROM (
      \(lines.indented.indented.indented)
          ) AS all_lines
        ) AS counted
      ) AS numbered GROUP BY place.path, file, number
      """
  }

  private func options(_ table: TableDefinition) -> String {
    let quote = table.quote.map { String(UnicodeScalar($0)) }
    let options = [
      ("mode", "PERMISSIVE"), ("columnNameOfCorruptRecord", "malformed"),
      ("sep", table.separator == "\\" ? "\\\\" : table.separator),
      ("quote", quote ?? "\u{0}"), ("escape", quote ?? "\u{0}"), ("maxColumns", "\(max(20_480, header.count + 1))"),
    ]
    return "map(" + options.map { "\(dialect.literal($0)), \(dialect.literal($1))" }.joined(separator: ", ") + ")"
  }

  /// How many fields a malformed record has.
  private func fieldCount(_ table: TableDefinition) -> String {
    var bare = "record"
    if let quote = table.quote.map({ dialect.pattern(String(UnicodeScalar($0))) }) {
      bare = "regexp_replace(record, \(dialect.literal("\(quote)[^\(quote)]*+\(quote)")), '')"
    }
    let others = "[^\(dialect.pattern(table.separator))]"
    return "length(regexp_replace(\(bare), \(dialect.literal(others)), '')) + 1"
  }

  /// Whether quotes stand elsewhere than around fields: what is left of a record when its quoted fields are taken out.
  private func hasStrayQuotes(_ table: TableDefinition) -> String {
    guard let mark = table.quote.map({ String(UnicodeScalar($0)) }) else { return "FALSE" }
    let (quote, separator) = (dialect.pattern(mark), dialect.pattern(table.separator))
    let field = "(^|\(separator))\(quote)[^\(quote)]*+(?:\(quote)\(quote)[^\(quote)]*+)*+\(quote)(?=\(separator)|\\z)"
    let text = dialect.literal(mark)
    return "CASE WHEN contains(record, \(text)) THEN "
      + "contains(regexp_replace(record, \(dialect.literal(field)), ''), \(text)) ELSE FALSE END"
  }

  // MARK: - For all

  var isHeader: String {
    guard dialect == .spark, let headerRecord else { return "FALSE" }
    let records = [headerRecord, Self.byteOrderMark + headerRecord]
    return "record IN \(dialect.list(records))"
  }

  func refusal(_ problem: RowProblem) -> String {
    guard dialect == .spark else { return "FALSE" }
    return switch problem {
    case .quotes: "has_stray_quotes"
    case .tooLong: "octet_length(record) > \(Self.longestRecord)"
    case .zeroByte: "has_zero_byte"
    case .notText: "is_not_text"
    default: "FALSE"
    }
  }

  /// The views down to the table's source: a record a row, with the texts of the columns that are needed.
  func views(of table: TableQuery) -> [QueryView] {
    let columns = table.isLong ? table.lineColumns : table.distinctColumns
    var views: [QueryView] = []
    let lines = table.isLong ? "lines" : "source"
    switch dialect {
    case .spark:
      views.append(QueryView(name: table.name("records"), query: records(of: table)))
      let texts = columns.map { column in
        let field = "parsed.c\(header.firstIndex(of: column) ?? 0)"
        return "\(dialect.normalForm("coalesce(\(field), '')")) AS \(dialect.identifier(Names.text(column)))"
      }
      let fields = columns.map { "coalesce(parsed.c\(header.firstIndex(of: $0) ?? 0), '')" }
      func any(_ text: String) -> String {
        fields.isEmpty
          ? "FALSE" : "(" + fields.map { "contains(\($0), \(dialect.literal(text)))" }.joined(separator: " OR ") + ")"
      }
      let isSuspect = "NOT is_valid_utf8(record)"
      views.append(
        QueryView(
          name: table.name(lines),
          query: """
            SELECT file, place, record, \(hasStrayQuotes(table.plan.table)) AS has_stray_quotes,
              CASE WHEN contains(record, \(dialect.literal("\u{0}"))) THEN \(any("\u{0}")) ELSE FALSE END AS has_zero_byte,
              CASE WHEN \(isSuspect) THEN \(any("\u{FFFD}")) ELSE FALSE END AS is_not_text,
              CASE WHEN parsed.malformed IS NOT NULL THEN \(fieldCount(table.plan.table)) END AS fields\(texts.map { ",\n  " + $0 }.joined())
            FROM \(table.view("records"))
            """))
    case .duckdb:
      views.append(
        QueryView(
          name: table.name(lines),
          query: """
            SELECT filename AS file, row_number() OVER () AS place, CAST(NULL AS INTEGER) AS fields\(texts(columns))
            FROM \(files(of: table.plan.table, reading: columns))
            """))
    case .postgresql:
      views.append(
        QueryView(
          name: table.name(lines),
          query: """
            SELECT \(dialect.literal(relation == nil ? table.plan.table.name : paths.first ?? "")) AS file, row_number() OVER () AS place, CAST(NULL AS integer) AS fields\(texts(columns))
            FROM \(dialect.identifier(relation ?? table.plan.table.name))
            """))
    }
    if table.isLong { views += LongSource(table: table).views() }
    return views
  }

  // MARK: - DuckDB

  /// Files that begin alike are read together.
  ///
  /// - Parameter columns: Those that are read.
  private func files(of table: TableDefinition, reading columns: [String]) -> String {
    var groups: [(start: FileStart?, paths: [String])] = []
    for (number, path) in paths.enumerated() {
      let start = number < starts.count ? starts[number] : nil
      if let last = groups.last?.start, let start, last.linesAbove == start.linesAbove,
        last.rowsAbove == start.rowsAbove, last.delimiter == start.delimiter
      {
        groups[groups.count - 1].paths.append(path)
      } else if groups.isEmpty || start != nil {
        groups.append((start, [path]))
      } else {
        groups[groups.count - 1].paths.append(path)
      }
    }
    let readings = groups.map { reading($0.paths, $0.start, table, columns) }
    guard readings.count > 1 else { return readings.first ?? "" }
    return "(\n" + readings.map { "SELECT * FROM \($0)".indented }.joined(separator: "\nUNION ALL\n") + "\n) AS files"
  }

  private func reading(
    _ paths: [String], _ start: FileStart?, _ table: TableDefinition, _ columns: [String]
  ) -> String {
    let names = columnNames(reading: columns)
    let quote = table.quote.map { String(UnicodeScalar($0)) } ?? ""
    var head = "header = true"
    var separator = table.separator
    if let start, !start.isPlain(for: table) {
      // It skips lines as they stand and then records, blank lines among them.
      head = "header = false, skip = \(start.linesAbove + start.rowsAbove)"
      separator = String(UnicodeScalar(start.delimiter))
    }
    return """
      read_csv([\(paths.map(dialect.literal).joined(separator: ", "))], \(head), all_varchar = true, auto_detect = false,
        columns = {\(names.map { "\(dialect.literal($0)): 'VARCHAR'" }.joined(separator: ", "))},
        delim = \(dialect.literal(separator)), quote = \(dialect.literal(quote)),
        escape = \(dialect.literal(quote)), nullstr = '', filename = true)
      """
  }

  /// The header, with other names for columns that have none, as a trailing delimiter leaves them, or whose name, in
  /// any letter case, is that of another column: a name may stand twice where it is not read.
  private func columnNames(reading columns: [String]) -> [String] {
    var taken = Set(columns.map { $0.lowercased() })
    let isRead = Set(columns)
    return header.enumerated().map { place, name in
      if isRead.contains(name) { return name }
      var other = name.isEmpty ? "column \(place + 1)" : name
      while !taken.insert(other.lowercased()).inserted { other += " (column \(place + 1))" }
      return other
    }
  }

  private func texts(_ columns: [String]) -> String {
    columns.map { column in
      let text = dialect.normalForm("coalesce(\(dialect.identifier(column)), '')")
      return ",\n  \(text) AS \(dialect.identifier(Names.text(column)))"
    }.joined()
  }
}

extension TableDefinition {
  var separator: String { String(UnicodeScalar(delimiter)) }
}
