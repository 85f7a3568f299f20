import SurveyModel

/// The texts that stand for nothing in one column: the empty one, the missing codes of the column, and with
/// `numeric-codes` the other texts of their numbers.
package struct MissingTexts: Sendable {
  private let codes: ByteDictionary
  private let hasCodes: Bool
  /// The codes that are numbers.
  package let numbers: Set<Double>
  /// Whether every other text of such a number is the code, too.
  package let isNumeric: Bool
  private let format: NumberFormat

  package init(_ texts: [String] = [], numericCodes: Bool = false, format: NumberFormat = .plain) {
    let texts = texts.filter { !$0.isEmpty }
    codes = ByteDictionary(texts)
    hasCodes = !texts.isEmpty
    numbers = Set(texts.compactMap(CodeNumber.read))
    isNumeric = numericCodes && !numbers.isEmpty
    self.format = format
  }

  /// Whether only an empty field is nothing.
  package var isEmptyAlone: Bool { !hasCodes }

  @inline(__always)
  package func contains(_ field: Span<UInt8>) -> Bool {
    field.isEmpty || (hasCodes && (codes.number(of: field) != nil || (isNumeric && isNumber(field))))
  }

  package func contains(_ text: String) -> Bool { contains(Array(text.utf8).span) }

  /// The missing code that is the same number as a text that stands for something.
  package func lookAlike(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard !numbers.isEmpty, !contains(bytes.span), let number = DecimalNumber.read(bytes.span, format) else {
      return nil
    }
    return codes.keys.first { CodeNumber.read($0) == number }
  }

  private func isNumber(_ field: Span<UInt8>) -> Bool {
    DecimalNumber.read(field, format).map(numbers.contains) ?? false
  }
}

extension TableDefinition {
  /// The texts that stand for nothing in a column, whether it is a question or something that the pipeline names.
  package func missingTexts(of column: String) -> MissingTexts {
    MissingTexts(missingCodes(of: column), numericCodes: hasNumericCodes(in: column), format: numbers)
  }
}
