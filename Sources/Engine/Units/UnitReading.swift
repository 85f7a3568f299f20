import Aggregate
import Normalize
import SurveyModel

/// Reads the table of one indicator once more, and remembers each row with what was decided about it and why. The
/// verdicts are those of the tally that a run adds up.
struct UnitReading {
  private let indicator: Indicator
  private var computation: CycleComputation
  private var cycle: SurveyCycle { computation.cycle }

  /// - Parameter options: `threads` says how many pieces of a file are read side by side.
  init(cycle: SurveyCycle, indicator: Indicator, options: RunOptions) {
    // Everything else that the definition asks for need not be read.
    var narrow = cycle
    narrow.indicators = [indicator]
    self.indicator = indicator
    computation = CycleComputation(
      cycle: narrow, linksUnits: false, strict: false, progress: nil,
      options: ReadingOptions(threads: options.threads, bytesPerMorsel: options.bytesPerMorsel))
    computation.includeRouting()
  }

  /// What was read, before it becomes units.
  struct Outcome {
    var rows: UnitRows
    var tally: Tally
    var normalizer: Normalizer
  }

  /// - Throws: A `Failure` of some stage, or `CancellationError`.
  mutating func units() async throws -> CycleUnits {
    var result = CycleUnits(cycle: cycle, indicator: indicator)
    guard let rule = indicator.rule.asked else { return result }
    try computation.loadRegisters()
    let outcome =
      indicator.table == SurveyCycle.responsesTable ? try await responses(rule) : try await register(rule)
    guard let outcome else { return result }
    let units = UnitsOfRows(outcome, population: reportingPopulation)
    result.questions = outcome.rows.questions
    result.units = units.listed
    result.dimensions = computation.dimensions(of: outcome.rows.plan).subtracting(units.varyingDimensions)
    return result
  }

  /// The units that should report; nil where no register lists them, or the indicator does not count them.
  private var reportingPopulation: PopulationRegister? {
    indicator.table == SurveyCycle.responsesTable ? computation.populationRegister : nil
  }

  private var rollUp: RollUp { cycle.units(of: indicator).rollUp }

  private mutating func responses(_ rule: IndicatorRule) async throws -> Outcome? {
    let (indicator, rollUp) = (indicator, rollUp)
    var rows: UnitRows?
    var tallies: [RollUp: Tally] = [:]
    let outcome = try await computation.passOverResponses(
      prepare: { computation, plan in
        rows = try UnitRows(of: indicator, rule: rule, plan: plan, computation: computation)
        tallies = try computation.tallies(for: plan)
        return tallies.mapValues(\.plan)
      },
      take: { batch, bits in
        if let bits = bits[rollUp] { rows?.add(batch, bits: bits) }
        try tallies.add(batch, bits: bits)
      })
    guard let rows, let tally = tallies[rollUp] else { return nil }
    return Outcome(rows: rows, tally: tally, normalizer: outcome.normalizer)
  }

  private mutating func register(_ rule: IndicatorRule) async throws -> Outcome? {
    if computation.hasOpenCounts {
      _ = try await computation.passOverResponses(prepare: { _, _ in [:] }, take: { _, _ in })
    }
    try computation.load(indicator.table, path: [])
    guard let register = computation.registers[indicator.table] else { return nil }
    var rows = try UnitRows(of: indicator, rule: rule, plan: register.plan, computation: computation)
    guard var tally = try computation.tallies(for: register.plan)[rollUp] else { return nil }
    for batch in register.batches {
      let bits = Tally.bits(tally.plan, of: batch)
      rows.add(batch, bits: bits)
      try tally.add(batch, bits: bits)
    }
    return Outcome(rows: rows, tally: tally, normalizer: register.normalizer)
  }
}

extension CycleComputation {
  /// Whether conditions look at responses that have not been counted yet.
  fileprivate var hasOpenCounts: Bool { use.related.contains { counts[$0] == nil } }
}
