import Locks

/// What the stages of reading cost, by cycle: how long those who worked on them took together, and on how much.
public final class StageMeter: Sendable {
  /// The stages between the file and its sums, in running order.
  public enum Stage: String, Sendable, CaseIterable {
    /// Read the bytes and find the fields.
    case scan
    /// Turn fields into codes.
    case normalize
    /// Judge each row for each indicator.
    case judge
    /// Number strata, PSUs and members in the order of the file, and look for repeated respondents.
    case number
    /// Add up.
    case aggregate
  }

  /// One stage of one cycle.
  public struct Reading: Sendable {
    public var seconds = 0.0
    public var bytes: Int64 = 0
    public var rows = 0
    /// Fields that the stage touched: all of the file in `scan`, the needed ones elsewhere.
    public var fields = 0
  }

  private let readings = Mutex<[String: [Stage: Reading]]>([:])

  public init() {}

  /// By cycle, by stage.
  public var current: [String: [Stage: Reading]] { readings.withLock { $0 } }

  func add(_ reading: Reading, to stage: Stage, of cycle: String) {
    readings.withLock { readings in
      var sum = readings[cycle, default: [:]][stage] ?? Reading()
      sum.seconds += reading.seconds
      sum.bytes += reading.bytes
      sum.rows += reading.rows
      sum.fields += reading.fields
      readings[cycle, default: [:]][stage] = sum
    }
  }

  /// Times a piece of work.
  static func time<Value>(_ seconds: inout Double, _ work: () throws -> Value) rethrows -> Value {
    let start = ContinuousClock.now
    defer { seconds += (ContinuousClock.now - start) / .seconds(1) }
    return try work()
  }
}
