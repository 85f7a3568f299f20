import Foundation
import SurveyModel
import SurveyTestSupport
import Testing
import Trends

@Suite("Many comparisons")
struct MultipleComparisonsTests {
  /// p-adjust.csv, made by p-adjust.R.
  @Test func asInR() throws {
    let text = try String(contentsOfFile: "\(projectDirectory)/Tests/TrendsTests/p-adjust.csv", encoding: .utf8)
    var families: [Int: [[Double]]] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",").compactMap { Double($0) }
      try #require(fields.count == 4)
      families[Int(fields[0]), default: []].append(Array(fields.dropFirst()))
    }
    #expect(families.count == 10)
    for (number, rows) in families {
      let pValues = rows.map { $0[0] }
      let holm = MultipleComparisons.adjusted(pValues, by: .holm)
      let hochberg = MultipleComparisons.adjusted(pValues, by: .benjaminiHochberg)
      for (index, row) in rows.enumerated() {
        #expect(areClose(holm[index], row[1], relative: 1e-13), "family \(number)")
        #expect(areClose(hochberg[index], row[2], relative: 1e-13), "family \(number)")
      }
    }
  }

  /// Holm is the closed test of Bonferroni's: the largest of min(1, size * smallest p) over every subset that holds
  /// the hypothesis. Benjamini and Hochberg's value is the smallest m p_j / rank_j over p_j >= p_i.
  @Test func byBruteForce() {
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      let count = Int.random(in: 1...7, using: &generator)
      let pValues = (0..<count).map { _ in
        Bool.random(using: &generator)
          ? Double.random(in: 0...0.2, using: &generator) : Double(Int.random(in: 0...4, using: &generator)) / 4
      }
      let holm = MultipleComparisons.adjusted(pValues, by: .holm)
      let hochberg = MultipleComparisons.adjusted(pValues, by: .benjaminiHochberg)
      for index in pValues.indices {
        var largest = 0.0
        for subset in 1..<(1 << count) where subset >> index & 1 == 1 {
          let members = pValues.indices.filter { subset >> $0 & 1 == 1 }
          let smallest = members.map { pValues[$0] }.min() ?? 1
          largest = max(largest, min(1, Double(members.count) * smallest))
        }
        #expect(areClose(holm[index], largest, relative: 1e-13), "seed \(seed)")
        var smallest = 1.0
        for other in pValues where other >= pValues[index] {
          let rank = pValues.count(where: { $0 <= other })
          smallest = min(smallest, Double(count) * other / Double(rank))
        }
        #expect(areClose(hochberg[index], smallest, relative: 1e-13), "seed \(seed)")
      }
    }
  }

  @Test(arguments: [TrendRequest.Adjustment.holm, .benjaminiHochberg])
  func adjustedValuesKeepTheOrderAndNeverShrink(method: TrendRequest.Adjustment) {
    for seed in UInt64(1)...100 {
      var generator = SeededGenerator(seed: seed)
      let pValues = (0..<30).map { _ in pow(Double.random(in: 0...1, using: &generator), 3) }
      let adjusted = MultipleComparisons.adjusted(pValues, by: method)
      for (before, after) in zip(pValues, adjusted) {
        #expect(after >= before)
        #expect(after <= 1)
      }
      let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
      let inOrder = order.map { adjusted[$0] }
      #expect(inOrder == inOrder.sorted())
    }
  }

  @Test func anEmptyFamilyHasNoValues() {
    #expect(MultipleComparisons.adjusted([], by: .holm) == [])
    #expect(MultipleComparisons.adjusted([], by: .benjaminiHochberg) == [])
  }
}
