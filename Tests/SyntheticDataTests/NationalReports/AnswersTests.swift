import SurveyModel
import Testing

@testable import SyntheticData

@Suite("Answers follow their questionnaire")
struct AnswersTests {
  let data: SampleData

  init() throws { data = try SampleData.shared.get() }

  @Test(arguments: 2...5) func headerHoldsEveryQuestionInOrder(cycle: Int) throws {
    let codebook = try #require(data.codebooks[cycle])
    let expected = ["report_id", "party", "sector", "submitted"] + codebook.questions.keys
    #expect(try data.responses(cycle).header == expected)
  }

  @Test(arguments: 2...5) func everyCodeIsInTheCodebook(cycle: Int) throws {
    let codebook = try #require(data.codebooks[cycle])
    for row in try data.responses(cycle).rows {
      for question in codebook.questions.values {
        let unknown = codes(question, row).filter { code in
          switch question.type {
          case .one, .many: !question.options.contains(code)
          case .integer: Int(code) == nil
          case .text, .number, .date: false
          }
        }
        #expect(unknown.isEmpty, "\(row["report_id"] ?? "") \(question.key)")
      }
    }
  }

  /// Exactly one answer a cycle, from the third on, stands where nothing was asked; the page says where.
  @Test(arguments: [2: 0, 3: 1, 4: 1, 5: 1]) func routedOutQuestionsAreEmptyButForTheDeclaredOnes(
    cycle: Int, slips: Int
  ) throws {
    let codebook = try #require(data.codebooks[cycle])
    let routing = Routing(codebook: codebook)
    let readMe = String(decoding: try #require(data.files.first).contents, as: UTF8.self)
    var found = 0
    for row in try data.responses(cycle).rows {
      let answers = answers(codebook, row)
      for question in codebook.questions.values where answers[question.key] != nil {
        guard try !routing.isAsked(question, answers: answers) else { continue }
        found += 1
        #expect(routing.gatesAreAnswered(question, answers: answers))
        #expect(readMe.contains("\(row["report_id"] ?? "") (\(question.key))"))
      }
    }
    #expect(found == slips)
  }

  @Test(arguments: 2...5) func denialsStandAlone(cycle: Int) throws {
    let codebook = try #require(data.codebooks[cycle])
    for row in try data.responses(cycle).rows {
      for question in codebook.questions.values where question.type == .many {
        let chosen = codes(question, row)
        let denies = chosen.contains { $0 == "false" || $0.hasSuffix(".none") || codebook.notApplicable.contains($0) }
        #expect(!denies || chosen.count == 1, "\(row["report_id"] ?? "") \(question.key)")
      }
    }
  }

  @Test func followUpSurveyIsAnsweredAsAWholeOrNotAtAll() throws {
    let codebook = try #require(data.codebooks[2])
    let keys = codebook.questions.values.filter { $0.section == "Survey" && $0.askedIf == nil && $0.type == .one }
      .map(\.key)
    let shares = try data.responses(2).rows.map { row in keys.count { row[$0] != "" } }
    #expect(shares.allSatisfy { $0 == 0 || $0 > keys.count * 3 / 4 })
    let answered = Double(shares.count { $0 > 0 }) / Double(shares.count)
    #expect((0.45...0.75).contains(answered))
  }

  /// Many reports are complete, and not all.
  @Test(arguments: [4, 5]) func manyReportsAreComplete(cycle: Int) throws {
    let codebook = try #require(data.codebooks[cycle])
    let routing = Routing(codebook: codebook)
    let rows = try data.responses(cycle).rows
    let complete = try rows.count { row in
      let answers = answers(codebook, row)
      return try codebook.questions.values.allSatisfy {
        try !$0.isMandatory || answers[$0.key] != nil || !routing.isAsked($0, answers: answers)
      }
    }
    #expect((0.5...0.9).contains(Double(complete) / Double(rows.count)))
  }

  @Test func blanksAreFew() throws {
    for (cycle, codebook) in data.codebooks {
      let routing = Routing(codebook: codebook)
      var asked = 0
      var blank = 0
      for row in try data.responses(cycle).rows {
        let answers = answers(codebook, row)
        for question in codebook.questions.values
        where question.type != .text && !question.isMandatory && question.section != "Survey" {
          guard try routing.isAsked(question, answers: answers) else { continue }
          asked += 1
          if answers[question.key] == nil { blank += 1 }
        }
      }
      #expect((0.02...0.06).contains(Double(blank) / Double(asked)), "cycle \(cycle)")
    }
  }

  @Test func textsHoldWhatBreaksCarelessReaders() throws {
    let texts = try (2...5).flatMap { cycle in
      let keys = data.codebooks[cycle]?.questions.values.filter { $0.type == .text }.map(\.key) ?? []
      return try data.responses(cycle).rows.flatMap { row in keys.map { row[$0] ?? "" } }
    }
    for mark in [",", "\"", "\r\n"] {
      #expect(texts.contains { $0.contains(mark) }, "\(mark.debugDescription)")
    }
    #expect(texts.contains { $0.utf8.contains(0x0A) && !$0.utf8.contains(0x0D) })
    for language in Language.allCases {
      let sentence = try #require(Sentences.sentences(in: language).first)
      #expect(texts.contains { $0.contains(sentence) }, "\(language)")
      #expect(Set(Sentences.sentences(in: language)).count == 12)
    }
  }

  /// Over all comparable yes-or-no questions, a Party's answers in one cycle tell of those in the next.
  @Test(arguments: 3...5) func answersOfAPartyHangTogether(cycle: Int) throws {
    let questions = try #require(data.codebooks[cycle]).questions.values
    let now = try data.latest(cycle)
    let then = try data.latest(cycle - 1)
    var correlations: [Double] = []
    for question in questions where question.type == .one {
      guard let earlier = question.comparesTo["cycle-\(cycle - 1)"]?.key else { continue }
      let pairs = now.compactMap { party, row -> (Bool, Bool)? in
        guard let before = then[party]?[earlier], let after = row[question.key] else { return nil }
        guard [before, after].allSatisfy({ $0.hasPrefix("true") || $0.hasPrefix("false") }) else { return nil }
        return (before.hasPrefix("true"), after.hasPrefix("true"))
      }
      if let correlation = correlation(pairs) { correlations.append(correlation) }
    }
    #expect(correlations.count > 20)
    #expect(correlations.reduce(0, +) / Double(correlations.count) > 0.4)
    #expect(Double(correlations.count { $0 > 0 }) / Double(correlations.count) > 0.95)
  }

  /// nil where there are few pairs or hardly any variety.
  private func correlation(_ pairs: [(Bool, Bool)]) -> Double? {
    let count = Double(pairs.count)
    let before = Double(pairs.count { $0.0 }) / count
    let after = Double(pairs.count { $0.1 }) / count
    guard pairs.count >= 30, (0.1...0.9).contains(before), (0.1...0.9).contains(after) else { return nil }
    let both = Double(pairs.count { $0.0 && $0.1 }) / count
    return (both - before * after) / (before * (1 - before) * after * (1 - after)).squareRoot()
  }

  private func answers(_ codebook: Codebook, _ row: [String: String]) -> [String: [String]] {
    var answers: [String: [String]] = [:]
    for question in codebook.questions.values {
      let codes = codes(question, row)
      if !codes.isEmpty { answers[question.key] = codes }
    }
    return answers
  }

  private func codes(_ question: Question, _ row: [String: String]) -> [String] {
    let cell = row[question.key] ?? ""
    if cell.isEmpty { return [] }
    return question.type == .many ? cell.split(separator: "|").map(String.init) : [cell]
  }
}
