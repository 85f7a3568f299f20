import Kernels
import SurveyTestSupport
import Testing

@Suite("Kernels: sums and codes")
struct SumKernelTests {
  private struct Sums: Equatable {
    var sum: [Double]
    var sumYes: [Double]
    var rows: [UInt32]
    var rowsYes: [UInt32]
  }

  private static func words(_ indicators: Int) -> Int { (indicators + 63) / 64 }

  /// Rows with random weights, bits and slots, added by a kernel and one by one.
  private static func added(
    _ instructions: InstructionSet, indicators: Int, seed: UInt64
  ) -> (kernel: Sums, oneByOne: Sums) {
    var generator = SeededGenerator(seed: seed)
    let count = 100
    let stride = (indicators + 7) / 8 * 8
    let words = words(indicators)
    let slots = (0..<count).map { _ in UInt32.random(in: 0..<5, using: &generator) }
    let weights = (0..<count).map { _ in Double.random(in: 0.001...60, using: &generator) }
    var denominator: [UInt64] = []
    var numerator: [UInt64] = []
    for _ in 0..<count {
      for word in 0..<words {
        let left = indicators - word * 64
        let mask: UInt64 = left >= 64 ? .max : (1 << UInt64(left)) - 1
        denominator.append(UInt64.random(in: 0 ... .max, using: &generator) & mask)
        numerator.append((denominator.last ?? 0) & UInt64.random(in: 0 ... .max, using: &generator))
      }
    }
    let layout = WeightBlock(indicators: indicators)
    let empty = Sums(
      sum: Array(repeating: 0, count: 5 * stride), sumYes: Array(repeating: 0, count: 5 * stride),
      rows: Array(repeating: 0, count: 5 * stride), rowsYes: Array(repeating: 0, count: 5 * stride))
    var blocks = Array(repeating: UInt64(0), count: 5 * layout.words)
    Kernels.addWeights(
      rows: count, blocks: slots, weights: weights, denominator: denominator, numerator: numerator, words: words,
      layout: layout, sums: &blocks, instructions: instructions)
    var kernel = empty
    for slot in 0..<5 {
      for indicator in 0..<indicators {
        let sums = layout.sums(blocks.span, at: slot * layout.words, indicator: indicator)
        kernel.sum[slot * stride + indicator] = sums.weight
        kernel.sumYes[slot * stride + indicator] = sums.weightYes
        kernel.rows[slot * stride + indicator] = UInt32(sums.rows)
        kernel.rowsYes[slot * stride + indicator] = UInt32(sums.rowsYes)
      }
    }
    var expected = empty
    for row in 0..<count {
      for indicator in 0..<indicators {
        let place = Int(slots[row]) * stride + indicator
        let word = row * words + indicator >> 6
        if denominator[word] >> UInt64(indicator & 63) & 1 != 0 {
          expected.sum[place] += weights[row]
          expected.rows[place] += 1
        }
        if numerator[word] >> UInt64(indicator & 63) & 1 != 0 {
          expected.sumYes[place] += weights[row]
          expected.rowsYes[place] += 1
        }
      }
    }
    return (kernel, expected)
  }

  @Test(arguments: FieldScanTests.sets, [1, 7, 8, 39, 64, 70, 130])
  func sumsAreThoseOfRowsOneByOne(instructions: InstructionSet, indicators: Int) {
    for seed in UInt64(1)...5 {
      let (kernel, expected) = Self.added(instructions, indicators: indicators, seed: seed)
      // To the last bit: the rows of a slot are added in their order.
      #expect(kernel == expected, "seed \(seed)")
    }
  }

  @Test(arguments: FieldScanTests.sets) func rowsOfAnyLength(instructions: InstructionSet) {
    for count in 0..<70 {
      let values = (0..<count * 3).map { 1 / Double($0 + 3) }
      for rows in [[], [0], [2, 0], [1, 1, 2]] {
        var sums = (0...count).map { Double($0) / 7 }
        var expected = sums
        for row in rows { for index in 0..<count { expected[index] += values[row * count + index] } }
        rows.map { UInt32($0 * count) }.withUnsafeBufferPointer {
          Kernels.addRows(count, values: values, rows: $0, to: &sums, instructions: instructions)
        }
        #expect(sums == expected, "\(count) numbers of rows \(rows)")
      }
    }
  }

  @Test(arguments: FieldScanTests.sets, [3, 16, 17, 64, 65, 256])
  func codesAreLookedUp(instructions: InstructionSet, codeCount: Int) {
    var generator = SeededGenerator(seed: UInt64(codeCount))
    let table = (0..<256).map { _ in UInt8.random(in: 0...1, using: &generator) }
    for count in [0, 1, 63, 64, 65, 200] {
      let codes = (0..<count).map { _ in UInt8.random(in: 0...UInt8(codeCount - 1), using: &generator) }
      var words = Array(repeating: UInt64.max, count: (count + 63) / 64)
      codes.withUnsafeBufferPointer {
        Kernels.selectCodes($0, table: table, codeCount: codeCount, into: &words, instructions: instructions)
      }
      var expected = Array(repeating: UInt64(0), count: words.count)
      for (row, code) in codes.enumerated() where table[Int(code)] == 1 { expected[row >> 6] |= 1 << UInt64(row & 63) }
      #expect(words == expected, "\(count) rows")
    }
  }

  @Test func aSquareIsTurnedOver() {
    var generator = SeededGenerator(seed: 1)
    let square = (0..<64).map { _ in UInt64.random(in: 0 ... .max, using: &generator) }
    var turned = square
    Kernels.transpose(&turned)
    for row in 0..<64 {
      for column in 0..<64 where square[row] >> UInt64(column) & 1 != turned[column] >> UInt64(row) & 1 {
        Issue.record("row \(row), column \(column)")
      }
    }
  }
}
