import Aggregate
import Ingest
import Normalize
import PipelineDefinition
import SurveyModel

/// What the engine makes of a definition and a header before the first row: the plans of the stages, here in hands that
/// can run each stage alone.
struct Stages: Sendable {
  let file: MorselFile
  let columns: [Int]
  let cycle: SurveyCycle
  let plan: TablePlan

  /// - Parameter change: Makes another design of the reference job's.
  init(_ files: ReferenceFiles, change: (inout SurveyCycle) -> Void = { _ in }) throws {
    var cycle = try DefinitionReader(directory: files.directory).cycle(named: ReferenceFiles.name)
    change(&cycle)
    guard let table = cycle.tables[SurveyCycle.responsesTable],
      let file = try MorselFile(path: files.responses, table: table.name)
    else { throw Unprepared("\(files.responses) is no table that could be read in morsels") }
    var needs = ColumnNeeds(table: table)
    for case .asked(let rule) in cycle.indicators.map(\.rule) {
      needs.add(rule.numerator)
      needs.add(rule.denominator)
    }
    var plan = TablePlan(
      table: table, needs: needs, dimensions: cycle.dimensions.keys.map { .column($0) },
      design: TablePlan.DesignPlan(
        weight: cycle.design.weight, strata: cycle.design.strata.map { .column($0) },
        psu: cycle.design.psu.map { .column($0) }, replicates: cycle.design.replicates))
    columns = try plan.resolve(file.header)
    self.file = file
    self.cycle = cycle
    self.plan = plan
  }

  var scanner: MorselScanner { MorselScanner(columns: columns, fieldCount: file.header.names.count) }

  /// The records of all morsels.
  func records() throws -> [RecordBatch] {
    var scanner = scanner
    var sequence = MorselSequence(file)
    return try (0..<file.morselCount).map { index in
      var morsel = try scanner.read(index, of: file)
      guard sequence.place(&morsel) == .follows, !morsel.needsParser else {
        throw Unprepared("morsel \(index) of \(file.path) does not follow the one before it")
      }
      return morsel.records
    }
  }

  /// The rows of all morsels with the numbers of the table, and who has numbered them.
  func coded() throws -> (batches: [CodedBatch], normalizer: Normalizer) {
    var coder = try RowCoder(plan: plan)
    var normalizer = Normalizer(plan: plan, fieldCount: file.header.names.count)
    let batches = try records().map { try normalizer.merge(coder.code($0), worker: 0) }
    return (batches, normalizer)
  }

  func tallyPlan() throws -> TallyPlan {
    let compiler = PredicateCompiler(cycle: cycle, plan: plan)
    let indicators = try cycle.indicators.compactMap(\.rule.asked).map {
      IndicatorPredicates(
        numerator: try compiler.predicate($0.numerator), denominator: try compiler.predicate($0.denominator))
    }
    var design = TableSums.Design.sample
    if let scheme = cycle.design.replicates?.scheme(columns: plan.design?.replicateColumns ?? []) {
      design = .replicates(scheme)
    }
    return TallyPlan(
      indicators: indicators, groupings: [[0], [1], [0, 1]], dimensionCount: 2, design: design,
      hasPSUColumn: cycle.design.psu != nil, linksUnits: plan.table.unit != nil)
  }
}
