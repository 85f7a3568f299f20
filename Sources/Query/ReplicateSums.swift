/// The sums with replicate weights. An indicator is a row of the answer there, not some columns: there would be
/// thousands of them. Indicator -1 stands for all rows.
///
/// Columns: the leading ones, indicator, n, n_yes, w, w_yes, and the last two for each replicate.
struct ReplicateSums {
  /// By which rows are added up.
  let leading: [String]
  /// By indicator, 1 or 0.
  let denominators: [String]
  let numerators: [String]
  let isWeighted: Bool
  let replicates: [String]
  /// What stands behind `FROM`, and a condition on it.
  let rows: String
  var condition: String?

  /// How many columns there are.
  static func width(leading: Int, replicates: Int) -> Int { leading + 3 + 2 * (replicates + 1) }

  var text: String {
    var columns = leading + ["indicator"]
    let groups = columns.indices.map { String($0 + 1) }.joined(separator: ", ")
    columns += ["count(*) AS n", "sum(y) AS n_yes"]
    for weight in [isWeighted ? Names.weight : "1"] + replicates {
      columns += ["sum(\(weight))", "sum(CASE WHEN y = 1 THEN \(weight) ELSE 0 END)"]
    }
    let numbers = (-1..<denominators.count).map { "(\($0))" }.joined(separator: ", ")
    return """
      SELECT \(columns.joined(separator: ",\n  "))
      FROM (
        SELECT *, \(bit(denominators)) AS d, \(bit(numerators)) AS y
        FROM \(rows)
        CROSS JOIN (VALUES \(numbers)) AS indicator_numbers(indicator)\(condition.map { "\n  WHERE \($0)" } ?? "")
      ) AS judged WHERE d = 1 GROUP BY \(groups)
      """
  }

  private func bit(_ expressions: [String]) -> String {
    "CASE indicator WHEN -1 THEN 1 "
      + expressions.enumerated().map { "WHEN \($0) THEN \($1)" }.joined(separator: " ") + " END"
  }
}
