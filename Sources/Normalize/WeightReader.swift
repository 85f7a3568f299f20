import Ingest
import SurveyModel

/// Reads a column of weights.
struct WeightReader: Sendable {
  /// Long decimals that are remembered: reading one is slow, and often few differ.
  private static let remembered = 4096

  let position: Int
  /// A replicate weight may be.
  private let mayBeNegative: Bool
  private let missing: MissingTexts
  /// For messages.
  private let column: String
  private let format: NumberFormat
  /// The decimal mark in all eight bytes of a word.
  private let point: UInt64
  /// The reasons of refused weights, one text for all that are alike: there may be millions.
  private var reasons: [String: String] = [:]
  private var long = FieldDictionary(limit: remembered)
  private var valueOfLong: [Double?] = []

  init(
    position: Int, column: String, missing: MissingTexts, mayBeNegative: Bool, format: NumberFormat = .plain
  ) {
    self.position = position
    self.column = column
    self.missing = missing
    self.mayBeNegative = mayBeNegative
    self.format = format
    point = UInt64(format.decimal.byte) * 0x0101_0101_0101_0101
  }

  /// Reads short weights of some rows into every `stride`th place, and leaves the others: those that are longer than
  /// eight bytes, or no plain number, or refused.
  ///
  /// - Returns: The rows that were left, ascending.
  func readShort(
    _ records: RecordBatch, rows: Range<Int>, into weights: inout MutableSpan<Double>, stride: Int, offset: Int
  ) -> [Int] {
    guard let places = records.places else { return Array(rows) }
    let bytes = records.bytes.span.bytes
    let (starts, ends) = (places.starts.span, places.ends.span)
    let (column, point, codes) = (position * places.rowCapacity, point, missing.numbers)
    let hasCodes = !codes.isEmpty
    var left: [Int] = []
    for row in rows {
      // Unchecked: fields lie within the padded bytes, rows within the places and the weights.
      let start = Int(starts[unchecked: column + row])
      let count = Int(ends[unchecked: column + row]) - start
      let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self))
      if let weight = DecimalNumber.tiny(word, count: count, point: point),
        !hasCodes || !codes.contains(weight)
      {
        weights[unchecked: row * stride + offset] = weight
      } else {
        left.append(row)
      }
    }
    return left
  }

  /// Reads the weight of one row that was left.
  ///
  /// - Returns: The reason, if it is none.
  mutating func readOther(
    _ records: RecordBatch, row: Int, into weight: inout Double, invalid isInvalid: inout Bool
  ) -> String? {
    let field = records.bytes.span.extracting(records.range(row: row, column: position))
    if missing.contains(field) {
      if !FieldText.isValid(field) { isInvalid = true }
      return RejectionReason.blankWeight(mayBeNegative: mayBeNegative, value: FieldText.text(field), column: column)
    }
    guard let number = DecimalNumber.short(field, point: format.decimal.byte) ?? long(field),
      mayBeNegative || number >= 0
    else {
      if !FieldText.isValid(field) { isInvalid = true }
      return reason(refusing: field)
    }
    // 98.0 beside the missing code 98 is no weight, as it is no answer.
    if missing.numbers.contains(number), let code = missing.lookAlike(FieldText.text(field)) {
      return RejectionReason.looksMissing(FieldText.text(field), code: code)
    }
    guard Self.canBeSquared(number) else { return RejectionReason.extremeWeight }
    weight = number
    return nil
  }

  /// - Returns: One weight a row, and the rows whose weight is none, ascending, with the reason.
  mutating func read(
    _ records: RecordBatch, invalid isInvalid: inout Bool
  ) -> (weights: [Double], refused: [(row: Int, reason: String)]) {
    var refused: [(row: Int, reason: String)] = []
    var weights = Array(repeating: 0.0, count: records.rowCount)
    var span = weights.mutableSpan
    let left = readShort(records, rows: 0..<records.rowCount, into: &span, stride: 1, offset: 0)
    for row in left {
      if let reason = readOther(records, row: row, into: &weights[row], invalid: &isInvalid) {
        refused.append((row, reason))
      }
    }
    return (weights, refused)
  }

  private mutating func long(_ field: Span<UInt8>) -> Double? {
    let number = Int(self.long.insert(field))
    guard number >= 0 else { return DecimalNumber.read(field, format) }
    if number == valueOfLong.count { valueOfLong.append(DecimalNumber.read(field, format)) }
    return valueOfLong[number]
  }

  private mutating func reason(refusing field: Span<UInt8>) -> String {
    let words = RejectionReason.noWeight(
      mayBeNegative: mayBeNegative, value: FieldText.text(field), format: format)
    if let known = reasons[words] { return known }
    reasons[words] = words
    return words
  }

  /// Whether sums of squares of such weights, and their quotients, stay within what a Double holds.
  private static func canBeSquared(_ weight: Double) -> Bool {
    weight == 0 || (1e-100...1e100).contains(weight.magnitude)
  }
}
