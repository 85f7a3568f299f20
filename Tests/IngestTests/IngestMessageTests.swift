import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("What a terminal shows of a file that cannot be read")
struct IngestMessageTests {
  static let place = SourceLocation(file: "a.csv", line: 3, column: 2)

  typealias Message = FailureReport<IngestError>

  @Test(
    "A message says what, where and what to do",
    arguments: [
      Message(
        .noSuchFile(path: "a.csv"),
        "error: there is no file a.csv",
        "  relative paths start at the file that names them"),
      Message(.unreadable(path: "a.csv", reason: "Permission denied"), "error: cannot read a.csv: Permission denied"),
      Message(.directory(path: "data"), "error: data is a directory, not a file"),
      Message(
        .empty(path: "a.csv"), "error: a.csv is empty",
        "  a table needs a header line at least"),
      Message(
        .missingColumn(SourceLocation(file: "a.csv", line: 1), name: "weight", table: "responses", nearest: "wieght"),
        "error: a.csv:1: the header of table responses lacks the column \"weight\"; did you mean \"wieght\"?",
        "  column names are compared exactly, also in case and spaces"),
      Message(
        .otherDelimiter(SourceLocation(file: "a.csv", line: 1), name: "weight", table: "responses", delimiter: "\t"),
        "error: a.csv:1: the header of table responses is a single field, and lacks the column \"weight\"",
        "  if \"\\t\" stands between the fields, write `delimiter: \"\\t\"` in the definition of the table"),
      Message(
        .repeatedColumn(place, name: "b"),
        "error: a.csv:3:2: the header has the column \"b\" twice",
        "  rename one of the two: the definition names this column"),
      Message(
        .differentHeader(place, name: "x", expected: "y", first: "b.csv"),
        "error: a.csv:3:2: the header has the column \"x\" where b.csv has \"y\"",
        "  the files of one table have the same columns in the same order"),
      Message(
        .differentHeader(place, name: "x", expected: nil, first: "b.csv"),
        "error: a.csv:3:2: the header has one column more than that of b.csv: \"x\"",
        "  the files of one table have the same columns in the same order"),
      Message(
        .differentHeader(place, name: nil, expected: "y", first: "b.csv"),
        "error: a.csv:3:2: the header ends where that of b.csv goes on with the column \"y\"",
        "  the files of one table have the same columns in the same order"),
      Message(
        .noMatch(pattern: "data/*.csv", table: "parties"),
        "error: no file matches data/*.csv, the `path` of table parties",
        "  patterns have *, ? and [..]; relative paths start at the file that names them"),
      Message(
        .namedTwice(path: "a.csv", table: "parties"),
        "error: the `path` of table parties leads to the file a.csv twice",
        "  every file is read once: name it once, and let no two patterns match it"),
      Message(
        .notGzip(path: "a.csv.gz"), "error: a.csv.gz is not a gzip file",
        "  a name that ends in .gz promises gzip: rename the file, or compress it"),
      Message(
        .truncatedGzip(path: "a.csv.gz"), "error: a.csv.gz ends before its compressed data does",
        "  copy or download the file again; `gzip -t` checks it"),
      Message(
        .corruptGzip(path: "a.csv.gz", reason: "incorrect data check"),
        "error: the compressed data of a.csv.gz is damaged: incorrect data check",
        "  copy or download the file again; `gzip -t` checks it"),
      Message(
        .trailingGarbage(path: "a.csv.gz"),
        "error: something that is not gzip follows the compressed data of a.csv.gz",
        "  copy or download the file again; several gzip files one after the other are allowed"),
      Message(
        .quoteInsideField(place),
        "error: a.csv:3:2: a quote stands inside an unquoted field",
        "  quote the whole field and double the quotes inside it: \"a \"\"b\"\" c\""),
      Message(
        .textAfterClosingQuote(place),
        "error: a.csv:3:2: text follows a closing quote",
        "  after a closing quote only a delimiter or a line end may stand"),
      Message(
        .unterminatedQuote(place),
        "error: a.csv:3:2: a quoted field is not closed before the file ends",
        "  the field starts here: look for a quote without its partner"),
      Message(
        .recordTooLong(place, limit: 16 << 20),
        "error: a.csv:3:2: a record is longer than 16 MB; is a quote unterminated?"),
      Message(.nulByte(place), "error: a.csv:3:2: a NUL byte stands in a field"),
      Message(
        .invalidUTF8(place),
        "error: a.csv:3:2: a field is not valid UTF-8",
        "  save the file as UTF-8 (in Excel: \"CSV UTF-8\"), or write what it was saved in, mostly `encoding: windows-1252`"
      ),
      Message(
        .undecodable(place, encoding: "utf-16le", isCut: false),
        "error: a.csv:3:2: the bytes here are no text in utf-16le",
        "  write the `encoding` that the file was saved in, as `utf-8`, `windows-1252` or `utf-16`"),
      Message(
        .undecodable(place, encoding: "UTF-16LE", isCut: true),
        "error: a.csv:3:2: the file ends inside of a character of UTF-16LE",
        "  copy or download the file again, or write the `encoding` that it was saved in"),
      Message(
        .unknownEncoding(path: "a.csv", name: "klingon"),
        "error: this system does not know \"klingon\", the encoding of a.csv", "  `iconv -l` lists the names"),
      Message(
        .otherKind(path: "a.csv", kind: .excelWorkbook),
        "error: a.csv is an Excel workbook (.xlsx), not CSV",
        "  save the sheet as \"CSV UTF-8\" in the spreadsheet program, and let `path` name the CSV file"),
      Message(
        .otherSeparator(place, found: ";", declared: ",", table: "t"),
        "error: a.csv:3:2: the file says `sep=;`, and the definition of table t says `delimiter: \",\"`",
        "  remove `delimiter`, and the file decides, or write `delimiter: \";\"`"),
      Message(
        .nothingBelow(path: "a.csv", skippedRows: 1), "error: a.csv has no header below the 1 line of `skip-rows`",
        "  `skip-rows` counts the lines above the header, blank ones as well"),
      Message(
        .tooFewHeaderRows(path: "a.csv", found: 1, expected: 3), "error: a.csv ends after 1 of its 3 header rows",
        "  `header-rows` counts the rows from the names to the one above the data"),
      Message(
        .delimiterBetweenNames(SourceLocation(file: "a.csv", line: 1), name: "b", table: "t", delimiter: ";"),
        "error: a.csv:1: the header of table t lacks the column \"b\", but has it where \";\" stands between the names",
        "  write `delimiter: \";\"` in the definition of the table"),
      Message(
        .headerBelow(SourceLocation(file: "a.csv", line: 1), name: "b", table: "t", line: 4, separatorLine: true),
        "error: a.csv:1: the header of table t lacks the column \"b\"; line 4 has it",
        "  if it is the header, write `skip-rows: 3` in the definition of the table; a line `sep=` counts as one of them"
      ),
      Message(
        .misshapenRecord(SourceLocation(file: "a.csv", line: 3), fields: 4, expected: 2),
        "error: a.csv:3: the record has 4 fields, the header has 2"),
      Message(
        .changedWhileRead(path: "a.csv"),
        "error: a.csv changed while it was read",
        "  run again when nothing writes to it"),
      Message(.readFailed(path: "a.csv", reason: "I/O error"), "error: reading a.csv failed: I/O error"),
      Message(.outOfMemory(path: "a.csv"), "error: not enough memory for a field of a.csv"),
    ])
  func reports(message: Message) {
    #expect(message.error.report == message.text)
  }
}
