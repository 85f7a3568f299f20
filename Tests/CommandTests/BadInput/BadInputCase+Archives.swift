import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Compressed files that are not in order, or that hold far more than they seem to.
  static let archives: [BadInputCase] = [
    archive("cut in its header", "data/responses.csv.gz ends before its compressed data does\n") {
      Array(gzipped($0)[..<5])
    },
    archive("cut in the middle", "data/responses.csv.gz ends before its compressed data does\n") {
      Array(gzipped($0).dropLast(60))
    },
    archive("cut in its checksum", "data/responses.csv.gz ends before its compressed data does\n") {
      Array(gzipped($0).dropLast(6))
    },
    archive("cut in its second member", "data/responses.csv.gz ends before its compressed data does\n") {
      gzipped($0) + gzipped("r9,AAA,1,north,p1,full,,yes,,,,\n").dropLast(9)
    },
    archive("a wrong checksum", "the compressed data of data/responses.csv.gz is damaged: incorrect data check\n") {
      gzipped($0).flipping(bit: 2, ofByteFromEnd: 6)
    },
    archive("a wrong length", "the compressed data of data/responses.csv.gz is damaged: incorrect length check\n") {
      gzipped($0).flipping(bit: 2, ofByteFromEnd: 2)
    },
    archive("a bit that flipped in the data", "the compressed data of data/responses.csv.gz is damaged") {
      gzipped($0).flipping(bit: 5, ofByteFromEnd: 90)
    },
    archive(
      "another method of compression",
      "the compressed data of data/responses.csv.gz is damaged: unknown compression method\n"
    ) { gzipped($0).replacing(byte: 2, with: 9) },
    archive(
      "flags that gzip does not have",
      "the compressed data of data/responses.csv.gz is damaged: unknown header flags set\n"
    ) { gzipped($0).replacing(byte: 3, with: 0xE0) },
    archive("plain text", "data/responses.csv.gz is not a gzip file\n") { $0 },
    archive("a zip file", "data/responses.csv.gz is not a gzip file\n") { [0x50, 0x4B, 0x03, 0x04] + $0 },
    archive("bzip2", "data/responses.csv.gz is not a gzip file\n") { Array("BZh91AY&SY".utf8) + $0 },
    archive("xz", "data/responses.csv.gz is not a gzip file\n") { [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] + $0 },
    archive("Zstandard", "data/responses.csv.gz is not a gzip file\n") { [0x28, 0xB5, 0x2F, 0xFD] + $0 },
    archive("the old compress", "data/responses.csv.gz is not a gzip file\n") { [0x1F, 0x9D, 0x90] + $0 },
    archive("text after it", "something that is not gzip follows the compressed data of data/responses.csv.gz\n") {
      gzipped($0) + Array("more\n".utf8)
    },
    archive(
      "blocks of NUL after it", "something that is not gzip follows the compressed data of data/responses.csv.gz\n"
    ) { gzipped($0) + Array(repeating: 0, count: 512) },
    archive("compressed twice", "data/responses.csv.gz is compressed by gzip twice\n") { gzipped(gzipped($0)) },
    archive("a quote inside a field", "data/responses.csv.gz:10:6: a quote stands inside") {
      gzipped($0 + Array("r9,AAA,1,north,p1,f\"ull,,yes,,,,\n".utf8))
    },
    archive("a tar archive", "data/responses.csv.gz:1:1: a NUL byte stands in a field") {
      gzipped(Array("responses.csv".utf8) + Array(repeating: 0, count: 499) + $0)
    },
    archive("empty", "data/responses.csv.gz is empty\n", status: 66) { _ in [] },
    archive("nothing in it", "data/responses.csv.gz is empty\n", status: 66) { _ in gzipped("") },
    .fails(
      "gzip that is called CSV", .archive, 65,
      at: "data/responses.csv is compressed by gzip, and its name does not end in .gz\n", ["rename"],
      .responses { gzipped($0) }),
    .fails(
      "the beginning of a workbook that is called CSV", .archive, 65, at: "data/responses.csv is a zip archive", [],
      .responses { _ in [0x50, 0x4B, 0x03, 0x04, 0x14, 0, 6, 0, 8, 0, 0, 0, 0x21, 0, 0x0A] }),
    bomb("10 GB of NUL bytes", ":1:1: a ", start: "", piece: "\0"),
    bomb("10 GB in the first name of the header", ":1:1: a record is longer than 16 MB", start: "", piece: "a"),
    bomb("10 GB of commas in the header", ":1:", start: "", piece: ","),
    bomb(
      "10 GB in one answer", ":2:6: a record is longer than 16 MB", start: header + "r1,AAA,1,north,p1,", piece: "full"),
    bomb(
      "10 GB in a quote that is not closed", ":2:12: a record is longer than 16 MB",
      start: header + "r1,AAA,1,north,p1,full,,yes,,,,\"", piece: "line\n"),
    bomb("10 GB of fields in one row", ":2:", start: header, piece: "x,"),
  ]

  private static let header = SurveyFixture().header + "\n"

  private static func archive(
    _ name: String, _ place: String, status: Int32 = 65, _ bytes: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> BadInputCase {
    BadInputCase(
      name: name, row: .archive, changes: BadInputChange.compressed(bytes),
      outcome: .fails(status, at: place, saying: []))
  }

  /// A file of some 10 MB that unpacks to a thousand times as much.
  private static func bomb(_ name: String, _ place: String, start: String, piece: String) -> BadInputCase {
    let size = 16 << 20
    return BadInputCase(
      name: name, row: .archive,
      changes: [
        .definition("responses.csv", "responses.csv.gz"),
        BadInputChange(files: { directory in
          let text = [UInt8](String(repeating: piece, count: size / piece.utf8.count).utf8)
          try BadInputChange.largeFile(
            "data/responses.csv.gz", start: gzipped(start), piece: gzipped(text), times: 640
          ).files(directory)
        }),
      ], outcome: .fails(65, at: "data/responses.csv.gz" + place, saying: []))
  }
}

extension [UInt8] {
  fileprivate func flipping(bit: Int, ofByteFromEnd place: Int) -> [UInt8] {
    var bytes = self
    bytes[count - place] ^= 1 << bit
    return bytes
  }

  fileprivate func replacing(byte place: Int, with value: UInt8) -> [UInt8] {
    var bytes = self
    bytes[place] = value
    return bytes
  }
}
