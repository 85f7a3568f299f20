/// How the rows of the responses table were sampled.
public struct SampleDesign: Sendable {
  /// The column with each row's weight; nil: 1, or N_h / n_h where a population is declared.
  public var weight: String?
  /// Columns or declared dimensions that together name the stratum.
  public var strata: [String]
  /// The column that names the primary sampling unit (PSU) inside its stratum; nil: every row is its own.
  public var psu: String?
  /// The column with the weight of a unit after a roll-up by any, all or majority; nil: units weigh 1.
  public var unitWeight: String?
  public var population: Population?
  public var lonelyPSU: LonelyPSURule
  /// In place of strata and PSUs.
  public var replicates: ReplicateWeights?
  /// Whose PSUs and strata degrees of freedom count.
  public var degreesOfFreedom: DegreesOfFreedomRule

  public init(
    weight: String? = nil, strata: [String] = [], psu: String? = nil, unitWeight: String? = nil,
    population: Population? = nil, lonelyPSU: LonelyPSURule = .fail, replicates: ReplicateWeights? = nil,
    degreesOfFreedom: DegreesOfFreedomRule = .domain
  ) {
    self.degreesOfFreedom = degreesOfFreedom
    self.weight = weight
    self.strata = strata
    self.psu = psu
    self.unitWeight = unitWeight
    self.population = population
    self.lonelyPSU = lonelyPSU
    self.replicates = replicates
  }

  /// Whether all were asked and some did not answer: weights then come from the population, not from a column.
  public func isCensus(after rollUp: RollUp) -> Bool {
    population != nil && (rollUp.combinesRows ? unitWeight : weight) == nil
  }

  /// Whether rows without a stratum are in one called `_U`, as are the units of the population without one. Under a
  /// sample design a row without a stratum cannot be placed.
  ///
  /// - Parameter rollUps: How the rows are rolled up for the indicators.
  public func allowsUnknownStratum(after rollUps: Set<RollUp>) -> Bool { rollUps.allSatisfy { isCensus(after: $0) } }

  public enum Population: Sendable {
    /// A column with the number of PSUs in the row's stratum.
    case column(String)
    /// A register whose units that meet the condition are the population, by stratum.
    case register(table: String, condition: Condition?)
  }

  /// Whether every row (after a roll-up: every unit) weighs the same and is its own PSU, and nothing corrects for the
  /// size of a population.
  public func isSimpleRandomSample(after rollUp: RollUp) -> Bool {
    (rollUp.combinesRows ? unitWeight : weight) == nil && strata.isEmpty && psu == nil && population == nil
      && replicates == nil
  }
}

/// What a stratum with a single sampled PSU contributes to the variance; named as R's `survey.lonely.psu`.
public enum LonelyPSURule: String, Sendable, CaseIterable {
  case fail, certainty, adjust, average
}

/// Whose PSUs and strata the degrees of freedom of a cell count.
public enum DegreesOfFreedomRule: String, Sendable, CaseIterable {
  /// Those with a denominator row in the cell, as R's `degf` of a subset.
  case domain
  /// Those of the whole sample, as Stata. A cell that has none of its own has none.
  case design
}

/// The confidence intervals of docs/statistics.md, section "Confidence intervals".
public enum IntervalMethod: String, Sendable, CaseIterable {
  case wilson, beta, wald, logit, arcsine
  case clopperPearson = "clopper-pearson"
  case agrestiCoull = "agresti-coull"
  case jeffreys, likelihood
}

/// Which interval, and how wide.
public struct IntervalRequest: Sendable, Equatable {
  public var method: IntervalMethod
  /// Between 0 and 1, such as 0.95.
  public var level: Double

  public init(method: IntervalMethod = .wilson, level: Double = 0.95) {
    self.method = method
    self.level = level
  }
}

/// What a definition asks of trends.
public struct TrendRequest: Sendable {
  /// Whether PSUs (units, where each is its own PSU) with the same id in two cycles are the same.
  public enum Overlap: String, Sendable, CaseIterable {
    case psu
    /// Each cycle is a new sample, whose ids start anew.
    case newSamples = "none"
  }
  public enum Adjustment: String, Sendable, CaseIterable {
    case holm
    case benjaminiHochberg = "benjamini-hochberg"
  }

  /// The NAMEs of other pipelines in the same directory.
  public var previous: String?
  public var baseline: String?
  /// nil: not declared, because nothing could link the cycles.
  public var overlap: Overlap?
  public var adjust: Adjustment
  public var slope: [String]?

  public init(
    previous: String? = nil, baseline: String? = nil, overlap: Overlap? = nil, adjust: Adjustment = .holm,
    slope: [String]? = nil
  ) {
    self.previous = previous
    self.baseline = baseline
    self.overlap = overlap
    self.adjust = adjust
    self.slope = slope
  }

  /// Whether a cycle is compared with the one of this NAME.
  public func names(_ name: String) -> Bool {
    previous == name || baseline == name || slope?.contains(name) == true
  }

  /// Whether PSUs with the same id are the same.
  public var linksPSUs: Bool { overlap != .newSamples }
}

public enum ReliabilityStandard: String, Sendable, CaseIterable {
  /// Parker et al. 2017, the National Center for Health Statistics' standards for proportions.
  case nchs
  case none
}
