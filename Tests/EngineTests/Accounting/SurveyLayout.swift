import SurveyTestSupport

/// How a random survey is designed and laid out, and which damage has a meaning there.
struct SurveyLayout {
  enum Design: String, CaseIterable { case equal, weights, strata, population }

  let design: Design
  let isLong: Bool
  /// Regions come from the register, so that every unit must be known.
  let joins: Bool
  let hasRespondent: Bool
  let keepsLatest: Bool
  /// Of a wide table, in the order of the file.
  let columns: [String]

  init(using generator: inout SeededGenerator) {
    design = Design.allCases[Int.random(in: 0..<4, using: &generator)]
    isLong = Int.random(in: 0..<4, using: &generator) == 0
    joins = design == .population || Bool.random(using: &generator)
    hasRespondent = isLong || Int.random(in: 0..<4, using: &generator) > 0
    keepsLatest = !isLong && Bool.random(using: &generator)
    columns = ["id", "u", "day", "h", "p", "w", "q1", "q2", "note"].shuffled(using: &generator)
  }

  var hasWeights: Bool { design == .weights || design == .strata }

  /// What may happen to a row.
  var rowDamage: [DamagedSurvey.Damage] {
    var kinds: [DamagedSurvey.Damage] = [.noUnit]
    if !isLong { kinds += [.tooFewFields, .tooManyFields] }
    if hasWeights { kinds.append(.badWeight) }
    if hasRespondent, !isLong { kinds += [.repeatedRespondent, .noRespondent] }
    if joins { kinds.append(.unknownUnit) }
    if design == .population { kinds.append(.outsidePopulation) }
    return kinds
  }

  /// In a long table, nobody spoils the answers of a respondent that is left out: which of its rows is to blame would be
  /// a question of its own.
  func takesBadAnswers(of row: DamagedSurvey.Row) -> Bool { !isLong || row.fate == .used }

  // MARK: - The definition

  /// - Parameter files: Those of the responses.
  func definition(files: [String], isLong: Bool) -> String {
    var table = "path: [\(files.joined(separator: ", "))], codebook: codebook.yaml, unit: u"
    if hasRespondent { table += ", respondent: id" }
    if keepsLatest { table += ", roll-up: latest, submitted: day" }
    if isLong { table += ", layout: long, question: question, answer: answer" }
    return """
      tables:
        responses: {\(table)}
        frame: {path: frame.csv, unit: u}
      dimensions: {g: \(joins ? "{join: frame, on: u, column: g}" : "{column: h}")}
      group-by: [[g]]
      design: \(designText)
      reliability: none
      max-rejected: 100%
      """
  }

  private var designText: String {
    switch design {
    case .equal: "{}"
    case .weights: "{weight: w}"
    case .strata: "{weight: w, strata: [h], psu: p, lonely-psu: adjust}"
    case .population:
      "{strata: [g], psu: u, population: {table: frame, where: {member: \"1\"}}, lonely-psu: adjust}"
    }
  }

  static let codebook = """
    questions:
      q1: {type: one, options: ["1", "0"]}
      q2: {type: many, options: [a, b, c]}
      q3: {type: text}

    """

  static let indicators = """
    - {id: A, title: First, numerator: {q1: "1"}}
    - {id: B, title: Second, numerator: {q2: b}}
    - {id: C, title: Both, numerator: {q1: "1"}, denominator: {answered: [q1, q2]}}
    - {id: D, title: Members, kind: count, table: frame, numerator: {member: "1"}}

    """
}
