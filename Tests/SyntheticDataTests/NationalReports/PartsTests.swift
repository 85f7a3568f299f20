import Foundation
import SurveyModel
import Testing

@testable import SyntheticData

@Suite("The parts of the generator")
struct PartsTests {
  @Test(arguments: [
    (["true", "true.some", "false"], ["false", "true.some", "true"]),
    (["true", "true.some", "false.later", "false"], ["false", "false.later", "true.some", "true"]),
    (["implementation.fullInPlace", "implementation.none"], ["implementation.none", "implementation.fullInPlace"]),
  ]) func degreesAreOrdered(codes: [String], ordered: [String]) {
    #expect(AnswerScale(codes: codes) == .ordered(ordered))
  }

  @Test(arguments: [
    (["1", "1+", "0"], ["0", "1", "1+"]),
    (["0", "5-", "10-", "10+"], ["0", "5-", "10-", "10+"]),
    (["USD5000+", "USD50000+", "USD5000-"], ["USD5000-", "USD5000+", "USD50000+"]),
    (["USD1-4999", "USD500000+", "USD0"], ["USD0", "USD1-4999", "USD500000+"]),
    (["none", "1+", "5+"], ["none", "1+", "5+"]),
  ]) func amountsAreCounted(codes: [String], counted: [String]) {
    #expect(AnswerScale(codes: codes) == .counted(counted))
  }

  @Test(arguments: [["2001", "2002"], ["existing", "stand-alone"], ["AF59E45F", "85C0A7F0"]])
  func namesHaveNoOrder(codes: [String]) {
    #expect(AnswerScale(codes: codes) == .unordered(codes))
  }

  @Test func aScoreClimbsTheScale() {
    let scale = AnswerScale.ordered(["false", "true.some", "true"])
    #expect([-900, -161, 0, 161, 900].map(scale.code(score:)) == ["false", "false", "true.some", "true", "true"])
    let count = AnswerScale.counted(["0", "1+", "5+"])
    #expect([-900, -1, 0, 320, 900].map(count.code(score:)) == ["0", "0", "1+", "5+", "5+"])
  }

  @Test func aQuestionKeepsItsRootWhenKeysAndCodesChange() {
    let books: [Int: Codebook] = [
      2: Codebook(questions: ["Q1": Question(key: "Q1", type: .one, options: ["full", "none"])]),
      3: Codebook(questions: [
        "Q5": Question(key: "Q5", type: .one, options: ["full", "none"], comparesTo: ["cycle-2": .init(key: "Q1")])
      ]),
    ]
    let question = Question(
      key: "Q7", type: .one, options: ["inPlace", "none"],
      comparesTo: ["cycle-3": .init(key: "Q5", values: ["full": "inPlace"])])
    let lineage = Lineage(of: question, cycle: 4, codebooks: books)
    #expect(lineage.root == "cycle-2/Q1")
    #expect(lineage.firstCycle == 2)
    #expect(lineage.firstCode(for: "inPlace") == "full")
    #expect(lineage.firstCode(for: "none") == "none")
  }

  @Test func routingFollowsCodesAndAnswers() throws {
    let routing = Routing(codebook: Codebook(notApplicable: ["na"]))
    func isAsked(_ condition: Condition, _ answers: [String: [String]]) throws -> Bool {
      try routing.isAsked(Question(key: "Q", type: .text, askedIf: condition), answers: answers)
    }
    let someButNotZero = Condition.all([.answered(["N"]), .not(.oneOf(column: "N", codes: ["0"]))])
    #expect(try isAsked(someButNotZero, ["N": ["1+"]]))
    #expect(try !isAsked(someButNotZero, ["N": ["0"]]))
    #expect(try !isAsked(someButNotZero, ["N": ["na"]]))
    #expect(try !isAsked(someButNotZero, [:]))
    #expect(try isAsked(.any([.oneOf(column: "A", codes: ["x"]), .not(.answered(["A"]))]), [:]))
    #expect(throws: SyntheticDataError.unsupportedRouting(question: "Q")) { try isAsked(.complete, [:]) }
  }

  @Test func aMissingCodebookIsNamed() throws {
    let frame = try SampleData.frame()
    #expect(throws: SyntheticDataError.missingCodebook(cycle: 2)) {
      try NationalReports(seed: 1, codebooks: [:], frame: frame).files()
    }
  }

  @Test func aFrameWithoutADateIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let header = "iso3,name,region,cpb_in_force,cpb_withdrawn,sp_party_in_force,ldc,sids,star_eligible\n"
    try Data((header + "BRA,Brazil,GRULAC,soon,,,0,0,1\n").utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: SyntheticDataError.unreadableCell(path: path, column: "cpb_in_force", value: "soon")) {
      try PartyFrame(partiesPath: path, reportingPath: path)
    }
  }

  @Test func theFrameKnowsHowManyPartiesThereWere() throws {
    let frame = try SampleData.frame()
    for (round, parties) in ["first": 141, "cycle-2": 161, "cycle-3": 170, "cycle-4": 171, "cycle-5": 173] {
      #expect(try frame.parties(on: frame.round(round).deadline).count == parties)
    }
    #expect(frame.regions == ["AFR", "APR", "CEE", "GRULAC", "WEOG"])
  }
}
