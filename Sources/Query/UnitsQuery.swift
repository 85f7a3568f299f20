import Normalize
import SurveyModel

/// What the indicators of one kind count: the rows of a table, or the units that a roll-up makes of them, as
/// `Aggregate` sees them.
struct UnitsQuery {
  let table: TableQuery
  let rollUp: RollUp
  /// The indicators of the kind, by their place in the cycle.
  let indicators: [Int]

  private var dialect: Dialect { table.dialect }
  /// The view in which they are: without a roll-up, the rows themselves.
  var name: String { table.name(rollUp == .none ? "judged" : "units_\(rollUp.rawValue)") }
  private var design: TablePlan.DesignPlan? { table.plan.design }

  /// The dimensions that the table has.
  var dimensions: [Int] { table.plan.dimensions.indices.filter { table.plan.dimensions[$0] != nil } }
  var strata: [String] { (design?.strata ?? []).indices.map(Names.stratum) }
  var replicates: [String] { (design?.replicateColumns ?? []).indices.map(Names.replicate) }
  var hasPSU: Bool { design?.psu != nil }

  /// Whether what is counted does not weigh 1.
  var isWeighted: Bool { (rollUp.combinesRows ? design?.unitWeight : design?.weight) != nil }

  /// Whether a unit may have rows of weight 0 alone, which have no say.
  private var votesAreWeighted: Bool { rollUp.combinesRows && design?.weight != nil }

  /// What holds where a row, or a unit, is in the sums at all; nil: everywhere.
  var counts: String? {
    let conditions = (isWeighted ? ["weight > 0"] : []) + (votesAreWeighted ? ["\(Names.hasVote) = 1"] : [])
    return conditions.isEmpty ? nil : conditions.joined(separator: " AND ")
  }

  /// How many statements about one cycle read the rows.
  var readings: Int {
    let declaresSizes = rollUp != .none && design?.populationColumn != nil
    return 1 + (varying == nil ? 0 : 1) + (rollUp == .latest ? 2 : 0) + (declaresSizes ? 1 : 0)
  }

  /// nil where the rows need no roll-up.
  func view() -> QueryView? {
    switch rollUp {
    case .none: nil
    case .latest: QueryView(name: name, query: "SELECT * FROM (\n\(ranked.indented)\n) AS ranked WHERE recency = 1")
    case .any, .all, .majority: QueryView(name: name, query: combined)
    }
  }

  /// Rows by how late they were submitted: an empty date is the oldest, ties go to the later row of the file.
  private var ranked: String {
    let submitted = table.plan.table.submitted == nil ? "" : "coalesce(submitted, \(dialect.noInstant)) DESC, "
    return "SELECT *, row_number() OVER (PARTITION BY unit ORDER BY \(submitted)place DESC) AS recency\n"
      + "FROM \(table.view("judged")) WHERE problem IS NULL"
  }

  /// Under `latest`, a unit with several rows and a date of one of them that cannot be read; no row where there is none.
  var unreadableDate: String? {
    guard rollUp == .latest, table.plan.table.submitted != nil else { return nil }
    return """
      SELECT unit, min(\(Names.unreadableDate)) AS value FROM \(table.view("judged")) WHERE problem IS NULL
      GROUP BY unit HAVING count(*) > 1 AND count(\(Names.unreadableDate)) > 0 ORDER BY unit LIMIT 1
      """
  }

  /// Under `latest`, the rows that a later one replaces: file, unit, how many.
  var superseded: String {
    "SELECT file, unit, count(*) AS records FROM (\n\(ranked.indented)\n) AS ranked WHERE recency > 1 GROUP BY 1, 2"
  }

  private var combined: String { combined(ofScript: false) }

  /// As `view()`, for a script, which decides nothing between statements: a dimension that varies within a unit has
  /// no members, as a run has no breakdown by it. nil where that is no other view.
  func scriptView() -> QueryView? {
    guard rollUp.combinesRows, !dimensions.isEmpty else { return nil }
    return QueryView(name: name, query: combined(ofScript: true))
  }

  private func combined(ofScript: Bool) -> String {
    var columns: [(name: String, expression: String)] = [("unit", "unit"), ("problem", "min(problem)")]
    for name in strata + (hasPSU ? [Names.psu] : []) + replicates + dimensions.map(Names.member) {
      columns.append((name, "min(\(name))"))
      columns.append(("varies_\(name)", "min(\(name)) <> max(\(name))"))
    }
    if design?.unitWeight != nil {
      columns.append(("weight", "min(unit_weight)"))
      columns.append(("varies_weight", "min(unit_weight) <> max(unit_weight)"))
    }
    if votesAreWeighted { columns.append((Names.hasVote, "max(CASE WHEN weight > 0 THEN 1 ELSE 0 END)")) }
    for indicator in indicators { columns += combined(indicator) }
    let query = """
      SELECT \(columns.map { $0.name == "unit" ? "unit" : "\($0.expression) AS \($0.name)" }.joined(separator: ",\n  "))
      FROM \(table.view("judged")) WHERE problem IS NULL GROUP BY unit
      """
    guard ofScript else { return query }
    let members = Set(dimensions.map(Names.member))
    let told = columns.map(\.name).map { name in
      members.contains(name)
        ? "CASE WHEN max(CASE WHEN varies_\(name) THEN 1 ELSE 0 END) OVER () = 0 THEN \(name) END AS \(name)" : name
    }
    return "SELECT \(told.joined(separator: ",\n  "))\nFROM (\n\(query.indented)\n) AS units"
  }

