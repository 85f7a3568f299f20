import Locks
import SurveyModel

/// The ranks of replicate weights by cell and indicator. Indicators that are asked of everyone share their rows, so
/// what is known is remembered.
final class ReplicateRanks: Sendable {
  private let directions: ReplicateDirections
  private let known = Mutex<[DirectionSet: Int]>([:])

  init(_ directions: ReplicateDirections) { self.directions = directions }

  func rank(of set: DirectionSet) -> Int {
    if let rank = known.withLock({ $0[set] }) { return rank }
    // Outside the lock: two tasks may find the same number twice.
    let rank = set.rank(in: directions)
    known.withLock { $0[set] = rank }
    return rank
  }
}
