/// The directions of the rows' replicate weights: with the bits of the denominators, what the ranks of cells and
/// indicators are made of. The rows themselves would be as many as those of the files.
///
/// Rows whose weights have the same ratios to the main weight, to four digits after the point, make one row of the answer, with
/// the mean of the ratios. Of each crossing of the leading columns so many rows are asked for; where there are more,
/// the weights were calibrated replicate by replicate, and the rows that are left out count as independent.
///
/// Columns: the leading ones, a bit for each indicator, a ratio for each replicate, the sum of squared main weights, the
/// number of the row in its crossing.
struct ReplicateDirectionsStatement {
  /// By which rows are told apart beside their weights.
  let leading: [String]
  /// By indicator, 1 or 0.
  let denominators: [String]
  let replicates: [String]
  /// What stands behind `FROM`, and a condition on it.
  let rows: String
  var condition: String?

  /// How many rows of a crossing are asked for.
  static func most(replicates: Int) -> Int { 64 + 8 * replicates }

  var width: Int { leading.count + denominators.count + replicates.count + 2 }

  var text: String {
    let bits = denominators.indices.map { "d_bit_\($0)" }
    let coarse = replicates.indices.map { "coarse_\($0)" }
    let ratios = replicates.indices.map { "ratio_\($0)" }
    let judged =
      leading
      + zip(denominators, bits).map { "\($0) AS \($1)" }
      + zip(replicates, ratios).map { "\($0) / \(Names.weight) AS \($1)" } + ["\(Names.weight) AS main_weight"]
    let keys = leading + bits
    let rounded = zip(ratios, coarse).map { "floor(\($0) * 10000 + 0.5) AS \($1)" }
    let grouped =
      keys + rounded + ratios.map { "avg(\($0)) AS mean_\($0)" }
      + ["sum(main_weight * main_weight) AS squares"]
    let groups = (1...max(1, keys.count + coarse.count)).map(String.init).joined(separator: ", ")
    let partition = leading.isEmpty ? "" : "PARTITION BY \(leading.joined(separator: ", ")) "
    let chosen = keys + ratios.map { "mean_\($0)" } + ["squares", "row_in_crossing"]
    return """
      SELECT \(chosen.joined(separator: ", "))
      FROM (
        SELECT *, row_number() OVER (\(partition)ORDER BY \((coarse + bits).joined(separator: ", "))) AS row_in_crossing
        FROM (
          SELECT \(grouped.joined(separator: ", "))
          FROM (
            SELECT \(judged.joined(separator: ", "))
            FROM \(rows)\(condition.map { "\n      WHERE \($0)" } ?? "")
          ) AS ratios GROUP BY \(groups)
        ) AS directions
      ) AS numbered WHERE row_in_crossing <= \(Self.most(replicates: replicates.count) + 1)
      """
  }
}
