import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("A set of rows")
struct RowMaskTests {
  @Test("Its algebra is that of truth values, for every size about two words", arguments: 0...130)
  func algebra(size: Int) {
    var generator = SeededGenerator(seed: UInt64(size))
    for _ in 0..<3 {
      let a = (0..<size).map { _ in Bool.random(using: &generator) }
      let b = (0..<size).map { _ in Bool.random(using: &generator) }
      let maskA = RowMask(rowCount: size) { a[$0] }
      var maskB = RowMask(rowCount: size)
      for row in b.indices { maskB[row] = b[row] }
      #expect(truths(maskA) == a && truths(maskB) == b)
      #expect(maskA.count == a.count(where: \.self))

      var union = maskA
      union.formUnion(maskB)
      #expect(truths(union) == zip(a, b).map { $0 || $1 })
      var intersection = maskA
      intersection.formIntersection(maskB)
      #expect(truths(intersection) == zip(a, b).map { $0 && $1 })
      var inverse = maskA
      inverse.invert()
      #expect(truths(inverse) == a.map { !$0 })
      #expect(inverse.count == size - maskA.count)
      inverse.invert()
      #expect(inverse == maskA)
      // De Morgan, which also finds bits beyond the last row.
      var left = union
      left.invert()
      var right = maskA
      right.invert()
      var other = maskB
      other.invert()
      right.formIntersection(other)
      #expect(left == right)
    }
  }

  @Test("All rows and none", arguments: 0...130)
  func extremes(size: Int) {
    let all = RowMask(rowCount: size, all: true)
    var none = RowMask(rowCount: size)
    #expect(all.count == size && none.count == 0)
    #expect(truths(all).allSatisfy(\.self) && !truths(none).contains(true))
    none.invert()
    #expect(none == all)
  }

  @Test("One row at a time", arguments: [1, 63, 64, 65, 128, 130])
  func single(size: Int) {
    for row in 0..<size {
      var mask = RowMask(rowCount: size)
      mask[row] = true
      #expect(truths(mask) == (0..<size).map { $0 == row })
      mask[row] = false
      #expect(mask == RowMask(rowCount: size))
    }
  }

  private func truths(_ mask: RowMask) -> [Bool] { (0..<mask.rowCount).map { mask[$0] } }
}
