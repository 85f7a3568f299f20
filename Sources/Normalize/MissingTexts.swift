/// The texts that stand for nothing in one column: the empty one, and the missing codes of the column.
package struct MissingTexts: Sendable {
  private let codes: ByteDictionary
  private let hasCodes: Bool
  /// Whether some of them could be read as numbers.
  let hasNumbers: Bool

  package init(_ texts: [String] = []) {
    let texts = texts.filter { !$0.isEmpty }
    codes = ByteDictionary(texts)
    hasCodes = !texts.isEmpty
    hasNumbers = texts.contains { DecimalNumber.read(Array($0.utf8).span) != nil }
  }

  @inline(__always)
  package func contains(_ field: Span<UInt8>) -> Bool {
    field.isEmpty || (hasCodes && codes.number(of: field) != nil)
  }
}
