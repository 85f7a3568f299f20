import OrderedCollections
import SurveyModel
import Testing

@testable import Normalize

@Suite("Routed out, or merely left blank")
struct RoutingTests {
  /// G decides whether Q is put, Q whether R is.
  private let codebook = Codebook(
    missing: ["", "NA"], notApplicable: ["na"], Question(key: "G", type: .one, options: ["yes", "no"]),
    Question(key: "Q", type: .one, options: ["yes", "no"], askedIf: .oneOf(column: "G", codes: ["yes"])),
    Question(key: "R", type: .text, askedIf: .oneOf(column: "Q", codes: ["yes"])))

  @Test(
    "A question is routed out where it is blank, its asked-if is false and its gates are settled",
    arguments: [
      // G, Q, R, Q is routed out, R is routed out
      ("no", "", "", true, true),
      ("yes", "", "", false, false),  // Q was put and left blank: nobody knows about R
      ("yes", "no", "", false, true),
      ("yes", "yes", "", false, false),
      ("", "", "", false, false),  // an unanswered gate
      ("NA", "", "", false, false),
      ("maybe", "", "", false, false),  // an unreadable gate settles nothing
      ("na", "", "", true, true),  // not applicable is an answer to the gate
      ("yes", "na", "", false, true),
      ("no", "yes", "", false, false),  // answered though not put: used as given
      ("no", "no", "", false, true),
      ("no", "na", "", false, true),
      ("no", "wrong", "", false, false),  // something stands there: it is not known to be blank
      ("", "no", "", false, true),
      ("no", "", "text", true, false),
      ("yes", "no", "text", false, false),
      ("yes", "no", "na", false, false),
      ("no", "NA", "NA", true, true),
    ])
  func chain(gate: String, question: String, last: String, isQuestionOut: Bool, isLastOut: Bool) throws {
    let table = try NormalizedTable(
      "G,Q,R\n\(gate),\(question),\(last)\n", table: .responses(codebook),
      conditions: [.routedOut("R"), .routedOut("Q")])
    #expect(try table.rows(meeting: .routedOut("Q")) == [isQuestionOut])
    #expect(try table.rows(meeting: .routedOut("R")) == [isLastOut])
  }

  /// 2^40 ways lead from the last question to the first.
  @Test(
    "Many ways to a question cost no more than the questions on them", .limit(minutes: 1),
    arguments: [true, false])
  func manyWays(namesRouting: Bool) throws {
    let keys = (0..<42).map { "Q\($0)" }
    var questions = keys.prefix(2).map { Question(key: $0, type: .one, options: ["yes", "no"]) }
    for place in 2..<keys.count {
      let gates: [Condition] = [place - 1, place - 2].map {
        namesRouting && $0 > 1 ? .not(.routedOut(keys[$0])) : .oneOf(column: keys[$0], codes: ["yes"])
      }
      questions.append(Question(key: keys[place], type: .one, options: ["yes", "no"], askedIf: .any(gates)))
    }
    let codebook = Codebook(
      missing: [""], questions: OrderedDictionary(uniqueKeysWithValues: questions.map { ($0.key, $0) }))
    let last = Condition.routedOut(keys[41])
    for (first, isOut) in [("no", true), ("yes", false), ("", false)] {
      let row = [first, first] + Array(repeating: "", count: 40)
      let table = try NormalizedTable(
        "\(keys.joined(separator: ","))\n\(row.joined(separator: ","))\n", table: .responses(codebook),
        conditions: [last])
      #expect(try table.rows(meeting: last) == [isOut], "\(first)")
    }
  }

  @Test(
    "Every gate must be settled, each by an answer or by being routed out itself",
    arguments: [
      ("no", "no", true), ("no", "", false), ("", "no", false), ("", "", false), ("yes", "no", false),
      ("no", "na", true),
      ("yes", "", false),
    ])
  func twoGates(one: String, other: String, isOut: Bool) throws {
    let codebook = Codebook(
      notApplicable: ["na"], Question(key: "A", type: .one, options: ["yes", "no"]),
      Question(key: "B", type: .one, options: ["yes", "no"]),
      Question(
        key: "Q", type: .text,
        askedIf: .any([.oneOf(column: "A", codes: ["yes"]), .oneOf(column: "B", codes: ["yes"])])))
    let table = try NormalizedTable(
      "A,B,Q\n\(one),\(other),\n", table: .responses(codebook), conditions: [.routedOut("Q")])
    #expect(try table.rows(meeting: .routedOut("Q")) == [isOut])
  }

  @Test("A question that is put to everybody is never routed out")
  func everybody() throws {
    let table = try NormalizedTable("G,Q,R\nno,,\n,,\n", table: .responses(codebook), conditions: [.routedOut("G")])
    #expect(try table.rows(meeting: .routedOut("G")) == [false, false])
  }

  @Test("Skipped means no, written out: answered or routed out")
  func skippedMeansNo() throws {
    let condition = Condition.any([.answered(["Q"]), .routedOut("Q")])
    let table = try NormalizedTable(
      "G,Q,R\nyes,no,\nno,,\nyes,,\n,,\n", table: .responses(codebook), conditions: [condition])
    #expect(try table.rows(meeting: condition) == [true, true, false, false])
  }

  @Test(
    "A response is complete where every mandatory question that was put is answered or not applicable",
    arguments: [
      // A, M (if A is yes), N (always)
      ("yes", "x", "1", true), ("yes", "", "1", false), ("yes", "na", "1", true), ("no", "", "1", true),
      ("", "", "1", true), ("no", "", "", false), ("no", "", "na", true), ("no", "", "one", false),
      ("no", "x", "1", true),
      ("yes", "NA", "1", false),
    ])
  func complete(gate: String, asked: String, always: String, isComplete: Bool) throws {
    let codebook = Codebook(
      missing: ["", "NA"], notApplicable: ["na"], Question(key: "A", type: .one, options: ["yes", "no"]),
      Question(key: "M", type: .text, askedIf: .oneOf(column: "A", codes: ["yes"]), isMandatory: true),
      Question(key: "N", type: .integer, isMandatory: true), Question(key: "O", type: .text))
    let table = try NormalizedTable(
      "A,M,N,O\n\(gate),\(asked),\(always),\n", table: .responses(codebook), conditions: [.complete])
    #expect(try table.rows(meeting: .complete) == [isComplete])
  }

  @Test("Where nothing is mandatory every response is complete")
  func nothingMandatory() throws {
    for definition in [TableDefinition.responses(codebook), .responses()] {
      let table = try NormalizedTable("G,Q,R\n,,\n", table: definition, conditions: [.complete])
      #expect(try table.rows(meeting: .complete) == [true])
    }
  }
}
