/// A CSV file being written: RFC 4180 with LF line ends, quotes only where they are needed.
public struct CSVDocument: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init(header: [String]) {
    append(header)
  }

  public mutating func append(_ fields: [String]) {
    for (position, field) in fields.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      append(field: field)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func append(field: String) {
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard needsQuotes else {
      bytes.append(contentsOf: field.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Text that a spreadsheet would run as a formula, made harmless with a leading apostrophe; plain numbers such as
  /// `-1` stay as they are.
  public static func text(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first), Double(text) == nil else {
      return text
    }
    return "'" + text
  }
}
