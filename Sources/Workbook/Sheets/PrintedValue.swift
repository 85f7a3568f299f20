import Export
import SurveyModel

/// What a cell for people says of an estimate or a change: the flags have been acted on.
enum PrintedValue {
  case number(Double, CellStyle)
  case words(String)

  /// A proportion for Excel's percent format, or a count; words where the number is not to be shown.
  init(_ row: EstimateRow?, kind: Indicator.Kind) {
    guard let row else {
      self = .words("")
      return
    }
    let printed = PrintedEstimate(row, kind: kind)
    guard printed.isShown, let estimate = row.estimate else {
      self = .words(printed.value.isEmpty ? printed.interval : printed.value)
      return
    }
    switch kind {
    case .count: self = .number(estimate, .count)
    case .percentage: self = .number(estimate / 100, printed.mark.isEmpty ? .percent : .percentMarked)
    }
  }

  /// Percentage points, or the difference of two counts.
  init(_ row: TrendRow?, kind: Indicator.Kind) {
    guard let row, row.status == .ok, let delta = row.delta else {
      self = .words("")
      return
    }
    self = .number(
      delta, kind == .count ? .countChange : row.test.comparability.isEmpty ? .points : .pointsMarked)
  }
}
