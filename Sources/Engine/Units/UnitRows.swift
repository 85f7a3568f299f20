import Aggregate
import Normalize
import SurveyModel

/// The rows of the indicator's table while they are read, each with its verdict and the reason in words.
struct UnitRows {
  /// A row, before a roll-up.
  struct Row {
    /// As `CodedBatch.units` has it; 0 where the table declares none.
    var unit: UInt128
    var name: String
    var respondent: String
    var file: String
    var line: Int
    /// All lines that the row stands on, for rows that are not used; they may be several in a long table.
    var lines: Set<Line> = []
    var isUsed: Bool
    var verdict: Verdict
    var weight: Double
    var stratum: Int32
    /// nil where a row is its own PSU.
    var psu: Int32?
    /// By dimension, the number of the member; of rows that are used.
    var memberNumbers: [Int32?] = []
    /// By dimension, the member of a row that is not used, as far as it can be told.
    var members: [String?] = []
    var answers: [String]
    var reason: String
  }

  struct Line: Hashable {
    var file: String
    var line: Int
  }

  let plan: TablePlan
  /// The columns that the indicator reads, in the order in which it names them.
  let questions: [String]
  private let kind: Indicator.Kind
  private let facts: AnswerFacts
  private let numerator: JudgedCondition
  private let denominator: JudgedCondition
  private let eligible: JudgedCondition?
  /// By dimension: the values of the joined register.
  private let joined: [[String: String]?]
  private(set) var rows: [Row] = []

  init(of indicator: Indicator, rule: IndicatorRule, plan: TablePlan, computation: CycleComputation) throws(DataError) {
    let compiler = PredicateCompiler(cycle: computation.cycle, plan: plan, counts: computation.counts)
    let mandatory = plan.table.codebook?.mandatoryQuestions.map(\.key) ?? []
    self.plan = plan
    kind = indicator.kind
    questions = rule.columns.filter { $0 != plan.table.unit && plan.keyFields[$0] != nil }
    facts = try AnswerFacts(of: questions + mandatory, plan: plan, compiler: compiler)
    numerator = try JudgedCondition(rule.numerator, in: computation.cycle, plan: plan, compiler: compiler)
    denominator = try JudgedCondition(rule.denominator, in: computation.cycle, plan: plan, compiler: compiler)
    var eligible: JudgedCondition?
    if let condition = rule.eligible {
      eligible = try JudgedCondition(condition, in: computation.cycle, plan: plan, compiler: compiler)
    }
    self.eligible = eligible
    joined = computation.cycle.dimensions.values.map { dimension in
      guard case .join(let register, _, _, let column) = dimension.source else { return nil }
      return computation.registers[register]?.texts(of: column)
    }
  }

  /// - Parameter bits: Of a tally whose only indicator this is.
  mutating func add(_ batch: CodedBatch, bits: IndicatorBits) {
    let answers = facts.judged(batch)
    let judged = (numerator.judged(batch), denominator.judged(batch), eligible?.judged(batch))
    for row in 0..<batch.rowCount {
      let isUsed = batch.used[row]
      let verdict = bits.verdict(row: row, indicator: 0)
      var entry = Row(
        unit: batch.units.isEmpty ? 0 : batch.units[row], name: text(plan.table.unit, batch, row),
        respondent: text(plan.table.respondent, batch, row), file: batch.records.file(row: row),
        line: batch.records.lines[row], isUsed: isUsed, verdict: verdict, weight: batch.weights[row],
        stratum: batch.strata[row], psu: batch.psus.isEmpty ? nil : batch.psus[row],
        answers: questions.map { answers.text($0, row: row) }, reason: "")
      if isUsed {
        entry.memberNumbers = batch.members.map { $0.isEmpty ? nil : $0[row] }
        entry.reason = reason(row, verdict, judged.0, judged.1, judged.2, answers)
      } else {
        entry.members = plan.dimensions.indices.map { member($0, batch, row) }
        entry.lines = Set(
          (0..<batch.records.columnCount).map { column in
            let place = batch.records.place(row: row, column: column)
            return Line(file: place.file, line: place.line)
          })
      }
      rows.append(entry)
    }
  }

  private func text(_ column: String?, _ batch: CodedBatch, _ row: Int) -> String {
    column.flatMap { plan.keyFields[$0] }.map { batch.records.text(row: row, column: $0) } ?? ""
  }

  /// The member of a row without a number, because the row does not count.
  private func member(_ dimension: Int, _ batch: CodedBatch, _ row: Int) -> String? {
    switch plan.dimensions[dimension] {
    case .column(let column):
      return NameTexts(column, of: plan).name(of: text(column, batch, row)) ?? Dimension.unknownMember
    case .join(let key, _):
      if plan.table.missingTexts(of: key).contains(text(key, batch, row)) { return Dimension.unknownMember }
      guard let value = joined[dimension]?[text(key, batch, row)] else { return nil }
      return value.isEmpty ? Dimension.unknownMember : value
    case nil: return nil
    }
  }

  /// The member of a unit that no row speaks for.
  func member(_ dimension: Int, ofUnit unit: String) -> String? {
    joined[dimension]?[unit].map { $0.isEmpty ? Dimension.unknownMember : $0 }
  }

  // MARK: - Words

  private static let mostFacts = 6
  static let unreadable = "unreadable: not counted"

  private func reason(
    _ row: Int, _ verdict: Verdict, _ numerator: JudgedCondition.Judged, _ denominator: JudgedCondition.Judged,
    _ eligible: JudgedCondition.Judged?, _ answers: AnswerFacts.Judged
  ) -> String {
    if verdict.isUnreadable {
      let decisive = [eligible, denominator, numerator].compactMap(\.self).flatMap { $0.unreadable(row: row, answers) }
      return (decisive.isEmpty ? "" : words(decisive) + ": ") + Self.unreadable
    }
    if verdict.isInDenominator {
      let facts = words(numerator.facts(row: row, answers))
      let verb =
        kind == .count
        ? verdict.isInNumerator ? "counted" : "not counted"
        : verdict.isInNumerator ? "counts as yes" : "counts as no"
      return facts.isEmpty ? verb : "\(facts): \(verb)"
    }
    if let eligible, !eligible.holds[row] { return words(eligible.facts(row: row, answers)) + ": not eligible" }
    let facts = denominator.facts(row: row, answers)
    return facts.allSatisfy(\.isSilence) ? words(facts) : words(facts) + ": not in the denominator"
  }

  private func words(_ facts: [AnswerFacts.Fact]) -> String {
    var distinct: [String] = []
    for fact in facts where !distinct.contains(fact.text) { distinct.append(fact.text) }
    return distinct.prefix(Self.mostFacts).joined(separator: ", ") + (distinct.count > Self.mostFacts ? ", …" : "")
  }
}

extension IndicatorRule {
  /// The columns of its table that it reads: first the questions in the order in which it names them.
  fileprivate var columns: [String] {
    let conditions = [numerator, denominator] + [eligible].compactMap(\.self)
    var names: [String] = []
    for name in conditions.flatMap({ $0.namedQuestions + $0.columns.sorted() }) where !names.contains(name) {
      names.append(name)
    }
    return names
  }
}
