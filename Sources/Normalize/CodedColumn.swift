/// The answers of one column of a batch.
public struct CodedColumn: Sendable {
  /// The codes, one byte each, where the column has no more than 256 of them; empty otherwise.
  public var narrow: [UInt8] = []
  /// The codes where one byte does not hold them.
  public var wide: [AnswerColumn.Code] = []
  /// Select-many answers: bit i is option i. Empty for other columns.
  public var selections: [UInt64] = []
  /// Not a number where there is none. Empty for columns that are not numbers.
  public var numbers: [Double] = []
  /// Days since 1970-01-01, or `noDay`. Empty for columns that are not dates.
  public var days: [Int32] = []
  /// Whether some row holds `AnswerColumn.unreadableCode`.
  public var hasUnreadable = false

  /// Stands where a row has no date: comparing with it is false.
  public static let noDay = Int32.min

  init() {}

  public init(codes: [AnswerColumn.Code]) {
    wide = codes
  }

  public var codes: [AnswerColumn.Code] { wide.isEmpty ? narrow.map(AnswerColumn.Code.init) : wide }
}