  /// What the rows of a unit come to. A row with an unreadable answer leaves the unit out where it could turn the
  /// outcome; a row of weight 0 has no say.
  private func combined(_ indicator: Int) -> [(name: String, expression: String)] {
    let (d, y, k) = (Names.denominator(indicator), Names.numerator(indicator), Names.known(indicator))
    let (u, mayBeYes, mayBeNo) =
      (Names.unreadable(indicator), Names.mayBeYes(indicator), Names.mayBeNo(indicator))
    let weight = design?.weight == nil ? "1" : Names.weight
    func counts(_ bit: String) -> String { design?.weight == nil ? "\(bit) = 1" : "\(bit) = 1 AND weight > 0" }
    func has(_ bit: String) -> String { "max(CASE WHEN \(counts(bit)) THEN 1 ELSE 0 END)" }
    func total(_ bit: String) -> String { "sum(CASE WHEN \(counts(bit)) THEN \(weight) ELSE 0 END)" }
    let isYes: String
    let isOpen: String
    switch rollUp {
    case .any:
      isYes = "\(has(y)) = 1"
      isOpen = "\(has(u)) = 1 AND \(has(y)) = 0 AND (\(has(mayBeYes)) = 1 OR \(has(d)) = 0)"
    case .all:
      let someNo = "max(CASE WHEN \(counts(d)) AND \(y) = 0 THEN 1 ELSE 0 END) = 1"
      isYes = "\(has(d)) = 1 AND NOT (\(someNo))"
      isOpen = "\(has(u)) = 1 AND NOT (\(someNo)) AND (\(has(mayBeNo)) = 1 OR \(has(d)) = 0)"
    case .majority:
      isYes = isMajority(total(y), of: total(d))
      let atWorst = isMajority(total(y), of: "(\(total(d)) + \(total(mayBeNo)))")
      let atBest = isMajority(
        "(\(total(y)) + \(total(mayBeYes)))", of: "(\(total(d)) + \(total(mayBeYes)))")
      isOpen = "\(has(u)) = 1 AND (\(has(d)) = 0 OR (NOT (\(atWorst)) AND \(atBest)))"
    case .none, .latest: return []
    }
    var columns = [
      (name: d, expression: "CASE WHEN \(isOpen) THEN 0 ELSE \(has(d)) END"),
      (y, "CASE WHEN \(isOpen) THEN 0 WHEN \(isYes) THEN 1 ELSE 0 END"),
      (u, "CASE WHEN \(isOpen) THEN 1 ELSE 0 END"),
      (k, "CASE WHEN \(isOpen) THEN 0 ELSE max(\(k)) END"),
    ]
    if hasEligible(indicator) {
      let x = Names.ineligible(indicator)
      let rows = votesAreWeighted ? "coalesce(min(CASE WHEN weight > 0 THEN \(x) END), 1)" : "min(\(x))"
      columns.append((x, rows))
    }
    return columns
  }

  /// A tie is no majority, also where the sums are off by rounding.
  private func isMajority(_ yes: String, of all: String) -> String {
    "2 * \(yes) - \(all) > \(dialect.double(1e-12)) * \(all)"
  }

  /// Whether only some rows are eligible for an indicator.
  func hasEligible(_ indicator: Int) -> Bool { table.cycle.indicators[indicator].rule.asked?.eligible != nil }

  // MARK: - What must not vary within a unit

  /// What a roll-up that combines rows wants to be the same in all rows of a unit, in words.
  var constant: [(column: String, words: String)] {
    guard rollUp.combinesRows else { return [] }
    return strata.map { ($0, "stratum") } + (hasPSU ? [(Names.psu, "PSU")] : [])
      + (design?.unitWeight == nil ? [] : [(Names.weight, "unit weight")])
      + replicates.map { ($0, "replicate weights") }
  }

  /// For each column that must be the same, and then for each dimension, the first unit in which it is not; null where
  /// there is none. nil where nothing can vary.
  var varying: String? {
    guard rollUp.combinesRows else { return nil }
    let names = constant.map(\.column) + dimensions.map(Names.member)
    guard !names.isEmpty else { return nil }
    let columns = names.map { "min(CASE WHEN varies_\($0) THEN unit END) AS first_\($0)" }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(dialect.identifier(name))"
  }
}
