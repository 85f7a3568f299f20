import Testing

@testable import Ingest

@Suite("CSV as RFC 4180 says and as the world writes it")
struct GrammarTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var what: String
    var text: String
    var rows: [[String]]
    var testDescription: String { what }

    init(_ what: String, _ text: String, _ rows: [[String]]) {
      self.what = what
      self.text = text
      self.rows = rows
    }
  }

  @Test(
    "A file is read as its writer meant it",
    arguments: [
      Case("plain records", "a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
      Case("the last line without its end", "a,b\n1,2\n3,4", [["1", "2"], ["3", "4"]]),
      Case("CRLF", "a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
      Case("CR alone", "a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]]),
      Case("line ends mixed", "a,b\r1,2\n3,4\r\n5,6", [["1", "2"], ["3", "4"], ["5", "6"]]),
      Case("quoted fields", "a,b\n\"1\",\"2\"\n", [["1", "2"]]),
      Case("quoted delimiter", "a,b\n\"1,5\",2\n", [["1,5", "2"]]),
      Case("doubled quotes", "a,b\n\"say \"\"yes\"\"\",2\n", [["say \"yes\"", "2"]]),
      Case("only quotes", "a,b\n\"\"\"\",\"\"\"\"\"\"\n", [["\"", "\"\""]]),
      Case("quoted LF", "a,b\n\"1\n2\",3\n", [["1\n2", "3"]]),
      Case("quoted CR", "a,b\n\"1\r2\",3\n", [["1\r2", "3"]]),
      Case("quoted CRLF", "a,b\n\"1\r\n2\",3\n", [["1\r\n2", "3"]]),
      Case("quoted line ends at both ends", "a,b\n\"\n1\n\",\"\r\n\"\n", [["\n1\n", "\r\n"]]),
      Case("empty fields", "a,b\n,\n1,\n,2\n", [["", ""], ["1", ""], ["", "2"]]),
      Case("quoted empty fields", "a,b\n\"\",\"\"\n", [["", ""]]),
      Case("an empty field at the very end", "a,b\n1,", [["1", ""]]),
      Case("a quoted field at the very end", "a,b\n1,\"2\"", [["1", "2"]]),
      Case("a quoted empty field at the very end", "a,b\n1,\"\"", [["1", ""]]),
      Case("spaces are data", "a,b\n 1 ,\t2\t\n", [[" 1 ", "\t2\t"]]),
      Case("spaces in quotes", "a,b\n\" 1 \",\"  \"\n", [[" 1 ", "  "]]),
      Case("blank lines anywhere", "\n\na,b\n\n1,2\n\n\n3,4\n\n", [["1", "2"], ["3", "4"]]),
      Case("blank lines with CRLF", "\r\na,b\r\n\r\n1,2\r\n\r\n3,4\r\n\r\n", [["1", "2"], ["3", "4"]]),
      Case("blank lines with CR", "\r\ra,b\r\r1,2\r\r3,4\r\r", [["1", "2"], ["3", "4"]]),
      Case("a line of one space is a field", "a\n \n1\n", [[" "], ["1"]]),
      Case("in one column a blank line is no record", "a\n\n1\n", [["1"]]),
      Case("in one column a quoted nothing is one", "a\n\"\"\n1\n", [[""], ["1"]]),
      Case("a byte order mark", "\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
      Case("a byte order mark before a quote", "\u{FEFF}\"a\",b\n1,2\n", [["1", "2"]]),
      Case("a byte order mark further on is text", "a,b\n\u{FEFF}1,2\n", [["\u{FEFF}1", "2"]]),
      Case("a header whose names are quoted", "\"a\",\"b\"\n1,2\n", [["1", "2"]]),
      Case("other writing systems", "a,b\nЯпония,\"日本, 🇸🇰\"\n", [["Япония", "日本, 🇸🇰"]]),
      Case("formulas and comments are text", "a,b\n=1+1,#2\n", [["=1+1", "#2"]]),
      Case("a backslash escapes nothing", "a,b\n\\,\"\\\"\n", [["\\", "\\"]]),
      Case("a header alone", "a,b\n", []),
      Case("a header alone without its end", "a,b", []),
    ])
  func reads(example: Case) throws {
    let reading = try Reading(of: example.text)
    #expect(reading.rows == example.rows)
    #expect(reading.header == (example.text.contains("b") ? ["a", "b"] : ["a"]))
    #expect(reading.misshapen == [])
  }

  @Test("A header may hold line breaks and quotes")
  func header() throws {
    let reading = try Reading(of: "\"first\nline\",\"a \"\"b\"\"\",\"c\r\nd\"\r\n1,2,3\r\n")
    #expect(reading.header == ["first\nline", "a \"b\"", "c\r\nd"])
    #expect(reading.rows == [["1", "2", "3"]])
    #expect(reading.lines == [4])
  }

  @Test("Columns that nobody asked for are left out, the others keep the order of the file")
  func columns() throws {
    let text = "a,b,c,d\n1,2,3,4\n5,\"6,6\",7,8\n"
    #expect(try Reading(of: text, columns: ["d", "b"]).rows == [["2", "4"], ["6,6", "8"]])
    #expect(try Reading(of: text, columns: ["c"]).rows == [["3"], ["7"]])
    #expect(try Reading(of: text, columns: []).rows == [[], []])
  }

  @Test("Delimiter and quote are those of the table", arguments: [";", "\t", "|", ":", "'"])
  func delimiters(delimiter: String) throws {
    let byte = try #require(delimiter.utf8.first)
    let text = "a,b\n1,2\n\"3,\"\"4\",5,5\n".replacing(",", with: delimiter).replacing("5\(delimiter)5", with: "5,5")
    let reading = try Reading(of: text, format: CSVFormat(delimiter: byte))
    #expect(reading.header == ["a", "b"])
    #expect(reading.rows == [["1", "2"], ["3\(delimiter)\"4", "5,5"]])
  }

  @Test("Another quote character leaves the usual one an ordinary letter")
  func otherQuote() throws {
    let format = CSVFormat(quote: UInt8(ascii: "'"))
    #expect(try Reading(of: "a,b\n'1,''5',2\"\"\n", format: format).rows == [["1,'5", "2\"\""]])
  }

  @Test("Without a quote character quotes are ordinary and protect nothing")
  func noQuote() throws {
    let reading = try Reading(of: "a,b\n\"1,2\"\n5' 3\"\",\"\"\"\n\"x\n,y\n", format: CSVFormat(quote: nil))
    #expect(reading.rows == [["\"1", "2\""], ["5' 3\"\"", "\"\"\""], ["", "y"]])
    #expect(reading.misshapen == [RecordBatch.MisshapenRecord(line: 4, fields: 1)])
  }

  @Test("The observer sees every byte of the file once and in order, also the byte order mark")
  func observer() throws {
    let text = "\u{FEFF}a,b\n" + String(repeating: "1,\"x\ny\"\n", count: 200_000)
    let directory = try TemporaryFile(text)
    var seen: [UInt8] = []
    let extent = try RecordReader(path: directory.path, table: "t").read(
      observer: { seen += $0 }, choose: { _ in [0] }, body: { _ in })
    #expect(seen == Array(text.utf8))
    #expect(extent == RecordReader.Extent(bytes: Int64(text.utf8.count)))
  }

  @Test("Rows come in batches, not all at once")
  func batches() throws {
    let reading = try Reading(of: "a,b\n" + String(repeating: "1,2\n", count: 100_000), columns: ["a"])
    #expect(reading.rows.count == 100_000)
    #expect(reading.batches >= 400_000 / 65_536)
    #expect(reading.lines == Array(2...100_001))
  }

  @Test("What the caller throws reaches the caller")
  func callerErrors() throws {
    struct Stop: Error {}
    let file = try TemporaryFile("a,b\n1,2\n")
    let reader = RecordReader(path: file.path, table: "t")
    #expect(throws: Stop.self) { try reader.read(choose: { _ in throw Stop() }, body: { _ in }) }
    #expect(throws: Stop.self) { try reader.read(choose: { _ in [0] }, body: { _ in throw Stop() }) }
  }

  @Test("A small table is read whole")
  func smallTable() throws {
    let file = try TemporaryFile("a,b\r\n1,\"x\r\ny\"\r\n\r\n3,\r\n")
    let table = try SmallTable(contentsOf: file.path)
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["1", "x\r\ny"], ["3", ""]])
  }
}
