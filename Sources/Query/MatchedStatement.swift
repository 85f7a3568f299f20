import Normalize
import SurveyModel

/// The sums of two cycles over the units that are in the denominators of both, indicator by indicator and cell by cell:
/// the distributed form of what `Aggregate` does with its ledgers.
struct MatchedStatement {
  let now: SumsStatement
  let then: SumsStatement
  /// Which indicators are the same: their places in the cycles.
  let pairs: [(now: Int, then: Int)]
  /// The groupings of the later cycle that both have, as positions there; the total first.
  let groupings: [[Int]]
  /// By dimension of the later cycle, its position in the earlier one.
  let dimensionOfThen: [Int: Int]

  private var dialect: Dialect { now.units.table.dialect }
  /// Dimensions of the later cycle that some grouping uses.
  var dimensions: [Int] { Set(groupings.joined()).sorted() }
  var places: [String] { ["grouping_number"] + dimensions.map { "c_\($0)" } }

  /// The units of a side once for each cell in which they are; a dimension that the grouping does not use is empty.
  private func cells(_ side: SumsStatement, member: (Int) -> Int) -> String {
    let members = dimensions.map { dimension in
      let uses = groupings.indices.filter { groupings[$0].contains(dimension) }.map(String.init).joined(separator: ", ")
      return
        "CASE WHEN grouping_number IN (\(uses)) THEN \(Names.member(member(dimension))) ELSE '' END AS c_\(dimension)"
    }
    return """
      SELECT *\(members.map { ",\n  " + $0 }.joined())
      FROM \(dialect.identifier(side.units.name))
      CROSS JOIN \(dialect.numbers(groupings.count, as: "numbers", column: "grouping_number"))
      WHERE problem IS NULL\(side.units.isWeighted ? " AND weight > 0" : "")
      """
  }

  private var nowCells: String { cells(now) { $0 } }
  private var thenCells: String { cells(then) { dimensionOfThen[$0] ?? 0 } }

  /// For each unit and cell, the pairs of indicators in whose denominators it is in both cycles.
  private var both: String {
    func side(_ cells: String, _ name: String, _ indicator: ((now: Int, then: Int)) -> Int) -> String {
      let columns = pairs.enumerated().map {
        "max(\(Names.denominator(indicator($1)))) AS \(name)_\($0)"
      }
      let keys = (["unit"] + places).joined(separator: ", ")
      return
        "SELECT \(([keys] + columns).joined(separator: ", ")) FROM (\n\(cells.indented)\n) AS \(name)_cells GROUP BY \(keys)"
    }
    let on = (["unit"] + places).map { "a.\($0) = b.\($0)" }.joined(separator: " AND ")
    let keys = "a.unit AS matched_unit" + places.map { ", a.\($0) AS matched_\($0)" }.joined()
    let masks = pairs.indices.map { ", now_\($0) * then_\($0) AS both_\($0)" }.joined()
    return """
      SELECT \(keys)\(masks)
      FROM (
      \(side(nowCells, "now", \.now).indented)
      ) AS a JOIN (
      \(side(thenCells, "then", \.then).indented)
      ) AS b ON \(on)
      """
  }

  /// How many columns the answer has.
  func width(isNow: Bool) -> Int {
    let side = isNow ? now : then
    if case .replicates(let count) = side.grouping {
      return ReplicateSums.width(leading: places.count, replicates: count)
    }
    return places.count + side.units.strata.count + 2 + pairs.count * (side.units.isWeighted ? 4 : 2)
  }

  /// The sums of one side: places of the cell, strata, PSU key and id, then the sums of each pair.
  func text(isNow: Bool) -> String {
    let side = isNow ? now : then
    let cells = isNow ? nowCells : thenCells
    let on = (["unit"] + places).map { "\($0) = matched_\($0)" }.joined(separator: " AND ")
    if case .replicates = side.grouping {
      return replicateSums(side, cells: cells, on: on, isNow: isNow).text
    }
    var columns = places + side.units.strata
    let key: (String, String) =
      switch side.grouping {
      case .psu(isColumn: true): (Names.psu, Names.psu)
      case .psu(isColumn: false):
        (side.units.rollUp == .none ? "CAST(place AS \(dialect.text))" : Names.unit, Names.unit)
      default: ("CAST(NULL AS \(dialect.text))", "CAST(NULL AS \(dialect.text))")
      }
    columns += ["\(key.0) AS psu_key", "\(key.1) AS psu_id"]
    let groups = columns.indices.map { String($0 + 1) }.joined(separator: ", ")
    for (number, pair) in pairs.enumerated() {
      let indicator = isNow ? pair.now : pair.then
      let mask = "both_\(number)"
      let (d, y) = ("\(Names.denominator(indicator)) * \(mask)", "\(Names.numerator(indicator)) * \(mask)")
      columns += ["sum(\(d))", "sum(\(y))"]
      if side.units.isWeighted { columns += ["sum(weight * \(d))", "sum(weight * \(y))"] }
    }
    return """
      SELECT \(columns.joined(separator: ",\n  "))
      FROM (
      \(cells.indented)
      ) AS cells JOIN (
      \(both.indented)
      ) AS matched ON \(on)
      GROUP BY \(groups)
      """
  }

  /// As without matching, a pair of indicators is a row of the answer.
  private func replicateSums(_ side: SumsStatement, cells: String, on: String, isNow: Bool) -> ReplicateSums {
    ReplicateSums(
      leading: places, denominators: bits(Names.denominator, isNow: isNow),
      numerators: bits(Names.numerator, isNow: isNow), isWeighted: side.units.isWeighted,
      replicates: side.units.replicates, rows: matchedRows(cells: cells, on: on))
  }

  private func bits(_ name: (Int) -> String, isNow: Bool) -> [String] {
    pairs.enumerated().map { "\(name(isNow ? $1.now : $1.then)) * both_\($0)" }
  }

  private func matchedRows(cells: String, on: String) -> String {
    """
    (
    \(cells.indented)
    ) AS cells JOIN (
    \(both.indented)
    ) AS matched ON \(on)
    """
  }

  /// With replicate weights, what the ranks of one side are made of; nil elsewhere.
  func directions(isNow: Bool) -> ReplicateDirectionsStatement? {
    let side = isNow ? now : then
    guard case .replicates = side.grouping else { return nil }
    let on = (["unit"] + places).map { "\($0) = matched_\($0)" }.joined(separator: " AND ")
    return ReplicateDirectionsStatement(
      leading: places, denominators: bits(Names.denominator, isNow: isNow), replicates: side.units.replicates,
      rows: matchedRows(cells: isNow ? nowCells : thenCells, on: on))
  }
}
