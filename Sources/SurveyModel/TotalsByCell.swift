/// Knows the sums of each cell and indicator, in whatever form they were added up, and writes them out when asked: all
/// of them at once would take many times the room.
public protocol TotalsSource: Sendable {
  var indicatorCount: Int { get }
  /// The sums of a cell by its place, groups ascending.
  func totals(cell: Int, indicator: Int) -> CellTotals
}

/// The sums of a table by cell, then by indicator.
public struct TotalsByCell: Sendable {
  private let source: any TotalsSource

  public init(_ source: any TotalsSource) {
    self.source = source
  }

  /// Sums that are written out.
  public init(_ totals: [[CellTotals]]) {
    source = WrittenTotals(totals: totals)
  }

  public func totals(cell: Int, indicator: Int) -> CellTotals { source.totals(cell: cell, indicator: indicator) }

  public subscript(cell: Int) -> [CellTotals] {
    (0..<source.indicatorCount).map { source.totals(cell: cell, indicator: $0) }
  }

  private struct WrittenTotals: TotalsSource {
    let totals: [[CellTotals]]
    var indicatorCount: Int { totals.first?.count ?? 0 }

    func totals(cell: Int, indicator: Int) -> CellTotals { totals[cell][indicator] }
  }
}
