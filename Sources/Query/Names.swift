import Normalize

/// What the columns of the views are called. Those that stand for a column of the data carry its name behind a word of
/// ours; no other column begins with such a word, so that no name of a file can meet one of ours.
enum Names {
  /// The text of a column.
  static func text(_ column: String) -> String { "column_" + column }
  /// The code that an answer is, where it may be written otherwise.
  static func code(_ column: String) -> String { "code_" + column }
  /// An answer's number and day; null where it has none.
  static func number(_ column: String) -> String { "number_" + column }
  static func day(_ column: String) -> String { "day_" + column }
  /// Whether an answer is refused.
  static func refused(_ column: String) -> String { "refused_" + column }
  /// 0: no answer, 1: an answer, 2: not applicable, 3: unreadable.
  static func state(_ column: String) -> String { "state_" + column }
  /// The state of an answer before its routing is looked at.
  static func written(_ column: String) -> String { "written_" + column }
  /// Whether a question was not put because of answers that are there; null where an unreadable answer decides.
  static func routedOut(_ column: String, _ reading: ConditionReading) -> String {
    let way =
      switch (reading.leavesMissingOpen, reading.unreadable) {
      case (false, .unknown): "routed_"
      case (false, .holds): "routed_if_yes_"
      case (false, .fails): "routed_if_no_"
      case (true, .unknown): "open_routed_"
      case (true, .holds): "open_routed_if_yes_"
      case (true, .fails): "open_routed_if_no_"
      }
    return way + column
  }

  static func member(_ dimension: Int) -> String { "member_\(dimension)" }
  static func stratum(_ part: Int) -> String { "stratum_\(part)" }
  static func replicate(_ number: Int) -> String { "replicate_\(number)" }
  static func denominator(_ indicator: Int) -> String { "d_\(indicator)" }
  static func numerator(_ indicator: Int) -> String { "y_\(indicator)" }
  static func known(_ indicator: Int) -> String { "k_\(indicator)" }
  /// The conditions of an indicator on a row: true, false, or null where an unreadable answer decides.
  static func eligible(_ indicator: Int) -> String { "e_\(indicator)" }
  static func base(_ indicator: Int) -> String { "b_\(indicator)" }
  static func yes(_ indicator: Int) -> String { "s_\(indicator)_yes" }
  static func unreadable(_ indicator: Int) -> String { "u_\(indicator)" }
  /// Of an unreadable row, whether it may be in the numerator, or in the denominator alone.
  static func mayBeYes(_ indicator: Int) -> String { "may_yes_\(indicator)" }
  static func mayBeNo(_ indicator: Int) -> String { "may_no_\(indicator)" }
  /// The denominator among eligible rows; null where an unreadable answer decides.
  static func possible(_ indicator: Int) -> String { "possible_\(indicator)" }
  static func ineligible(_ indicator: Int) -> String { "x_\(indicator)" }
  static func related(_ number: Int) -> String { "related_\(number)" }
  static func relatedUnknown(_ number: Int) -> String { "related_\(number)_unknown" }

  /// The column that says whether a row is counted: null; otherwise why not, as a place in `TableQuery.problems`.
  static let problem = "problem"
  static let place = "place"
  static let file = "file"
  /// How many answers of the row are refused.
  static let refusedAnswers = "answers_refused"
  /// Of a record that has too few or too many of them.
  static let fields = "fields"
  static let unit = "unit"
  static let respondent = "respondent"
  static let submitted = "submitted"
  /// What stands there instead of a date; null otherwise.
  static let unreadableDate = "submitted_unreadable"
  static let weight = "weight"
  static let unitWeight = "unit_weight"
  /// After a roll-up that combines weighted rows: 1 where some row of the unit has a positive weight.
  static let hasVote = "has_vote"
  static let psu = "psu"
  static let size = "population_size"
  static let sizeText = "population_text"
}
