/// The sums with replicate weights. An indicator is a row of the answer there, not some columns: there would be
/// thousands of them. Indicator -1 stands for all rows.
///
/// Columns: the leading ones, indicator, n, n_yes, w, w_yes, the last two for each replicate, and where asked for the
/// unreadable and the ineligible rows.
struct ReplicateSums {
  /// Rows in no denominator, by indicator, 1 or 0.
  struct LeftOut {
    let unreadable: [String]
    let ineligible: [String]

    /// How many columns they add.
    static let width = 2
  }

  /// By which rows are added up.
  let leading: [String]
  /// By indicator, 1 or 0.
  let denominators: [String]
  let numerators: [String]
  var leftOut: LeftOut?
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
    columns += ["sum(d) AS n", "sum(y) AS n_yes"]
    for weight in [isWeighted ? Names.weight : "1"] + replicates {
      columns += ["sum(CASE WHEN d = 1 THEN \(weight) ELSE 0 END)", "sum(CASE WHEN y = 1 THEN \(weight) ELSE 0 END)"]
    }
    if leftOut != nil { columns += ["sum(u) AS unreadable", "sum(x) AS ineligible"] }
    let others = leftOut.map {
      ",\n    \(bit($0.unreadable, all: "0")) AS u, \(bit($0.ineligible, all: "0")) AS x"
    }
    let numbers = (-1..<denominators.count).map { "(\($0))" }.joined(separator: ", ")
    return """
      SELECT \(columns.joined(separator: ",\n  "))
      FROM (
        SELECT *, \(bit(denominators)) AS d, \(bit(numerators)) AS y\(others ?? "")
        FROM \(rows)
        CROSS JOIN (VALUES \(numbers)) AS indicator_numbers(indicator)\(condition.map { "\n  WHERE \($0)" } ?? "")
      ) AS judged WHERE d = 1\(leftOut == nil ? "" : " OR u = 1 OR x = 1") GROUP BY \(groups)
      """
  }

  private func bit(_ expressions: [String], all: String = "1") -> String {
    "CASE indicator WHEN -1 THEN \(all) "
      + expressions.enumerated().map { "WHEN \($0) THEN \($1)" }.joined(separator: " ") + " END"
  }
}
