import Foundation
import SurveyTestSupport
import Testing

/// A file that is something else than CSV is named for what it is.
@Suite("Other files than CSV")
struct FileKindTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var words: String
    var bytes: [UInt8]
    var testDescription: String { words }

    init(_ words: String, _ bytes: [UInt8]) { (self.words, self.bytes) = (words, bytes) }
    init(_ words: String, _ text: String) { self.init(words, Array(text.utf8)) }
  }

  /// An archive of stored files.
  private static func zip(_ files: [(name: String, text: String)]) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for file in files {
      let (name, text) = (Array(file.name.utf8), Array(file.text.utf8))
      let shared = number(0, 8) + number(0, 4) + number(text.count, 4) + number(text.count, 4) + number(name.count, 2)
      directory +=
        [0x50, 0x4B, 1, 2] + number(20, 2) + number(20, 2) + shared + number(0, 12) + number(bytes.count, 4) + name
      bytes += [0x50, 0x4B, 3, 4] + number(20, 2) + shared + number(0, 2) + name + text
    }
    return bytes + directory + [0x50, 0x4B, 5, 6] + number(0, 4) + number(files.count, 2) + number(files.count, 2)
      + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
  }

  private static let long = String(repeating: "text that nobody compresses ", count: 10_000)

  static let samples: [Sample] = [
    Sample(
      "an Excel workbook (.xlsx)",
      zip([("[Content_Types].xml", long), ("_rels/.rels", long), ("xl/workbook.xml", long)])),
    Sample("an Excel workbook (.xlsx)", zip([("docProps/app.xml", long), ("xl/worksheets/sheet1.xml", "")])),
    Sample(
      "an OpenDocument spreadsheet (.ods)",
      zip([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")])),
    Sample("a text document (Word or OpenDocument)", zip([("[Content_Types].xml", ""), ("word/document.xml", "")])),
    Sample("a zip archive, not CSV; it holds answers.csv, b.csv", zip([("answers.csv", long), ("b.csv", long)])),
    Sample(
      "a zip archive, not CSV; it holds x/a.csv, x/b.csv, x/c.csv and 2 more",
      zip(
        [("x/", "")] + ["a", "b", "c", "d", "e"].map { ("x/\($0).csv", "") } + [("__MACOSX/x/a.csv", "")])),
    Sample("an old Excel workbook (.xls)", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0]),
    Sample(
      "an SPSS file (.sav or .zsav)",
      "$FL2@(#) SPSS DATA FILE MS Windows" + String(repeating: " ", count: 26) + "\u{2}\0\0\0"),
    Sample("an SPSS file (.sav or .zsav)", "$FL3@(#) SPSS DATA FILE"),
    Sample(
      "an SPSS portable file (.por)",
      String(repeating: "ASCII SPSS PORT FILE                    ", count: 2) + "\r\n00000\r\n"),
    Sample("a Stata file (.dta)", [113, 2, 1, 0, 3, 0]), Sample("a Stata file (.dta)", [114, 1, 1, 0, 0, 3]),
    Sample("a Stata file (.dta)", [115, 2, 1, 0, 9, 0]),
    Sample("a Stata file (.dta)", "<stata_dta><header><release>118</release>"),
    Sample(
      "a SAS file (.sas7bdat)",
      Array(repeating: 0, count: 12) + [0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 8, 0, 9, 0xC7]),
    Sample(
      "a SAS transport file (.xpt)", "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000"),
    Sample("an HTML page", "\n  <!DOCTYPE html>\n<html><body>Log in, please</body></html>\n"),
    Sample("an HTML page", "<table border=1><tr><td>plan</td></tr></table>"),
    Sample("an XML file", "<?xml version=\"1.0\"?><ODM><Study/></ODM>"), Sample("an XML file", "<rows>\n<row/></rows>"),
    Sample(
      "an Excel workbook in XML",
      "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"
    ),
    Sample("a JSON file", "[{\"plan\": \"full\", \"id\": 1}]"), Sample("a JSON file", "{\"rows\": [1, 2]}"),
    Sample("a JSON file", "{\"id\": \"r1\"}\n{\"id\": \"r2\"}\n"), Sample("a JSON file", "[\n  [\"id\", \"plan\"]\n]"),
    Sample("a PDF document", "%PDF-1.7\n%\u{E2}"), Sample("an RTF document", "{\\rtf1\\ansi id,plan}"),
    Sample("a Parquet file", Array("PAR1".utf8) + [0x15, 0x04, 0x15, 0x10]), Sample("an Arrow file", "ARROW1\0\0\u{1}"),
    Sample("an SQLite database", "SQLite format 3\0\u{10}\0"),
    Sample("compressed by zstd", [0x28, 0xB5, 0x2F, 0xFD, 0x24, 0]),
    Sample("compressed by bzip2", "BZh91AY&SY\u{1}"),
    Sample("compressed by xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4]),
    Sample("a 7-Zip archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]),
    Sample("a RAR archive", "Rar!\u{1A}\u{7}\u{1}"),
    Sample(
      "a tar archive",
      Array("responses.csv".utf8) + Array(repeating: 0, count: 244) + Array("ustar\0".utf8)
        + Array(repeating: 0, count: 300)),
    Sample("compressed by gzip, and its name does not end in .gz", gzipped("id,plan\n")),
  ]

  @Test(arguments: samples) func isNamed(_ sample: Sample) throws {
    var fixture = SurveyFixture()
    fixture.responses = sample.bytes
    let directory = try fixture.write()
    let run = try CommandRun(["run", "survey"], in: directory.path)
    #expect(run.status == 65)
    expectMessage(run.error, at: "data/responses.csv is \(sample.words)", saying: ["\n  "])
    // A pipe, and a compressed file, tell it by their beginning alone.
    let packed = try fixture.defining("responses.csv", "responses.csv.gz").write()
    try packed.write(gzipped(sample.bytes), to: "data/responses.csv.gz")
    let unpacked = try CommandRun(["run", "survey"], in: packed.path)
    #expect(unpacked.status == 65)
    #expect(unpacked.error.hasPrefix("error: data/responses.csv.gz is "), "\(unpacked.error)")
  }

  /// A false alarm on a CSV file is worse than no name.
  @Test(
    "Names of columns that begin as other files do",
    arguments: [
      "<note>", "<html", "{note}", "[note]", "{\\rtf", "PAR1", "$FL2", "BZh9", "PK", "%PDF", "<?xml", "7z", "Rar!",
      "ARROW1", "r", "s",
      "ASCII SPSS PORT FILE", "SQLite format 3", "[1", "HEADER RECORD", "BM",
    ])
  func oddNames(name: String) throws {
    var fixture = SurveyFixture()
    fixture.header = "\(name),\(fixture.header)"
    fixture.rows = fixture.rows.map { "x,\($0)" }
    #expect(try fixture.results().rows().rowsUsed == 8)
  }

  @Test("The delimiter between names is told where several stand in one", arguments: [";", "|"])
  func delimiters(delimiter: String) throws {
    var fixture = SurveyFixture()
    // A comma in one name only.
    fixture.responses = Array(
      fixture.responsesText.replacingOccurrences(of: ",", with: delimiter)
        .replacingOccurrences(of: "note", with: "note, if any").utf8)
    try fixture.expectFailure(
      status: 65,
      at:
        "data/responses.csv:1: the header of table responses lacks the column \"plan\", but has it where \"\(delimiter)\"",
      saying: ["write `delimiter: \"\(delimiter)\"`"])
  }
}
