import Locks

/// Hashes of keys. The seeds are new in every process, or of every user, so that no file can be written to make keys collide; no result
/// depends on them.
public enum KeyHash {
  private static let wanted = Mutex<(UInt64, UInt64)?>(nil)
  private static let seeds =
    wanted.withLock { $0 } ?? (UInt64.random(in: 1 ... .max), UInt64.random(in: 1 ... .max))

  /// Asks for seeds that other processes use as well, so that hashes can be kept. It has no effect once a key was
  /// hashed.
  public static func use(seeds: (UInt64, UInt64)) { wanted.withLock { $0 = seeds } }

  /// Tells hashes of different seeds apart; says nothing of the seeds.
  public static var identity: UInt64 { mix(mix(seeds.0, seeds.1 | 1), 0xA076_1D64_78BD_642F) }

  static func first(_ key: Span<UInt8>) -> UInt64 { hash(key, seeds: seeds).low }

  /// 128 bits stand for a key where the key itself need not be kept: by chance, two of a million million keys
  /// collide with a probability of 1e-15.
  public static func wide(_ key: Span<UInt8>) -> UInt128 {
    let (low, high) = hash(key, seeds: seeds)
    return UInt128(low) << 64 | UInt128(high)
  }

  /// A hash of two words, for keys that are compared as well.
  ///
  /// - Parameter seed: Random, of the dictionary.
  @inline(__always)
  static func short(_ low: UInt64, _ high: UInt64, seed: UInt64) -> UInt64 {
    mix(low ^ seed, high ^ 0xA076_1D64_78BD_642F)
  }

  /// Folded 64 x 64 bit multiplication over eight bytes at a time, after wyhash (Wang Yi 2019), twice with different
  /// seeds.
  @inline(__always)
  private static func hash(_ key: Span<UInt8>, seeds: (UInt64, UInt64)) -> (low: UInt64, high: UInt64) {
    let bytes = key.bytes
    let count = key.count
    let length = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var low = seeds.0 ^ length
    var high = seeds.1 ^ length
    var index = 0
    while index + 8 <= count {
      let word = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      low = mix(low ^ word, 0xA076_1D64_78BD_642F)
      high = mix(high ^ word, 0x8EBC_6AF0_9C88_C6E3)
      index += 8
    }
    if index < count {
      var word: UInt64 = 0
      while index < count {
        word = word << 8 | UInt64(key[unchecked: index])
        index += 1
      }
      low = mix(low ^ word, 0xA076_1D64_78BD_642F)
      high = mix(high ^ word, 0x8EBC_6AF0_9C88_C6E3)
    }
    return (mix(low ^ 0xE703_7ED1_A0B4_28DB, seeds.0 | 1), mix(high ^ 0x5899_65CC_7537_4CC3, seeds.1 | 1))
  }

  @inline(__always)
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
