import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("Codes that stand for no answer")
struct MissingCodeTests {
  @Test func aQuestionsOwnCodesReplaceThoseOfTheCodebook() throws {
    let codebook = Codebook(
      missing: ["", "9"], notApplicable: ["na"],
      Question(key: "a", type: .integer), Question(key: "b", type: .integer, missing: [""]),
      Question(key: "c", type: .integer, missing: ["98"], notApplicable: ["9"]))
    let table = try NormalizedTable(
      "a,b,c\n9,9,9\n98,98,98\nna,na,na\n,,\n", table: .responses(codebook),
      conditions: [.answered(["a"]), .answered(["b"]), .answered(["c"])])
    #expect(try table.rows(meeting: .answered(["a"])) == [false, true, false, false])
    #expect(try table.rows(meeting: .answered(["b"])) == [true, true, false, false])
    #expect(try table.rows(meeting: .answered(["c"])) == [false, false, false, false])
    #expect(try table.rows(meeting: .empty(column: "c", false)) == [true, false, false, false])
    #expect(table.rejections.map(\.column) == ["c"], "na is no number where it is no not-applicable code")
  }

  /// Every other column keeps its codes when one question gets missing codes of its own.
  @Test(arguments: UInt64(1)...6) func codesOfOneQuestionChangeNoOther(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let texts = ["", "1", "2", "8", "9", "NA", "x"]
    let names = ["a", "b", "c", "d"]
    var csv = "a,b,c,d,g\n"
    for _ in 0..<60 {
      csv +=
        (0..<5).map { _ in texts[Int.random(in: 0..<texts.count, using: &generator)] }.joined(separator: ",") + "\n"
    }
    let types: [AnswerType] = [.one, .integer, .many, .text]
    func read(_ change: (inout Question) -> Void) throws -> NormalizedTable {
      var questions = zip(names, types).map { name, type in
        Question(key: name, type: type, options: type == .one || type == .many ? ["1", "2"] : [])
      }
      change(&questions[Int(seed) % 4])
      let codebook = Codebook(missing: ["", "NA"], questions[0], questions[1], questions[2], questions[3])
      return try NormalizedTable(
        csv, table: .responses(codebook), conditions: names.map { .answered([$0]) }, dimensions: [.column("g")])
    }
    let before = try read { _ in }
    let after = try read { $0.missing = ["8", "9"] }
    for (place, name) in names.enumerated() where place != Int(seed) % 4 {
      #expect(after.column(name)?.codes == before.column(name)?.codes)
    }
    #expect(after.batch.members == before.batch.members)
    // As a reader of the texts would say: one row after the other.
    let changed = names[Int(seed) % 4]
    let lines = csv.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast()
    let fields = lines.map { String($0.split(separator: ",", omittingEmptySubsequences: false)[Int(seed) % 4]) }
    let isEmpty = try after.rows(meeting: .empty(column: changed, true))
    for (text, isEmpty) in zip(fields, isEmpty) where ["", "8", "9"].contains(text) { #expect(isEmpty, "\(text)") }
    #expect(after.rejections.filter { $0.column == changed }.allSatisfy { !["", "8", "9"].contains($0.value) })
  }

  // MARK: - Dimensions, strata, PSUs, weights, keys

  private static let codebook = Codebook(missing: ["", "NA", "99"], Question(key: "q", type: .text))

  @Test func membersThatAreMissingCodesAreUnknown() throws {
    let table = try NormalizedTable(
      "g,x\nnorth,\nNA,\n,\n99,\nna,\n", table: .responses(Self.codebook), dimensions: [.column("g")])
    let names = table.normalizer.members[0].names
    #expect(table.batch.members[0].map { names[Int($0)] } == ["north", "_U", "_U", "_U", "na"])
  }

  @Test func aColumnThatIsAQuestionHasItsOwnCodes() throws {
    var codebook = Self.codebook
    codebook.questions["g"] = Question(key: "g", type: .text, missing: ["", "none"])
    let table = try NormalizedTable(
      "g\nNA\nnone\n99\n", table: .responses(codebook), dimensions: [.column("g")])
    let names = table.normalizer.members[0].names
    #expect(table.batch.members[0].map { names[Int($0)] } == ["NA", "_U", "99"])
  }

  @Test(arguments: [false, true]) func rowsWithoutAPlaceInTheDesignAreRejected(isCensus: Bool) throws {
    let design = TablePlan.DesignPlan(
      strata: [.column("h")], psu: .column("c"), allowsUnknownStratum: isCensus)
    let table = try NormalizedTable(
      "h,c\n1,1\n,2\nNA,3\n1,\n99,99\n2,NA\n", table: .responses(Self.codebook), design: design)
    #expect(table.usedRows == [true, isCensus, isCensus, false, false, false])
    let rejected = table.rejections.map { "\($0.line) \($0.column) \($0.value)" }
    #expect(
      rejected
        == (isCensus
          ? ["5 c ", "6 c 99", "7 c NA"] : ["3 h ", "4 h NA", "5 c ", "6 h 99", "7 c NA"]))
    let psu = try #require(table.rejections.first { $0.line == 5 })
    #expect(psu.reason == "no PSU: give every row a PSU; a row that is its own PSU needs an id of its own")
    #expect(table.rejections.last?.reason.contains("`missing: [\"\"]` on a question c") == true)
    #expect(table.normalizer.strata.names == (isCensus ? ["1", "_U"] : ["1"]))
    #expect(table.normalizer.psus.map(\.id) == (isCensus ? ["1", "2", "3"] : ["1"]))
  }

