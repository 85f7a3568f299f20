/// An encoding that iconv knows, by the name in the definition.
public struct TextEncoding: Sendable, Equatable {
  /// The name for messages.
  public let name: String
  /// As iconv calls it.
  let iconvName: String

  public static let utf8 = TextEncoding(name: "UTF-8", iconvName: "UTF-8")
  public static let utf16LittleEndian = TextEncoding(name: "UTF-16LE", iconvName: "UTF-16LE")
  public static let utf16BigEndian = TextEncoding(name: "UTF-16BE", iconvName: "UTF-16BE")
  public static let utf32LittleEndian = TextEncoding(name: "UTF-32LE", iconvName: "UTF-32LE")
  public static let utf32BigEndian = TextEncoding(name: "UTF-32BE", iconvName: "UTF-32BE")

  private init(name: String, iconvName: String) {
    self.name = name
    self.iconvName = iconvName
  }

  /// - Returns: nil where iconv does not know the name.
  public init?(_ name: String) {
    guard let iconvName = Self.iconvName(name), EncodingConverter.knows(iconvName) else { return nil }
    self.init(name: name, iconvName: iconvName)
  }

  public var isUTF8: Bool { iconvName == Self.utf8.iconvName }

  /// Whether it is one of those that write all characters.
  public var isUnicode: Bool { ["UTF", "UCS", "UNICODE", "CSUNICODE"].contains { iconvName.hasPrefix($0) } }

  /// UTF-16 whose byte order the file tells.
  public var isOpenUTF16: Bool { iconvName == "UTF-16" }

  /// UTF-32 whose byte order the file tells.
  public var isOpenUTF32: Bool { iconvName == "UTF-32" }

  /// The names that a message suggests; iconv knows several hundred more.
  public static let wellKnownNames = [
    "utf-8", "utf-16", "utf-16le", "utf-16be", "utf-32", "latin-1", "iso-8859-1", "iso-8859-2", "iso-8859-15",
    "windows-1250", "windows-1251", "windows-1252", "windows-1254", "windows-1256", "macintosh", "shift_jis", "gb18030",
    "big5", "euc-kr", "koi8-r",
  ]

  /// Common names that iconv does not know, without hyphens, underscores and spaces.
  private static let otherNames = [
    "utf8": "UTF-8", "utf8sig": "UTF-8", "utf8bom": "UTF-8", "utf16": "UTF-16", "unicode": "UTF-16", "ucs2": "UTF-16",
    "utf16le": "UTF-16LE", "utf16be": "UTF-16BE", "utf32": "UTF-32", "utf32le": "UTF-32LE", "utf32be": "UTF-32BE",
    "latin1": "ISO-8859-1", "iso88591": "ISO-8859-1", "ansi": "CP1252", "windows1252": "CP1252", "cp1252": "CP1252",
    "macroman": "MACINTOSH",
  ]

  /// Names whose meaning is that of the machine, not of the file.
  private static let local: Set<String> = ["char", "wchart", "internal"]

  /// - Returns: nil where the name is more than a name: `//IGNORE` would drop what it cannot read without a word.
  private static func iconvName(_ name: String) -> String? {
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_.:()+ ".utf8.contains(byte)
      }
    }
    guard isName, !name.isEmpty, name.utf8.count <= 40 else { return nil }
    let plain = name.lowercased().filter { !"-_ ".contains($0) }
    guard !plain.isEmpty, !local.contains(plain) else { return nil }
    return otherNames[plain] ?? name.uppercased()
  }
}

extension TextEncoding {
  /// What the first bytes of a file say of its encoding.
  public struct Mark: Sendable, Equatable {
    public var encoding: TextEncoding
    public var byteCount: Int
  }

  /// The byte order mark with which a file begins.
  public static func mark(of bytes: UnsafeRawBufferPointer) -> Mark? {
    marks.first { bytes.starts(with: $0.bytes) }.map { Mark(encoding: $0.encoding, byteCount: $0.bytes.count) }
  }

  /// The marks of UTF-32 come first: that of UTF-16 is the beginning of one of them.
  private static let marks: [(bytes: [UInt8], encoding: TextEncoding)] = [
    ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
    ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
  ]

  /// The byte order that zero bytes tell: delimiters, digits and line ends have one in each unit.
  public func ordered(by bytes: UnsafeRawBufferPointer) -> TextEncoding {
    var zeros = [0, 0, 0, 0]
    for (place, byte) in bytes.enumerated() where byte == 0 { zeros[place & 3] += 1 }
    if isOpenUTF16 { return zeros[0] + zeros[2] > zeros[1] + zeros[3] ? .utf16BigEndian : .utf16LittleEndian }
    if isOpenUTF32 { return zeros[0] > zeros[3] ? .utf32BigEndian : .utf32LittleEndian }
    return self
  }
}
