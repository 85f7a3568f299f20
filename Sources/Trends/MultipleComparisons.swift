import SurveyModel

/// Adjusts the p-values of a family.
public enum MultipleComparisons {
  /// - Returns: The adjusted values in the order given, each at least its own p-value and at most 1.
  public static func adjusted(_ pValues: [Double], by method: TrendRequest.Adjustment) -> [Double] {
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    var result = pValues
    let count = pValues.count
    switch method {
    case .holm:
      // Holm 1979: the k-th smallest is multiplied by m - k + 1, and none may be smaller than the one before it.
      var largest = 0.0
      for (rank, index) in order.enumerated() {
        largest = max(largest, min(1, Double(count - rank) * pValues[index]))
        result[index] = largest
      }
    case .benjaminiHochberg:
      // Benjamini and Hochberg 1995: from the largest down, m / k times the k-th smallest.
      var smallest = 1.0
      for (rank, index) in order.enumerated().reversed() {
        smallest = min(smallest, Double(count) / Double(rank + 1) * pValues[index])
        result[index] = smallest
      }
    }
    return result
  }
}
