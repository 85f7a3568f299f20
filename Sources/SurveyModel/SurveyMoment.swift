/// A date as a file writes it, perhaps with a time: the calendar day that was written, and the instant.
///
/// Bounds of conditions compare the day that was written, wherever that was; the order of reports is that of the
/// instants. A time without a zone is taken as UTC, and a day without a time as its first moment.
public struct SurveyMoment: Sendable, Hashable {
  public let day: SurveyDate
  /// Microseconds since 1970-01-01T00:00Z.
  public let instant: Int64

  public init(day: SurveyDate, instant: Int64) {
    self.day = day
    self.instant = instant
  }

  /// The instant of a row without a date: before all others.
  public static let none = Int64.min
  /// The instant of a row with something else than a date.
  public static let unreadable = Int64.min + 1
}
