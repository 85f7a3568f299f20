/// A node in a tree of random numbers: what lies below it is found by counting, in any order, without drawing what
/// stands before it.
///
/// `SeededGenerator` finds its streams by words, which is clear but slow. Where millions of institutions answer a dozen
/// questions each, the streams are found by numbers: a step down takes the output of SplitMix64 (Steele, Lea and Flood
/// 2014) at that place of the stream that starts here. Counter-based generation is due to Salmon et al. 2011.
struct DrawKey: Equatable, Sendable {
  /// 64 random bits that belong to this node.
  let word: UInt64

  init(seed: UInt64, _ label: String) {
    var generator = SeededGenerator(seed: seed, label)
    word = generator.next()
  }

  private init(word: UInt64) {
    self.word = word
  }

  /// The node under this one with a number from 0.
  @inline(__always)
  subscript(_ number: Int) -> DrawKey {
    DrawKey(
      word: SeededGenerator.mixed(word &+ UInt64(truncatingIfNeeded: number &+ 1) &* 0x9e37_79b9_7f4a_7c15))
  }

  /// A number from 0 up to `bound` - 1.
  @inline(__always)
  func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: word.multipliedFullWidth(by: UInt64(truncatingIfNeeded: max(1, bound))).high)
  }

  @inline(__always)
  func chance(perMille share: Int) -> Bool {
    below(1000) < share
  }

  /// A bell-shaped draw around 0 with this standard deviation, never further than three and a half of them: the sum of
  /// four uniform draws of 16 bits, whose standard deviation is 65,536 / sqrt(3) = 37,837.
  @inline(__always)
  func spread(_ deviation: Int) -> Int {
    let sum = (word & 0xffff) + (word >> 16 & 0xffff) + (word >> 32 & 0xffff) + (word >> 48)
    return (Int(truncatingIfNeeded: sum) - 131_070) * deviation / 37_837
  }
}
