/// What a file is that is no CSV, as its first bytes say. The words stand in `FileKind+Message.swift`.
public enum FileKind: Sendable, Equatable {
  case excelWorkbook, openDocumentSpreadsheet, wordDocument, oldOfficeDocument
  /// Some names in it that may be those of data.
  case zip([String])
  case spss, spssPortable, stata, sas, sasTransport
  case parquet, arrow, sqlite
  case pdf, rtf, html, xml, excelXML, json
  case gzip, gzipTwice, zstd, bzip2, xz, sevenZip, rar, tar
  /// Text of two or four bytes a character, without a mark.
  case wideText(String)
  /// Text of single bytes where the definition speaks of more, or a mark does.
  case narrowText(String, isMarked: Bool)

  /// Whether no text could begin so; the others may be a header that looks odd.
  var isProven: Bool {
    switch self {
    case .spssPortable, .rtf, .html, .xml, .excelXML, .json, .wideText, .narrowText: false
    default: true
    }
  }

  /// - Parameter path: Where the bytes come from; an archive is looked into from its end.
  init?(_ bytes: UnsafeRawBufferPointer, path: String) {
    guard let kind = Self.binary(bytes, path: path) ?? Self.text(bytes) else { return nil }
    self = kind
  }

  /// UTF-16 or UTF-32 without a mark: delimiters, digits and line ends have zero bytes in the same places.
  init?(wideText bytes: UnsafeRawBufferPointer) {
    guard bytes.contains(0) else { return nil }
    let units = bytes.count / 4
    if units > 1 {
      func isScalar(_ high: Int, _ next: Int) -> Bool {
        (0..<units).allSatisfy { unit in
          let quad = bytes[4 * unit..<4 * unit + 4]
          return quad[quad.startIndex + high] == 0 && quad[quad.startIndex + next] <= 0x10
            && quad.contains { $0 != 0 }
        }
      }
      if isScalar(3, 2) {
        self = .wideText("utf-32le")
        return
      }
      if isScalar(0, 1) {
        self = .wideText("utf-32be")
        return
      }
    }
    var (even, odd) = (0, 0)
    for (place, byte) in bytes.enumerated() where byte == 0 {
      if place & 1 == 0 { even += 1 } else { odd += 1 }
    }
    // At least an eighth of the characters, and next to none elsewhere.
    func isMany(_ one: Int, _ other: Int) -> Bool { one > 1 && one * 16 >= bytes.count && other * 16 <= one }
    if isMany(odd, even) {
      self = .wideText("utf-16le")
    } else if isMany(even, odd) {
      self = .wideText("utf-16be")
    } else {
      return nil
    }
  }

  // MARK: - Bytes

  private static let signatures: [(bytes: [UInt8], kind: FileKind)] = [
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .oldOfficeDocument),
    (Array("%PDF-".utf8), .pdf),
    (Array("SQLite format 3\0".utf8), .sqlite),
    (Array("ARROW1\0\0".utf8), .arrow),
    ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
    (Array("Rar!".utf8) + [0x1A, 0x07], .rar),
    ([0x1F, 0x8B, 0x08], .gzip),
    (Array("<stata_dta>".utf8), .stata),
    (Array("$FL2@(#)".utf8), .spss), (Array("$FL3@(#)".utf8), .spss),
    (Array("HEADER RECORD*******".utf8), .sasTransport),
    (
      Array(repeating: 0, count: 12) + [0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 0x08, 0x00], .sas
    ),
  ]

  private static func binary(_ bytes: UnsafeRawBufferPointer, path: String) -> FileKind? {
    if let known = signatures.first(where: { bytes.starts(with: $0.bytes) })?.kind {
      return known == .gzip && path.hasSuffix(InputBytes.compressedSuffix) ? .gzipTwice : known
    }
    if bytes.count > 512, bytes[257..<262].elementsEqual("ustar".utf8) { return .tar }
    if ZipNames.begins(bytes) { return zipped(ZipNames(bytes, path: path)) }
    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
    // Version, byte order, file type, and a byte that is always 0.
    if (102...116).contains(byte(0)), [1, 2].contains(byte(1)), byte(2) == 1, bytes.count > 3, byte(3) == 0 {
      return .stata
    }
    // The first page begins with a small number.
    if bytes.starts(with: "PAR1".utf8), bytes.count > 4, byte(4) < 0x20, ![0x09, 0x0A, 0x0D].contains(byte(4)) {
      return .parquet
    }
    if bytes.starts(with: "BZh".utf8), (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(byte(3)),
      UnsafeRawBufferPointer(rebasing: bytes.dropFirst(4)).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    {
      return .bzip2
    }
    return nil
  }

  private static func zipped(_ archive: ZipNames) -> FileKind {
    func has(_ folder: String) -> Bool { archive.names.contains { $0.hasPrefix(folder) } }
    if archive.mediaType.contains("opendocument.spreadsheet") { return .openDocumentSpreadsheet }
    if has("xl/") { return .excelWorkbook }
    if has("word/") || archive.mediaType.contains("opendocument.text") { return .wordDocument }
    if has("[Content_Types].xml"), !has("ppt/") { return .excelWorkbook }
    return .zip(archive.names.filter { !$0.hasSuffix("/") && !$0.hasPrefix("__MACOSX/") })
  }

  // MARK: - Text

  private static func text(_ bytes: UnsafeRawBufferPointer) -> FileKind? {
    var text = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    text = text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let start = String(decoding: text.prefix(1024), as: UTF8.self).lowercased()
    if start.hasPrefix("{\\rtf") { return .rtf }
    if start.hasPrefix("ascii spss port file") || start.contains("spssport") { return .spssPortable }
    if ["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<script", "<div"].contains(
      where: start.hasPrefix)
    {
      return .html
    }
    if start.hasPrefix("<?xml") || start.hasPrefix("<") && start.dropFirst().first?.isLetter == true {
      if start.contains("office:spreadsheet") || start.contains("excel.sheet") { return .excelXML }
      return start.contains("<html") ? .html : .xml
    }
    if let first = start.first, first == "{" || first == "[" {
      let next = start.dropFirst().first { !$0.isWhitespace }
      if let next, "\"{[}]-".contains(next) || next.isNumber { return .json }
    }
    return nil
  }
}
