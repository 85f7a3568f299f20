import SurveyModel

/// Fills in one questionnaire.
struct AnswerModel {
  let seed: UInt64
  let cycle: Int
  let deadline: SurveyDate
  let codebook: Codebook
  let routing: Routing
  private let progress: Progress
  private let freeText: FreeText
  private let lineages: [String: Lineage]

  /// Questions that a survey added after the second reports; whoever skipped it skipped all of them.
  static let followUpSection = "Survey"

  init(seed: UInt64, cycle: Int, deadline: SurveyDate, codebook: Codebook, codebooks: [Int: Codebook]) {
    self.seed = seed
    self.cycle = cycle
    self.deadline = deadline
    self.codebook = codebook
    routing = Routing(codebook: codebook)
    progress = Progress(seed: seed)
    freeText = FreeText(seed: seed)
    lineages = codebook.questions.values.reduce(into: [:]) {
      $0[$1.key] = Lineage(of: $1, cycle: cycle, codebooks: codebooks)
    }
  }

  /// The chosen codes (or the one text or number) by question; a question without an answer is absent.
  func answers(of report: Report) throws(SyntheticDataError) -> [String: [String]] {
    var answers: [String: [String]] = [:]
    for question in codebook.questions.values {
      if question.section == Self.followUpSection, !report.answersFollowUp { continue }
      guard try routing.isAsked(question, answers: answers) else { continue }
      let answer = answer(to: question, report: report)
      if !answer.isEmpty { answers[question.key] = answer }
    }
    return answers
  }

  private func answer(to question: Question, report: Report) -> [String] {
    guard let lineage = lineages[question.key] else { return [] }
    if let fact = KnownFacts.answer(to: lineage, report: report, deadline: deadline),
      question.options.contains(fact)
    {
      return [fact]
    }
    let revision = revision(of: question, report: report)
    if isSkipped(question, report: report, revision: revision) { return [] }
    let score = progress.score(of: report.party, cycle: cycle, lineage: lineage, revision: revision)
    return switch question.type {
    case .one: one(of: question, lineage: lineage, report: report, score: score)
    case .many: many(of: question, lineage: lineage, report: report, score: score, revision: revision)
    case .integer, .number: ["\(max(1, 4 + score / 120))"]
    case .date: ["\(report.published.adding(days: -200))"]
    case .text: freeText.answer(to: question, report: report, revision: revision).map { [$0] } ?? []
    }
  }

  /// A report that replaces another one answers about every tenth question anew.
  private func revision(of question: Question, report: Report) -> Int {
    guard report.number > 1 else { return 1 }
    var generator = SeededGenerator(seed: seed, "revision", report.party.iso3, "\(cycle)", question.key)
    return generator.chance(perMille: 100) ? report.number : 1
  }

  /// Blanks: everybody leaves out some voluntary questions; mandatory ones mostly those who filled in the form in haste,
  /// so that many reports are complete.
  private func isSkipped(_ question: Question, report: Report, revision: Int) -> Bool {
    var habit = SeededGenerator(seed: seed, "haste", report.party.iso3, "\(cycle)")
    let isHasty = habit.chance(perMille: 333)
    let share = question.isMandatory ? (isHasty ? 22 : 0) : habit.between(20, 60)
    var generator = SeededGenerator(
      seed: seed, "blank", report.party.iso3, "\(cycle)", question.key, "\(revision)")
    return generator.chance(perMille: share)
  }

  private func one(of question: Question, lineage: Lineage, report: Report, score: Int) -> [String] {
    let isApplicable = isApplicable(question, lineage: lineage, report: report)
    let codes = question.options.filter { codebook.notApplicable.contains($0) != isApplicable }
    let scale = isApplicable ? AnswerScale(codes: codes) : .unordered(codes)
    let code = scale.code(score: score) ?? favourite(among: codes, lineage: lineage, report: report)
    return code.map { [$0] } ?? []
  }

  /// "Not applicable" is a lasting trait of a Party and a question.
  private func isApplicable(_ question: Question, lineage: Lineage, report: Report) -> Bool {
    let exceptions = question.options.count { codebook.notApplicable.contains($0) }
    if exceptions == 0 { return true }
    if exceptions == question.options.count { return false }
    var generator = SeededGenerator(seed: seed, "not applicable", report.party.iso3, lineage.root)
    return !generator.chance(perMille: 70)
  }

  /// Each Party has its favourite among codes that are no more or less of something; now and then it changes its mind.
  private func favourite(among codes: [String], lineage: Lineage, report: Report) -> String? {
    var mood = SeededGenerator(seed: seed, "mood", report.party.iso3, lineage.root, "\(cycle)")
    let occasion = mood.chance(perMille: 150) ? "\(cycle)" : "always"
    let weighed = codes.map { code in
      var generator = SeededGenerator(
        seed: seed, "favourite", report.party.iso3, lineage.root, lineage.firstCode(for: code), occasion)
      return (code: code, weight: generator.below(1_000_000))
    }
    return weighed.max { $0.weight < $1.weight }?.code
  }

  /// Each code by its own propensity; codes that deny the others stand alone, and only where nothing else was chosen.
  private func many(
    of question: Question, lineage: Lineage, report: Report, score: Int, revision: Int
  ) -> [String] {
    let denials = question.options.filter(isDenial)
    let weighed = question.options.filter { !isDenial($0) }.map { code in
      let first = lineage.firstCode(for: code)
      var option = SeededGenerator(seed: seed, "option", lineage.root, first)
      var lasting = SeededGenerator(seed: seed, "option of", report.party.iso3, lineage.root, first)
      var passing = SeededGenerator(
        seed: seed, "option now", report.party.iso3, lineage.root, first, "\(cycle)", "\(revision)")
      let propensity = option.between(-600, 250) + lasting.spread(420) + passing.spread(220) + score / 3
      return (code: code, propensity: propensity)
    }
    let chosen = weighed.filter { $0.propensity >= 0 }.map(\.code)
    if !chosen.isEmpty { return chosen }
    if let denial = favourite(among: denials, lineage: lineage, report: report) { return [denial] }
    return (weighed.max { $0.propensity < $1.propensity }?.code).map { [$0] } ?? []
  }

  private func isDenial(_ code: String) -> Bool {
    code == "false" || code == "none" || code.hasSuffix(".none") || codebook.notApplicable.contains(code)
  }
}
