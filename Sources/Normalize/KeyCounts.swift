/// How many rows of a table meet a condition, by the key that other tables know them by.
public struct KeyCounts: Sendable {
  private var keys = ByteDictionary()
  private var counts: [Int] = []

  public init() {}

  public var isEmpty: Bool { counts.isEmpty }
  var names: [String] { keys.keys }

  /// Rows with an empty key are related to nothing.
  public mutating func add(_ key: Span<UInt8>) {
    guard !key.isEmpty else { return }
    let number = Int(keys.insert(key))
    if number == counts.count { counts.append(1) } else { counts[number] += 1 }
  }

  public mutating func merge(_ other: KeyCounts) {
    for (number, key) in other.keys.keys.enumerated() {
      let mine = Int(keys.insert(key))
      if mine == counts.count { counts.append(other.counts[number]) } else { counts[mine] += other.counts[number] }
    }
  }

  /// The counted keys that stand for nothing elsewhere.
  package func keys(in missing: MissingTexts) -> [String] {
    zip(keys.keys, counts).compactMap { $1 > 0 && missing.contains($0) ? $0 : nil }
  }

  /// Counts no row whose key stands for nothing.
  mutating func clear(where missing: MissingTexts) {
    for key in keys(in: missing) {
      if let number = keys.number(of: key) { counts[Int(number)] = 0 }
    }
  }

  public func count(of key: Span<UInt8>) -> Int {
    guard let number = keys.number(of: key) else { return 0 }
    return counts[Int(number)]
  }
}
