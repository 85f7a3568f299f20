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
    var eligible: [(name: String, expression: String)] = []
    var denominators: [(name: String, expression: String)] = []
    var numerators: [(name: String, expression: String)] = []
    for (place, rule) in indicators {
      var inDenominator = try conditions.sql(rule.denominator)
      if let condition = rule.eligible {
        eligible.append(("e_\(place)", try conditions.sql(condition)))
        inDenominator = "e_\(place) AND \(inDenominator)"
      }
      let isIn = "d_\(place) = 1"
      denominators.append((Names.denominator(place), bit(inDenominator)))
      numerators.append((Names.numerator(place), bit("\(isIn) AND \(try conditions.sql(rule.numerator))")))
      numerators.append((Names.known(place), bit(rule.eligible == nil ? isIn : "NOT e_\(place) OR \(isIn)")))
    }
    layers.add(eligible)
    layers.add(denominators)
    layers.add(numerators + [(Names.refusedAnswers, table.refusedAnswers)])
    layers.leave(table.countedColumns + [Names.refusedAnswers] + (denominators + numerators).map(\.name))
    return QueryView(name: table.name("judged"), query: layers.text, isKept: isKept)
  }

  /// How many rows meet a condition that rows of other tables look at, by their key.
  func counts(of related: RelatedCondition, number: Int, prefix: String) throws(DataError) -> QueryView {
    let rows = try rows(judging: related.condition ?? .all([]))
    let key = dialect.identifier(Names.text(related.there))
    return QueryView(
      name: prefix + Names.related(number),
      query: """
        SELECT \(key) AS related_key, count(*) AS records FROM (
        \(rows.query.indented)
        ) AS found WHERE problem IS NULL AND \(key) <> '' AND \(rows.condition) GROUP BY 1
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
          SELECT related_key AS related_\(number)_key, records AS \(Names.related(number))
          FROM \(dialect.identifier(table.prefix + Names.related(number)))
        ) AS related_rows_\(number) ON related_\(number)_key = \(dialect.identifier(Names.text(related.here)))
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
