import Locks
import SurveyTestSupport
import Testing

@testable import Engine

@Suite("Work side by side, taken in order")
struct InOrderTests {
  private struct Failed: Error, Equatable { var piece: Int }

  /// What somebody did: what is added up may not depend on it.
  private final class Log: Sendable {
    private let state = Mutex<(byWorker: [Int: [Int]], running: Int, most: Int, begun: Int)>(([:], 0, 0, 0))

    func begin(_ worker: Int, _ piece: Int) {
      state.withLock {
        $0.byWorker[worker, default: []].append(piece)
        $0.running += 1
        $0.begun += 1
        $0.most = max($0.most, $0.running)
      }
    }

    func end() { state.withLock { $0.running -= 1 } }

    var byWorker: [Int: [Int]] { state.withLock { $0.byWorker } }
    var running: Int { state.withLock { $0.running } }
    var most: Int { state.withLock { $0.most } }
    var begun: Int { state.withLock { $0.begun } }
  }

  /// Takes longer for some pieces than for others.
  private static func dawdle(_ piece: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(piece))
    var sum = 0.0
    for number in 0..<Int.random(in: 0...3000, using: &generator) { sum += Double(number).squareRoot() }
    if sum < 0 { print(sum) }
  }

  @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 7, 100]) func everyPieceOnceAndInOrder(workers: Int, count: Int) async throws
  {
    let log = Log()
    var taken: [Int] = []
    var ahead = 0
    try await InOrder.forEach(count, workers: Array(10..<10 + workers)) { worker, piece in
      log.begin(worker, piece)
      defer { log.end() }
      Self.dawdle(piece, seed: UInt64(count))
      return [worker, piece]
    } take: { worker, piece, result in
      #expect(result == [worker, piece])
      taken.append(piece)
      ahead = max(ahead, log.begun - taken.count)
    }
    #expect(taken == Array(0..<count))
    #expect(log.running == 0)
    #expect(log.most <= workers)
    // Pieces come to each worker in their order: it tells once what its numbers stand for.
    for pieces in log.byWorker.values { #expect(pieces == pieces.sorted()) }
    #expect(log.byWorker.values.joined().sorted() == Array(0..<count))
    // The memory is bounded.
    #expect(ahead <= 3 * workers + 1)
  }

  @Test(arguments: [1, 2, 5]) func whatTakingThrowsEndsIt(workers: Int) async throws {
    let log = Log()
    var taken = 0
    await #expect(throws: Failed(piece: 20)) {
      try await InOrder.forEach(1000, workers: Array(0..<workers)) { worker, piece in
        log.begin(worker, piece)
        defer { log.end() }
        Self.dawdle(piece, seed: 3)
        return piece
      } take: { _, piece, _ in
        if piece == 20 { throw Failed(piece: piece) }
        taken += 1
      }
    }
    #expect(taken == 20)
    #expect(log.running == 0)
    #expect(log.begun < 100)
  }

  @Test(arguments: [1, 2, 5]) func whatWorkThrowsEndsIt(workers: Int) async throws {
    let log = Log()
    var taken: [Int] = []
    await #expect(throws: Failed(piece: 30)) {
      try await InOrder.forEach(1000, workers: Array(0..<workers)) { worker, piece in
        log.begin(worker, piece)
        defer { log.end() }
        Self.dawdle(piece, seed: 4)
        if piece == 30 { throw Failed(piece: piece) }
        return piece
      } take: { _, piece, _ in
        taken.append(piece)
      }
    }
    #expect(taken == Array(0..<taken.count) && taken.count <= 30)
    #expect(log.running == 0)
    #expect(log.begun < 100)
  }

  @Test(arguments: [1, 4]) func aCancelledTaskStops(workers: Int) async throws {
    let log = Log()
    let task = Task {
      try await InOrder.forEach(1_000_000, workers: Array(0..<workers)) { worker, piece in
        log.begin(worker, piece)
        defer { log.end() }
        Self.dawdle(piece, seed: 5)
        return piece
      } take: { _, piece, _ in
        // From within: on a busy machine another task might come to it only when all is done.
        if piece == 50 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(log.running == 0)
    #expect(log.begun < 1_000_000)
  }
}
