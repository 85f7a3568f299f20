import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("What is no CSV is refused with its place")
struct BadFileTests {
  enum Kind: Sendable { case quoteInside, textAfterQuote, unterminated, nul, utf8 }

  struct Case: CustomTestStringConvertible, Sendable {
    var what: String
    var bytes: [UInt8]
    var kind: Kind
    var line: Int
    var column: Int
    var testDescription: String { what }

    init(_ what: String, _ text: String, _ kind: Kind, _ line: Int, _ column: Int) {
      self.init(what, Array(text.utf8), kind, line, column)
    }

    init(_ what: String, _ bytes: [UInt8], _ kind: Kind, _ line: Int, _ column: Int) {
      self.what = what
      self.bytes = bytes
      self.kind = kind
      self.line = line
      self.column = column
    }

    func error(in path: String) -> IngestError {
      let place = SourceLocation(file: path, line: line, column: column)
      return switch kind {
      case .quoteInside: .quoteInsideField(place)
      case .textAfterQuote: .textAfterClosingQuote(place)
      case .unterminated: .unterminatedQuote(place)
      case .nul: .nulByte(place)
      case .utf8: .invalidUTF8(place)
      }
    }
  }

  static let cases = [
    Case("a quote inside an unquoted field", "a,b\n1,x\"y\n", .quoteInside, 2, 2),
    Case("a quote at the end of an unquoted field", "a,b\n1\",2\n", .quoteInside, 2, 1),
    Case("a space before a quoted field", "a,b\n1, \"x\"\n", .quoteInside, 2, 2),
    Case("a quote inside a field further down", "a,b\n1,\"p\nq\"\n\n3,x\"y\n", .quoteInside, 5, 2),
    Case("a quote inside the header", "a\"b,c\n1,2\n", .quoteInside, 1, 1),
    Case("a quote inside a field after a quoted line break", "a,b\n\"1\n2\",x\"y\n", .quoteInside, 3, 2),
    Case("text after a closing quote", "a,b\n1,\"x\"y\n", .textAfterQuote, 2, 2),
    Case("a space after a closing quote", "a,b\n\"1\" ,2\n", .textAfterQuote, 2, 1),
    Case("text after a closing quote on a later line", "a,b\n1,\"x\r\ny\rz\"!\n", .textAfterQuote, 4, 2),
    Case("text after an empty quoted field", "a,b\n\"\"x,2\n", .textAfterQuote, 2, 1),
    Case("text after a closing quote in the header", "a,\"b\"c\n1,2\n", .textAfterQuote, 1, 2),
    Case("an unterminated quote", "a,b\n1,2\n3,\"x\n4,5\n", .unterminated, 3, 2),
    Case("an unterminated quote at the very end", "a,b\n1,2\n3,\"", .unterminated, 3, 2),
    Case("an unterminated quote with a doubled one", "a,b\n3,\"x\"\"", .unterminated, 2, 2),
    Case("an unterminated quote after a line break", "a,b\n\"1\n2\",\"x\ny", .unterminated, 3, 2),
    Case("an unterminated quote in the header", "a,\"b\n1,2\n", .unterminated, 1, 2),
    Case("NUL in a used column", "a,b\n1,2\n3,x\0y\n", .nul, 3, 2),
    Case("NUL alone in a used column", "a,b\n\0,2\n", .nul, 2, 1),
    Case("NUL in a quoted field", "a,b\n\"p\nq\",\"\0\"\n", .nul, 3, 2),
    Case("NUL in the header", "a,b\0\n1,2\n", .nul, 1, 2),
    Case("a NUL before the header", "\0a,b\n1,2\n", .nul, 1, 1),
    Case("NUL in the last field of a file without end", "a,b\n1,\0", .nul, 2, 2),
    Case("a byte that is never UTF-8", Array("a,b\n1,".utf8) + [0xFF] + Array("\n".utf8), .utf8, 2, 2),
    Case("Latin-1", Array("a,b\ncaf".utf8) + [0xE9] + Array(",2\n".utf8), .utf8, 2, 1),
    Case("an overlong slash", Array("a,b\n".utf8) + [0xC0, 0xAF] + Array(",2\n".utf8), .utf8, 2, 1),
    Case("half a surrogate pair", Array("a,b\n".utf8) + [0xED, 0xA0, 0x80] + Array(",2\n".utf8), .utf8, 2, 1),
    Case("a number beyond Unicode", Array("a,b\n1,".utf8) + [0xF4, 0x90, 0x80, 0x80, 0x0A], .utf8, 2, 2),
    Case("a character cut short by the field", Array("a,b\n".utf8) + [0xE2, 0x82] + Array(",2\n".utf8), .utf8, 2, 1),
    Case("a character cut short by the end of the file", Array("a,b\n1,".utf8) + [0xE2, 0x82], .utf8, 2, 2),
    Case("Latin-1 in the header", Array("caf".utf8) + [0xE9] + Array(",b\n1,2\n".utf8), .utf8, 1, 1),
  ]

  @Test("The error names line and column", arguments: cases)
  func errors(example: Case) throws {
    let file = try TemporaryFile(example.bytes)
    #expect(throws: example.error(in: file.path)) { try Reading(contentsOf: file.path) }
    #expect(example.error(in: file.path).exitStatus == .unacceptableData)
  }

