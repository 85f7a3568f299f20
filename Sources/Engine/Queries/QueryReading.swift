import Aggregate
import Export
import Normalize
import Query
import SurveyModel

/// From the definitions of some cycles to their sums by way of another engine: the heavy pass is its queries, and what
/// follows is the same as ever.
struct QueryReading {
  let engine: any SourcedQueryEngine
  let options: RunOptions

  /// - Parameter matchedWith: The cycles with which the first one is compared unit by unit.
  func sums(
    of cycles: [SurveyCycle], matchedWith others: [String]
  ) async throws -> ([CycleSummary], any SumsProvider) {
    var answers: [CycleAnswer] = []
    var summaries: [CycleSummary] = []
    for (number, cycle) in cycles.enumerated() {
      let (answer, summary) = try await self.answer(
        cycle, prefix: "cycle_\(number)_", linksUnits: cycles.count > 1)
      answers.append(answer)
      summaries.append(summary)
    }
    let asking = SharedAsking(engine: engine)
    var populations: [CyclePair: SharedPopulation] = [:]
    for now in answers {
      for then in answers where then.query.cycle.name != now.query.cycle.name {
        let pair = CyclePair(then: then.query.cycle.name, now: now.query.cycle.name)
        populations[pair] = try await asking.populationInBoth(now: now, then: then)
      }
    }
    var matched: [String: QuerySums.Matched] = [:]
    for then in answers where others.contains(then.query.cycle.name) {
      let population = populations[CyclePair(then: then.query.cycle.name, now: answers[0].query.cycle.name)]
      let pairs = Dictionary(
        uniqueKeysWithValues: answers[0].kinds.map { ($0, cycles[0].indicatorPairs($0, then: then.query.cycle)) })
      matched[then.query.cycle.name] = try await asking.matched(
        now: answers[0], then: then, pairs: pairs, population: population?.anyStratum)
    }
    let sums = Dictionary(uniqueKeysWithValues: summaries.map { ($0.cycle.name, $0.sums) })
    return (summaries, QuerySums(cycles: sums, main: cycles[0].name, matched: matched, populations: populations))
  }

  /// - Throws: `RefusedData` around whatever makes the data unacceptable.
  private func answer(
    _ cycle: SurveyCycle, prefix: String, linksUnits: Bool
  ) async throws -> (CycleAnswer, CycleSummary) {
    let start = ContinuousClock.now
    var found: [String: EngineFiles] = [:]
    for name in ConditionUse(cycle: cycle).tables {
      guard let table = cycle.tables[name] else { continue }
      found[name] = try await engine.source(of: table)
    }
    let query = try CycleQuery(
      cycle: cycle, sources: found.mapValues(\.source), dialect: engine.dialect, linksUnits: linksUnits, prefix: prefix)
    for (name, files) in found {
      engine.willRead(files.files.reduce(0) { $0 + $1.bytes } * Int64(query.readings(of: name)))
    }
    var rejections: [Rejection] = []
    do {
      let engine = engine
      let answer = try await CycleAsking(query, engine: engine) { engine.name(of: $0) }.answer(rejected: &rejections)
      let tables = answer.tables.map { table in
        CycleSummary.Table(
          name: table.name, tallies: table.sums.mapValues { FinishedTally(sums: $0) }, accounting: table.accounting,
          answersRejected: table.rejections.count { $0.scope == .answer }, answers: table.answers,
          rejectionCause: CycleSummary.Table.rejectionCause(table.rejections, of: table.accounting, in: cycle),
          leftOut: CycleSummary.Table.leftOut(table.rejections, of: table.accounting, in: cycle),
          superseded: table.superseded,
          files: (found[table.name]?.files ?? []).map { record($0) })
      }
      for table in tables { try table.checkAcceptable(in: cycle, strict: options.strict) }
      let summary = CycleSummary(
        cycle: cycle, tables: tables, places: cycle.sumPlaces, population: nil,
        rejections: answer.tables.map(\.rejections),
        readSeconds: (ContinuousClock.now - start) / .seconds(1))
      return (answer, summary)
    } catch let error as any Failure where error.exitStatus == .unacceptableData {
      throw RefusedData(cause: error, rejections: rejections)
    }
  }

  private func record(_ file: EngineFiles.File) -> RunRecord.FileRecord {
    RunRecord.FileRecord(
      path: engine.name(of: file.name), bytes: file.bytes, hash: file.modified,
      algorithm: FileModification.algorithm)
  }
}

/// Answers Estimate and Trends from what an engine was asked beforehand.
struct QuerySums: SumsProvider {
  /// The sums of units in both of two cycles, on either side.
  typealias Matched = (now: [UnitKind: TableSums], then: [UnitKind: TableSums])

  let cycles: [String: CycleSums]
  /// The cycle with which others are matched.
  let main: String
  /// By earlier cycle.
  let matched: [String: Matched]
  let populations: [CyclePair: SharedPopulation]

  func sums(of cycle: String, in basis: SumsBasis) throws -> CycleSums {
    var sums = cycles[cycle] ?? CycleSums(places: [], tables: [:])
    guard case .matched(let now, let then) = basis else { return sums }
    guard now == main, let pair = matched[then] else { return CycleSums(places: sums.places, tables: [:]) }
    sums.tables = cycle == now ? pair.now : pair.then
    return sums
  }

  func populationInBoth(now: String, then: String) throws -> [String: Double]? {
    populations[CyclePair(then: then, now: now)]?.sameStratum
  }
}
