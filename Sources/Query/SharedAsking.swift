import SurveyModel

/// Units in the populations of two cycles, by their stratum in the later one.
public struct SharedPopulation: Sendable {
  /// Whatever their stratum was before.
  public var anyStratum: [String: Double] = [:]
  /// Those whose stratum is the same.
  public var sameStratum: [String: Double] = [:]
}

/// Asks an engine what two cycles have in common.
public struct SharedAsking: Sendable {
  private let engine: any QueryEngine

  public init(engine: any QueryEngine) { self.engine = engine }

  /// - Returns: nil where either cycle declares no list of units.
  public func populationInBoth(now: CycleAnswer, then: CycleAnswer) async throws -> SharedPopulation? {
    guard let statement = now.query.populationShared(with: then.query) else { return nil }
    let (parts, others) = (now.query.cycle.design.strata.count, then.query.cycle.design.strata.count)
    var shared = SharedPopulation()
    for row in try await rows(statement, parts + others + 1) {
      let stratum = StratumName.joined((0..<parts).map { row.text($0) ?? "" })
      let before = StratumName.joined((parts..<parts + others).map { row.text($0) ?? "" })
      let units = Double(try row.count(parts + others))
      guard units > 0 else { continue }
      shared.anyStratum[stratum, default: 0] += units
      if stratum == before { shared.sameStratum[stratum, default: 0] += units }
    }
    return shared
  }

  /// The sums of both cycles over the units that are in the denominators of both.
  ///
  /// - Parameters:
  ///   - pairs: By kind of units, which indicators are the same: their places in the cycles.
  ///   - population: Units in both populations by stratum of the later cycle; nil where none is listed.
  public func matched(
    now: CycleAnswer, then: CycleAnswer, pairs: [UnitKind: [(now: Int, then: Int)]], population: [String: Double]?
  ) async throws -> (now: [UnitKind: TableSums], then: [UnitKind: TableSums]) {
    var result: (now: [UnitKind: TableSums], then: [UnitKind: TableSums]) = ([:], [:])
    for kind in now.kinds {
      guard let later = Side(now, kind), let earlier = Side(then, kind), later.statement.linksUnits,
        earlier.statement.linksUnits
      else { continue }
      let names = Array(then.query.cycle.dimensions.keys)
      var dimensionOfThen: [Int: Int] = [:]
      for (number, name) in now.query.cycle.dimensions.keys.enumerated() {
        dimensionOfThen[number] = names.firstIndex(of: name)
      }
      let others = Set(earlier.groupings.map(Set.init))
      let groupings = later.groupings.filter { grouping in
        let translated = grouping.compactMap { dimensionOfThen[$0] }
        return translated.count == grouping.count && others.contains(Set(translated))
      }
      let matched = MatchedStatement(
        now: later.statement, then: earlier.statement, pairs: pairs[kind] ?? [], groupings: [[]] + groupings,
        dimensionOfThen: dimensionOfThen)
      guard !matched.pairs.isEmpty else {
        (result.now[kind], result.then[kind]) = (later.withoutUnits, earlier.withoutUnits)
        continue
      }
      let places = matched.pairs.map { pair in
        (
          now: later.statement.units.indicators.firstIndex(of: pair.now) ?? 0,
          then: earlier.statement.units.indicators.firstIndex(of: pair.then) ?? 0
        )
      }
      var sums = (
        now: try later.reading.matched(
          try await rows(matched.text(isNow: true), matched.width(isNow: true)), matched,
          directions: try await directions(matched, isNow: true), all: later.read,
          places: places.map(\.now)
        ) { $0 },
        then: try earlier.reading.matched(
          try await rows(matched.text(isNow: false), matched.width(isNow: false)), matched,
          directions: try await directions(matched, isNow: false), all: earlier.read,
          places: places.map(\.then)
        ) { dimensionOfThen[$0] ?? 0 }
      )
      if sums.now.design == .census {
        TableSums.makeOneSample(&sums.now, &sums.then, pairs: places, population: population)
      }
      (result.now[kind], result.then[kind]) = sums
    }
    return result
  }

  private func directions(_ matched: MatchedStatement, isNow: Bool) async throws -> [AnswerRow] {
    guard let statement = matched.directions(isNow: isNow) else { return [] }
    return try await rows(statement.text, statement.width)
  }

  private func rows(_ statement: String, _ columns: Int) async throws -> [AnswerRow] {
    try await engine.rows(of: statement, columns: columns).map(AnswerRow.init)
  }

  /// One cycle's part of a pair.
  private struct Side {
    let statement: SumsStatement
    let groupings: [[Int]]
    let read: SumsReading.Read
    let reading: SumsReading

    init?(_ answer: CycleAnswer, _ kind: UnitKind) {
      guard let read = answer.tables.first(where: { $0.name == kind.table })?.read[kind.rollUp] else { return nil }
      let varying = Set(read.sums.varyingDimensions.keys)
      guard let statement = answer.query.statement(kind, without: varying) else { return nil }
      self.statement = statement
      self.read = read
      groupings = answer.query.groupings(of: statement.units, without: varying)
      reading = SumsReading(
        query: answer.query, statement: statement, groupings: groupings, design: read.sums.design, sizes: nil)
    }

    /// No indicator is the same: no unit is matched.
    var withoutUnits: TableSums {
      var sums = read.sums
      let cells = CellSums(
        groupings: [], dimensions: reading.query.cycle.dimensions.count, indicators: statement.units.indicators.count)
      sums.cells = cells.places
      sums.totals = TotalsByCell(cells.totals(byPSU: statement.grouping != .stratum))
      return sums
    }
  }
}

extension CycleAnswer {
  /// What its indicators count, in a fixed order.
  public var kinds: [UnitKind] {
    query.kinds.keys.sorted { ($0.table, $0.rollUp.rawValue) < ($1.table, $1.rollUp.rawValue) }
  }
}
