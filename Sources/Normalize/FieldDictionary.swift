import Ingest

/// Numbers distinct fields 0, 1, 2, ... in the order in which they come, a column at a time.
///
/// A field of up to 16 bytes is two words, loaded and masked without a branch; to find it costs one hash and, nearly
/// always, one comparison. One of up to 32 bytes is four words in a table of its own. Longer ones go through a
/// `ByteDictionary`. Memory grows with the number of distinct fields,
/// up to `limit`; fields beyond it have no number.
struct FieldDictionary: Sendable {
  /// What a field has that came when the dictionary was full.
  static let none: Int32 = -1
  private static let longestShort = 16
  private static let longestMedium = 32

  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var length: Int32 = 0
    var number: Int32 = -1
  }

  private struct MediumSlot {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var length: Int32 = 0
    var number: Int32 = -1

    @inline(__always)
    func holds(_ other: (UInt64, UInt64, UInt64, UInt64), _ otherLength: Int) -> Bool {
      let difference =
        (words.0 ^ other.0) | (words.1 ^ other.1) | (words.2 ^ other.2) | (words.3 ^ other.3)
      return difference == 0 && length == Int32(truncatingIfNeeded: otherLength)
    }
  }

  let limit: Int
  private(set) var count = 0
  private let seed = UInt64.random(in: 1 ... .max)
  private var slots: [Slot] = Array(repeating: Slot(), count: 64)
  private var mediumSlots = Array(repeating: MediumSlot(), count: 16)
  private var mediumCount = 0
  private var long = ByteDictionary()
  private var numberOfLong: [Int32] = []

  init(limit: Int = .max) {
    self.limit = limit
  }

  /// The numbers of the fields of a column. A field that is new is numbered and shown to `added`, in order.
  ///
  /// - Parameters:
  ///   - records: With padding behind its bytes (`RecordBatch.padded`).
  ///   - numbers: One entry a row; room for all rows.
  mutating func number(
    _ records: RecordBatch, column: Int, into numbers: inout [Int32], added: (Int32, Span<UInt8>) -> Void
  ) {
    var row = 0
    while row < records.rowCount {
      row = find(records, column: column, from: row, into: &numbers)
      guard row < records.rowCount else { return }
      let before = count
      let field = records.bytes.span.extracting(records.range(row: row, column: column))
      numbers[row] = insert(field)
      if count > before { added(numbers[row], field) }
      row += 1
    }
  }

  /// Looks fields up until one is new or long.
  private func find(_ records: RecordBatch, column: Int, from first: Int, into numbers: inout [Int32]) -> Int {
    guard let places = records.places else { return first }
    let bytes = records.bytes.span.bytes
    let starts = places.starts.span
    let ends = places.ends.span
    let slots = slots.span
    let mediumSlots = mediumSlots.span
    let mask = slots.count - 1
    let offset = column * places.rowCapacity
    var result = numbers.mutableSpan
    // Unchecked: 20 % of this loop otherwise, the hottest of all. Rows are within the places and the result, fields
    // within the bytes with their padding, slot numbers below the power of two.
    for row in first..<records.rowCount {
      let start = Int(starts[unchecked: offset + row])
      let length = Int(ends[unchecked: offset + row]) - start
      guard length <= Self.longestShort else {
        guard length <= Self.longestMedium else { return row }
        let words = Self.fourWords(bytes, start, length)
        var slot = Int(truncatingIfNeeded: Self.hash(words, length, seed)) & (mediumSlots.count - 1)
        while mediumSlots[unchecked: slot].number >= 0, !mediumSlots[unchecked: slot].holds(words, length) {
          slot = (slot + 1) & (mediumSlots.count - 1)
        }
        guard mediumSlots[unchecked: slot].number >= 0 else { return row }
        result[unchecked: row] = mediumSlots[unchecked: slot].number
        continue
      }
      let (low, high) = Self.words(bytes, start, length)
      var slot = Int(truncatingIfNeeded: Self.hash(low, high, length, seed)) & mask
      while true {
        let found = slots[unchecked: slot]
        if found.low == low, found.high == high, found.length == Int32(truncatingIfNeeded: length), found.number >= 0 {
          result[unchecked: row] = found.number
          break
        }
        if found.number < 0 { return row }
        slot = (slot + 1) & mask
      }
    }
    return records.rowCount
  }

  /// The number of a field, which is numbered now if it is new and there is room.
  mutating func insert(_ field: Span<UInt8>) -> Int32 {
    guard field.count <= Self.longestMedium else {
      if let known = long.number(of: field) { return numberOfLong[Int(known)] }
      guard count < limit else { return Self.none }
      _ = long.insert(field)
      numberOfLong.append(Int32(count))
      count += 1
      return Int32(count - 1)
    }
    var padded = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    withUnsafeMutableBytes(of: &padded) { words in for index in field.indices { words[index] = field[index] } }
    let words = (
      UInt64(littleEndian: padded.0), UInt64(littleEndian: padded.1), UInt64(littleEndian: padded.2),
      UInt64(littleEndian: padded.3)
    )
    return field.count <= Self.longestShort
      ? insert(low: words.0, high: words.1, length: field.count) : insert(words, length: field.count)
  }

  private mutating func insert(_ words: (UInt64, UInt64, UInt64, UInt64), length: Int) -> Int32 {
    var slot = mediumPlace(words, length)
    if mediumSlots[slot].number >= 0 { return mediumSlots[slot].number }
    guard count < limit else { return Self.none }
    if (mediumCount + 1) * 2 > mediumSlots.count {
      let old = mediumSlots.filter { $0.number >= 0 }
      mediumSlots = Array(repeating: MediumSlot(), count: mediumSlots.count * 2)
      for entry in old { mediumSlots[mediumPlace(entry.words, Int(entry.length))] = entry }
      slot = mediumPlace(words, length)
    }
    mediumSlots[slot] = MediumSlot(words: words, length: Int32(length), number: Int32(count))
    mediumCount += 1
    count += 1
    return Int32(count - 1)
  }

  /// Where a field of four words stands, or would.
  private func mediumPlace(_ words: (UInt64, UInt64, UInt64, UInt64), _ length: Int) -> Int {
    var slot = Int(truncatingIfNeeded: Self.hash(words, length, seed)) & (mediumSlots.count - 1)
    while mediumSlots[slot].number >= 0, !mediumSlots[slot].holds(words, length) {
      slot = (slot + 1) & (mediumSlots.count - 1)
    }
    return slot
  }

  private mutating func insert(low: UInt64, high: UInt64, length: Int) -> Int32 {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(low, high, length, seed)) & mask
    while slots[slot].number >= 0 {
      let found = slots[slot]
      if found.low == low, found.high == high, found.length == length { return found.number }
      slot = (slot + 1) & mask
    }
    guard count < limit else { return Self.none }
    slots[slot] = Slot(low: low, high: high, length: Int32(length), number: Int32(count))
    count += 1
    // A quarter full at most: the first slot is nearly always the right one.
    if (count - mediumCount) * 4 > slots.count { grow() }
    return Int32(count - 1)
  }

  private mutating func grow() {
    var larger = Array(repeating: Slot(), count: slots.count * 2)
    for old in slots where old.number >= 0 {
      var slot = Int(truncatingIfNeeded: Self.hash(old.low, old.high, Int(old.length), seed)) & (larger.count - 1)
      while larger[slot].number >= 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = old
    }
    slots = larger
  }

  /// Up to 16 bytes as two words, the rest 0.
  @inline(__always)
  private static func words(_ bytes: RawSpan, _ start: Int, _ length: Int) -> (low: UInt64, high: UInt64) {
    let low = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self))
    let high = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start + 8, as: UInt64.self))
    return (low & mask(min(length, 8)), high & mask(max(length - 8, 0)))
  }

  /// 17 to 32 bytes as four words, the rest 0.
  @inline(__always)
  private static func fourWords(_ bytes: RawSpan, _ start: Int, _ length: Int) -> (UInt64, UInt64, UInt64, UInt64) {
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start + 8 * index, as: UInt64.self))
    }
    return (word(0), word(1), word(2) & mask(min(length - 16, 8)), word(3) & mask(max(length - 24, 0)))
  }

  @inline(__always)
  private static func hash(_ words: (UInt64, UInt64, UInt64, UInt64), _ length: Int, _ seed: UInt64) -> UInt64 {
    KeyHash.short(words.2, words.3, seed: KeyHash.short(words.0, words.1 ^ UInt64(length), seed: seed))
  }

  /// The first so many bytes of a word, 0 to 8. Shifted twice, because no shift of 64 exists and a branch on empty fields
  /// is mistaken often.
  @inline(__always)
  private static func mask(_ length: Int) -> UInt64 {
    let half = UInt64(truncatingIfNeeded: 4 &* length)
    return ~((UInt64.max &<< half) &<< half)
  }

  @inline(__always)
  private static func hash(_ low: UInt64, _ high: UInt64, _ length: Int, _ seed: UInt64) -> UInt64 {
    KeyHash.short(low, high ^ UInt64(truncatingIfNeeded: length), seed: seed)
  }
}
