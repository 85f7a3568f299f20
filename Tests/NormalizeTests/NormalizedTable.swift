import Ingest
import OrderedCollections
import SurveyModel
import SurveyTestSupport

@testable import Normalize

/// A CSV text, read and normalized as the engine does it.
struct NormalizedTable {
  var batches: [CodedBatch] = []
  var normalizer: Normalizer
  var path: String

  var accounting: RowAccounting { normalizer.accounting }
  var rejections: [Rejection] { normalizer.rejections }
  /// For tables that fit into one batch.
  var batch: CodedBatch { batches[0] }

  init(
    _ csv: String, table: TableDefinition = TableDefinition(name: "responses", paths: []),
    conditions: [Condition] = [], dimensions: [TablePlan.DimensionPlan?] = [], design: TablePlan.DesignPlan? = nil
  ) throws {
    var needs = ColumnNeeds(table: table)
    for condition in conditions { needs.add(condition) }
    var plan = TablePlan(table: table, needs: needs, dimensions: dimensions, design: design)
    let directory = try TemporaryDirectory()
    let path = try directory.write(csv, to: "t.csv")
    var normalizer: Normalizer?
    var batches: [CodedBatch] = []
    _ = try RecordReader(path: path, table: table.name, format: CSVFormat(table)).read(
      choose: { header in
        let columns = try plan.resolve(header)
        normalizer = Normalizer(plan: plan, fieldCount: header.names.count)
        return columns
      },
      body: { records in
        if let batch = try normalizer?.normalize(records) { batches.append(batch) }
      })
    self.path = path
    self.batches = batches
    guard let normalizer else { preconditionFailure("no header was read") }
    self.normalizer = normalizer
  }

  /// What a condition says of each row; unknown counts as not met.
  func rows(
    meeting condition: Condition, cycle: SurveyCycle? = nil, counts: [RelatedCondition: RelatedCounts] = [:]
  ) throws -> [Bool] {
    try truths(of: condition, cycle: cycle, counts: counts).map { $0 ?? false }
  }

  /// What a condition says of each row; nil: unknown.
  func truths(
    of condition: Condition, cycle: SurveyCycle? = nil, counts: [RelatedCondition: RelatedCounts] = [:]
  ) throws -> [Bool?] {
    let cycle = cycle ?? SurveyCycle(name: "p", title: "", cycle: "p", tables: [:], indicators: [])
    let compiler = PredicateCompiler(cycle: cycle, plan: normalizer.plan, counts: counts)
    let predicate = try compiler.predicate(condition)
    return batches.flatMap { batch in
      let truth = predicate.truth(of: batch)
      return (0..<batch.rowCount).map { truth.isUnknown($0) ? nil : truth.holds[$0] }
    }
  }

  /// The codes of a column, row by row.
  func column(_ name: String) -> CodedColumn? {
    normalizer.plan.answers.firstIndex { $0.name == name }.map { batch.columns[$0] }
  }

  /// Of the only answer column.
  var unreadableCode: AnswerColumn.Code? { normalizer.plan.answers.first?.unreadableCode }

  var usedRows: [Bool] { batches.flatMap { batch in (0..<batch.rowCount).map { batch.used[$0] } } }
}

extension Codebook {
  init(missing: [String] = [""], notApplicable: [String] = [], _ questions: Question...) {
    self.init(
      missing: missing, notApplicable: notApplicable,
      questions: OrderedDictionary(uniqueKeysWithValues: questions.map { ($0.key, $0) }))
  }
}

extension TableDefinition {
  static func responses(
    _ codebook: Codebook? = nil, respondent: String? = nil, unit: String? = nil, submitted: String? = nil
  ) -> TableDefinition {
    TableDefinition(
      name: "responses", paths: [], codebook: codebook, respondent: respondent, unit: unit, submitted: submitted)
  }
}
