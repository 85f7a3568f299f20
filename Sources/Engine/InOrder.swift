/// Work that is done side by side and taken in its order: what is added up must not depend on who was quicker.
enum InOrder {
  /// Results that wait for their turn, for each worker: enough that none stands idle, few enough for the memory.
  private static let aheadOfTurn = 2

  /// - Parameters:
  ///   - workers: Each does one piece at a time, and pieces come to it in their order.
  ///   - work: Does a piece.
  ///   - take: Given the results, in order, in the task of the caller.
  /// - Throws: `CancellationError`, and what `work` and `take` throw; nothing is left running then.
  static func forEach<Worker: Sendable, Result: Sendable>(
    _ count: Int, workers: [Worker], work: @escaping @Sendable (Worker, Int) throws -> Result,
    take: (Worker, Int, consuming Result) throws -> Void
  ) async throws {
    guard workers.count > 1 else {
      for piece in 0..<count {
        try Task.checkCancellation()
        if let worker = workers.first { try take(worker, piece, try work(worker, piece)) }
      }
      return
    }
    try await withThrowingTaskGroup(of: (worker: Int, piece: Int, result: Result).self) { group in
      var idle = Array(workers.indices)
      var waiting: [Int: (worker: Int, result: Result)] = [:]
      var next = 0
      var turn = 0
      func startAll() {
        while next < count, next - turn <= workers.count * aheadOfTurn, let worker = idle.popLast() {
          let piece = next
          next += 1
          group.addTask {
            try Task.checkCancellation()
            return (worker, piece, try work(workers[worker], piece))
          }
        }
      }
      startAll()
      while let (worker, piece, result) = try await group.next() {
        idle.append(worker)
        waiting[piece] = (worker, result)
        startAll()
        while let ready = waiting.removeValue(forKey: turn) {
          try take(workers[ready.worker], turn, ready.result)
          turn += 1
          startAll()
        }
      }
    }
  }
}
