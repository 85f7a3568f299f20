import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Files that are no UTF-8.
  static let encodings: [BadInputCase] = [
    .fails(
      "UTF-16, little-endian, with a mark", .grammar, 65, at: "data/responses.csv:1:1: ", ["NUL"],
      .responses(as: .utf16LittleEndian, mark: [0xFF, 0xFE])),
    .fails(
      "UTF-16, big-endian, with a mark", .grammar, 65, at: "data/responses.csv:1:1: ", ["NUL"],
      .responses(as: .utf16BigEndian, mark: [0xFE, 0xFF])),
    .fails(
      "UTF-16, little-endian", .grammar, 65, at: "data/responses.csv:1:1: ", ["NUL"], .responses(as: .utf16LittleEndian)
    ),
    .fails(
      "UTF-16, big-endian", .grammar, 65, at: "data/responses.csv:1:1: ", ["NUL"], .responses(as: .utf16BigEndian)),
    .fails(
      "UTF-32, little-endian, with a mark", .grammar, 65, at: "data/responses.csv:1:1: ", ["NUL"],
      .responses(as: .utf32LittleEndian, mark: [0xFF, 0xFE, 0, 0])),
    .fails(
      "UTF-32, big-endian", .grammar, 65, at: "data/responses.csv:1:1: ", ["NUL"], .responses(as: .utf32BigEndian)),
    .fails(
      "Latin-1 in an answer", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0x66, 0xE9]) }),
    .fails(
      "Latin-1 in the header", .grammar, 65, at: "data/responses.csv:1:12: ", utf8,
      .responses { $0.replacing("note", [0x6E, 0xF4, 0x74, 0x65]) }),
    .fails(
      "Latin-1 after a UTF-8 mark", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { [0xEF, 0xBB, 0xBF] + $0 + line(answer: [0xFC]) }),
    .fails(
      "Latin-1 in the register", .grammar, 65, at: "data/offices.csv:2:2: ", utf8,
      .file("data/offices.csv") { _ in Array("code,region\nAAA,".utf8) + [0xC9, 0x0A] }),
    .fails(
      "curly quotes of Windows-1252", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0x93, 0x66, 0x94]) }),
    .fails(
      "Shift JIS", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0x82, 0xCD, 0x82, 0xA2]) }),
    .fails(
      "GB 18030", .grammar, 65, at: "data/responses.csv:10:6: ", utf8, .responses { $0 + line(answer: [0xCA, 0xC7]) }),
    .fails(
      "KOI8-R", .grammar, 65, at: "data/responses.csv:10:6: ", utf8, .responses { $0 + line(answer: [0xC4, 0xC1]) }),
    .fails(
      "EBCDIC", .grammar, 65, at: "data/responses.csv:1:1: ", utf8,
      .responses { _ in [0x89, 0x84, 0x6B, 0x96, 0x86, 0x86, 0x89, 0x83, 0x85, 0x15] }),
    .fails(
      "a mark of UTF-16 and then UTF-8", .grammar, 65, at: "data/responses.csv:1:1: ", utf8,
      .responses { [0xFF, 0xFE] + $0 }),
    .fails(
      "an overlong NUL", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0xC0, 0x80]) }),
    .fails(
      "an overlong slash", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0xE0, 0x80, 0xAF]) }),
    .fails(
      "half of a pair of surrogates", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0xED, 0xA0, 0x80]) }),
    .fails(
      "beyond the last character", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0xF4, 0x90, 0x80, 0x80]) }),
    .fails(
      "a character of five bytes", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0xF8, 0x88, 0x80, 0x80, 0x80]) }),
    .fails(
      "a character that is cut off by a comma", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .responses { $0 + line(answer: [0x66, 0xE2, 0x82]) }),
    .fails(
      "a character that is cut off by the end of the file", .grammar, 65, at: "data/responses.csv:10:5: ", utf8,
      .responses { $0 + Array("r9,AAA,1,north,".utf8) + [0xE2, 0x82] }),
    .fails(
      "no UTF-8 where quotes are ordinary", .grammar, 65, at: "data/responses.csv:10:6: ", utf8,
      .definition("path: ../data/r", "quote: none, path: ../data/r"), .responses { $0 + line(answer: [0x66, 0xFF]) }),
    .goesOn(
      "a mark in the middle, where two files were joined", .grammar, Accounting(used: 9),
      .row("\u{FEFF}r9,AAA,1,north,p1,full,,yes,,,,")),
    .goesOn("UTF-8 with a mark", .grammar, Accounting(), .responses { [0xEF, 0xBB, 0xBF] + $0 }),
  ]

  private static let utf8 = ["a field is not valid UTF-8", "save the file as UTF-8"]

  private static func line(answer: [UInt8]) -> [UInt8] {
    Array("r9,AAA,1,north,p1,".utf8) + answer + Array(",,yes,,,,\n".utf8)
  }
}

extension [UInt8] {
  fileprivate func replacing(_ text: String, _ bytes: [UInt8]) -> [UInt8] { replacing(Array(text.utf8), with: bytes) }
}
