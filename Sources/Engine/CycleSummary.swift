import Aggregate
import Export
import Normalize
import SurveyModel

/// One cycle after its files have been read: sums, ledgers and the accounting of its rows.
struct CycleSummary: Sendable {
  var cycle: SurveyCycle
  var tables: [Table]
  var places: [CycleSums.IndicatorPlace?]
  var population: PopulationRegister?
  var rejections: [Rejection]
  /// Wall-clock seconds from the first register to the last row.
  var readSeconds = 0.0

  struct Table: Sendable {
    var name: String
    /// One for each roll-up that the table's indicators use.
    var tallies: [RollUp: FinishedTally]
    var accounting: RowAccounting
    var answersRejected: Int
    var superseded: [SupersededRow]
    /// In the order in which they were read.
    var files: [RunRecord.FileRecord]
  }

  func table(_ name: String) -> Table? { tables.first { $0.name == name } }

  var sums: CycleSums {
    var sums: [UnitKind: TableSums] = [:]
    for table in tables {
      for (rollUp, tally) in table.tallies { sums[UnitKind(table: table.name, rollUp: rollUp)] = tally.sums }
    }
    return CycleSums(places: places, tables: sums)
  }
}
