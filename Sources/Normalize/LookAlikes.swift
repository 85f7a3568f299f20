import Foundation

/// Names with other bytes that a reader takes for one: 01001 and 1001, North and north, two spaces and one, 12 and
/// 12.0.
package struct LookAlikes {
  /// In what two names differ, by the first that makes them the same.
  package enum Difference: CaseIterable {
    case unicodeForm, spaces, letterCase, leadingZeros, pointZero

    package var words: String {
      switch self {
      case .unicodeForm: "only in how Unicode writes their characters"
      case .spaces: "only in spaces"
      case .letterCase: "only in letter case"
      case .leadingZeros: "only in leading zeros"
      case .pointZero: "only in \".0\" at the end"
      }
    }
  }

  /// Names that are looked at; more would cost time and memory for a hint.
  package static let mostNames = 200_000

  /// How many groups of names look the same.
  package private(set) var groups = 0
  /// The first group that was found: two names of it.
  package private(set) var example: (first: String, second: String)?
  package var rounded: [String] = []

  /// - Parameter names: Distinct by their bytes, each within its scope: only names of one scope are compared.
  package init(_ names: [(scope: Int, name: String)]) {
    var first: [Key: String] = [:]
    var counted: Set<Key> = []
    for (scope, name) in names.prefix(Self.mostNames) {
      var name = name
      if name.withUTF8({ Suspicions.isRounded($0.span) }) { rounded.append(name) }
      let key = Key(scope: scope, folded: Self.folded(name))
      guard let other = first[key] else {
        first[key] = name
        continue
      }
      guard !other.utf8.elementsEqual(name.utf8), counted.insert(key).inserted else { continue }
      groups += 1
      if example == nil { example = (other, name) }
    }
  }

  private struct Key: Hashable {
    var scope: Int
    var folded: String
  }

  /// In what the example's names differ, in words.
  package var difference: String? {
    guard let (one, other) = example else { return nil }
    let found = Difference.allCases.filter { Self.fold(one, without: $0) != Self.fold(other, without: $0) }
    return found.count == 1 ? found[0].words : "only in spelling"
  }

  package static func folded(_ name: String) -> String { foldedASCII(name) ?? foldedByCharacters(name) }

  package static func foldedByCharacters(_ name: String) -> String { fold(name, without: nil) }

  /// The same byte by byte, since most names are ASCII; nil for others.
  package static func foldedASCII(_ name: String) -> String? {
    var isASCII = true
    let folded = String(unsafeUninitializedCapacity: name.utf8.count) { bytes in
      var count = 0
      var isBehindSpace = false
      for byte in name.utf8 {
        guard byte < 0x80 else {
          isASCII = false
          return 0
        }
        guard byte != 0x20, !(0x09...0x0D).contains(byte) else {
          isBehindSpace = true
          continue
        }
        if isBehindSpace, count > 0 {
          bytes[count] = 0x20
          count += 1
        }
        isBehindSpace = false
        bytes[count] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        count += 1
      }
      return withoutZeros(bytes.prefix(count))
    }
    return isASCII ? folded : nil
  }

  /// Takes ".0" at the end and leading zeros out of the bytes, where they stand.
  ///
  /// - Returns: How many bytes are left.
  private static func withoutZeros(_ bytes: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Int {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    var name = bytes
    if let point = name.lastIndex(of: UInt8(ascii: ".")), point > 0, point + 1 < name.count,
      name[..<point].allSatisfy(isDigit), name[(point + 1)...].allSatisfy({ $0 == 0x30 })
    {
      name = name[..<point]
    }
    var count = 0
    var isAtStart = true
    for index in name.indices {
      let byte = name[index]
      if byte == 0x30, isAtStart, index + 1 < name.endIndex, isDigit(name[index + 1]) { continue }
      name[count] = byte
      count += 1
      isAtStart = !isDigit(byte)
    }
    return count
  }

  /// - Parameter kept: A difference that stays.
  private static func fold(_ name: String, without kept: Difference?) -> String {
    var text = name
    if kept != .unicodeForm { text = text.precomposedStringWithCompatibilityMapping }
    if kept != .letterCase { text = text.lowercased() }
    if kept != .spaces {
      text = text.unicodeScalars.split(whereSeparator: isSpace).map { String(String.UnicodeScalarView($0)) }
        .joined(separator: " ")
    }
    if kept != .pointZero { text = withoutPointZero(text) }
    if kept != .leadingZeros { text = withoutLeadingZeros(text) }
    // Canonically equivalent texts are equal to Swift; their bytes decide where the form stays.
    return kept == .unicodeForm ? text.utf8.map { String($0, radix: 16) }.joined() : text
  }

  /// White space, and what has no width at all.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x200B...0x200F).contains(scalar.value) || scalar.value == 0xFEFF
      || scalar.value == 0x2060
  }

  private static func withoutPointZero(_ text: String) -> String {
    guard let point = text.lastIndex(of: "."), point > text.startIndex, text[point...].count > 1,
      text[..<point].allSatisfy(\.isNumber), text[point...].dropFirst().allSatisfy({ $0 == "0" })
    else { return text }
    return String(text[..<point])
  }

  private static func withoutLeadingZeros(_ text: String) -> String {
    var result = ""
    var isAtStart = true
    let characters = Array(text)
    for (index, character) in characters.enumerated() {
      let isDigit = character.isASCII && character.isNumber
      let hasNext = index + 1 < characters.count && characters[index + 1].isASCII && characters[index + 1].isNumber
      if character == "0", isAtStart, hasNext { continue }
      result.append(character)
      isAtStart = !isDigit
    }
    return result
  }
}
