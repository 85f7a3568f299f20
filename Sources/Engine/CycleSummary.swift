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
    var finished: FinishedTally
    var accounting: RowAccounting
    var answersRejected: Int
    var superseded: [SupersededRow]
    var file: RunRecord.FileRecord
  }

  func table(_ name: String) -> Table? { tables.first { $0.name == name } }

  var sums: CycleSums {
    CycleSums(
      places: places, tables: Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.finished.sums) }))
  }
}
