/// The seam between Aggregate and Estimate: who can say what the sums of a cycle are.
///
/// The embedded engine answers from its tallies and its ledger of units; a distributed engine answers the same
/// question with a join. Estimate and Trends know nothing else.
public protocol SumsProvider: Sendable {
  /// The sums of every table that has indicators, by table name.
  ///
  /// On the matched basis the strata of both answers are those of the later cycle, and only units in the
  /// denominators of both cycles have a share.
  func sums(of cycle: String, in basis: SumsBasis) throws -> CycleSums

  /// How many units belong to the same stratum, by its name, in the populations of both cycles; nil where either
  /// cycle declares no list of units. A unit that changed its stratum links no PSU, so it counts in none.
  func populationInBoth(now: String, then: String) throws -> [String: Double]?
}

/// Which units count.
public enum SumsBasis: Sendable, Hashable {
  case all
  /// Only units in the denominator of both cycles, indicator by indicator and cell by cell.
  case matched(now: String, then: String)
}

/// The sums of one cycle, table by table.
public struct CycleSums: Sendable {
  /// For each indicator of the cycle (in the definition's order): the sums it is in, and its place among their
  /// indicators; nil where the cycle did not ask it.
  public var places: [IndicatorPlace?]
  public var tables: [UnitKind: TableSums]

  public init(places: [IndicatorPlace?], tables: [UnitKind: TableSums]) {
    self.places = places
    self.tables = tables
  }

  public struct IndicatorPlace: Sendable, Hashable {
    public var units: UnitKind
    public var index: Int

    public init(units: UnitKind, index: Int) {
      self.units = units
      self.index = index
    }
  }
}

/// What a table's indicators count: its rows, or the units that a roll-up makes of them. One table serves indicators
/// of several kinds.
public struct UnitKind: Sendable, Hashable {
  public var table: String
  public var rollUp: RollUp

  public init(table: String, rollUp: RollUp) {
    self.table = table
    self.rollUp = rollUp
  }
}

/// A stratum as it was sampled.
public struct Stratum: Sendable {
  /// The values of the stratum columns, joined by " x ".
  public var name: String
  /// PSUs (or units, where each is its own PSU) in the population; nil where none is declared.
  public var population: Double?
  /// The members that the stratum fixes, by position of the dimension, where dimensions make the strata.
  public var members: [Int: String]

  public init(name: String, population: Double? = nil, members: [Int: String] = [:]) {
    self.name = name
    self.population = population
    self.members = members
  }

  /// Whether rows of the stratum can lie in the cell, as far as the stratum tells.
  public func canLie(in cell: Cell) -> Bool {
    members.allSatisfy { dimension, member in cell.members[dimension].map { $0 == member } ?? true }
  }
}

/// A primary sampling unit. The same id in two strata is two PSUs.
public struct PrimarySamplingUnit: Sendable {
  public var stratum: Int
  /// What links it to the same PSU of another cycle; nil: nothing does.
  public var id: String?

  public init(stratum: Int, id: String?) {
    self.stratum = stratum
    self.id = id
  }
}

/// What one PSU contributes to one cell and indicator. Rows with weight 0 have no part in it.
public struct PSUTotal: Sendable, Equatable {
  public var psu: Int
  /// Rows in the denominator, and those of them in the numerator.
  public var rows: Int
  public var rowsYes: Int
  /// Sum of w d, and of w y.
  public var weight: Double
  public var weightYes: Double

  public init(psu: Int, rows: Int, rowsYes: Int, weight: Double, weightYes: Double) {
    self.psu = psu
    self.rows = rows
    self.rowsYes = rowsYes
    self.weight = weight
    self.weightYes = weightYes
  }
}

/// What the rows of one stratum contribute where every row is its own PSU: enough for the closed form.
public struct StratumTotal: Sendable, Equatable {
  public var stratum: Int
  public var rows: Int
  public var rowsYes: Int
  public var weight: Double
  public var weightYes: Double
  /// Sum of w^2 d, and of w^2 y.
  public var weightSquared: Double
  public var weightSquaredYes: Double

  public init(
    stratum: Int, rows: Int, rowsYes: Int, weight: Double, weightYes: Double, weightSquared: Double,
    weightSquaredYes: Double
  ) {
    self.stratum = stratum
    self.rows = rows
    self.rowsYes = rowsYes
    self.weight = weight
    self.weightYes = weightYes
    self.weightSquared = weightSquared
    self.weightSquaredYes = weightSquaredYes
  }
}

/// What all rows of a cell contribute where they carry replicate weights. Rows of main weight 0 have no part in it.
public struct ReplicateTotal: Sendable, Equatable {
  public var rows: Int
  public var rowsYes: Int
  /// Sum of w d and of w y with the main weight.
  public var weight: Double
  public var weightYes: Double
  /// The same sums with each replicate weight.
  public var replicateWeights: [Double]
  public var replicateWeightsYes: [Double]
  /// The rank of the matrix of the rows' replicate weights; nil where it was not computed.
  public var rank: Int?

  public init(
    rows: Int, rowsYes: Int, weight: Double, weightYes: Double, replicateWeights: [Double],
    replicateWeightsYes: [Double], rank: Int? = nil
  ) {
    self.rank = rank
    self.rows = rows
    self.rowsYes = rowsYes
    self.weight = weight
    self.weightYes = weightYes
    self.replicateWeights = replicateWeights
    self.replicateWeightsYes = replicateWeightsYes
  }
}

/// The sums of one cell and indicator.
public enum CellTotals: Sendable {
  case byPSU([PSUTotal])
  case byStratum([StratumTotal])
  /// nil where no row of the cell is in the denominator.
  case byReplicate(ReplicateTotal?)
}
