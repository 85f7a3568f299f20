/// SDMX identifiers for names of definitions and data.
///
/// An identifier depends on its name alone: the same in every run and every release, whatever other names stand beside it,
/// so that a series keeps its key from one delivery to the next. Changing a rule here breaks the series of those who load
/// our deliveries.
enum Identifier {
  /// Of a code, in the alphabet of SDMX's `IDType`: percent-encoding of the UTF-8 bytes, with `$` for `%`. Letters, digits,
  /// `_` and `-` stay as they are, so `A.1(a)` is `A$2E1$28a$29`. No two codes share an identifier.
  ///
  /// - Parameter reserved: Identifiers that mean something else; a code that is spelled like one has its first character
  ///   escaped.
  static func code(_ name: String, reserved: Set<String> = []) -> String {
    // No escape is a `$` alone.
    if name.utf8.isEmpty { return "$" }
    let isReserved = reserved.contains(name)
    var id = ""
    for (place, byte) in name.utf8.enumerated() {
      // A spreadsheet reads a leading hyphen as a formula, and the @ that `IDType` allows too.
      let isKept = isWordByte(byte) || (byte == UInt8(ascii: "-") && place > 0)
      if isKept && !(isReserved && place == 0) {
        id.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        id += "$" + hexadecimal(byte, uppercase: true)
      }
    }
    return id
  }

  /// Of a concept, a dimension, a list, a structure or an agency, in the alphabet of SDMX's `NCNameIDType`: the name in
  /// capitals, with a small `x` and two small hexadecimal digits for each byte that is no letter, digit, `_` or `-`, and for
  /// a first byte that is no letter. `age group` is `AGEx20GROUP`. Names share an identifier only where they differ in
  /// the case of ASCII letters alone.
  ///
  /// - Parameter reserved: Identifiers that mean something else; a name that is spelled like one has its first letter
  ///   escaped.
  static func component(_ name: String, reserved: Set<String> = []) -> String {
    // No escape is an `x` alone.
    if name.utf8.isEmpty { return "x" }
    // Unicode's capitals depend on its version, and make one name of two: those of ß are SS.
    let capitals = name.utf8.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
    let isReserved = reserved.contains(String(decoding: capitals, as: UTF8.self))
    var id = ""
    for (place, byte) in capitals.enumerated() {
      let isKept =
        place == 0 ? isLetter(byte) && !isReserved : isWordByte(byte) || byte == UInt8(ascii: "-")
      if isKept {
        id.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        id += "x" + hexadecimal(byte, uppercase: false)
      }
    }
    return id
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
  }

  private static func hexadecimal(_ byte: UInt8, uppercase: Bool) -> String {
    let digits = String(byte, radix: 16, uppercase: uppercase)
    return byte < 16 ? "0" + digits : digits
  }
}
