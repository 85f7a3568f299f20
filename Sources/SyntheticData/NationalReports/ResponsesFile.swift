import Export
import SurveyModel

/// The answers of one cycle as a wide CSV file.
struct ResponsesFile {
  let plan: ReportingPlan
  let cycle: Int
  let model: AnswerModel

  /// What the file holds, and where it differs on purpose from a flawless one.
  struct Result {
    var contents: [UInt8]
    var rows: Int
    var reporters: Int
    var nonParties: Int
    var slip: Slip?
  }

  /// An answer to a question that was not asked.
  struct Slip: Equatable {
    var cycle: Int
    var report: String
    var question: String
  }

  /// Cycles in which one report answers a question that its other answers had ruled out.
  private static let cyclesWithSlip = [3, 4, 5]

  func make() throws(SyntheticDataError) -> Result {
    let questions = Array(model.codebook.questions.values)
    let reports = try plan.rows(of: cycle)
    let slip = try slip(reports: reports, questions: questions)
    var document = CSVDocument(header: ["report_id", "party", "sector", "submitted"] + questions.map(\.key))
    for report in reports {
      var answers = try model.answers(of: report)
      if let slip, slip.report == report.id {
        answers[slip.question] = questions.first { $0.key == slip.question }?.options.first.map { [$0] }
      }
      let submitted = report.submitted.map { "\($0)" } ?? ""
      document.append(
        [report.id, report.party.iso3, report.sector, submitted]
          + questions.map { (answers[$0.key] ?? []).joined(separator: "|") })
    }
    let first = reports.filter { $0.number == 1 }
    return Result(
      contents: document.bytes, rows: reports.count, reporters: first.count { $0.isParty },
      nonParties: first.count { !$0.isParty }, slip: slip)
  }

  /// Which report slips, and on which question: one on which no other question depends, so that the slip is the only
  /// thing that is odd about the report.
  private func slip(reports: [Report], questions: [Question]) throws(SyntheticDataError) -> Slip? {
    guard Self.cyclesWithSlip.contains(cycle) else { return nil }
    var generator = SeededGenerator(seed: plan.seed, "slip", "\(cycle)")
    let replaced = Set(reports.filter { $0.number > 1 }.map(\.party.iso3))
    guard let report = generator.pick(reports.filter { $0.isParty && !replaced.contains($0.party.iso3) })
    else { return nil }
    let answers = try model.answers(of: report)
    var candidates: [String] = []
    for question in questions where question.type == .one && !model.routing.gates.contains(question.key) {
      let isAsked = try model.routing.isAsked(question, answers: answers)
      if !isAsked, model.routing.gatesAreAnswered(question, answers: answers) { candidates.append(question.key) }
    }
    return generator.pick(candidates).map { Slip(cycle: cycle, report: report.id, question: $0) }
  }
}
