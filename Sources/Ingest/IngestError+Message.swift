extension IngestError {
  public var summary: String {
    switch self {
    case .noSuchFile(let path): "there is no file \(path)"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .directory(let path): "\(path) is a directory, not a file"
    case .empty(let path): "\(path) is empty"
    case .missingColumn(_, let name, let table, let nearest):
      "the header of table \(table) lacks the column \"\(name)\""
        + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .otherDelimiter(_, let name, let table, _):
      "the header of table \(table) is a single field, and lacks the column \"\(name)\""
    case .delimiterBetweenNames(_, let name, let table, let delimiter):
      "the header of table \(table) lacks the column \"\(name)\", but has it where \"\(delimiter)\" stands between the names"
    case .otherEncoding(_, let name, let table, let declared):
      "the header of table \(table), read as \(declared), lacks the column \"\(name)\"; read as UTF-8 it has it"
    case .headerBelow(_, let name, let table, let line, _):
      "the header of table \(table) lacks the column \"\(name)\"; line \(line) has it"
    case .repeatedColumn(_, let name, _): "the header has the column \"\(name)\" twice"
    case .differentHeader(_, let name?, let expected?, let first):
      "the header has the column \"\(name)\" where \(first) has \"\(expected)\""
    case .differentHeader(_, let name?, nil, let first):
      "the header has one column more than that of \(first): \"\(name)\""
    case .differentHeader(_, nil, let expected, let first):
      "the header ends where that of \(first) goes on with the column \"\(expected ?? "")\""
    case .otherKind(let path, let kind): "\(path) is \(kind.words)"
    case .otherSeparator(_, let found, let declared, let table):
      "the file says `sep=\(found)`, and the definition of table \(table) says `delimiter: \"\(declared)\"`"
    case .nothingBelow(let path, let skippedRows):
      "\(path) has no header below the \(skippedRows) line\(skippedRows == 1 ? "" : "s") of `skip-rows`"
    case .tooFewHeaderRows(let path, let found, let expected):
      "\(path) ends after \(found) of its \(expected) header rows"
    case .undecodable(_, let encoding, false, _): "the bytes here are no text in \(encoding)"
    case .undecodable(_, let encoding, true, _): "the file ends inside of a character of \(encoding)"
    case .unknownEncoding(let path, let name): "this system does not know \"\(name)\", the encoding of \(path)"
    case .noMatch(let pattern, let table): "no file matches \(pattern), the `path` of table \(table)"
    case .namedTwice(let path, let table): "the `path` of table \(table) leads to the file \(path) twice"
    case .notGzip(let path): "\(path) is not a gzip file"
    case .truncatedGzip(let path): "\(path) ends before its compressed data does"
    case .corruptGzip(let path, let reason):
      "the compressed data of \(path) is damaged" + (reason.map { ": \($0)" } ?? "")
    case .trailingGarbage(let path): "something that is not gzip follows the compressed data of \(path)"
    case .quoteInsideField: "a quote stands inside an unquoted field"
    case .textAfterClosingQuote: "text follows a closing quote"
    case .unterminatedQuote: "a quoted field is not closed before the file ends"
    case .recordTooLong(_, let limit): "a record is longer than \(limit >> 20) MB; is a quote unterminated?"
    case .nulByte: "a NUL byte stands in a field"
    case .invalidUTF8: "a field is not valid UTF-8"
    case .misshapenRecord(_, let fields, let expected): "the record has \(fields) fields, the header has \(expected)"
    case .changedWhileRead(let path): "\(path) changed while it was read"
    case .readFailed(let path, let reason): "reading \(path) failed: \(reason)"
    case .outOfMemory(let path): "not enough memory for a field of \(path)"
    }
  }

  public var advice: String? {
    switch self {
    case .noSuchFile: "relative paths start at the file that names them"
    case .empty: "a table needs a header line at least"
    case .missingColumn: "column names are compared exactly, also in case and spaces"
    case .otherDelimiter(_, _, _, let delimiter):
      Self.advice(delimiter: delimiter)
    case .delimiterBetweenNames(_, _, _, let delimiter):
      "write `delimiter: \"\(Self.yaml(delimiter))\"` in the definition of the table"
    case .headerBelow(_, _, _, let line, let separatorLine):
      "if it is the header, write `skip-rows: \(line - 1)` in the definition of the table"
        + (separatorLine ? "; a line `sep=` counts as one of them" : "")
    case .otherEncoding: "leave `encoding` out of the definition of the table"
    case .repeatedColumn(_, _, 1): "rename one of the two: the definition names this column"
    case .repeatedColumn(_, _, let rows):
      "where the names of columns stand in several rows, write `header-rows: \(rows)` and `header-names: joined` and "
        + "leave `skip-rows` out; else rename one of the two"
    case .differentHeader: "the files of one table have the same columns in the same order"
    case .otherKind(_, let kind): kind.advice
    case .otherSeparator(_, let found, _, _):
      "remove `delimiter`, and the file decides, or write `delimiter: \"\(found)\"`"
    case .nothingBelow: "`skip-rows` counts the lines above the header, blank ones as well"
    case .tooFewHeaderRows: "`header-rows` counts the rows from the names to the one above the data"
    case .undecodable(_, _, false, true):
      "the file looks like UTF-8: leave `encoding` out of the definition of the table"
    case .undecodable(_, _, false, _):
      "write the `encoding` that the file was saved in, as `utf-8`, `windows-1252` or `utf-16`"
    case .undecodable(_, _, true, _): "copy or download the file again, or write the `encoding` that it was saved in"
    case .unknownEncoding: "`iconv -l` lists the names"
    case .noMatch: "patterns have *, ? and [..]; relative paths start at the file that names them"
    case .namedTwice: "every file is read once: name it once, and let no two patterns match it"
    case .notGzip: "a name that ends in .gz promises gzip: rename the file, or compress it"
    case .truncatedGzip, .corruptGzip: "copy or download the file again; `gzip -t` checks it"
    case .trailingGarbage: "copy or download the file again; several gzip files one after the other are allowed"
    case .quoteInsideField: "quote the whole field and double the quotes inside it: \"a \"\"b\"\" c\""
    case .textAfterClosingQuote(_, let delimiter?):
      Self.advice(delimiter: delimiter)
    case .textAfterClosingQuote: "after a closing quote only a delimiter or a line end may stand"
    case .unterminatedQuote: "the field starts here: look for a quote without its partner"
    case .invalidUTF8:
      "save the file as UTF-8 (in Excel: \"CSV UTF-8\"), or write what it was saved in, mostly `encoding: windows-1252`"
    case .changedWhileRead: "run again when nothing writes to it"
    default: nil
    }
  }

  private static func advice(delimiter: Character) -> String {
    "if \"\(yaml(delimiter))\" stands between the fields, write `delimiter: \"\(yaml(delimiter))\"` in the definition of the "
      + "table"
  }

  /// Between double quotes, as YAML takes it.
  private static func yaml(_ delimiter: Character) -> String { delimiter == "\t" ? "\\t" : String(delimiter) }
}
