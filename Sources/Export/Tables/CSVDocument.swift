/// A CSV file being written: RFC 4180 with LF line ends, quotes only where they are needed.
///
/// A row is added field by field, straight into the bytes of the file: a list of texts for each row took longer than
/// the numbers in it.
public struct CSVDocument: Sendable {
  public private(set) var bytes: [UInt8] = []
  private var isInRow = false

  public init(header: [String]) {
    append(header)
  }

  public mutating func append(_ fields: [String]) {
    for field in fields { add(field) }
    endRow()
  }

  /// A field as it is.
  public mutating func add(_ field: String) {
    separate()
    var field = field
    field.withUTF8 { add(utf8: $0) }
  }

  /// Text that a spreadsheet would run as a formula is made harmless, as by `text`.
  public mutating func add(text: String) { add(Self.text(text)) }

  /// Nothing for a value that does not exist.
  public mutating func add(_ number: Double?) {
    separate()
    if let number { NumberText.append(number, to: &bytes) }
  }

  /// Nothing for a value that does not exist.
  public mutating func add(_ number: Int?) {
    separate()
    if let number { NumberText.append(number, to: &bytes) }
  }

  public mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isInRow = false
  }

  private mutating func separate() {
    if isInRow { bytes.append(UInt8(ascii: ",")) }
    isInRow = true
  }

  private mutating func add(utf8 field: UnsafeBufferPointer<UInt8>) {
    let needsQuotes = field.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard needsQuotes else {
      bytes.append(contentsOf: field)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Text that a spreadsheet would run as a formula, made harmless with a leading apostrophe; plain numbers such as
  /// `-1` stay as they are. What begins with apostrophes before such text gets one more, so that no two texts become
  /// the same.
  public static func text(_ text: String) -> String {
    let rest = text.utf8.drop { $0 == UInt8(ascii: "'") }
    guard let first = rest.first, isStartOfFormula(first), Double(String(Substring(rest))) == nil else { return text }
    return "'" + text
  }

  /// The text that `text` made harmless.
  public static func original(of text: String) -> String {
    guard text.utf8.first == UInt8(ascii: "'"), self.text(String(text.dropFirst())) == text else { return text }
    return String(text.dropFirst())
  }

  private static func isStartOfFormula(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
    default: false
    }
  }
}
