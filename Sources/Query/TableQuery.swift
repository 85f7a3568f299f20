import Normalize
import OrderedCollections
import SurveyModel

/// The rows of one table: what is said of a row alone, as `Normalize` says it. Its views are the table's source, and its
/// rows with their problems, keys, weights, members, and the state of each answer.
struct TableQuery {
  let cycle: SurveyCycle
  let plan: TablePlan
  let source: TableSource
  let dialect: Dialect
  /// Before the names of the views, so that several cycles stand side by side.
  let prefix: String
  /// Why rows do not count; `Names.problem` holds places in it. A row has the first that fits.
  let problems: [RowProblem]

  init(cycle: SurveyCycle, plan: TablePlan, source: TableSource, dialect: Dialect, prefix: String) {
    self.cycle = cycle
    self.plan = plan
    self.source = source
    self.dialect = dialect
    self.prefix = prefix
    problems = Self.problems(of: plan, cycle: cycle)
  }

  var isLong: Bool { if case .long = plan.table.layout { true } else { false } }

  /// The columns of the file that are read.
  var distinctColumns: [String] { Array(OrderedSet(plan.columnNames)) }

  /// The same of a long table.
  var lineColumns: [String] {
    guard case .long(_, let question, let answer) = plan.table.layout else { return [] }
    return Array(OrderedSet(plan.respondentColumns + [question, answer]))
  }

  func name(_ what: String) -> String { "\(prefix)\(plan.table.name)_\(what)" }
  func view(_ what: String) -> String { dialect.identifier(name(what)) }

  /// A view of this cycle that belongs to no table.
  private func cycleView(_ what: String) -> String { dialect.identifier(prefix + what) }

  // MARK: - Why rows do not count

  private static func problems(of plan: TablePlan, cycle: SurveyCycle) -> [RowProblem] {
    var problems: [RowProblem] = [.header, .quotes, .tooLong, .zeroByte, .notText, .misshapen]
    if case .long(let respondent, _, _) = plan.table.layout {
      problems.append(.nameless(column: respondent))
      problems += plan.respondentColumns.filter { $0 != respondent }.map { .contradiction(column: $0) }
    }
    for column in [plan.table.respondent, plan.table.unit].compactMap(\.self) {
      problems.append(.nameless(column: column))
    }
    if let design = plan.design {
      for column in [design.weight, design.unitWeight].compactMap(\.self) {
        problems += [.weight(column: column, mayBeNegative: false), .extremeWeight(column: column)]
      }
      for column in design.replicateColumns {
        problems += [.weight(column: column, mayBeNegative: true), .extremeWeight(column: column)]
      }
    }
    for case .join(let key, let joined) in plan.dimensions.compactMap(\.self) {
      problems.append(.unknown(column: key, register: joined.register))
    }
    if let unit = plan.table.unit, let register = Self.populationRegister(plan, cycle: cycle) {
      problems += [.unknown(column: unit, register: register), .outsidePopulation]
    }
    if let design = plan.design {
      for (number, part) in design.strata.enumerated() {
        guard let (column, register) = Self.place(of: part, plan) else { continue }
        // Where rows may lack a stratum, none may have one that its question refuses.
        if design.allowsUnknownStratum, register != nil || plan.namingQuestion(column) == nil { continue }
        problems.append(.noStratum(part: number, column: column, register: register))
      }
      if let psu = design.psu, let (column, _) = Self.place(of: psu, plan) { problems.append(.noPSU(column: column)) }
    }
    return problems
  }

  /// The column of a part of the design, and the register that a join takes it from.
  private static func place(
    of part: TablePlan.DesignPlan.StratumPart, _ plan: TablePlan
  ) -> (column: String, register: String?)? {
    switch part {
    case .column(let name): (name, nil)
    case .dimension(let number):
      switch plan.dimensions[number] {
      case .column(let name): (name, nil)
      case .join(let key, let joined): (key, joined.register)
      case nil: nil
      }
    }
  }

  /// The register that lists the population of the table's units; nil where none does.
  private static func populationRegister(_ plan: TablePlan, cycle: SurveyCycle) -> String? {
    guard plan.design != nil, case .register(let table, _) = cycle.design.population else { return nil }
    return table
  }

