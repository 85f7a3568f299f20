import Normalize
import SurveyModel

/// What a table's indicators of one kind add up to: the query, and where its columns stand.
///
/// A row of the answer is a PSU (or a stratum, where every row is its own PSU) in one crossing of all dimensions that
/// the groupings use; the cells are added up from these.
struct SumsStatement {
  enum Grouping: Equatable {
    /// - Parameter isColumn: PSUs are named by a column; otherwise every row, or unit, is its own.
    case psu(isColumn: Bool)
    case stratum
    case replicates(Int)
  }

  let units: UnitsQuery
  let grouping: Grouping
  /// The dimensions whose members are asked for.
  let dimensions: [Int]
  /// Whether units must be found again in another cycle.
  let linksUnits: Bool
  /// Whether it must be known whose status is known.
  let countsKnown: Bool
  let hasSizes: Bool

  private var dialect: Dialect { units.table.dialect }
  private var isRows: Bool { units.rollUp == .none }
  /// Whether the answer also says what became of each record.
  var carriesAccounting: Bool { if case .replicates = grouping { false } else { isRows } }

  // MARK: - Where the columns stand

  /// Problem, file, refused answers, records, and those of positive weight.
  static let leading = 5
  var strataStart: Int { Self.leading }
  var psuStart: Int { strataStart + units.strata.count }
  var membersStart: Int { psuStart + 2 }
  /// Smallest, largest and unreadable population sizes.
  var sizesStart: Int { membersStart + dimensions.count }
  var sumsStart: Int { sizesStart + (hasSizes ? 3 : 0) }
  var sumNames: [String] {
    var names = ["n", "n_yes"]
    if units.isWeighted {
      names += ["w", "w_yes"]
      if grouping == .stratum { names += ["w2", "w2_yes"] }
    }
    names.append("unreadable")
    if countsIneligible { names.append("ineligible") }
    if countsKnown { names.append("known") }
    return names
  }
  private var countsIneligible: Bool { units.indicators.contains(where: units.hasEligible) }
  /// Where a sum stands among those of an indicator; nil where it is not asked for.
  func offset(of name: String) -> Int? { sumNames.firstIndex(of: name) }

  /// What a column says of the size of a stratum.
  static let sizes: [(name: String, expression: String)] = [
    ("least_size", "min(\(Names.size))"), ("largest_size", "max(\(Names.size))"),
    ("unreadable_size", "min(CASE WHEN \(Names.size) IS NULL THEN \(Names.sizeText) END)"),
  ]

  /// How many columns there are.
  var width: Int {
    if case .replicates(let count) = grouping {
      return ReplicateSums.width(leading: dimensions.count, replicates: count) + ReplicateSums.LeftOut.width
    }
    return sumsStart + units.indicators.count * sumNames.count
  }

  // MARK: - The query

  var text: String {
    if case .replicates = grouping { return replicateSums.text }
    var columns: [String] = []
    var groups: [Int] = []
    func group(_ expression: String, as name: String) {
      columns.append("\(isRows ? "CASE WHEN problem IS NULL THEN \(expression) END" : expression) AS \(name)")
      groups.append(columns.count)
    }
    columns.append("problem")
    columns.append("CASE WHEN problem IS NULL THEN NULL ELSE \(isRows ? "file" : "''") END AS file")
    groups = [1, 2]
    columns.append(
      carriesAccounting
        ? "sum(CASE WHEN problem IS NULL THEN \(Names.refusedAnswers) ELSE 0 END) AS refused"
        : "0 AS refused")
    columns.append("count(*) AS records")
    columns.append("\(counted("1")) AS weighing")
    for (number, name) in units.strata.enumerated() { group(name, as: "s_\(number)") }
    let (key, id) = psu
    group(key, as: "psu_key")
    group(id, as: "psu_id")
    for dimension in dimensions { group(Names.member(dimension), as: "m_\(dimension)") }
    if hasSizes { columns += Self.sizes.map { "\($0.expression) AS \($0.name)" } }
    for indicator in units.indicators { columns += sums(of: indicator) }
    return """
      SELECT \(columns.joined(separator: ",\n  "))
      FROM \(dialect.identifier(units.name)) GROUP BY \(groups.map(String.init).joined(separator: ", "))
      """
  }

  private var psu: (key: String, id: String) {
    let none = "CAST(NULL AS \(dialect.text))"
    switch grouping {
    case .stratum, .replicates: return (none, none)
    case .psu(isColumn: true): return (Names.psu, Names.psu)
    case .psu(isColumn: false):
      let key = isRows ? "CAST(place AS \(dialect.text))" : Names.unit
      return (key, linksUnits ? Names.unit : none)
    }
  }

  private func sums(of indicator: Int) -> [String] {
    sumNames.map { "\(sum($0, of: indicator)) AS \($0)_\(indicator)" }
  }

  private func sum(_ name: String, of indicator: Int) -> String {
    let (d, y) = (Names.denominator(indicator), Names.numerator(indicator))
    switch name {
    case "known": return "sum(\(Names.known(indicator)))"
    case "unreadable": return counted(Names.unreadable(indicator))
    case "ineligible": return units.hasEligible(indicator) ? counted(Names.ineligible(indicator)) : "0"
    default: break
    }
    let bit = name.hasSuffix("_yes") ? y : d
    guard units.isWeighted else { return "sum(\(bit))" }
    return switch name {
    case "n", "n_yes": "sum(CASE WHEN weight > 0 THEN \(bit) ELSE 0 END)"
    case "w", "w_yes": "sum(CASE WHEN \(bit) = 1 THEN weight ELSE 0 END)"
    default: "sum(CASE WHEN \(bit) = 1 THEN weight * weight ELSE 0 END)"
    }
  }

  /// How many rows of positive weight have a bit.
  private func counted(_ bit: String) -> String {
    units.counts.map { "sum(CASE WHEN \($0) THEN \(bit) ELSE 0 END)" } ?? "sum(\(bit))"
  }

  /// With replicate weights, what their ranks are made of; nil elsewhere.
  var directions: ReplicateDirectionsStatement? {
    guard case .replicates = grouping else { return nil }
    return ReplicateDirectionsStatement(
      leading: dimensions.map(Names.member), denominators: units.indicators.map(Names.denominator),
      replicates: units.replicates, rows: dialect.identifier(units.name),
      condition: "problem IS NULL" + (units.counts.map { " AND \($0)" } ?? ""))
  }

  private var replicateSums: ReplicateSums {
    ReplicateSums(
      leading: dimensions.map(Names.member), denominators: units.indicators.map(Names.denominator),
      numerators: units.indicators.map(Names.numerator),
      leftOut: ReplicateSums.LeftOut(
        unreadable: units.indicators.map(Names.unreadable),
        ineligible: units.indicators.map { units.hasEligible($0) ? Names.ineligible($0) : "0" }),
      isWeighted: units.isWeighted, replicates: units.replicates,
      rows: dialect.identifier(units.name), condition: "problem IS NULL" + (units.counts.map { " AND \($0)" } ?? ""))
  }
}
