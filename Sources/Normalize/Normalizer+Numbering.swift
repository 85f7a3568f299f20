import SurveyModel

extension Normalizer {
  /// What a table's rows came to beside their codes: what a snapshot keeps of a normalizer that has read everything.
  public struct Numbering: Sendable {
    public var accounting = RowAccounting()
    public var rejections: [Rejection] = []
    /// Names by number.
    public var strata: [String] = []
    /// By PSU number.
    public var psuStrata: [Int32] = []
    public var psuIDs: [String] = []
    /// By dimension, names by number.
    public var members: [[String]] = []
    /// By stratum number.
    public var declaredSizes: [Double?] = []
    /// By question that the plan counts.
    public var standingAnswers: [Int] = []

    public init() {}
  }

  public var numbering: Numbering {
    var result = Numbering()
    result.accounting = accounting
    result.rejections = rejections
    result.strata = strata.names
    result.psuStrata = psus.map { Int32(truncatingIfNeeded: $0.stratum) }
    result.psuIDs = psus.map { $0.id ?? "" }
    result.members = members.map(\.names)
    result.declaredSizes = declaredSizes
    result.standingAnswers = standingAnswers
    return result
  }
}
