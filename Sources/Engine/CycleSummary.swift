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
  /// By table, in the order in which they were read.
  var rejections: [[Rejection]]
  /// Wall-clock seconds from the first register to the last row.
  var readSeconds = 0.0

  struct Table: Sendable {
    var name: String
    /// One for each roll-up that the table's indicators use.
    var tallies: [RollUp: FinishedTally]
    var accounting: RowAccounting
    var answersRejected: Int
    /// Of columns with rejected answers.
    var answers: [AnswerAccounting] = []
    /// The most frequent reason why rows were rejected, where these are too many.
    var rejectionCause: String?
    /// Why rows were rejected, where these are few enough.
    var leftOut: [LeftOutRows] = []
    var superseded: [SupersededRow]
    /// What its owner should look at.
    var notices: [DataNotice] = []
    /// In the order in which they were read.
    var files: [RunRecord.FileRecord]
    /// nil: none, or not known.
    var standing: StandingAnswers?
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

extension SurveyCycle {
  /// Where each indicator's sums are found: among the asked indicators that count the same units.
  var sumPlaces: [CycleSums.IndicatorPlace?] {
    var next: [UnitKind: Int] = [:]
    return indicators.map { indicator in
      guard indicator.rule.asked != nil else { return nil }
      let units = units(of: indicator)
      let index = next[units, default: 0]
      next[units] = index + 1
      return CycleSums.IndicatorPlace(units: units, index: index)
    }
  }

  /// Which indicators of some units pair with those of an earlier cycle: by id, and both must count the same kind of
  /// units. By their places in the two cycles.
  func indicatorPairs(_ units: UnitKind, then earlier: SurveyCycle) -> [(now: Int, then: Int)] {
    let (places, others) = (sumPlaces, earlier.sumPlaces)
    var earlierPlaces: [String: Int] = [:]
    for (index, indicator) in earlier.indicators.enumerated() where others[index]?.units == units {
      earlierPlaces[indicator.id] = index
    }
    return indicators.enumerated().compactMap { index, indicator in
      guard places[index]?.units == units, let other = earlierPlaces[indicator.id] else { return nil }
      return (index, other)
    }
  }
}

extension CycleSummary.Table {
  /// - Returns: Nothing where so many rows were rejected that the run ends.
  static func leftOut(_ rejections: [Rejection], of accounting: RowAccounting, in cycle: SurveyCycle) -> [LeftOutRows] {
    let isAcceptable = Double(accounting.rejected) <= cycle.maximumRejected * Double(accounting.read) * (1 + 1e-12)
    return isAcceptable && accounting.rejected > 0 ? LeftOutRows.found(in: rejections) : []
  }

  /// The reason why most rows were rejected, with its column and how many have it; nil where few enough were.
  static func rejectionCause(
    _ rejections: [Rejection], of accounting: RowAccounting, in cycle: SurveyCycle
  ) -> String? {
    guard Double(accounting.rejected) > cycle.maximumRejected * Double(accounting.read) else { return nil }
    var counts: [[String]: Int] = [:]
    for rejection in rejections where rejection.scope == .row {
      counts[[rejection.column, rejection.reason], default: 0] += 1
    }
    guard let (key, count) = counts.max(by: { ($0.value, $1.key[0], $1.key[1]) < ($1.value, $0.key[0], $0.key[1]) })
    else { return nil }
    let place = key[0].isEmpty ? "" : "column \(key[0].withVisibleControls): "
    return "\(count) of them: \(place)\(key[1].withVisibleControls)"
  }

  /// Whether enough of the table can be used.
  func checkAcceptable(in cycle: SurveyCycle, strict: Bool) throws(DataError) {
    guard accounting.isBalanced else { throw .unbalanced(table: name) }
    if strict, accounting.rejected > 0 || answersRejected > 0 {
      throw .anyRejected(table: name, rows: accounting.rejected, answers: answersRejected)
    }
    for cell in tallies.values.flatMap(\.sums.cells.keys) {
      guard let place = cell.members.firstIndex(of: Dimension.totalMember) else { continue }
      throw .totalAsMember(table: name, dimension: cycle.dimensions.keys[place])
    }
    // The product has a rounding error; a share that people write has few digits.
    if Double(accounting.rejected) > cycle.maximumRejected * Double(accounting.read) * (1 + 1e-12) {
      throw .tooManyRejected(
        table: name, rejected: accounting.rejected, read: accounting.read, limit: cycle.maximumRejected,
        cause: rejectionCause)
    }
    for column in answers
    where Double(column.rejected) > cycle.maximumRejected * Double(column.given) * (1 + 1e-12) {
      throw .tooManyAnswersRejected(table: name, column, limit: cycle.maximumRejected)
    }
    if name == SurveyCycle.responsesTable, accounting.used == 0 {
      throw .noUsedRow(table: name, read: accounting.read)
    }
  }
}
