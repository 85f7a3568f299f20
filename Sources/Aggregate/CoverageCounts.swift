import SurveyModel

/// Counts the rows of each part of the cells, and those that are in no denominator for a reason: not eligible, or an
/// answer that decides cannot be read. Both are rare, so a row without them costs one addition.
struct CoverageCounts: Sendable {
  private let indicatorCount: Int
  private let wordsPerRow: Int
  /// By part.
  private var rows: [Int] = []
  /// By part, then by indicator; empty as long as there is none.
  private var ineligible: [Int] = []
  private var unreadable: [Int] = []

  init(indicatorCount: Int) {
    self.indicatorCount = indicatorCount
    wordsPerRow = (indicatorCount + 63) / 64
  }

  /// - Parameters:
  ///   - parts: By row of positive weight.
  ///   - ineligible: Bits row after row; empty: none.
  ///   - unreadable: The same.
  mutating func add(parts: [Int32], partCount: Int, ineligible: [UInt64], unreadable: [UInt64]) {
    if rows.count < partCount { rows += Array(repeating: 0, count: partCount - rows.count) }
    for part in parts { rows[Int(part)] += 1 }
    count(ineligible, parts, in: &self.ineligible)
    count(unreadable, parts, in: &self.unreadable)
  }

  private func count(_ bits: [UInt64], _ parts: [Int32], in counts: inout [Int]) {
    guard bits.contains(where: { $0 != 0 }) else { return }
    if counts.count < rows.count * indicatorCount {
      counts += Array(repeating: 0, count: rows.count * indicatorCount - counts.count)
    }
    for (row, part) in parts.enumerated() {
      for word in 0..<wordsPerRow {
        var left = bits[row * wordsPerRow + word]
        while left != 0 {
          counts[Int(part) * indicatorCount + word << 6 + left.trailingZeroBitCount] += 1
          left &= left - 1
        }
      }
    }
  }

  /// The same by cell.
  ///
  /// - Parameter cellsOfPart: By part, its cells.
  func byCell(_ cellsOfPart: [[Int32]], cellCount: Int) -> CellCoverage {
    var cellRows = Array(repeating: 0, count: cellCount)
    for (part, count) in rows.enumerated() { for cell in cellsOfPart[part] { cellRows[Int(cell)] += count } }
    func spread(_ counts: [Int]) -> [Int] {
      guard !counts.isEmpty else { return [] }
      var result = Array(repeating: 0, count: cellCount * indicatorCount)
      for place in counts.indices where counts[place] != 0 {
        let (part, indicator) = place.quotientAndRemainder(dividingBy: indicatorCount)
        for cell in cellsOfPart[part] { result[Int(cell) * indicatorCount + indicator] += counts[place] }
      }
      return result
    }
    return CellCoverage(
      indicatorCount: indicatorCount, rows: cellRows, ineligible: spread(ineligible), unreadable: spread(unreadable))
  }
}