  /// What holds for a row with the problem; null where it does not.
  private func condition(for problem: RowProblem) -> String {
    switch problem {
    case .header: return source.isHeader
    case .quotes, .tooLong, .zeroByte, .notText: return source.refusal(problem)
    case .misshapen: return "\(dialect.identifier(Names.fields)) IS NOT NULL"
    case .nameless(let column): return isMissing(column)
    case .noStratum(let part, let column, _):
      if plan.design?.allowsUnknownStratum == true { return isRefused(column) ?? "FALSE" }
      return "\(stratum(plan.design?.strata[part])) = \(dialect.literal(Dimension.unknownMember))"
    case .noPSU(let column):
      guard case .dimension(let number)? = plan.design?.psu else { return isNoName(column) }
      return "\(member(number)) = \(dialect.literal(Dimension.unknownMember))"
    case .contradiction(let column): return dialect.identifier("contradiction_" + column)
    case .weight(let column, let mayBeNegative):
      let number = dialect.identifier("weight_" + column)
      var isNone = "\(isMissing(column)) OR \(number) IS NULL"
      if !plan.table.missingTexts(of: column).numbers.isEmpty { isNone += " OR \(isMissingNumber(number, column))" }
      return mayBeNegative ? isNone : "\(isNone) OR \(number) < 0"
    case .extremeWeight(let column):
      let number = dialect.identifier("weight_" + column)
      let (least, most) = (dialect.double(1e-100), dialect.double(1e100))
      return "\(number) <> 0 AND NOT (abs(\(number)) >= \(least) AND abs(\(number)) <= \(most))"
    case .unknown(let column, let register):
      if register == Self.populationRegister(plan, cycle: cycle), column == plan.table.unit {
        return "population_unit IS NULL"
      }
      let place = joins.first { $0.key == column && $0.register == register }?.dimension ?? 0
      return "NOT (\(isMissing(column))) AND join_\(place)_unit IS NULL"
    case .outsidePopulation: return "NOT population_belongs"
    }
  }

  // MARK: - Joined registers

  private struct Join {
    var dimension: Int
    var key: String
    var register: String
  }

  private var joins: [Join] {
    plan.dimensions.enumerated().compactMap { number, dimension in
      guard case .join(let key, let joined) = dimension else { return nil }
      return Join(dimension: number, key: key, register: joined.register)
    }
  }

  /// A unit that stands twice is refused when the rows have been asked for; until then it must not multiply them.
  private var joinClauses: [String] {
    var clauses = joins.map { join in
      let rows = dialect.identifier("\(prefix)\(join.register)_rows")
      let unit = text(cycle.tables[join.register]?.unit ?? "")
      return """
        LEFT JOIN (
          SELECT \(unit) AS join_\(join.dimension)_unit,
            \(dialect.first(Names.member(join.dimension), by: Names.place)) AS join_\(join.dimension)_value
          FROM \(rows) WHERE problem IS NULL GROUP BY 1
        ) AS join_\(join.dimension) ON join_\(join.dimension)_unit = \(text(join.key))\(isKey(join.key))
        """
    }
    if let unit = plan.table.unit, Self.populationRegister(plan, cycle: cycle) != nil {
      clauses.append(
        """
        LEFT JOIN (
          SELECT unit AS population_unit, belongs AS population_belongs FROM \(cycleView("population"))
        ) AS population ON population_unit = \(text(unit))
        """)
    }
    return clauses
  }

  /// The member of the row in a dimension that the table has.
  private func member(_ number: Int) -> String {
    switch plan.dimensions[number] {
    case .column(let column): member(column)
    case .join, nil: "coalesce(join_\(number)_value, \(dialect.literal(Dimension.unknownMember)))"
    }
  }

  // MARK: - The view of the rows

  /// - Returns: The views, each after those that it reads.
  ///
  /// - Parameter isLookedUp: Whether rows of other tables are judged by these.
  func views(isLookedUp: Bool) throws -> [QueryView] {
    source.views(of: self) + [QueryView(name: name("rows"), query: try rows(), isKept: isLookedUp)]
  }

