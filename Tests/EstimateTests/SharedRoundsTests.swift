import SurveyModel
import SurveyTestSupport
import Testing

@testable import Estimate

@Suite("Rounds shared out among tasks")
struct SharedRoundsTests {
  private struct Failed: Error, Equatable {
    var round: Int
  }

  @Test(arguments: [1, 2, 3, 7, 100])
  func resultsAreInTheOrderOfTheRounds(threads: Int) async throws {
    let results = try await SharedRounds.results(20, threads: threads, scratch: { 0 }) { index, scratch in
      scratch += 1
      return index * index
    }
    #expect(results == (0..<20).map { $0 * $0 })
  }

  @Test func withoutRoundsThereIsNothing() async throws {
    let results = try await SharedRounds.results(0, threads: 4, scratch: { 0 }) { index, _ in index }
    #expect(results.isEmpty)
  }

  @Test(arguments: [1, 2, 3, 7])
  func theFirstFailureIsThrown(threads: Int) async {
    await #expect(throws: Failed(round: 5)) {
      try await SharedRounds.results(20, threads: threads, scratch: { 0 }) { index, _ in
        if index >= 5 { throw Failed(round: index) }
        return index
      }
    }
  }

  @Test func aCancelledTaskSaysSo() async {
    let task = Task {
      try await SharedRounds.results(10, threads: 2, scratch: { 0 }) { index, _ in
        while !Task.isCancelled {}
        return index
      }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func placesAreWalkedInAscendingOrder() {
    for seed in UInt64(1)...50 {
      var generator = SeededGenerator(seed: seed)
      let capacity = Int.random(in: 1...20_000, using: &generator)
      var places = PlaceSet(capacity: capacity)
      for _ in 0..<3 {
        let one = (0..<Int.random(in: 0...50, using: &generator)).map { _ in
          Int.random(in: 0..<capacity, using: &generator)
        }
        let many = (0..<Int.random(in: 0...500, using: &generator)).map { _ in
          Int.random(in: 0..<capacity, using: &generator)
        }
        for place in one { places.insert(place) }
        places.formUnion(many)
        let expected = Set(one + many).sorted()
        var walked: [Int] = []
        places.forEach { walked.append($0) }
        #expect(walked == expected, "seed \(seed)")
        #expect(places.count == expected.count, "seed \(seed)")
        places.removeAll()
        #expect(places.count == 0)
      }
    }
  }

  /// Room that is kept from cell to cell leaves nothing behind, and the z that are made later are those of the share.
  @Test func roomIsLeftAsItWasFound() throws {
    var scratch = ShareScratch()
    for seed in UInt64(1)...60 {
      let data = Microdata.random(seed: seed, shape: .psus)
      let sums = data.sumsByPSU
      let estimator = try IndicatorEstimator(sums, lonely: .adjust)
      for cell in [Microdata.total, Cell(members: ["a"]), Cell(members: ["b"])] {
        let own = estimator.share(in: cell)
        let shared = estimator.share(in: cell, scratch: &scratch)
        #expect("\(own as Any)" == "\(shared as Any)", "seed \(seed)")
        let bare = estimator.share(in: cell, keepsResiduals: false, scratch: &scratch)
        #expect(bare?.residuals.isEmpty ?? true)
        let later = bare?.withResiduals(in: sums, indicator: 0, cell: cell)
        #expect("\(own as Any)" == "\(later as Any)", "seed \(seed)")
      }
    }
  }
}
