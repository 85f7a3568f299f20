import SurveyModel
import Yams

/// Refuses aliases that would cost more than the file could be worth, before Yams follows them: it compares the keys of
/// every mapping with all that aliases in them stand for, and frees a chain of aliases link by link on the stack.
///
/// For that the file is composed once with another character in place of each `*`: what was an alias is an ordinary
/// value then.
struct AliasCheck {
  static let aliasLimit = 1000
  /// A character for private use.
  private static let mark: Unicode.Scalar = "\u{F8FF}"

  let file: String

  /// - Throws: `DefinitionError` where an alias, or anything that may hold one, is a key; where there are too many; and
  ///   where the file is not YAML.
  func check(_ text: String) throws(DefinitionError) {
    guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else { return }
    var plain = String.UnicodeScalarView()
    plain.append(contentsOf: text.unicodeScalars.lazy.map { $0 == "*" ? Self.mark : $0 })
    var aliases = 0
    try visit(try YAMLValue.composed(String(plain), file: file), depth: 0, aliases: &aliases)
  }

  private func visit(_ node: Node, depth: Int, aliases: inout Int) throws(DefinitionError) {
    guard depth <= YAMLValue.depthLimit else {
      throw .tooLarge(SourceLocation(file: file), limit: YAMLValue.valueLimit)
    }
    switch node {
    case .scalar(let scalar):
      guard isAlias(scalar) else { return }
      aliases += 1
      guard aliases <= Self.aliasLimit else {
        throw .conflict(
          YAMLValue(node: node, file: file).location, problem: "more than \(Self.aliasLimit) aliases stand in one file",
          advice: "write out what they stand for")
      }
      // In [*a:b] the alias is a key.
      guard !scalar.string.utf8.contains(UInt8(ascii: ":")) else { throw badKey(node) }
    case .sequence(let sequence):
      for element in sequence { try visit(element, depth: depth + 1, aliases: &aliases) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key, !isAlias(scalar) else { throw badKey(key) }
        try visit(value, depth: depth + 1, aliases: &aliases)
      }
    case .alias: break
    }
  }

  /// In quotes the character is a character.
  private func isAlias(_ scalar: Node.Scalar) -> Bool {
    scalar.style == .plain && scalar.string.unicodeScalars.first == Self.mark
  }

  private func badKey(_ key: Node) -> DefinitionError {
    .wrongShape(YAMLValue(node: key, file: file).location, context: "a key", expected: "a single value, and no alias")
  }
}