  private func rows() throws -> String {
    let rerouted = ReroutedAnswers(
      plan: plan, conditions: ConditionSQL(cycle: cycle, plan: plan, dialect: dialect, related: [:]))
    var layers = Layers(dialect, "SELECT * FROM \(view("source"))")
    let answers = plan.answers.map { AnswerSQL(dialect: dialect, column: $0) }
    layers.add(weightNumbers + answers.flatMap(\.readings), joins: joinClauses)
    layers.add(answers.map(\.refused))
    let states = answers.map { answer in
      rerouted.includes(answer.column) ? (Names.written(answer.column.name), answer.state.expression) : answer.state
    }
    layers.add(states + [(Names.problem, problem)])
    for level in try rerouted.layers() { layers.add(level) }
    layers.add(keys)
    layers.add(design)
    return layers.text
  }

  private var weightColumns: [String] {
    guard let design = plan.design else { return [] }
    return [design.weight, design.unitWeight].compactMap(\.self) + design.replicateColumns
  }

  private var weightNumbers: [(name: String, expression: String)] {
    weightColumns.map { ("weight_" + $0, dialect.number(text($0), plan.table.numbers)) }
  }

  private var problem: String {
    let cases = problems.enumerated().filter { !isLong || !isLineProblem($1) }
      .map { "WHEN \(condition(for: $1)) THEN \($0)" }
    return cases.isEmpty ? "CAST(NULL AS INTEGER)" : "CASE " + cases.joined(separator: " ") + " END"
  }

  /// Whether the problem is one of the lines of which a long table makes its records.
  private func isLineProblem(_ problem: RowProblem) -> Bool {
    switch problem {
    case .header, .quotes, .tooLong, .zeroByte, .notText, .misshapen: true
    case .nameless(let column): if case .long(column, _, _) = plan.table.layout { true } else { false }
    default: false
    }
  }

  /// Of a long table: what can be wrong with a line.
  var lineProblems: [(place: Int, condition: String)] {
    problems.enumerated().filter { isLineProblem($1) }.map { ($0, condition(for: $1)) }
  }

  private var keys: [(name: String, expression: String)] {
    var columns: [(name: String, expression: String)] = []
    if let unit = plan.table.unit { columns.append((Names.unit, text(unit))) }
    if let respondent = plan.table.respondent { columns.append((Names.respondent, text(respondent))) }
    if let submitted = plan.table.submitted {
      let (isNone, format) = (isMissing(submitted), plan.table.dateFormat)
      let instant = dialect.instant(text(submitted), format)
      columns.append((Names.submitted, "CASE WHEN NOT (\(isNone)) THEN \(instant) END"))
      columns.append(
        (
          Names.unreadableDate,
          "CASE WHEN NOT (\(isNone)) AND (\(dialect.day(text(submitted), format))) IS NULL THEN \(text(submitted)) END"
        ))
    }
    for number in plan.dimensions.indices where plan.dimensions[number] != nil {
      columns.append((Names.member(number), member(number)))
    }
    return columns
  }

  private var design: [(name: String, expression: String)] {
    guard let design = plan.design else { return [] }
    var columns: [(name: String, expression: String)] = []
    for (number, part) in design.strata.enumerated() {
      columns.append((Names.stratum(number), stratum(part)))
    }
    switch design.psu {
    case .column(let column): columns.append((Names.psu, name(in: column)))
    case .dimension(let number): columns.append((Names.psu, dialect.identifier(Names.member(number))))
    case nil: break
    }
    func number(_ column: String) -> String { dialect.identifier("weight_" + column) }
    if let weight = design.weight { columns.append((Names.weight, number(weight))) }
    if let weight = design.unitWeight { columns.append((Names.unitWeight, number(weight))) }
    for (index, column) in design.replicateColumns.enumerated() {
      columns.append((Names.replicate(index), number(column)))
    }
    if let size = design.populationColumn {
      let number = dialect.number(text(size), plan.table.numbers)
      columns.append((Names.sizeText, text(size)))
      columns.append(
        (Names.size, "CASE WHEN \(number) > 0 AND \(number) <= \(dialect.double(1e15)) THEN \(number) END"))
    }
    return columns
  }

