import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Ingest

@Suite("What stands above the data, and encodings, against a reader of a few lines")
struct FileFormTests {
  private func outcome(_ read: () throws -> Reading) throws -> PlainFile.Outcome {
    do {
      let reading = try read()
      return .read(header: reading.header, rows: reading.rows, lines: reading.lines)
    } catch is IngestError {
      return .refused
    }
  }

  /// The same file by libcsv from beginning to end, in morsels, and compressed.
  private func expectSame(
    _ bytes: [UInt8], as text: String, _ format: CSVFormat, sizes: [Int] = [1, 7, 64, 1 << 20], _ note: String
  ) throws {
    let expected = PlainFile(format: format).read(text)
    let directory = try TemporaryDirectory()
    let path = try directory.write(bytes, to: "t.csv")
    let whole = try outcome { try Reading(contentsOf: path, format: format) }
    #expect(whole == expected, "\(note)")
    let packed = try directory.write(gzipped(bytes), to: "t.csv.gz")
    #expect(try outcome { try Reading(contentsOf: packed, format: format) } == expected, "\(note), compressed")
    for size in sizes where try isCut(path, format) {
      let found = try outcome { try Reading(morselsOf: path, bytesPerMorsel: size, format: format) }
      #expect(found == expected, "\(note), morsels of \(size)")
    }
  }

  /// Whether the file is read in morsels: where not, a file must be converted, or has no header.
  private func isCut(_ path: String, _ format: CSVFormat) throws -> Bool {
    do { return try MorselFile(path: path, table: "t", format: format) != nil } catch is IngestError { return true }
  }

