/// What stands below a table of changes about words in place of marks.
public enum ChangeNotes {
  /// - Parameters:
  ///   - rows: The changes that are shown.
  ///   - place: Where reasons stand.
  public static func lines(for rows: some Sequence<TrendRow>, reasonsIn place: String) -> [String] {
    var hasSign = false
    var hasBreak = false
    for row in rows {
      hasSign = hasSign || (row.status == .ok && row.signWords != nil)
      hasBreak = hasBreak || row.status == .seriesBreak
    }
    return (hasSign ? ["up, down, same: everyone was counted both times, so no test is made"] : [])
      + (hasBreak ? ["break: the series is interrupted between the cycles; \(place) says why"] : [])
  }
}
