/// Names of definitions and data as SDMX identifiers: valid, different from each other, and the name itself where that
/// is one.
struct IdentifierMap: Sendable {
  enum Kind {
    /// Of a code: letters, digits, `_`, `$` and `-`.
    case code
    /// Of a concept, a dimension, a list or an agency: letters, digits and `_`, a letter first, in capitals.
    case component
  }

  private var ids: [String: String] = [:]

  /// - Parameters:
  ///   - names: Identifiers are given in this order.
  ///   - reserved: Identifiers that mean something else.
  init(_ names: [String], as kind: Kind, reserved: Set<String> = []) {
    var taken = reserved
    // First those that can stay as they are, so that no other name takes their place.
    for name in names where ids[name] == nil && Self.identifier(name, kind) == name && !taken.contains(name) {
      ids[name] = name
      taken.insert(name)
    }
    for name in names where ids[name] == nil {
      let candidate = Self.identifier(name, kind)
      var id = candidate
      var number = 2
      while !taken.insert(id).inserted {
        id = "\(candidate)_\(number)"
        number += 1
      }
      ids[name] = id
    }
  }

  /// The identifier of a name that was given; of any other the same spelling, which may not be its alone.
  subscript(name: String) -> String { ids[name] ?? Self.identifier(name, .code) }

  static func identifier(_ name: String, _ kind: Kind) -> String {
    let text = kind == .component ? name.uppercased() : name
    let parts = text.utf8.split { !isAllowed($0, kind) }
    let id = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "_")
    guard let first = id.utf8.first else { return "X" }
    switch kind {
    // A hyphen would make a spreadsheet read a formula; so would the @ that SDMX allows and `isAllowed` does not.
    case .code: return first == UInt8(ascii: "-") ? "_" + id : id
    case .component: return isLetter(first) ? id : "X" + id
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isAllowed(_ byte: UInt8, _ kind: Kind) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    case UInt8(ascii: "$"), UInt8(ascii: "-"): kind == .code
    default: isLetter(byte)
    }
  }
}
