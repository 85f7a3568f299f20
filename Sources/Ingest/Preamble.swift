/// What stands above the header of a file and is no record: a byte order mark, lines that the definition skips, and a
/// line `sep=;`, with which Excel says what delimits the fields. Physical lines, whatever stands in them.
struct Preamble {
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let word: [UInt8] = Array("sep=".utf8)

  private let skippedRows: Int
  private let quote: UInt8?
  private var isAtFirstByte = true
  /// The beginning of a line, as long as it may be a line `sep=`.
  private var held: [UInt8] = []
  /// Only the first line of the file may be one, and the first after those that are skipped.
  private var maySeparate = true

  /// Whether there was nothing but a byte order mark.
  private(set) var isEmpty = true
  /// Whether a quote stands in a line above the header, where it quotes nothing.
  private(set) var holdsQuote = false
  /// The physical line that comes next.
  private(set) var line = 1
  /// What a line `sep=` says, and where it stands.
  private(set) var separator: (byte: UInt8, line: Int)?
  /// The header begins with `rest`, and goes on in what was not taken.
  private(set) var isComplete = false
  var rest: [UInt8] { held }
  /// The LF of a CRLF may still follow.
  private(set) var endsWithReturn = false

  init(_ format: CSVFormat) {
    skippedRows = format.skippedRows
    quote = format.quote
  }

  /// - Returns: How many bytes were taken; fewer than given where the header begins.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    var taken = 0
    while taken < bytes.count, !isComplete {
      if isAtFirstByte { takeFirst(bytes[taken]) } else { take(bytes[taken]) }
      taken += 1
    }
    return taken
  }

  /// The end of the file.
  mutating func finish() {
    if isAtFirstByte { leaveFirst() }
    if !isComplete, !held.isEmpty { endLine(with: nil) }
  }

  private mutating func takeFirst(_ byte: UInt8) {
    held.append(byte)
    if held == Self.byteOrderMark {
      held = []
      isAtFirstByte = false
    } else if !Self.byteOrderMark.starts(with: held) {
      leaveFirst()
    }
  }

  private mutating func leaveFirst() {
    let start = held
    held = []
    isAtFirstByte = false
    for byte in start { take(byte) }
  }

  private mutating func take(_ byte: UInt8) {
    isEmpty = false
    let wasReturn = endsWithReturn
    if byte == quote, line <= skippedRows { holdsQuote = true }
    endsWithReturn = false
    switch byte {
    case _ where isComplete: held.append(byte)
    case 0x0A where wasReturn: break
    case 0x0A, 0x0D: endLine(with: byte)
    case _ where maySeparate:
      held.append(byte)
      guard !mayBeSeparator(held) else { return }
      if line > skippedRows { isComplete = true } else { (maySeparate, held) = (false, []) }
    default: break
    }
  }

  /// - Parameter end: LF or CR; nil at the end of the file.
  private mutating func endLine(with end: UInt8?) {
    if maySeparate, let byte = Self.separator(in: held, quote: quote) {
      separator = (byte, line)
    } else if line > skippedRows {
      // The header, or a blank line above it, which the grammar skips.
      if let end { held.append(end) }
      isComplete = true
      return
    }
    held = []
    line += 1
    endsWithReturn = end == 0x0D
    maySeparate = line == skippedRows + 1 && separator == nil
    isComplete = line > skippedRows && !maySeparate
  }

  // MARK: - sep=

  /// What a line `sep=;` or `"sep=;"` says; letters and digits delimit nothing.
  static func separator(in line: [UInt8], quote: UInt8?) -> UInt8? {
    var bare = line[...]
    if bare.count == word.count + 3, bare.first == UInt8(ascii: "\""), bare.last == UInt8(ascii: "\"") {
      bare = bare.dropFirst().dropLast()
    }
    guard bare.count == word.count + 1, isWord(bare), let byte = bare.last, byte != quote, byte < 0x7F,
      byte == UInt8(ascii: "\t") || byte >= UInt8(ascii: " "), !Character(UnicodeScalar(byte)).isLetter,
      !Character(UnicodeScalar(byte)).isNumber
    else { return nil }
    return byte
  }

  private func mayBeSeparator(_ line: [UInt8]) -> Bool {
    line.count <= Self.word.count + 3 && Self.isWord(line.first == UInt8(ascii: "\"") ? line.dropFirst() : line[...])
  }

  /// Whether a text begins as the word does, as far as it goes, in capitals or not.
  private static func isWord(_ text: ArraySlice<UInt8>) -> Bool {
    zip(text, word).allSatisfy { byte, expected in
      byte == expected || (byte < 0x60 && byte | 0x20 == expected && expected >= 0x61)
    }
  }
}
