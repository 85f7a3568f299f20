import Locks

/// How far the reading of each cycle has come; written by the workers, read by the display.
public final class ReadProgress: Sendable {
  public struct State: Sendable, Equatable {
    public var bytes: Int64 = 0
    public var totalBytes: Int64 = 0
    public var rows: Int = 0

    public init() {}
  }

  private let states = Mutex<[String: State]>([:])

  public init() {}

  public var current: [String: State] { states.withLock { $0 } }

  func expect(_ bytes: Int64, of cycle: String) {
    states.withLock { $0[cycle, default: State()].totalBytes += bytes }
  }

  func advance(_ cycle: String, bytes: Int64) {
    states.withLock { $0[cycle, default: State()].bytes += bytes }
  }

  func advance(_ cycle: String, rows: Int) {
    states.withLock { $0[cycle, default: State()].rows += rows }
  }

  /// Where another process counts.
  func set(_ cycle: String, bytes: Int64, rows: Int) {
    states.withLock {
      $0[cycle, default: State()].bytes = bytes
      $0[cycle, default: State()].rows = rows
    }
  }
}