  @Test("Random files with every option", arguments: 1...150)
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var format = CSVFormat()
    format.headerRows = [1, 1, 2, 3, 5].randomElement(using: &generator) ?? 1
    format.joinsHeaderRows = format.headerRows > 1 && seed % 2 == 0
    format.skippedRows = [0, 0, 1, 2, 7].randomElement(using: &generator) ?? 0
    let delimiter = [",", ";", "\t", "|"].randomElement(using: &generator) ?? ","
    let end = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
    let says = Bool.random(using: &generator)
    if !says || Int.random(in: 0..<4, using: &generator) == 0 {
      format.delimiter = Array(delimiter.utf8)[0]
      format.isDelimiterDeclared = Bool.random(using: &generator)
    }
    var text = Bool.random(using: &generator) ? "\u{FEFF}" : ""
    var above = (0..<max(0, format.skippedRows - Int.random(in: 0...1, using: &generator))).map { _ in
      ["A title", "", "one \"quote", "a,b;c", "\"", "sep=", "sep=ab", "Sépárateur"].randomElement(using: &generator)
        ?? ""
    }
    if says { above.insert("sep=\(delimiter)", at: Bool.random(using: &generator) ? 0 : above.endIndex) }
    text += above.map { $0 + end }.joined()
    func field() -> String {
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: ""
      case 1: "\"x\(end)y\""
      case 2: "\"{\"\"ImportId\"\":\"\"Q\(delimiter)1\"\"}\""
      case 3: "é😀"
      default: "plain"
      }
    }
    text += "a\(delimiter)b\(delimiter)c\(end)"
    for _ in 0..<Int.random(in: 0..<20, using: &generator) {
      let count = Int.random(in: 0..<12, using: &generator) == 0 ? 2 : 3
      text += (0..<count).map { _ in field() }.joined(separator: delimiter) + end
      if Int.random(in: 0..<10, using: &generator) == 0 { text += end }
    }
    if Bool.random(using: &generator) { text.unicodeScalars.removeLast() }
    try expectSame(Array(text.utf8), as: text, format, "seed \(seed)")
    let wide: [String.Encoding] = [.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian]
    let encoding = wide.randomElement(using: &generator) ?? .utf16LittleEndian
    let marked = text.hasPrefix("\u{FEFF}") ? text : "\u{FEFF}" + text
    try expectSame(Array(try #require(marked.data(using: encoding))), as: text, format, "seed \(seed), \(encoding)")
  }

  @Test(
    "Every encoding by its key",
    arguments: ["utf-16", "utf-16le", "utf-16be", "utf-32", "latin-1", "windows-1252", "utf-8"])
  func keys(name: String) throws {
    let text = "näme,Größe\r\n\"é\r\nè\",2\r\nü,\"3\"\"\"\r\n"
    let encodings: [String: String.Encoding] = [
      "utf-16": .utf16BigEndian, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian,
      "utf-32": .utf32LittleEndian, "latin-1": .isoLatin1, "windows-1252": .windowsCP1252, "utf-8": .utf8,
    ]
    var format = CSVFormat()
    format.encoding = name
    let encoding = try #require(encodings[name])
    try expectSame(Array(try #require(text.data(using: encoding))), as: text, format, name)
    // A mark decides, whatever the key says.
    try expectSame(Array(("\u{FEFF}" + text).utf8), as: text, format, "UTF-8 with a mark under \(name)")
    let marked = Array(try #require(("\u{FEFF}" + text).data(using: .utf16LittleEndian)))
    try expectSame(marked, as: text, format, "UTF-16 with a mark under \(name)")
  }

  /// Reads end in the middle of units, pairs and characters: the converter is given every cut.
  @Test("UTF-16 that is cut off at every byte is refused at its line, or is whole")
  func everyCut() throws {
    let text = "a,b\n1,😀\n\"x\ny\",é\n3,4"
    let bytes = [0xFF, 0xFE] + Array(try #require(text.data(using: .utf16LittleEndian)))
    for count in 2...bytes.count {
      let file = try TemporaryFile(Array(bytes[..<count]))
      let units = (count - 2) / 2
      let whole = Array(text.utf16.prefix(units))
      let isWhole = count % 2 == 0 && (whole.last.map { !UTF16.isLeadSurrogate($0) } ?? true)
      let seen = String(decoding: whole, as: UTF16.self)
      do {
        _ = try Reading(contentsOf: file.path)
        #expect(isWhole)
      } catch IngestError.undecodable(let place, let encoding, let isCut, _) {
        #expect(!isWhole && isCut && encoding == "UTF-16LE")
        let lines = seen.utf8.count { $0 == 0x0A }
        #expect(place.line == lines + 1, "\(count) bytes")
      } catch let error as IngestError {
        // Nothing, or an open quote.
        #expect(
          isWhole && (units == 0 || seen.split(separator: "\"", omittingEmptySubsequences: false).count == 2),
          "\(error)")
      }
    }
  }

  @Test("Large files in other encodings are read in bounded pieces, with the lines of the file")
  func large() throws {
    var text = "a,b\n"
    for row in 0..<60_000 { text += "\(row),\"é😀\n\(row)\"\n" }
    let file = try TemporaryFile([0xFE, 0xFF] + Array(try #require(text.data(using: .utf16BigEndian))))
    let reading = try Reading(contentsOf: file.path)
    #expect(reading.rows.count == 60_000)
    #expect(reading.rows.last == ["59999", "é😀\n59999"])
    #expect(reading.lines == (0..<60_000).map { 2 + 2 * $0 })
    #expect(reading.batches > 2)
  }

  @Test("What an encoding refuses has its line and field, also in a quoted field and in a column that nobody needs")
  func refused() throws {
    var format = CSVFormat()
    format.encoding = "windows-1252"
    for (text, line, field) in [
      ("a,b\n1,2\n3,\u{81}\n", 3, 2), ("a,b\n1,\"x\ny\n\u{81}\"\n", 4, 2), ("\u{81},b\n", 1, 1),
      ("a,b\n\u{81},2", 2, 1),
    ] {
      let file = try TemporaryFile(Array(try #require(text.data(using: .isoLatin1))))
      let place = SourceLocation(file: file.path, line: line, column: field)
      #expect(throws: IngestError.undecodable(place, encoding: "windows-1252", isCut: false)) {
        try Reading(contentsOf: file.path, format: format, columns: [])
      }
    }
    format.skippedRows = 3
    let file = try TemporaryFile([0x61, 0x0A, 0x62, 0x81, 0x0A])
    #expect(
      throws: IngestError.undecodable(SourceLocation(file: file.path, line: 2), encoding: "windows-1252", isCut: false)
    ) { try Reading(contentsOf: file.path, format: format) }
  }

  @Test("A file that ends above its data says so")
  func ends() throws {
    var format = CSVFormat()
    format.headerRows = 3
    let short = try TemporaryFile("a,b\n\n\"x\ny\",z\n")
    for read in [Reading.init(contentsOf:format:columns:), Self.inMorsels] {
      #expect(throws: IngestError.tooFewHeaderRows(path: short.path, found: 2, expected: 3)) {
        _ = try read(short.path, format, nil)
      }
    }
    format.headerRows = 1
    format.skippedRows = 2
    for text in ["a", "a\n", "a\nb", "a\nb\n", "a\r\nb\r\n", "a\nb\n\n\n"] {
      let file = try TemporaryFile(text)
      for read in [Reading.init(contentsOf:format:columns:), Self.inMorsels] {
        #expect(throws: IngestError.nothingBelow(path: file.path, skippedRows: 2), "\(text)") {
          _ = try read(file.path, format, nil)
        }
      }
    }
    for text in ["", "\u{FEFF}"] {
      let file = try TemporaryFile(text)
      #expect(throws: IngestError.empty(path: file.path)) { _ = try Reading(contentsOf: file.path, format: format) }
    }
  }

  private static func inMorsels(_ path: String, _ format: CSVFormat, _ columns: [String]?) throws -> Reading {
    try Reading(morselsOf: path, bytesPerMorsel: 3, format: format, columns: columns)
  }

  @Test("Lines above the data that are longer than a morsel, and than libcsv takes at once")
  func longLines() throws {
    var format = CSVFormat()
    format.skippedRows = 2
    format.headerRows = 2
    let long = String(repeating: "\"x,", count: 100_000)
    let text = "\(long)\n\(long)\na,b\n\"\(String(repeating: "label\n", count: 30_000))\",x\n1,2\n"
    try expectSame(Array(text.utf8), as: text, format, sizes: [1000, 1 << 20], "long lines")
  }

  @Test("Names of several rows")
  func joinedNames() throws {
    func names(_ rows: String...) throws -> [String] {
      var format = CSVFormat()
      (format.headerRows, format.joinsHeaderRows) = (rows.count, true)
      let text = rows.map { $0 + "\n" }.joined() + "1,2,3,4,5\n"
      try expectSame(Array(text.utf8), as: text, format, sizes: [1, 9, 1 << 20], "\(rows)")
      let file = try TemporaryFile(text)
      let start = try #require(try RecordReader(path: file.path, table: "t", format: format).start())
      #expect((start.header.line, start.rowsAbove) == (1, rows.count))
      return start.header.names
    }
    #expect(
      try names("id,How?,,,Why?", ",Bus,Train,Car,Response")
        == ["id", "How? / Bus", "How? / Train", "How? / Car", "Why? / Response"])
    // What equals the part before, and what is blank, is left out.
    #expect(try names("a,b,,c,", "a,x,,,c") == ["a", "b / x", "b", "c", "c"])
    #expect(try names(",b,,c,d", "a,b,,,") == ["a", "b", "b", "c", "d"])
    // A name of the second row ends where one of the first begins.
    #expect(
      try names("A,,B,,", "x,,,y,", "1,2,3,4,5") == ["A / x / 1", "A / x / 2", "B / 3", "B / y / 4", "B / y / 5"])
    // A shorter row goes on with blank cells.
    #expect(try names("A,B", "1,2,3,4,5") == ["A / 1", "B / 2", "B / 3", "B / 4", "B / 5"])
    #expect(try names("\"A\nB\",,,,", "1,2,3,4,\"5\"") == ["A\nB / 1", "A\nB / 2", "A\nB / 3", "A\nB / 4", "A\nB / 5"])
  }

  @Test("Bytes that are UTF-8 throughout are known in another encoding", arguments: ["windows-1252", "iso-8859-2"])
  func doubtfulEncoding(name: String) throws {
    var format = CSVFormat()
    format.encoding = name
    func doubtful(_ bytes: [UInt8]) throws -> String? {
      let file = try TemporaryFile(bytes)
      return try RecordReader(path: file.path, table: "t", format: format).read(choose: { _ in [0] }, body: { _ in })
        .doubtfulEncoding
    }
    let filler = String(repeating: "x,y\n", count: 100_000)
    #expect(try doubtful(Array("a,b\nKöln,Zürich\n".utf8)) == name)
    // Over all pieces in which a file is read.
    #expect(try doubtful(Array("a,b\nKöln,1\n\(filler)Zürich,2\n".utf8)) == name)
    #expect(try doubtful(Array("a,b\nKöln,Zürich\n\(filler)".utf8) + [0xE9, 0x0A]) == nil)
    // One such character may be there by accident, and ASCII says nothing.
    #expect(try doubtful(Array("a,b\nKöln,1\n".utf8)) == nil)
    #expect(try doubtful(Array("a,b\n1,2\n".utf8)) == nil)
    #expect(try doubtful(Array("a,b\n".utf8) + [0xC3, 0xB6, 0xC3, 0xB6, 0xC3, 0x0A]) == nil)
  }

  @Test("A byte that the declared encoding lacks, in a file of UTF-8")
  func undecodableUTF8() throws {
    var format = CSVFormat()
    format.encoding = "windows-1252"
    let file = try TemporaryFile("a,b\nKöln,1\nÁvila,2\n")
    let error = IngestError.undecodable(
      SourceLocation(file: file.path, line: 3, column: 1), encoding: "windows-1252", isCut: false, looksLikeUTF8: true)
    #expect(throws: error) { try Reading(contentsOf: file.path, format: format) }
    #expect(error.advice == "the file looks like UTF-8: leave `encoding` out of the definition of the table")
    // The name is there, once the file is read as what it is.
    let other = try TemporaryFile("größe,b\n1,2\n")
    let header = try #require(try RecordReader(path: other.path, table: "t", format: format).header())
    #expect(
      throws: IngestError.otherEncoding(
        SourceLocation(file: other.path, line: 1), name: "größe", table: "t", declared: "windows-1252")
    ) { _ = try header.position(of: "größe") }
  }

  @Test("Who asks for the start of a file is told where its data begins")
  func start() throws {
    var format = CSVFormat()
    format.skippedRows = 3
    format.headerRows = 2
    let file = try TemporaryFile("sep=;\ntitle\n\n\na;b\n\n\"x\ny\";z\n1;2\n")
    let start = try #require(try RecordReader(path: file.path, table: "t", format: format).start())
    #expect(start.header.names == ["a", "b"])
    #expect(start.header.line == 5)
    #expect((start.delimiter, start.linesAbove, start.rowsAbove) == (UInt8(ascii: ";"), 3, 4))
    #expect(!start.holdsQuoteAbove && start.convertedEncoding == nil)
  }

  @Test("A line `sep=` against what the definition says")
  func declared() throws {
    var format = CSVFormat()
    format.isDelimiterDeclared = true
    let file = try TemporaryFile("\u{FEFF}sep=;\r\na;b\r\n1;2\r\n")
    let error = IngestError.otherSeparator(
      SourceLocation(file: file.path, line: 1), found: ";", declared: ",", table: "responses")
    #expect(throws: error) { try Reading(contentsOf: file.path, format: format) }
    #expect(throws: error) { try Reading(morselsOf: file.path, bytesPerMorsel: 4, format: format) }
    format.delimiter = UInt8(ascii: ";")
    #expect(try Reading(contentsOf: file.path, format: format).rows == [["1", "2"]])
  }

  @Test(
    "What looks like such a line and is none is the header",
    arguments: ["sep=", "sep=;;", "sep=a", "sep=5", "sep =;", "xsep=;", "sep=;,b", "\"sep=\"", "sep=\u{E9}"])
  func noSeparator(line: String) throws {
    let reading = try Reading(of: "\(line)\nx\n")
    #expect(reading.header.first?.hasPrefix(String(line.filter { $0 != "\"" }.prefix(3))) == true)
    #expect(reading.lines.allSatisfy { $0 == 2 })
  }
}
