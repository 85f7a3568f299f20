import Locks

/// What Spark writes to standard error: the last of it, from which people are told why something failed.
final class SparkMessages: Sendable {
  private static let limit = 400
  private let lines = Mutex<(all: [String], new: [String])>(([], []))

  func add(_ line: String) {
    lines.withLock { lines in
      lines.new.append(line)
      if lines.new.count > 2 * Self.limit { lines.new.removeFirst(Self.limit) }
    }
  }

  /// A statement begins: what was written before is not about it.
  func begin() {
    lines.withLock { lines in
      lines.all = (lines.all + lines.new).suffix(Self.limit)
      lines.new = []
    }
  }

  /// The line that says most, of those about the statement if there are any; nil where there is none.
  var reason: String? { lines.withLock { Self.reason(in: $0.new) ?? Self.reason(in: $0.all) } }

  /// Errors of SQL begin with their class, those of tasks with a cause; the last cause is the deepest.
  private static func reason(in lines: [String]) -> String? {
    let texts = lines.map { $0.trimmingPrefix { $0.isWhitespace } }.filter { !$0.isEmpty }
    let best =
      texts.first { $0.hasPrefix("[") && $0.contains("] ") }
      ?? texts.last { $0.hasPrefix("Caused by: ") } ?? texts.last { $0.contains(" ERROR ") }
      ?? texts.last { $0.contains("Exception") } ?? texts.last
    return best.map { String($0.prefix(500)) }
  }
}
