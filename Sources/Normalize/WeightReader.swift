import Ingest

/// Reads a column of weights.
struct WeightReader: Sendable {
  /// Long decimals that are remembered: reading one is slow, and often few differ.
  private static let remembered = 4096

  let position: Int
  /// A replicate weight may be.
  private let mayBeNegative: Bool
  private var long = FieldDictionary(limit: remembered)
  private var valueOfLong: [Double?] = []

  init(position: Int, mayBeNegative: Bool) {
    self.position = position
    self.mayBeNegative = mayBeNegative
  }

  /// - Returns: One weight a row, and the rows whose weight is none, ascending, with the reason.
  mutating func read(
    _ records: RecordBatch, invalid isInvalid: inout Bool
  ) -> (weights: [Double], refused: [(row: Int, reason: String)]) {
    var refused: [(row: Int, reason: String)] = []
    var weights = Array(repeating: 0.0, count: records.rowCount)
    let bytes = records.bytes.span
    for row in 0..<records.rowCount {
      let field = bytes.extracting(unchecked: records.range(row: row, column: position))
      guard let weight = DecimalNumber.short(field) ?? self.long(field), mayBeNegative || weight >= 0 else {
        if !FieldText.isValid(field) { isInvalid = true }
        refused.append(
          (row, mayBeNegative ? "the replicate weight must be a number" : "the weight must be a number from 0"))
        continue
      }
      if Self.canBeSquared(weight) {
        weights[row] = weight
      } else {
        refused.append((row, RejectionReason.extremeWeight))
      }
    }
    return (weights, refused)
  }

  private mutating func long(_ field: Span<UInt8>) -> Double? {
    let number = Int(self.long.insert(field))
    guard number >= 0 else { return DecimalNumber.read(field) }
    if number == valueOfLong.count { valueOfLong.append(DecimalNumber.read(field)) }
    return valueOfLong[number]
  }

  /// Whether sums of squares of such weights, and their quotients, stay within what a Double holds.
  private static func canBeSquared(_ weight: Double) -> Bool {
    weight == 0 || (1e-100...1e100).contains(weight.magnitude)
  }
}
