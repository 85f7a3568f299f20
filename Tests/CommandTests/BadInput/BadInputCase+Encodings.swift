import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Files that are no UTF-8.
  static let encodings: [BadInputCase] = [
    .goesOn(
      "UTF-16, little-endian, with a mark", .grammar, Accounting(),
      .responses(as: .utf16LittleEndian, mark: [0xFF, 0xFE])),
    .goesOn(
      "UTF-16, big-endian, with a mark", .grammar, Accounting(), .responses(as: .utf16BigEndian, mark: [0xFE, 0xFF])),
    wide("UTF-16LE", "little-endian", .utf16LittleEndian), wide("UTF-16BE", "big-endian", .utf16BigEndian),
    wide("UTF-32LE", "little-endian", .utf32LittleEndian), wide("UTF-32BE", "big-endian", .utf32BigEndian),
    .goesOn(
      "UTF-32, little-endian, with a mark", .grammar, Accounting(),
      .responses(as: .utf32LittleEndian, mark: [0xFF, 0xFE, 0, 0])),
    .goesOn(
      "UTF-16 with its key", .grammar, Accounting(),
      .definition("path: ../data/r", "encoding: utf-16, path: ../data/r"),
      .responses(as: .utf16BigEndian)),
    .goesOn(
      "Windows-1252 with its key", .grammar,
      Accounting(
        used: 9, answersRejected: 1, lines: ["data/responses.csv,10,plan,answer,\(unknown),f\u{E9}\u{2019}"]),
      .definition("path: ../data/r", "encoding: windows-1252, path: ../data/r"),
      .responses { $0 + line(answer: [0x66, 0xE9, 0x92]) }),
    .fails(
      "a byte that Windows-1252 does not have", .grammar, 65,
      at: "data/responses.csv:10:6: the bytes here are no text in windows-1252\n", ["`encoding`"],
      .definition("path: ../data/r", "encoding: windows-1252, path: ../data/r"),
      .responses { $0 + line(answer: [0x66, 0x81]) }),
    .fails(
      "half of a pair of surrogates in UTF-16", .grammar, 65,
      at: "data/responses.csv:10:1: the bytes here are no text in UTF-16LE\n", ["`encoding`"],
      .responses(as: .utf16LittleEndian, mark: [0xFF, 0xFE], end: [0x00, 0xDC, 0x0A, 0])),
    .fails(
      "UTF-16 that ends inside of a unit", .grammar, 65,
      at: "data/responses.csv:10:1: the file ends inside of a character of UTF-16LE\n", ["copy or download"],
      .responses(as: .utf16LittleEndian, mark: [0xFF, 0xFE], end: [0x0A])),
    .fails(
      "UTF-8 under the key utf-16", .grammar, 65, at: "data/responses.csv is not in utf-16: it has no zero byte\n",
      ["remove `encoding`"], .definition("path: ../data/r", "encoding: utf-16, path: ../data/r")),
    .fails(
      "an encoding that iconv does not know", .definition, 78, at: "Pipelines/survey.yaml:5:", ["\"windows-1253x\""],
      .definition("path: ../data/r", "encoding: windows-1253x, path: ../data/r")),
    .fails(
      "an encoding that drops what it cannot read", .definition, 78, at: "Pipelines/survey.yaml:5:", ["//IGNORE"],
      .definition("path: ../data/r", "encoding: utf-16//IGNORE, path: ../data/r")),
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
      "a mark of UTF-16 and then UTF-8", .grammar, 65,
      at: "data/responses.csv is not in UTF-16LE, as its byte order mark says: it has no zero byte\n",
      ["remove the mark"],
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

  /// Without a mark.
  private static func wide(_ name: String, _ order: String, _ encoding: String.Encoding) -> BadInputCase {
    .fails(
      "\(name.dropLast(2)), \(order)", .grammar, 65,
      at: "data/responses.csv is text in \(name) without a byte order mark\n", ["`encoding: \(name.lowercased())`"],
      .responses(as: encoding))
  }

  private static let unknown = "not a code of the codebook"

  private static let utf8 = ["a field is not valid UTF-8", "save the file as UTF-8", "`encoding: windows-1252`"]

  private static func line(answer: [UInt8]) -> [UInt8] {
    Array("r9,AAA,1,north,p1,".utf8) + answer + Array(",,yes,,,,\n".utf8)
  }
}

extension [UInt8] {
  fileprivate func replacing(_ text: String, _ bytes: [UInt8]) -> [UInt8] { replacing(Array(text.utf8), with: bytes) }
}
