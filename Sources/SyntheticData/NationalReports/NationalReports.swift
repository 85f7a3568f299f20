import SurveyModel

/// Sample data for the national reports: invented answers of real Parties to real questionnaires.
///
/// The same seed gives the same bytes on every machine. Answers of a Party hang together from cycle to cycle and change
/// with time, so that trends have something to find.
public struct NationalReports: Sendable {
  private let seed: UInt64
  private let codebooks: [Int: Codebook]
  private let frame: PartyFrame

  /// - Parameters:
  ///   - seed: Another seed gives other answers over the same frame.
  ///   - codebooks: By cycle, 2 to 5.
  ///   - frame: The Parties, their regions and dates.
  public init(seed: UInt64, codebooks: [Int: Codebook], frame: PartyFrame) {
    self.seed = seed
    self.codebooks = codebooks
    self.frame = frame
  }

  /// Every file by its path relative to the output directory, in a fixed order.
  ///
  /// Throws `SyntheticDataError` where a codebook is missing, the frame lacks a reporting round, or a codebook's
  /// routing is of a kind that cannot be followed.
  public func files() throws -> [(path: String, contents: [UInt8])] {
    let plan = try ReportingPlan(seed: seed, frame: frame)
    var responses: [(cycle: Int, result: ResponsesFile.Result)] = []
    for cycle in ReportingPlan.cycles {
      guard let codebook = codebooks[cycle] else { throw SyntheticDataError.missingCodebook(cycle: cycle) }
      let model = AnswerModel(
        seed: seed, cycle: cycle, deadline: try plan.deadline(of: cycle), codebook: codebook, codebooks: codebooks)
      responses.append((cycle, try ResponsesFile(plan: plan, cycle: cycle, model: model).make()))
    }
    let registers = try Registers(plan: plan).files()
    return [("README.md", ReadMe(seed: seed, responses: responses).contents)]
      + responses.map { ("cycle-\($0.cycle)/responses.csv", $0.result.contents) }
      + registers.map { ("registers/" + $0.path, $0.contents) }
  }
}
