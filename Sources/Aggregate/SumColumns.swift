import Kernels

/// Blocks of sums turned into columns: by indicator, then by block in the order given.
struct SumColumns: Sendable {
  private(set) var weight: [Double] = []
  private(set) var weightYes: [Double] = []
  private(set) var rows: [UInt32] = []
  private(set) var rowsYes: [UInt32] = []

  /// Some blocks at a time, so that both sides stay in the cache.
  private static let blocksAtOnce = 16

  init(_ sums: [UInt64], layout: WeightBlock, order: [Int32], indicators: Int, counts: Bool) {
    let blocks = order.count
    guard !sums.isEmpty else { return }
    weight = Array(repeating: 0, count: blocks * indicators)
    weightYes = weight
    if counts {
      rows = Array(repeating: 0, count: blocks * indicators)
      rowsYes = rows
    }
    let words = sums.span
    for first in stride(from: 0, to: blocks, by: Self.blocksAtOnce) {
      for indicator in 0..<indicators {
        for block in first..<min(first + Self.blocksAtOnce, blocks) {
          let sum = layout.sums(words, at: Int(order[block]) * layout.words, indicator: indicator)
          let place = indicator * blocks + block
          weight[place] = sum.weight
          weightYes[place] = sum.weightYes
          guard counts else { continue }
          rows[place] = UInt32(truncatingIfNeeded: sum.rows)
          rowsYes[place] = UInt32(truncatingIfNeeded: sum.rowsYes)
        }
      }
    }
  }
}