  @Test func aStratumOfADimensionIsAsEmptyAsItsMember() throws {
    let joined = JoinedValues(register: "offices", pairs: [("A", "north"), ("B", "")])
    let table = try NormalizedTable(
      "o,g\nA,x\nB,x\nA,NA\n", table: .responses(Self.codebook),
      dimensions: [.join(key: "o", joined), .column("g")],
      design: TablePlan.DesignPlan(strata: [.dimension(0)], psu: .dimension(1)))
    #expect(table.usedRows == [true, false, false])
    #expect(table.rejections.map(\.column) == ["o", "g"])
    #expect(table.rejections[0].reason.contains("register offices has none for this row"))
  }

  @Test func aMissingCodeIsNoWeightAlsoWhereItIsANumber() throws {
    let table = try NormalizedTable(
      "w,x\n99,\n98,\n,\nNA,\n0,\nx,\n", table: .responses(Self.codebook), design: TablePlan.DesignPlan(weight: "w"))
    #expect(table.usedRows == [false, true, false, false, true, false])
    #expect(table.rejections.map(\.value) == ["99", "", "NA", "x"])
    #expect(
      table.rejections[1].reason == "no weight: write 0 for a row outside the subsample, which keeps its PSU")
    #expect(table.rejections[3].reason == "the weight must be a number from 0")
  }

  @Test func aMissingCodeNamesNoRow() throws {
    let table = try NormalizedTable(
      "id,unit\n1,a\nNA,b\n3,\n4,NA\n", table: .responses(Self.codebook, respondent: "id", unit: "unit"))
    #expect(table.usedRows == [true, false, false, false])
  }

  @Test func aMissingDateIsTheOldestAndAnotherTextIsNone() throws {
    let table = try NormalizedTable(
      "d,x\n2024-03-02T10:00+02:00,\nNA,\n,\n02/03/2024,\n2024-03-02,\n",
      table: .responses(Self.codebook, submitted: "d"))
    #expect(
      table.batch.submitted == [
        1_709_366_400_000_000, SurveyMoment.none, SurveyMoment.none, SurveyMoment.unreadable, 1_709_337_600_000_000,
      ])
    #expect(table.rejections.map(\.line) == [5])
    #expect(table.rejections[0].reason.contains("`date-format: dd/MM/yyyy` or `MM/dd/yyyy`"))
  }

  @Test func boundsCompareTheDayThatWasWritten() throws {
    let table = try NormalizedTable(
      "d\n2019-10-01T23:30-05:00\n2019-10-01\n2019-10-02T00:00+14:00\n2019-10-01T24:00\n",
      conditions: [.date(column: "d", .atMost, .day(try #require(SurveyDate("2019-10-01"))))])
    let day = try #require(SurveyDate("2019-10-01"))
    #expect(try table.rows(meeting: .date(column: "d", .atMost, .day(day))) == [true, true, false, true])
    #expect(try table.rows(meeting: .date(column: "d", .above, .day(day))) == [false, false, true, false])
  }

  // MARK: - Long tables

  @Test func rowsOfALongTableHaveTheCodesOfTheirQuestion() throws {
    let codebook = Codebook(
      missing: ["", "9"], Question(key: "a", type: .integer), Question(key: "b", type: .integer, missing: [""]))
    var table = TableDefinition.responses(codebook)
    table.layout = .long(respondent: "id", question: "q", answer: "v")
    table.respondent = "id"
    // The first answer that is one stays; a missing one says nothing.
    let csv = "id,q,v\nr1,a,9\nr1,a,5\nr1,b,9\nr1,b,5\n"
    var needs = ColumnNeeds(table: table)
    needs.add(.answered(["a", "b"]))
    var plan = TablePlan(table: table, needs: needs)
    let directory = try TemporaryDirectory()
    var pivot: LongPivot?
    _ = try RecordReader(path: directory.write(csv, to: "f.csv"), table: "responses").read(
      choose: { header in
        let kept = try plan.resolve(header)
        pivot = LongPivot(plan, fieldCount: header.names.count)
        return kept
      }, body: { pivot?.add($0) })
    var normalizer = Normalizer(plan: plan, fieldCount: 3)
    let fields = try ["id", "a", "b"].map { try #require(plan.keyFields[$0]) }
    var texts: [[String]] = []
    try #require(pivot).finish { batch in
      let coded = try normalizer.normalize(batch)
      texts += (0..<coded.rowCount).map { row in fields.map { coded.records.text(row: row, column: $0) } }
    }
    #expect(texts == [["r1", "5", "9"]])
    #expect(normalizer.rejections.map(\.value) == ["5"])
  }
}
