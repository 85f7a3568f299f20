import Aggregate
import Export
import Ingest
import Normalize
import SurveyModel

/// From the files of one cycle to its sums: registers first, then the responses in one pass (two where a condition of
/// the responses looks at the responses themselves), then the indicators of the registers.
struct CycleComputation {
  let cycle: SurveyCycle
  /// Whether units must be found again in another cycle.
  let linksUnits: Bool
  let strict: Bool
  let progress: ReadProgress?
  let options: ReadingOptions

  private(set) var use: ConditionUse
  var registers: [String: RegisterTable] = [:]
  var counts: [RelatedCondition: RelatedCounts] = [:]
  var populationRegister: PopulationRegister?
  /// By table that was read, in that order.
  var rejections: [[Rejection]] = []
  /// What `check` points out beside them.
  private(set) var notices: [DataNotice] = []

  init(
    cycle: SurveyCycle, linksUnits: Bool, strict: Bool, progress: ReadProgress?,
    options: ReadingOptions = ReadingOptions()
  ) {
    self.options = options
    self.cycle = cycle
    self.linksUnits = linksUnits
    self.strict = strict
    self.progress = progress
    use = ConditionUse(cycle: cycle)
  }

  /// - Throws: `RefusedData` around whatever makes the data unacceptable.
  mutating func run() async throws -> CycleSummary {
    do {
      let start = ContinuousClock.now
      var summary = try await compute()
      summary.readSeconds = (ContinuousClock.now - start) / .seconds(1)
      return summary
    } catch let error as any Failure {
      throw error.exitStatus == .unacceptableData
        ? RefusedData(cause: error, rejections: rejections.flatMap(\.self)) : error
    }
  }

  mutating func compute() async throws -> CycleSummary {
    var tables: [CycleSummary.Table] = []
    try loadRegisters()
    let responses = try await readResponses()
    tables.append(responses)
    for name in use.tables.dropLast() {
      if let register = registers[name] {
        tables.append(try finish(register))
      } else if let table = try await streamRegister(name) {
        tables.append(table)
      }
    }
    for table in tables { try table.checkAcceptable(in: cycle, strict: strict) }
    return CycleSummary(
      cycle: cycle, tables: tables, places: cycle.sumPlaces, population: populationRegister,
      rejections: rejections)
  }

  /// Reads what rows of other tables are judged by: registers that they look at, and the population.
  mutating func loadRegisters() throws {
    for name in use.tables.dropLast() where use.isLookedUp(name) { try load(name, path: []) }
    resolveRegisterCounts()
    populationRegister = readPopulation()
  }

  /// Also reads the questions that decide whether those of the indicators are asked.
  mutating func includeRouting() { use.includeRouting() }

  /// Reads everything and computes nothing: all questions of the codebooks, and every table that is declared.
  mutating func check() throws -> (
    CycleAccounting, rejections: [Rejection], routedOut: [Rejection], notices: [String]
  ) {
    var accounting: [CycleAccounting.Table] = []
    use.includeEverything()
    for name in use.tables.dropLast() { try load(name, path: []) }
    resolveRegisterCounts()
    populationRegister = readPopulation()
    for name in use.tables.dropLast() {
      guard let outcome = registers[name]?.outcome else { continue }
      let normalizer = outcome.normalizer
      accounting.append(CycleAccounting.Table(name, normalizer))
      notices += outcome.notices + DataNotice.found(in: normalizer, of: cycle)
    }
    var tickBoxes: [String] = []
    for name in use.tables.dropLast() {
      guard let register = registers[name] else { continue }
      var boxes = TickBoxes(register.plan)
      for batch in register.batches { boxes.add(batch) }
      tickBoxes += boxes.lines
    }
    var boxes: TickBoxes?
    var routedOut: [Rejection] = []
    var finder: RoutedOutAnswers?
    var rejected: [Rejection] = []
    var keys = KeyNames(table: cycle.tables[SurveyCycle.responsesTable])
    let outcome = try responsesReading().read(
      joins: joins(), design: designPlan, rejected: &rejected,
      prepare: { plan in
        finder = try RoutedOutAnswers(cycle: cycle, plan: plan, counts: counts)
        boxes = TickBoxes(plan)
      },
      body: { batch in
        routedOut += finder?.found(in: batch) ?? []
        boxes?.add(batch)
        keys.add(batch, plan: finder?.plan)
      })
    tickBoxes += boxes?.lines ?? []
    let normalizer = outcome.normalizer
    notices += outcome.notices + keys.notices + DataNotice.found(in: normalizer, of: cycle)
    let grouped = Set(cycle.groupings.flatMap(\.self))
    for (name, members) in zip(cycle.dimensions.keys, normalizer.members)
    where grouped.contains(name) && members.names.contains(Dimension.totalMember) {
      throw DataError.totalAsMember(table: SurveyCycle.responsesTable, dimension: name)
    }
    accounting.append(CycleAccounting.Table(SurveyCycle.responsesTable, normalizer))
    return (
      CycleAccounting(cycle: cycle.name, tables: accounting), rejections.flatMap(\.self) + rejected, routedOut,
      notices.map(\.line) + tickBoxes
    )
  }
}

extension CycleAccounting.Table {
  fileprivate init(_ name: String, _ normalizer: Normalizer) {
    self.init(
      name: name, rows: normalizer.accounting, answersRejected: normalizer.rejections.count { $0.scope == .answer },
      answers: normalizer.answerAccounting)
  }
}
