/// Replicate weights as a definition declares them: which columns hold them, and how their spread becomes a variance.
public struct ReplicateWeights: Sendable, Equatable {
  /// Names of columns, or patterns with `*` and `?`; the columns count in the order of the header.
  public var columns: [String]
  public var type: ReplicateType
  /// rho of Fay's method, from 0 to below 1; 0 elsewhere.
  public var fay: Double
  /// Deviations are taken from the full-sample estimate, not from the mean of the replicates.
  public var isAroundEstimate: Bool
  /// In place of the type's own factor.
  public var scale: Double?
  /// One factor a replicate; one alone counts for all; nil: 1.
  public var replicateScales: [Double]?
  /// In place of R - 1.
  public var degreesOfFreedom: Int?

  public init(
    columns: [String], type: ReplicateType, fay: Double = 0, isAroundEstimate: Bool = false, scale: Double? = nil,
    replicateScales: [Double]? = nil, degreesOfFreedom: Int? = nil
  ) {
    self.columns = columns
    self.type = type
    self.fay = fay
    self.isAroundEstimate = isAroundEstimate
    self.scale = scale
    self.replicateScales = replicateScales
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The declaration, once the columns are known.
  ///
  /// - Returns: nil where `rscales` has neither one factor nor one for each column.
  public func scheme(columns: [String]) -> ReplicateScheme? {
    var scales = replicateScales ?? [1]
    if scales.count == 1 { scales = Array(repeating: scales[0], count: columns.count) }
    guard scales.count == columns.count else { return nil }
    return ReplicateScheme(
      columns: columns, scale: scale ?? type.scale(replicates: columns.count, fay: fay), replicateScales: scales,
      isAroundEstimate: isAroundEstimate, degreesOfFreedom: degreesOfFreedom ?? columns.count - 1)
  }
}

/// How replicate weights were made.
public enum ReplicateType: String, Sendable, CaseIterable {
  /// Balanced repeated replication (McCarthy 1966).
  case brr
  /// Balanced repeated replication with weights damped by rho (Fay 1989; Judkins 1990).
  case fay
  /// The jackknife that leaves out one PSU of an unstratified sample.
  case jk1
  /// The jackknife that leaves out one PSU of a stratum; each replicate has its own factor, (n_h - 1) / n_h.
  case jkn
  /// Rao and Wu 1988.
  case bootstrap
  /// Fay and Train 1995, as the American Community Survey.
  case successiveDifference = "successive-difference"

  /// What the sum of squared deviations is multiplied by, for R replicates; the same as R's `svrepdesign` where that
  /// knows the type.
  public func scale(replicates: Int, fay rho: Double) -> Double {
    let count = Double(replicates)
    return switch self {
    case .brr: 1 / count
    case .fay: 1 / (count * (1 - rho) * (1 - rho))
    case .jk1: (count - 1) / count
    case .jkn: 1
    case .bootstrap: 1 / (count - 1)
    case .successiveDifference: 4 / count
    }
  }
}

/// How the estimates of R replicates become a variance: V = scale * sum_r rscales_r (p_r - centre)^2.
public struct ReplicateScheme: Sendable, Equatable {
  /// The names of the replicates.
  public var columns: [String]
  public var scale: Double
  /// One factor a replicate.
  public var replicateScales: [Double]
  public var isAroundEstimate: Bool
  public var degreesOfFreedom: Int

  public init(
    columns: [String], scale: Double, replicateScales: [Double], isAroundEstimate: Bool, degreesOfFreedom: Int
  ) {
    self.columns = columns
    self.scale = scale
    self.replicateScales = replicateScales
    self.isAroundEstimate = isAroundEstimate
    self.degreesOfFreedom = degreesOfFreedom
  }
}
