import SurveyModel

/// What the numbers of a table's rows stand for.
public struct TableCodes: Sendable {
  /// With their populations; strata of the population without a row stand at the end.
  public var strata: [Stratum]
  public var psus: [PrimarySamplingUnit]
  /// By dimension, by member number.
  public var members: [[String]]

  public init(strata: [Stratum], psus: [PrimarySamplingUnit], members: [[String]]) {
    self.strata = strata
    self.psus = psus
    self.members = members
  }
}

/// A finished table: its sums, and the ledger where units can be matched.
public struct FinishedTally: Sendable {
  public var sums: TableSums
  public var ledger: LedgerView?

  public init(sums: TableSums, ledger: LedgerView? = nil) {
    self.sums = sums
    self.ledger = ledger
  }
}
