/// How large a reference job is: everything that is chosen of it but the seed.
public struct ReferenceJobSize: Sendable, Equatable {
  /// Rows of the file.
  public var responses: Int
  /// Primary sampling units, divided among the strata as equally as can be.
  public var psus: Int
  public var questions: Int
  public var indicators: Int
  public var regions: Int
  public var sectors: Int
  /// Columns of replicate weights; 0: the design is given by strata and PSUs.
  public var replicates: Int

  /// The defaults are those of the benchmark: with 400,000 responses a file of 0.56 GB.
  public init(
    responses: Int, psus: Int = 2000, questions: Int = 180, indicators: Int = 39, regions: Int = 5, sectors: Int = 8,
    replicates: Int = 0
  ) {
    self.responses = responses
    self.psus = psus
    self.questions = questions
    self.indicators = indicators
    self.regions = regions
    self.sectors = sectors
    self.replicates = replicates
  }

  /// Refuses what no reference job can be made of, before anything is written.
  ///
  /// Two PSUs a stratum let a variance be estimated. Each row draws its PSU, so of 25 rows a stratum (on average) two
  /// PSUs turn up in every stratum of all but one in a thousand million files.
  ///
  /// - Throws: `SyntheticDataError.outOfBounds`, `.tooFewQuestions`.
  public func check() throws(SyntheticDataError) {
    try Self.check("regions", regions, in: 1...99)
    try Self.check("sectors", sectors, in: 1...99)
    let strata = regions * ReferenceDesign.sizes.count
    try Self.check("responses", responses, in: 25 * strata...1_000_000_000)
    try Self.check("psus", psus, in: 2 * strata...10_000_000)
    try Self.check("questions", questions, in: 1...9999)
    try Self.check("indicators", indicators, in: 1...9999)
    // One replicate has no variance, so the engine wants two.
    if replicates != 0 { try Self.check("replicates", replicates, in: 2...9999) }
    let choices = (1...questions).count { ReferenceQuestion.Kind(number: $0) == .choice }
    guard indicators <= choices else {
      throw .tooFewQuestions(questions, choices: choices, indicators: indicators)
    }
  }

  private static func check(
    _ option: String, _ value: Int, in bounds: ClosedRange<Int>
  ) throws(SyntheticDataError) {
    guard bounds.contains(value) else {
      throw .outOfBounds(option: option, value: value, least: bounds.lowerBound, most: bounds.upperBound)
    }
  }
}
