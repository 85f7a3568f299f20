import Locks

/// What Spark writes to standard error: the last of it, from which people are told why something failed.
final class SparkMessages: Sendable {
  private static let limit = 400
  private let lines = Mutex<[String]>([])

  func add(_ line: String) {
    lines.withLock { lines in
      lines.append(line)
      if lines.count > 2 * Self.limit { lines.removeFirst(Self.limit) }
    }
  }

  /// A statement begins: what was written before is not about it.
  func begin() { lines.withLock { $0 = [] } }

  /// The line that says most; nil where there is none.
  var reason: String? {
    lines.withLock { lines in
      let texts = lines.map { $0.trimmingPrefix { $0.isWhitespace } }.filter { !$0.isEmpty }
      // Errors of SQL begin with their class, those of tasks with a cause; the last cause is the deepest.
      let best =
        texts.first { $0.hasPrefix("[") && $0.contains("] ") }
        ?? texts.last { $0.hasPrefix("Caused by: ") } ?? texts.last { $0.contains(" ERROR ") }
        ?? texts.last { $0.contains("Exception") } ?? texts.last
      return best.map { String($0.prefix(500)) }
    }
  }
}
