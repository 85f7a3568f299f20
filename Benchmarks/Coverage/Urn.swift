import SyntheticData

/// Simple random samples without replacement: the first places of a partial shuffle (Fisher and Yates), which may start
/// from any order.
struct Urn {
  private var order: [Int32]

  init(count: Int) {
    order = Array(0..<Int32(count))
  }

  mutating func draw(_ count: Int, using generator: inout SeededGenerator) -> [Int] {
    for place in 0..<count {
      order.swapAt(place, place + generator.below(order.count - place))
    }
    return order[..<count].map(Int.init)
  }
}
