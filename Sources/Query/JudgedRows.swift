import Normalize
import SurveyModel

/// The rows of one table as the indicators judge them: 1 or 0 for the denominator, the numerator, and whether the status
/// is known, as `IndicatorBits` has them. Of all else, they have what is needed to add these up.
struct JudgedRows {
  let table: TableQuery
  let conditions: ConditionSQL
  /// Every `related` form of the cycle.
  let use: ConditionUse
  /// The indicators of the table that were asked, by their place in the cycle.
  let indicators: [(place: Int, rule: IndicatorRule)]

  private var dialect: Dialect { table.dialect }

  /// - Parameter isKept: Whether several statements read it: files are parsed once then.
  func view(isKept: Bool) throws(DataError) -> QueryView {
    var layers = try base(
      for: indicators.flatMap { [$0.rule.numerator, $0.rule.denominator] + ($0.rule.eligible.map { [$0] } ?? []) })
    var conditions: [(name: String, expression: String)] = []
    var bases: [(name: String, expression: String)] = []
    var bits: [(name: String, expression: String)] = []
    for (place, rule) in indicators {
      let (eligible, base, yes) = (Names.eligible(place), Names.base(place), Names.yes(place))
      let denominator = try self.conditions.sql(rule.denominator)
      if let condition = rule.eligible {
        conditions.append((eligible, try self.conditions.sql(condition)))
        bases.append((base, "CASE WHEN \(eligible) IS NULL THEN NULL ELSE \(eligible) AND \(denominator) END"))
        bits.append((Names.ineligible(place), bit("NOT \(eligible)")))
      } else {
        bases.append((base, denominator))
      }
      bases.append((yes, try self.conditions.sql(rule.numerator)))
      if table.cycle.units(of: table.cycle.indicators[place]).rollUp.combinesRows {
        let possible = rule.eligible == nil ? base : Names.possible(place)
        if rule.eligible != nil { bases.append((possible, "\(eligible) AND \(denominator)")) }
        let isOpen = "(\(base) IS NULL OR \(yes) IS NULL) AND coalesce(\(possible), TRUE)"
        bits.append((Names.mayBeYes(place), bit("\(isOpen) AND coalesce(\(yes), TRUE)")))
        bits.append((Names.mayBeNo(place), bit("\(isOpen) AND NOT coalesce(\(yes), FALSE)")))
      }
      let isIn = "\(base) AND \(yes) IS NOT NULL"
      bits.append((Names.denominator(place), bit(isIn)))
      bits.append((Names.numerator(place), bit("\(base) AND \(yes)")))
      bits.append((Names.unreadable(place), bit("\(base) IS NULL OR (\(base) AND \(yes) IS NULL)")))
      bits.append((Names.known(place), bit(rule.eligible == nil ? isIn : "NOT \(eligible) OR (\(isIn))")))
    }
    layers.add(conditions)
    layers.add(bases)
    layers.add(bits + [(Names.refusedAnswers, table.refusedAnswers)])
    layers.leave(table.countedColumns + [Names.refusedAnswers] + bits.map(\.name))
    return QueryView(name: table.name("judged"), query: layers.text, isKept: isKept)
  }

  /// How many rows meet a condition that rows of other tables look at, by their key.
  func counts(of related: RelatedCondition, number: Int, prefix: String) throws(DataError) -> QueryView {
    let rows = try rows(judging: related.condition ?? .all([]))
    let key = dialect.identifier(Names.text(related.there))
    return QueryView(
      name: prefix + Names.related(number),
      query: """
        SELECT related_key, sum(CASE WHEN is_met THEN 1 ELSE 0 END) AS records,
          sum(CASE WHEN is_met IS NULL THEN 1 ELSE 0 END) AS unknown_records
        FROM (
          SELECT \(key) AS related_key, \(rows.condition) AS is_met FROM (
        \(rows.query.indented.indented)
          ) AS judged WHERE problem IS NULL AND NOT (\(table.isMissing(related.there)))
        ) AS found WHERE is_met IS NULL OR is_met GROUP BY 1
        """, isKept: true)
  }

  /// The rows, and a condition on what they have.
  func rows(judging condition: Condition) throws(DataError) -> (query: String, condition: String) {
    (try base(for: [condition]).text, try conditions.sql(condition))
  }

  /// The rows with everything that some conditions look at.
  private func base(for conditions: [Condition]) throws(DataError) -> Layers {
    var layers = Layers(dialect, "SELECT * FROM \(table.view("rows"))")
    var found: [RelatedCondition] = []
    for condition in conditions {
      for related in use.relatedForms(in: condition, table: table.plan.table.name) where !found.contains(related) {
        found.append(related)
      }
    }
    var joins: [String] = []
    for related in found {
      guard let number = self.conditions.related[related] else { continue }
      joins.append(
        """
        LEFT JOIN (
          SELECT related_key AS related_\(number)_key, records AS \(Names.related(number)),
            unknown_records AS \(Names.relatedUnknown(number))
          FROM \(dialect.identifier(table.prefix + Names.related(number)))
        ) AS related_rows_\(number) ON related_\(number)_key = \(table.text(related.here))\(table.isKey(related.here))
        """)
    }
    layers.add([], joins: joins)
    for level in try self.conditions.routing(behind: conditions) { layers.add(level) }
    return layers
  }

  private func bit(_ condition: String) -> String {
    "CASE WHEN \(condition) THEN \(dialect.bit(true)) ELSE \(dialect.bit(false)) END"
  }
}
