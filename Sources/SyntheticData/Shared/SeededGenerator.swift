/// A stream of random numbers that is the same on every machine.
///
/// Each stream belongs to a seed and a few labels ("disturbance", "BRA", "cycle-2/Q015"), so what is drawn for one
/// answer does not depend on how many answers were drawn before it: a question added to a codebook changes no other
/// question. Everything is an integer; nothing is left to the rounding of a platform or to the order of a dictionary.
public struct SeededGenerator: Sendable {
  private var state: UInt64

  /// The stream of a seed and a few labels.
  public init(seed: UInt64, _ labels: String...) {
    // FNV-1a over the labels; a byte that UTF-8 never holds keeps ("ab", "c") and ("a", "bc") apart.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for label in labels {
      for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ 0xff) &* 0x100_0000_01b3
    }
    state = Self.mixed(Self.mixed(seed) ^ hash)
  }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mixed(state)
  }

  /// A number from 0 up to `bound` - 1; 0 where there is no such number.
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func between(_ low: Int, _ high: Int) -> Int {
    low + below(high - low + 1)
  }

  mutating func chance(perMille share: Int) -> Bool {
    below(1000) < share
  }

  /// A bell-shaped draw around 0 with this standard deviation, never further than three of them: the sum of three
  /// uniform draws.
  mutating func spread(_ deviation: Int) -> Int {
    between(-deviation, deviation) + between(-deviation, deviation) + between(-deviation, deviation)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }

  /// One of these words, as often as its weight says.
  mutating func pick(weighted choices: [(word: String, weight: Int)]) -> String {
    var place = below(choices.reduce(0) { $0 + $1.weight })
    for choice in choices {
      if place < choice.weight { return choice.word }
      place -= choice.weight
    }
    return ""
  }

  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
