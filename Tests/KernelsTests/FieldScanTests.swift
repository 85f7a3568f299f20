import Kernels
import SurveyTestSupport
import Testing

@Suite("Kernels: where fields end")
struct FieldScanTests {
  static let sets = InstructionSet.allCases.filter(\.isAvailable)
  private static let alphabet: [UInt8] = [0x61, 0x2C, 0x22, 0x0A, 0x0D]

  @Test func theWidestSetIsUsed() {
    #expect(Self.sets.contains(InstructionSet.current))
    #expect(Self.sets.contains(.portable))
  }

  /// Every text of up to six of five bytes, with every limit, from outside and from inside a quoted field.
  @Test(arguments: sets) func everySmallText(instructions: InstructionSet) {
    for length in 0...5 {
      var digits = Array(repeating: 0, count: length)
      repeat {
        let bytes = digits.map { Self.alphabet[$0] }
        for startsInside in [false, true] {
          for limit in [1, 2, max(1, length), .max] {
            let expected = NaiveScan(bytes, limit: limit, startsInside: startsInside)
            let found = NaiveScan(kernel: instructions, bytes, limit: limit, startsInside: startsInside)
            if found != expected { Issue.record("\(bytes) limit \(limit) inside \(startsInside): \(found)") }
          }
        }
      } while Self.advance(&digits)
    }
  }

  /// The next number with these digits; false after the last.
  private static func advance(_ digits: inout [Int]) -> Bool {
    for place in digits.indices {
      digits[place] += 1
      if digits[place] < alphabet.count { return true }
      digits[place] = 0
    }
    return false
  }

  /// Longer texts, so that what is carried from one block of 64 bytes to the next is seen.
  @Test(arguments: sets) func randomTexts(instructions: InstructionSet) {
    for seed in UInt64(1)...300 {
      var generator = SeededGenerator(seed: seed)
      let count = Int.random(in: 60...400, using: &generator)
      // Mostly plain bytes, so that quotes also stand far apart.
      let bytes = (0..<count).map { _ in
        Int.random(in: 0..<4, using: &generator) == 0
          ? Self.alphabet.randomElement(using: &generator) ?? 0x61 : UInt8.random(in: 0x61...0xFE, using: &generator)
      }
      let limit = Int.random(in: 1...count + 70, using: &generator)
      for startsInside in [false, true] {
        let expected = NaiveScan(bytes, limit: limit, startsInside: startsInside)
        let found = NaiveScan(kernel: instructions, bytes, limit: limit, startsInside: startsInside)
        #expect(found == expected, "seed \(seed), limit \(limit)")
      }
    }
  }

  /// A text that is regular for a long way, with one special byte at each place around the edge of a block.
  @Test(arguments: sets) func everyPlaceInABlock(instructions: InstructionSet) {
    for special in [[0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], [0x22, 0x22]] as [[UInt8]] {
      for place in 0..<140 {
        var bytes = Array(repeating: UInt8(0x61), count: 140)
        bytes.replaceSubrange(place..<min(140, place + special.count), with: special.prefix(140 - place))
        for limit in [1, 64, 65, place + 1, place + 2, .max] {
          #expect(
            NaiveScan(kernel: instructions, bytes, limit: limit) == NaiveScan(bytes, limit: limit),
            "\(special) at \(place), limit \(limit)")
        }
      }
    }
  }

  @Test(arguments: sets) func otherDelimitersAndNoQuotes(instructions: InstructionSet) {
    let text = Array("a;\"b;c\"\n\"d\";e\n".utf8) + [0xFF, 0x3B, 0x0A]
    for quote in [UInt8(0x22), nil] {
      #expect(
        NaiveScan(kernel: instructions, text, limit: .max, delimiter: 0x3B, quote: quote)
          == NaiveScan(text, limit: .max, delimiter: 0x3B, quote: quote))
    }
    #expect(NaiveScan(kernel: instructions, text, limit: .max, delimiter: 0x3B, quote: nil).isIrregular)
  }

  @Test(arguments: sets) func listsGrowWithTheText(instructions: InstructionSet) {
    let bytes = Array(repeating: UInt8(0x2C), count: 20_000) + Array(repeating: UInt8(0x0A), count: 5_000)
    #expect(NaiveScan(kernel: instructions, bytes, limit: .max) == NaiveScan(bytes, limit: .max))
  }
}
