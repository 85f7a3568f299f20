import Foundation
import SurveyTestSupport
import Testing

@testable import Encodings

@Suite("Encodings by the names that people write")
struct TextEncodingTests {
  @Test(
    "Spellings of one encoding",
    arguments: [
      ["utf-8", "UTF8", "utf_8", "utf-8-sig"], ["utf-16", "UTF16", "unicode"], ["utf-16le", "UTF-16-LE", "utf16le"],
      ["latin-1", "latin1", "ISO-8859-1", "iso8859-1", "Latin 1"], ["windows-1252", "cp1252", "ANSI", "Windows 1252"],
      ["macintosh", "mac-roman"],
    ])
  func spellings(names: [String]) throws {
    let known = try names.map { try #require(TextEncoding($0), "\($0)").iconvName }
    #expect(Set(known).count == 1)
  }

  @Test("What a message suggests exists", arguments: TextEncoding.wellKnownNames)
  func wellKnown(name: String) { #expect(TextEncoding(name) != nil) }

  @Test(
    "No name, or more than a name",
    arguments: [
      "", " ", "utf-7000", "klingon", "latin-1//IGNORE", "utf-16//TRANSLIT", "utf-8,utf-16", "char", "wchar_t",
      "WCHAR_T",
      "INTERNAL", "../../x", "utf-8\0", String(repeating: "a", count: 10_000),
    ])
  func none(name: String) { #expect(TextEncoding(name) == nil) }

  @Test("A mark says what follows, and how long it is")
  func marks() {
    func mark(_ bytes: [UInt8]) -> TextEncoding.Mark? { bytes.withUnsafeBytes { TextEncoding.mark(of: $0) } }
    #expect(mark([0xEF, 0xBB, 0xBF, 0x61]) == .init(encoding: .utf8, byteCount: 3))
    #expect(mark([0xFF, 0xFE, 0x61, 0]) == .init(encoding: .utf16LittleEndian, byteCount: 2))
    #expect(mark([0xFE, 0xFF, 0, 0x61]) == .init(encoding: .utf16BigEndian, byteCount: 2))
    #expect(mark([0xFF, 0xFE, 0, 0]) == .init(encoding: .utf32LittleEndian, byteCount: 4))
    #expect(mark([0, 0, 0xFE, 0xFF]) == .init(encoding: .utf32BigEndian, byteCount: 4))
    for bytes in [[], [0xEF], [0xEF, 0xBB], [0xFF], [0xFE], [0x61, 0xFF, 0xFE]] as [[UInt8]] {
      #expect(mark(bytes) == nil)
    }
  }

  @Test("The byte order of UTF-16 and UTF-32 without a mark is where the zero bytes are")
  func order() throws {
    let text = "a;é;語\n1;2;3\n"
    for (name, orders) in [
      ("utf-16", [String.Encoding.utf16LittleEndian, .utf16BigEndian]),
      ("utf-32", [.utf32LittleEndian, .utf32BigEndian]),
    ] {
      let open = try #require(TextEncoding(name))
      let found = try orders.map { order in
        let data = try #require(text.data(using: order))
        return data.withUnsafeBytes { open.ordered(by: $0).iconvName }
      }
      #expect(found == [name.uppercased() + "LE", name.uppercased() + "BE"])
    }
  }
}

@Suite("Text of any encoding as UTF-8")
struct EncodingConverterTests {
  private static let text = "id;naïve;€;語;😀\n1;\"a\nb\";“x”;—;\u{10FFFF}\r\n"

  /// Feeds pieces, each behind what was not taken of the one before.
  private func converted(_ bytes: [UInt8], _ encoding: TextEncoding, piece: Int, room: Int) throws -> [UInt8]? {
    guard var converter = EncodingConverter(from: encoding) else { return nil }
    var output = [UInt8](repeating: 0, count: room)
    var (pending, result): ([UInt8], [UInt8]) = ([], [])
    for start in stride(from: 0, to: bytes.count, by: piece) {
      pending += bytes[start..<min(bytes.count, start + piece)]
      while true {
        let (taken, written, stop) = pending.withUnsafeBytes { input in
          output.withUnsafeMutableBytes { converter.convert(input, into: $0) }
        }
        result += output[..<written]
        pending.removeFirst(taken)
        if stop == .refused { return nil }
        if stop == .needsInput { break }
      }
    }
    let written = output.withUnsafeMutableBytes { converter.finish(into: $0) }
    result += output[..<written]
    return pending.isEmpty ? result : nil
  }

  @Test("Cut anywhere, in the middle of a unit or of a pair", arguments: [1, 2, 3, 5, 7, 1000], [64, 65, 1000])
  func pieces(piece: Int, room: Int) throws {
    let encodings: [(String.Encoding, TextEncoding)] = [
      (.utf16LittleEndian, .utf16LittleEndian), (.utf16BigEndian, .utf16BigEndian),
      (.utf32LittleEndian, .utf32LittleEndian), (.utf32BigEndian, .utf32BigEndian),
    ]
    for (foundation, encoding) in encodings {
      let bytes = Array(try #require(Self.text.data(using: foundation)))
      #expect(try converted(bytes, encoding, piece: piece, room: room) == Array(Self.text.utf8), "\(encoding)")
    }
  }

  @Test("Every byte of a code page, as its table says")
  func codePages() throws {
    let latin = try #require(TextEncoding("latin-1"))
    let windows = try #require(TextEncoding("windows-1252"))
    for byte in UInt8(1)...255 {
      let expected = Array(String(UnicodeScalar(byte)).utf8)
      #expect(try converted([byte], latin, piece: 1, room: 64) == expected)
      if byte < 0x80 || byte > 0x9F { #expect(try converted([byte], windows, piece: 1, room: 64) == expected) }
    }
    #expect(try converted([0x80, 0x93, 0x94, 0x9F], windows, piece: 1, room: 64) == Array("€“”Ÿ".utf8))
    // Five places of the code page are empty.
    for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] as [UInt8] {
      #expect(try converted([byte], windows, piece: 1, room: 64) == nil)
    }
  }

  @Test("Half of a pair, or of a character, is refused")
  func halves() throws {
    for bytes in [[0x61, 0, 0, 0xD8, 0x62, 0], [0, 0xDC], [0x61, 0, 0x62], [0x00, 0xD8]] as [[UInt8]] {
      #expect(try converted(bytes, .utf16LittleEndian, piece: 1, room: 64) == nil, "\(bytes)")
    }
    #expect(try converted([0, 0, 0x11, 0], .utf32LittleEndian, piece: 4, room: 64) == nil)
  }

  @Test("An encoding with states ends in order")
  func states() throws {
    let japanese = try #require(TextEncoding("iso-2022-jp"))
    let bytes: [UInt8] = [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42, 0x0A]
    for piece in 1...bytes.count {
      #expect(try converted(bytes, japanese, piece: piece, room: 64) == Array("日本\n".utf8))
    }
  }
}
