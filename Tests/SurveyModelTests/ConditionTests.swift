import SurveyModel
import Testing

@Suite("What a condition tells about itself")
struct ConditionTests {
  private let related = RelatedCondition(
    table: "records", here: "party", there: "iso3", condition: .oneOf(column: "schema", codes: ["authority"]))

  @Test("It names the columns of its own table, and of another table only the key that leads there")
  func columns() {
    let condition = Condition.all([
      .oneOf(column: "Q1", codes: ["a"]), .not(.includesAll(column: "Q2", codes: ["b"])),
      .any([.answered(["Q3", "Q4"]), .routedOut("Q5")]), .number(column: "Q6", .above, 1),
      .date(column: "Q7", .below, .referenceDate), .empty(column: "Q8", true), .related(related), .complete,
    ])
    #expect(condition.columns == ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "party"])
    #expect(condition.relatedConditions == [related])
  }

  @Test("The default denominator asks for each question once, in the order in which they are named")
  func namedQuestions() {
    let condition = Condition.any([
      .oneOf(column: "Q9", codes: ["a"]), .not(.answered(["Q2", "Q9"])), .all([.number(column: "Q1", .below, 3)]),
      .date(column: "D", .atMost, .periodTo), .includesAll(column: "M", codes: ["x"]), .routedOut("Q2"),
      .empty(column: "E", false), .related(related), .complete,
    ])
    #expect(condition.namedQuestions == ["Q9", "Q2", "Q1", "D", "M"])
  }

  @Test("Each comparison holds below, at and above its bound as its word says")
  func comparisons() {
    func truths(_ comparison: Comparison) -> [Bool] { [4, 5, 6].map { comparison.holds($0, 5) } }
    #expect(truths(.atLeast) == [false, true, true])
    #expect(truths(.atMost) == [true, true, false])
    #expect(truths(.above) == [false, false, true])
    #expect(truths(.below) == [true, false, false])
  }

  @Test("What is no number meets no comparison", arguments: [Comparison.atLeast, .atMost, .above, .below, .equal])
  func notANumber(comparison: Comparison) {
    #expect(!comparison.holds(Double.nan, 5))
  }

  @Test("The words for days stand for those of the cycle, or for none")
  func days() throws {
    let day = try #require(SurveyDate("2019-10-01"))
    var cycle = SurveyCycle(name: "a", title: "a", cycle: "a", tables: [:], indicators: [])
    #expect([DateReference.referenceDate, .periodFrom, .periodTo].map { cycle.day($0) } == [nil, nil, nil])
    #expect(cycle.day(.day(day)) == day)
    cycle.referenceDate = day
    cycle.periodFrom = day.adding(days: -2)
    cycle.periodTo = day.adding(days: -1)
    #expect(cycle.day(.referenceDate)?.description == "2019-10-01")
    #expect(cycle.day(.periodFrom)?.description == "2019-09-29")
    #expect(cycle.day(.periodTo)?.description == "2019-09-30")
  }
}
