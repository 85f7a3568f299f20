import Estimate
import SurveyModel

/// The variance of a change among units that are in both denominators (docs/statistics.md 5.2): z_hc is the difference
/// of the two cycles' z, and
///
///     V = sum_h (1 - f_h) n_h / (n_h - 1) sum_c (z_hc - zbar_h)^2
///
/// In a census n_h are the units whose status is known in both cycles; elsewhere f = 0 and the sum runs over the PSUs
/// of either cycle.
struct MatchedVariance {
  let now: IndicatorEstimator
  /// Of the later cycle, which is the first of its links, and the earlier one.
  let sample: LinkedSample
  let lonely: LonelyPSURule

  /// - Parameters:
  ///   - cell: The z of both cycles in two columns.
  ///   - squares: The sum of the squared z of the rows of both cycles.
  /// - Returns: nil where every stratum has a single PSU under `lonely-psu: average`.
  func variance(in cell: inout LinkedCell, squares: Double) -> Double? {
    let isCensus = now.sums.design == .census
    let counts = isCensus ? sample.inBoth : sample.inEither
    addDeviations(in: &cell, counts: counts)
    var sum = 0.0
    var withRows = 0
    var lonelyStrata = 0
    cell.strata.forEach { stratum in
      let part = cell.parts[stratum]
      let count = Double(counts[stratum])
      let fraction = isCensus ? self.fraction(stratum) : 0
      withRows += 1
      if counts[stratum] > 1 {
        let centred = part.centred + (count - Double(part.psus)) * part.mean.x * part.mean.x
        sum += (1 - fraction) * count / (count - 1) * centred
      } else if fraction < 1 {
        lonelyStrata += 1
        if lonely == .adjust { sum += (1 - fraction) * part.squares }
      }
    }
    if lonely == .average, lonelyStrata > 0 {
      guard withRows > lonelyStrata else { return nil }
      sum *= Double(withRows) / Double(withRows - lonelyStrata)
    }
    // What is left of units that did not change is rounding.
    return sum < CellShare.negligible * squares ? 0 : sum
  }

  /// The difference of the two z of a PSU stands in the first column.
  private func addDeviations(in cell: inout LinkedCell, counts: [Int]) {
    cell.compare(0, 1, links: sample.links)
    cell.forEach { z, stratum in
      let difference = z.x - z.y
      stratum.psus += 1
      stratum.sum.x += difference
      stratum.squares += difference * difference
    }
    cell.setMeans { stratum, part in SIMD2(part.sum.x / Double(counts[stratum]), 0) }
    cell.forEach { z, stratum in
      let deviation = z.x - z.y - stratum.mean.x
      stratum.centred += deviation * deviation
    }
  }

  private func fraction(_ stratum: Int) -> Double {
    sample.links.placeInCycle[0][stratum].map { now.frame.fractions[$0] } ?? 0
  }
}
