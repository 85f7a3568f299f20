import Foundation
import Locks

/// Settles between a run and a request to stop it: results that have begun to move into place arrive there.
public final class RunStop: Sendable {
  private enum State {
    case running
    case stopped
    case moving
  }

  private let state = Mutex(State.running)
  private let cleaning = Mutex<[@Sendable () -> Void]>([])

  public init() {}

  /// Asks the run to stop; its task is to be cancelled then.
  ///
  /// - Returns: Whether it will. If not, its results are in place or about to be.
  public func request() -> Bool {
    state.withLock { state in
      if state == .running { state = .stopped }
      return state == .stopped
    }
  }

  /// Removes what the run has built until now, for a process that ends without waiting for it.
  public func removeLeftovers() {
    for clean in cleaning.withLock({ $0 }) { clean() }
  }

  /// - Parameter clean: What a process that does not wait for the run has to do, after what it was told before.
  func leaves(_ clean: @escaping @Sendable () -> Void) { cleaning.withLock { $0.append(clean) } }

  /// Removes a file or a folder that a task may still be writing to.
  static func remove(_ path: String) {
    // A file may come while its folder is emptied; once the folder is gone, none can.
    for _ in 0..<100 where FileManager.default.fileExists(atPath: path) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// From here on it is too late to ask.
  func beginMoving() throws(CancellationError) {
    let isStopped = state.withLock { state in
      if state == .running { state = .moving }
      return state == .stopped
    }
    if isStopped { throw CancellationError() }
  }
}
