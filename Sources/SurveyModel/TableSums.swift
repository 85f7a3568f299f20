/// All sums of one table: who was sampled, and what each PSU (or stratum) adds to each cell and indicator.
public struct TableSums: Sendable {
  /// Where the error of the estimates comes from.
  public enum Design: Sendable, Equatable {
    /// A register is complete by nature.
    case register
    /// A sample whose weights are those of the rows.
    case sample
    /// A census with non-response: weights are N_h / n_h, with n_h the PSUs whose status is known.
    case census
    /// A sample whose rows carry replicate weights in place of strata and PSUs.
    case replicates(ReplicateScheme)

    public var replicateScheme: ReplicateScheme? {
      if case .replicates(let scheme) = self { scheme } else { nil }
    }

    /// Whether sums are needed by PSU. Where every row is its own PSU and nothing needs to find it again, those by
    /// stratum are enough.
    ///
    /// - Parameter linksUnits: Whether units must be found again in another cycle.
    public func needsPSUs(haveColumn: Bool, linksUnits: Bool) -> Bool {
      switch self {
      case .replicates, .register: false
      case .sample: haveColumn || linksUnits
      case .census: true
      }
    }
  }

  public var design: Design
  /// Every row weighs the same and is its own PSU, and nothing corrects for the size of a population.
  public var isSimpleRandomSample = false
  public var strata: [Stratum] { didSet { strataByMember = StrataByMember(strata) } }
  private var strataByMember: StrataByMember
  /// Empty where every row is its own PSU and nothing links them.
  public var psus: [PrimarySamplingUnit]
  /// By PSU: whether a used row belongs to it. A PSU of superseded rows only is no part of the sample.
  public var isSampled: [Bool]
  /// n_h by stratum: PSUs with a used row, for every indicator alike.
  public var sampledPSUs: [Int]
  /// For each indicator the PSUs whose status is known, ascending; only in a census.
  public var knownPSUs: [[Int]]
  /// The cells that have a row, with their place in `totals`.
  public var cells: [Cell: Int]
  /// By cell, then by indicator of this table.
  public var totals: TotalsByCell
  /// By place of the cell: rows in no denominator, and why.
  public var coverage = CellCoverage.none
  /// Dimensions (by position) that this table can be broken down by.
  public var dimensions: Set<Int>
  /// With replicate weights: the rank of their matrix over all rows; nil where it was not computed.
  public var replicateRank: Int?
  /// Dimensions that the table has but that vary within the units of its roll-up, each with such a unit.
  public var varyingDimensions: [Int: String] = [:]

  public init(
    design: Design, strata: [Stratum], psus: [PrimarySamplingUnit], isSampled: [Bool], sampledPSUs: [Int],
    knownPSUs: [[Int]],
    cells: [Cell: Int], totals: TotalsByCell, dimensions: Set<Int>
  ) {
    self.design = design
    self.strata = strata
    strataByMember = StrataByMember(strata)
    self.psus = psus
    self.isSampled = isSampled
    self.sampledPSUs = sampledPSUs
    self.knownPSUs = knownPSUs
    self.cells = cells
    self.totals = totals
    self.dimensions = dimensions
  }

  /// Sums that are written out: by cell, then by indicator.
  public init(
    design: Design, strata: [Stratum], psus: [PrimarySamplingUnit], isSampled: [Bool], sampledPSUs: [Int],
    knownPSUs: [[Int]],
    cells: [Cell: Int], totals: [[CellTotals]], dimensions: Set<Int>
  ) {
    self.init(
      design: design, strata: strata, psus: psus, isSampled: isSampled, sampledPSUs: sampledPSUs,
      knownPSUs: knownPSUs, cells: cells, totals: TotalsByCell(totals), dimensions: dimensions)
  }

  /// The sums of a cell; empty where no row lies in it.
  public func totals(in cell: Cell, indicator: Int) -> CellTotals {
    guard let place = cells[cell] else { return .byPSU([]) }
    return totals.totals(cell: place, indicator: indicator)
  }

  /// Rows of the cell in no denominator: eligible ones that are not decided, and those with an unreadable answer.
  ///
  /// - Parameter inDenominator: Rows of positive weight in the denominator.
  public func leftOut(
    of cell: Cell, indicator: Int, inDenominator: Int
  ) -> (missing: Int, unreadable: Int) {
    guard let place = cells[cell] else { return (0, 0) }
    return (
      coverage.missing(cell: place, indicator: indicator, inDenominator: inDenominator),
      coverage.unreadable(cell: place, indicator: indicator)
    )
  }

  /// n_h by stratum, for one indicator.
  public func sampledPSUs(indicator: Int) -> [Int] {
    guard design == .census else { return sampledPSUs }
    var counts = Array(repeating: 0, count: strata.count)
    for psu in knownPSUs[indicator] { counts[psus[psu].stratum] += 1 }
    return counts
  }

  /// The PSUs that n_h counts for one indicator, ascending.
  public func psusInSample(indicator: Int) -> [Int] {
    design == .census ? knownPSUs[indicator] : psus.indices.filter { isSampled[$0] }
  }

  /// Whether PSUs can be found again in another cycle.
  public var hasLinkedPSUs: Bool { psus.contains { $0.id != nil } }

  /// Units of the declared population in the cell; nil where none is declared or the strata do not tell.
  public func population(of cell: Cell) -> Double? {
    guard strata.contains(where: { $0.population != nil }), strataByMember.tell(of: cell) else { return nil }
    return strataInside(cell).reduce(0) { $0 + (strata[$1].population ?? 0) }
  }

  /// The strata whose rows can lie in the cell, ascending.
  public func strataInside(_ cell: Cell) -> [Int] {
    strataByMember.candidates(for: cell).filter { strata[$0].canLie(in: cell) }
  }
}
