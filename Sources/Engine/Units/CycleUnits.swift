import SurveyModel

/// One unit of a listing, or a row that did not become one, and what became of it in one indicator.
public struct ListedUnit: Sendable, Equatable {
  public enum Status: String, Sendable, CaseIterable {
    /// Its row, or one of its rows, counts; whether in the indicator, the denominator decides.
    case used
    /// A later row of the same unit counts in its place.
    case superseded
    case outsidePopulation = "outside-population"
    /// The row is in `rejected.csv`.
    case rejected
    /// The unit belongs to the declared population, and no row speaks for it.
    case noReport = "no-report"
  }

  /// The unit's key; the respondent's where the table declares no unit; `line 12` where it declares neither.
  public var name: String
  /// Empty where the table declares none, and where several rows make the unit.
  public var respondent = ""
  public var status: Status
  /// By dimension of the cycle; nil where the table does not have it, or it is not known.
  public var members: [String?] = []
  /// By question of the listing, as they stand in the file; those of several rows are separated by ` / `.
  public var answers: [String] = []
  public var isInDenominator = false
  public var isInNumerator = false
  /// What it counts with; nil outside the denominator.
  public var weight: Double?
  /// In words, why it counts or does not.
  public var reason: String
  /// Where its first row stands; nil where there is none.
  public var file: String?
  public var line: Int?
}

/// All units of a cycle for one indicator.
public struct CycleUnits: Sendable {
  public var cycle: SurveyCycle
  /// nil: the cycle's definition has no such indicator.
  public var indicator: Indicator?
  /// The columns of the table that the indicator reads.
  public var questions: [String] = []
  /// By their names, then as the rows stand in the files.
  public var units: [ListedUnit] = []
  /// Dimensions, by position, that the units can be told apart by.
  public var dimensions: Set<Int> = []

  /// Those in the denominator: `n` of `estimates.csv`.
  public var n: Int { units.count(where: \.isInDenominator) }
  /// Those of them in the numerator: `n_yes`.
  public var nYes: Int { units.count(where: \.isInNumerator) }

  /// Why the cycle has no units; nil where it has.
  public var absence: String? {
    switch indicator?.rule {
    case nil: "the definition has no such indicator"
    case .notAsked(let reason): "not asked: \(reason)"
    case .asked: nil
    }
  }
}