  private func stratum(_ part: TablePlan.DesignPlan.StratumPart?) -> String {
    switch part {
    case .column(let column): member(column)
    case .dimension(let number): member(number)
    case nil: "''"
    }
  }

  /// What is said of a row as a whole, whatever its answers.
  var countedColumns: [String] { [Names.problem, Names.file, Names.place] + (keys + design).map(\.name) }

  // MARK: - What is asked of the rows

  /// How many answers of the row are refused.
  var refusedAnswers: String {
    let columns = plan.answers.map(refused)
    return columns.isEmpty ? "0" : columns.map { "CASE WHEN \($0) THEN 1 ELSE 0 END" }.joined(separator: " + ")
  }

  /// Whether the answer of a column is refused, and not ignored because its question was not asked.
  private func refused(_ column: AnswerColumn) -> String {
    let refused = dialect.identifier(Names.refused(column.name))
    guard plan.table.codebook?.reroutes(column.name) == true else { return refused }
    return "(\(refused) AND \(dialect.identifier(Names.state(column.name))) = 3)"
  }

  /// Records by problem and file: problem, file, records, refused answers.
  var accounting: String {
    """
    SELECT problem, CASE WHEN problem IS NULL THEN NULL ELSE file END AS file, count(*) AS records,
      sum(CASE WHEN problem IS NULL THEN \(refusedAnswers) ELSE 0 END) AS refused
    FROM \(view("rows")) GROUP BY 1, 2
    """
  }

  /// The rows that are left out: problem, file, fields, value, how many.
  var rejectedRows: String {
    let values = problems.enumerated().compactMap { number, problem in
      problem.column.map { "WHEN \(number) THEN \(text($0))" }
    }
    let value = values.isEmpty ? "''" : "CASE problem \(values.joined(separator: " ")) ELSE '' END"
    return """
      SELECT problem, file, fields, \(value) AS value, count(*) AS records
      FROM \(view("rows")) WHERE problem IS NOT NULL GROUP BY 1, 2, 3, 4
      """
  }

  /// By answer column, how many used rows hold an answer, readable or not.
  var answersGiven: String {
    let counts = plan.answers.map { "count(CASE WHEN \(dialect.identifier(Names.state($0.name))) <> 0 THEN 1 END)" }
    return "SELECT \(counts.joined(separator: ", ")) FROM \(view("rows")) WHERE problem IS NULL"
  }

  /// The answers that are refused: the place of the column, file, value, how many.
  var rejectedAnswers: String? {
    guard !plan.answers.isEmpty else { return nil }
    let entries = plan.answers.enumerated().map { number, column in
      "CASE WHEN \(refused(column)) THEN concat('\(number) ', \(text(column.name))) END"
    }
    return """
      SELECT entry, file, count(*) AS answers FROM (
        SELECT file, \(dialect.each(entries)) AS entry FROM \(view("rows"))
        WHERE problem IS NULL AND \(refusedAnswers) > 0
      ) AS entries GROUP BY 1, 2
      """
  }

  /// Keys that may stand once: what people call them, their column, and a statement for one of those with several rows that count,
  /// and how many there are; no row where there is none.
  var repeatedKeys: [(what: String, column: String, statement: String)] {
    var keys: [(what: String, column: String)] = []
    if plan.table.respondent != nil, !isLong { keys.append(("respondents", Names.respondent)) }
    if plan.hasEachUnitOnce, isLong || plan.table.unit != plan.table.respondent { keys.append(("units", Names.unit)) }
    return keys.map { what, column in
      (
        what, column,
        """
        SELECT min(\(column)) AS \(column), count(*) AS keys FROM (
          SELECT \(column) FROM \(view("rows")) WHERE problem IS NULL GROUP BY \(column) HAVING count(*) > 1
        ) AS repeated
        """
      )
    }
  }

  /// The units of a register that others look up, for hints.
  var units: String { "SELECT \(text(plan.table.unit ?? "")) FROM \(view("rows")) WHERE problem IS NULL" }
}

/// A view that a query needs.
public struct QueryView: Sendable {
  public var name: String
  public var query: String
  /// Whether several others read it, and it is small, or much smaller than what it is made of: it is computed once then.
  public var isKept = false
}
