import SurveyModel

/// Some records, coded by a worker that knows nothing of the rest of the table: strata, PSUs and members have the
/// worker's own numbers, and no row has been compared with rows elsewhere. `Normalizer.merge` makes them part of the
/// table.
public struct CodedMorsel: Sendable {
  public var batch: CodedBatch
  /// Some kept field is no valid UTF-8, or holds a NUL: libcsv says where.
  public var isInvalid = false
  /// Rows that were rejected, and answers of rows that were not.
  var rowRejections: [(row: Int, Rejection)] = []
  var answerRejections: [(row: Int, Rejection)] = []
  /// Which of `rowRejections` speak of a unit that a register does not know.
  var unknownUnits: [UnknownUnit] = []
  var outsidePopulation = 0
  /// By question that the plan counts, the rows with an answer where the routing did not ask.
  var standing: [RowMask] = []
  /// By row, the respondent's key, hashed; empty where the table declares none.
  var respondents: [UInt128] = []
  /// By row, the declared number of PSUs in its stratum, not a number where there is none; empty where no column
  /// declares it.
  var sizes: [Double] = []
  /// What its rows hold that may have been meant otherwise.
  var suspicions = Suspicions()
  /// What the worker's numbers stand for that it has not told before.
  var names = NewNames()

  struct UnknownUnit: Sendable {
    /// Position among the rejections.
    var rejection: Int
    var register: String
    var words: String
    var known: ByteDictionary
  }

  /// By number, from the first that was not told before.
  struct NewNames: Sendable {
    /// By dimension that is a column of the table.
    var members: [[String]] = []
    /// By part of the stratum that is a column.
    var stratumParts: [[String]] = []
    /// The numbers of the parts of each stratum, one after the other.
    var strata: [Int32] = []
    var psuIDs: [String] = []
    var psus: [(stratum: Int32, id: Int32)] = []
  }
}
