import SurveyModel

/// The rounds of a loop that know nothing of each other, shared out among tasks.
public enum SharedRounds {
  /// - Parameters:
  ///   - count: How many rounds there are.
  ///   - threads: How many may run at once.
  ///   - scratch: Room that the rounds of one task have in common.
  /// - Returns: The results in the order of the rounds, whichever task ran them.
  /// - Throws: What the first round that failed threw, first in the order of the rounds; `CancellationError`.
  public static func results<Element: Sendable, Scratch>(
    _ count: Int, threads: Int, scratch: @escaping @Sendable () -> Scratch,
    _ round: @escaping @Sendable (Int, inout Scratch) throws -> Element
  ) async throws -> [Element] {
    let tasks = max(1, min(threads, count))
    let found = await withTaskGroup(of: [(Int, Result<Element, any Error>)].self) { group in
      for first in 0..<tasks {
        group.addTask {
          var own = scratch()
          var results: [(Int, Result<Element, any Error>)] = []
          // Neighbouring rounds cost about the same, so that every task gets its share of each kind.
          for index in stride(from: first, to: count, by: tasks) {
            let result = Result {
              try Task.checkCancellation()
              return try round(index, &own)
            }
            results.append((index, result))
            if case .failure = result { break }
          }
          return results
        }
      }
      var all: [(Int, Result<Element, any Error>)] = []
      for await results in group { all += results }
      return all
    }
    try Task.checkCancellation()
    return try found.sorted { $0.0 < $1.0 }.map { try $0.1.get() }
  }
}
