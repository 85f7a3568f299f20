import SurveyModel

extension Normalizer {
  /// What a table's rows came to beside their codes: what a snapshot keeps of a normalizer that has read everything.
  public struct Numbering: Sendable {
    public var accounting = RowAccounting()
    public var rejections: [Rejection] = []
    /// By answer column.
    public var answersGiven: [Int] = []
    /// Names by number.
    public var strata: [String] = []
    /// By PSU number.
    public var psuStrata: [Int32] = []
    public var psuIDs: [String] = []
    /// By dimension, names by number.
    public var members: [[String]] = []
    /// By stratum number.
    public var declaredSizes: [Double?] = []
    public var suspicions = Suspicions()
    /// By question that the plan counts.
    public var standingAnswers: [Int] = []

    public init() {}
  }

  public var numbering: Numbering {
    var result = Numbering()
    result.accounting = accounting
    result.rejections = rejections
    result.answersGiven = answersGiven
    result.strata = strata.names
    result.psuStrata = psus.map { Int32(truncatingIfNeeded: $0.stratum) }
    result.psuIDs = psus.map { $0.id ?? "" }
    result.members = members.map(\.names)
    result.declaredSizes = declaredSizes
    result.suspicions = suspicions
    result.standingAnswers = standingAnswers
    return result
  }
}