  /// libcsv takes the byte for the quote where there is none: two of them would hide what stands between them.
  @Test("A byte that is never UTF-8 is no quote", arguments: ["a,b\n1,?2,3?\n", "a,b\n1,??\n", "?a?,b\n1,2\n", "a\n?"])
  func neverUTF8(text: String) throws {
    let bytes = text.utf8.map { $0 == UInt8(ascii: "?") ? 0xFF : $0 }
    let file = try TemporaryFile(bytes)
    let before = text.prefix { $0 != "?" }
    let place = SourceLocation(
      file: file.path, line: before.count { $0 == "\n" } + 1,
      column: before.split(separator: "\n", omittingEmptySubsequences: false).last?.count { $0 == "," }.advanced(by: 1))
    let format = CSVFormat(quote: nil)
    #expect(throws: IngestError.invalidUTF8(place)) { try Reading(contentsOf: file.path, format: format) }
    #expect(throws: IngestError.invalidUTF8(place)) {
      try Reading(morselsOf: file.path, bytesPerMorsel: 3, format: format)
    }
  }

  /// The same errors far down in a file, about the ends of calls and reads.
  @Test("The place is right wherever it stands", arguments: [65_530, 65_536, 1_048_573])
  func farDown(position: Int) throws {
    let rows = "1,2\n\"3\r\n4\",5\n"
    // Two cases stand for all about the end of a read, which is the end of a call too.
    let late = ["text after a closing quote on a later line", "NUL in a quoted field"]
    for example in Self.cases where example.line > 1 && (position < 1_000_000 || late.contains(example.what)) {
      let tail = Array(example.bytes[4...])
      for shift in 0..<6 {
        let repeats = (position - 4 - 64) / rows.utf8.count
        var text = "a,b\n" + String(repeating: rows, count: repeats) + "x,"
        text += String(repeating: "y", count: position + shift - text.utf8.count - 1) + "\n"
        var moved = example
        moved.line += 3 * repeats + 1
        let file = try TemporaryFile(Array(text.utf8) + tail)
        #expect(throws: moved.error(in: file.path), "\(example.what)") {
          try Reading(contentsOf: file.path)
        }
      }
    }
  }

  @Test("The first error counts")
  func first() throws {
    let file = try TemporaryFile("a,b\n1,\0\n2,x\"y\n")
    #expect(throws: IngestError.nulByte(.init(file: file.path, line: 2, column: 2))) {
      try Reading(contentsOf: file.path)
    }
    let other = try TemporaryFile("a,b\n2,x\"y\n1,\0\n")
    #expect(throws: IngestError.quoteInsideField(.init(file: other.path, line: 2, column: 2))) {
      try Reading(contentsOf: other.path)
    }
  }

  @Test("What stands in a column that nobody uses does no harm")
  func unusedColumns() throws {
    let bytes = Array("a,b,c\n1,".utf8) + [0xFF, 0x00, 0xC0] + Array(",3\n4,5,6\n".utf8)
    #expect(try Reading(of: bytes, columns: ["a", "c"]).rows == [["1", "3"], ["4", "6"]])
    #expect(throws: IngestError.self) { try Reading(of: bytes, columns: ["b"]) }
  }

  @Test("A quote out of place is an error in an unused column too, for it moves every later field")
  func unusedQuotes() throws {
    let file = try TemporaryFile("a,b\n1,x\"y\n")
    #expect(throws: IngestError.quoteInsideField(.init(file: file.path, line: 2, column: 2))) {
      try Reading(contentsOf: file.path, columns: ["a"])
    }
  }

  @Test(
    "Without a quote character a NUL is an error where it is used, and harmless where not")
  func nulWithoutQuotes() throws {
    let format = CSVFormat(quote: nil)
    for field in ["x\0y", "\0", "\0x\0", "x\0"] {
      let file = try TemporaryFile("a,b\n1,\(field)\n2,3\n")
      #expect(throws: IngestError.nulByte(.init(file: file.path, line: 2, column: 2)), "\(field.debugDescription)") {
        try Reading(contentsOf: file.path, format: format)
      }
      #expect(try Reading(contentsOf: file.path, format: format, columns: ["a"]).rows == [["1"], ["2"]])
    }
  }

  @Test("A record over 16 MB is not waited for", arguments: ["\"", "x", "x,"])
  func longRecord(filler: String) throws {
    let limit = 16 << 20
    // An unterminated quote, one long field, many short fields.
    let count = (limit + 200_000) / filler.utf8.count
    let isQuote = filler == "\""
    let record =
      isQuote ? "\"" + String(repeating: "1,2\n", count: count / 4) : String(repeating: filler, count: count)
    let file = try TemporaryFile("a,b\n1,2\n" + record)
    let error = #expect(throws: IngestError.self) { try Reading(contentsOf: file.path, columns: []) }
    guard case .recordTooLong(let place, limit)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(place.file == file.path && place.line == 3)
    // The field under way: of many fields one near the limit.
    let column = try #require(place.column)
    #expect(filler == "x," ? abs(column - limit / 2) < 65_536 : column == 1)
  }

  @Test("A record of just under 16 MB is read, as one field or many", arguments: ["x", "\n", "x,"])
  func nearlyLongRecord(filler: String) throws {
    let count = ((16 << 20) - 200) / filler.utf8.count
    let field = String(repeating: filler, count: count)
    let reading = try Reading(of: "a,b\n1,2\n\(filler == "\n" ? "\"\(field)\"" : field)\n3,4\n", columns: ["a"])
    #expect(reading.rows == [["1"], ["3"]])
    #expect(reading.misshapen == [.init(line: 3, fields: filler == "x," ? count + 1 : 1)])
  }
}
