import SurveyModel

/// The variance of a percentage by replicate weights:
///
///     V = scale * sum_r rscales_r (p_r - centre)^2
///
/// p_r is the percentage with replicate weight r in place of the main weight; the centre is the percentage itself or
/// the mean of the p_r whose factor is not 0 (Wolter 2007, chapters 3 to 5; R survey's `svrepdesign` with
/// `combined.weights = TRUE`). A replicate without weight in the cell has no percentage and is left out.
struct ReplicateVariance {
  /// nil where fewer than two replicates have a percentage.
  let variance: Double?
  /// The names of the replicates that were left out.
  let dropped: [String]

  /// Replicates that differ by less than this share of themselves differ by rounding.
  private static let rounding = 1e-12

  init(total: ReplicateTotal, scheme: ReplicateScheme, proportion: Double) {
    var dropped: [String] = []
    var shares: [(value: Double, scale: Double)] = []
    for (index, weight) in total.replicateWeights.enumerated() {
      // Negative weights can cancel to what is 0 but for rounding.
      guard abs(weight) > Self.rounding * total.weight else {
        dropped.append(scheme.columns[index])
        continue
      }
      let yes = total.replicateWeightsYes[index]
      shares.append((total.rowsYes == total.rows ? 1 : yes / weight, scheme.replicateScales[index]))
    }
    self.dropped = dropped
    let counted = shares.filter { $0.scale > 0 }
    guard shares.count > 1, !counted.isEmpty else {
      variance = nil
      return
    }
    let mean = counted.reduce(0) { $0 + $1.value } / Double(counted.count)
    let centre = scheme.isAroundEstimate ? proportion : mean
    var sum = 0.0
    var size = 0.0
    for share in shares {
      sum += share.scale * (share.value - centre) * (share.value - centre)
      size += share.scale * share.value * share.value
    }
    variance = sum < Self.rounding * Self.rounding * size ? 0 : scheme.scale * sum
  }
}
