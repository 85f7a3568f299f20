import Normalize
import SurveyModel

extension RefusedData {
  /// Why most rows were rejected, where too many were: the column, the reason and a value.
  var commonReason: String? {
    guard case .tooManyRejected? = cause as? DataError else { return nil }
    struct Kind: Hashable { var column, reason: String }
    var counts: [Kind: (count: Int, value: String)] = [:]
    for rejection in rejections where rejection.scope == .row {
      counts[Kind(column: rejection.column, reason: rejection.reason), default: (0, rejection.value)].count += 1
    }
    // Of equal counts the first in alphabetical order, so that the message is the same in every run.
    let most = counts.max {
      ($0.value.count, $1.key.column, $1.key.reason) < ($1.value.count, $0.key.column, $0.key.reason)
    }
    guard let most, !most.key.column.isEmpty else { return nil }
    return "most often, column \(most.key.column): \(most.key.reason) "
      + "(\"\(most.value.value.prefix(40))\")"
  }
}
