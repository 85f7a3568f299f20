import SurveyModel
import Testing

@testable import Normalize

@Suite("Answers become codes")
struct AnswerCodeTests {
  private let choice = Question(key: "Q", type: .one, options: ["a", "b", "c"])
  private let selection = Question(key: "Q", type: .many, options: ["a", "b", "c"])

  @Test("Missing is 0, options count from 2, not-applicable codes follow, then what is unreadable")
  func one() throws {
    let codebook = Codebook(missing: ["", "NA"], notApplicable: ["na", "c"], choice)
    let answers = ["", "NA", "a", "b", "c", "na", "d", "A", "a "]
    let table = try table(answers, codebook, .answered(["Q"]))
    #expect(table.column("Q")?.codes == [0, 0, 2, 3, 4, 5, 6, 6, 6])
    #expect(table.rejections.map(\.line) == [8, 9, 10])
    #expect(try table.rows(meeting: .answered(["Q"])) == [false, false, true, true, false, false, false, false, false])
    #expect(
      try table.truths(of: .empty(column: "Q", true)) == [true, true, false, false, false, false, nil, nil, nil])
    #expect(table.accounting.used == 9 && table.accounting.rejected == 0)
  }

  @Test("An answer that is listed as missing is missing, even if it is an option too")
  func missingWins() throws {
    let codebook = Codebook(missing: ["b"], notApplicable: ["b", "c"], choice)
    let table = try table(["a", "b", "c", ""], codebook, .oneOf(column: "Q", codes: ["b"]))
    #expect(table.column("Q")?.codes == [2, 0, 4, 0])
    #expect(try table.rows(meeting: .oneOf(column: "Q", codes: ["b"])) == [false, false, false, false])
    #expect(table.rejections == [])
  }

  @Test("A text is coded where a condition names it, and valid in any case")
  func text() throws {
    let codebook = Codebook(missing: ["", "NA"], notApplicable: ["na"], Question(key: "Q", type: .text))
    let condition = Condition.any([
      .oneOf(column: "Q", codes: ["x", "y"]), .oneOf(column: "Q", codes: ["y", "z", "NA"]),
    ])
    let table = try table(["", "x", "y", "z", "other", "na", "NA", "X"], codebook, condition)
    #expect(table.column("Q")?.codes.map { min($0, 2) } == [0, 2, 2, 2, 1, 2, 0, 1])
    #expect(try table.rows(meeting: condition) == [false, true, true, true, false, false, false, false])
    #expect(try table.rows(meeting: .answered(["Q"])) == [false, true, true, true, true, false, false, true])
    #expect(table.rejections == [])
  }

  @Test("A column without a codebook is text, and only the empty field is missing")
  func withoutCodebook() throws {
    let table = try table(["", "NA", "x", " "], nil, .oneOf(column: "Q", codes: ["x"]))
    #expect(table.column("Q")?.codes == [0, 1, 2, 1])
    #expect(try table.rows(meeting: .oneOf(column: "Q", codes: ["x"])) == [false, false, true, false])
  }

  @Test("A selection has a bit for each option, whatever the order and however often")
  func selections() throws {
    let codebook = Codebook(notApplicable: ["na"], selection)
    let answers = ["", "a", "b", "c", "a|c", "c|a", "a|b|c", "b|b"]
    let table = try table(answers, codebook, .answered(["Q"]))
    #expect(table.column("Q")?.selections == [0, 0b1, 0b10, 0b100, 0b101, 0b101, 0b111, 0b10])
    #expect(try table.rows(meeting: .answered(["Q"])) == answers.map { !$0.isEmpty })
    #expect(try table.rows(meeting: .oneOf(column: "Q", codes: ["a", "b"])) == answers.map { $0.contains(/[ab]/) })
    #expect(
      try table.rows(meeting: .includesAll(column: "Q", codes: ["a", "c"]))
        == answers.map { $0.contains("a") && $0.contains("c") })
    #expect(table.rejections == [])
  }

  @Test("A selection is not applicable only where nothing else is chosen beside it")
  func notApplicableSelections() throws {
    let codebook = Codebook(missing: ["", "NA"], notApplicable: ["na", "c"], selection)
    let table = try table(["na", "na|a", "a|na", "c", "c|na", "c|b", "NA", "a"], codebook, .answered(["Q"]))
    #expect(try table.rows(meeting: .answered(["Q"])) == [false, true, true, false, false, true, false, true])
    #expect(
      try table.rows(meeting: .empty(column: "Q", true)) == [false, false, false, false, false, false, true, false])
    #expect(
      try table.rows(meeting: .oneOf(column: "Q", codes: ["na"])) == [
        true, true, true, false, true, false, false, false,
      ])
    #expect(table.rejections == [])
  }

  @Test(
    "One unknown piece makes the whole selection unusable",
    arguments: [
      "x", "a|x", "x|a", "a|b|x|c", "a||b", "|", "a||", "|a", "a |b", "a,b", "a|NA", "A|b",
    ])
  func unknownPieces(answer: String) throws {
    let table = try table([answer, "a|b"], Codebook(missing: ["", "NA"], selection), .answered(["Q"]))
    #expect(table.column("Q")?.selections == [0, 0b11])
    #expect(table.column("Q")?.codes.first == table.unreadableCode)
    #expect(try table.truths(of: .answered(["Q"])) == [nil, true])
    #expect(table.rejections.map(\.value) == [answer])
    #expect(table.accounting.used == 2)
  }

  @Test("The separator between chosen codes is the table's")
  func separator() throws {
    var definition = TableDefinition.responses(Codebook(selection))
    definition.multipleSeparator = ";"
    let table = try NormalizedTable("Q\na;b\na|b\n", table: definition, conditions: [.answered(["Q"])])
    #expect(table.column("Q")?.selections == [0b11, 0])
    #expect(table.rejections.map(\.value) == ["a|b"])
  }

  @Test("Sixty-four options have a bit each")
  func manyOptions() throws {
    let options = (1...64).map { "o\($0)" }
    let question = Question(key: "Q", type: .many, options: options)
    let table = try table(options + [options.joined(separator: "|")], Codebook(question), .answered(["Q"]))
    #expect(table.column("Q")?.selections == (0..<64).map { 1 << UInt64($0) } + [.max])
    for (index, option) in options.enumerated() {
      let expected = (0...64).map { $0 == index || $0 == 64 }
      #expect(try table.rows(meeting: .includesAll(column: "Q", codes: [option])) == expected)
    }
  }

  @Test("A code beyond the sixty-fourth is never among the chosen; the engine refuses such a question beforehand")
  func tooManyOptions() throws {
    let options = (1...66).map { "o\($0)" }
    let question = Question(key: "Q", type: .many, options: options)
    let table = try table(["o1", "o66", "o1|o66"], Codebook(question), .answered(["Q"]))
    #expect(try table.rows(meeting: .includesAll(column: "Q", codes: ["o66"])) == [false, false, false])
    #expect(try table.rows(meeting: .includesAll(column: "Q", codes: ["o1", "o66"])) == [false, false, false])
  }

  private func table(_ answers: [String], _ codebook: Codebook?, _ condition: Condition) throws -> NormalizedTable {
    // A second column, so that an empty answer is no blank line.
    let lines = answers.map { "\"\($0)\",x" }
    return try NormalizedTable(
      (["Q,P"] + lines).joined(separator: "\n") + "\n", table: .responses(codebook), conditions: [condition])
  }
}

@Suite("Numbers and dates in answers")
struct ReadingTests {
  @Test(
    "A decimal number is read",
    arguments: [
      ("0", 0), ("5", 5), ("-5", -5), ("+5", 5), ("5.25", 5.25), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-2", 0.01),
      ("007", 7), ("-0", 0), ("9007199254740993", 9_007_199_254_740_992), ("1e-400", 0), ("0.1", 0.1),
    ] as [(String, Double)])
  func numbers(text: String, number: Double) throws {
    let table = try table(text, .number)
    #expect(table.column("Q")?.numbers == [number])
    #expect(table.column("Q")?.codes == [AnswerColumn.otherCode])
    #expect(table.rejections == [])
    #expect(try table.rows(meeting: .number(column: "Q", .atLeast, number)) == [true])
    #expect(try table.rows(meeting: .number(column: "Q", .above, number)) == [false])
  }

  @Test(
    "What is no finite decimal number is rejected",
    arguments: [
      "five", "1,5", "1 000", "0x10", "nan", "NaN", "inf", "-Infinity", "1e400", "-1e400", "1e", "e1", "-", "+", ".",
      "--5", "5-", "1.2.3", "٣", "５", "½", "1_000", "1%", "5\n",
    ])
  func noNumbers(text: String) throws {
    let table = try table(text, .number)
    #expect(table.column("Q")?.codes.first == table.unreadableCode)
    #expect(table.rejections.map(\.value) == [text])
    #expect(table.rejections.first?.reason.hasPrefix("not a number") ?? false)
    for comparison in [Comparison.atLeast, .atMost, .above, .below, .equal] {
      #expect(try table.rows(meeting: .number(column: "Q", comparison, 0)) == [false])
    }
    #expect(try table.rows(meeting: .answered(["Q"])) == [false])
  }

  @Test("A whole number has no fraction")
  func integers() throws {
    #expect(try table("5", .integer).column("Q")?.numbers == [5])
    #expect(try table("-5.0", .integer).column("Q")?.numbers == [-5])
    let table = try table("5.5", .integer)
    #expect(table.column("Q")?.codes.first == table.unreadableCode)
    #expect(table.rejections.map(\.reason) == ["not a whole number"])
  }

  @Test("A date is read", arguments: ["2019-10-01", "2020-02-29", "1969-12-31", "0001-01-01"])
  func dates(text: String) throws {
    let day = try #require(SurveyDate(text))
    let table = try table(text, .date)
    #expect(table.column("Q")?.days == [day.daysSinceEpoch])
    #expect(table.rejections == [])
    #expect(try table.rows(meeting: .date(column: "Q", .atMost, .day(day))) == [true])
    #expect(try table.rows(meeting: .date(column: "Q", .below, .day(day))) == [false])
    #expect(try table.rows(meeting: .date(column: "Q", .below, .day(day.adding(days: 1)))) == [true])
  }

  @Test(
    "What is no date is rejected",
    arguments: [
      "2019-02-29", "2019-13-01", "2019-00-01", "1.10.2019", "2019-10-1", "2019-10-01T24:30", "20191001", "never", "0",
    ])
  func noDates(text: String) throws {
    let table = try table(text, .date)
    #expect(table.column("Q")?.codes.first == table.unreadableCode)
    let reason = try #require(table.rejections.first).reason
    #expect(table.rejections.count == 1 && reason.hasPrefix("not a date written as yyyy-mm-dd; `date-format"))
    #expect(try table.rows(meeting: .date(column: "Q", .below, .day(SurveyDate(daysSinceEpoch: 100_000)))) == [false])
  }

  @Test(
    "A missing or not-applicable answer is no wrong number and no wrong date", arguments: [AnswerType.number, .date])
  func noAnswer(type: AnswerType) throws {
    for text in ["", "NA", "na"] { #expect(try table(text, type).rejections == []) }
  }

  @Test("A number that is not applicable meets no bound")
  func notApplicableNumber() throws {
    for comparison in [Comparison.atLeast, .atMost, .above, .below, .equal] {
      #expect(try table("na", .number).rows(meeting: .number(column: "Q", comparison, 0)) == [false])
    }
  }

  @Test("A date that is not applicable meets no bound")
  func notApplicableDate() throws {
    for comparison in [Comparison.atLeast, .atMost, .above, .below, .equal] {
      for day in [-100, 0, 100] as [Int32] {
        let condition = Condition.date(column: "Q", comparison, .day(SurveyDate(daysSinceEpoch: day)))
        #expect(try table("na", .date).rows(meeting: condition) == [false])
      }
    }
  }

  @Test("A column without a codebook is read as the conditions ask")
  func withoutCodebook() throws {
    let table = try NormalizedTable(
      "n,d,t\n5,2019-10-01,x\nx,y,z\n", table: .responses(),
      conditions: [
        .number(column: "n", .above, 4), .date(column: "d", .below, .day(SurveyDate(daysSinceEpoch: 100_000))),
        .empty(column: "t", true),
      ])
    #expect(try table.rows(meeting: .number(column: "n", .above, 4)) == [true, false])
    #expect(table.rejections.map(\.column) == ["n", "d"])
    #expect(table.rejections.map(\.line) == [3, 3])
  }

  private func table(_ answer: String, _ type: AnswerType) throws -> NormalizedTable {
    let codebook = Codebook(missing: ["", "NA"], notApplicable: ["na"], Question(key: "Q", type: type))
    return try NormalizedTable("Q,P\n\"\(answer)\",x\n", table: .responses(codebook), conditions: [.answered(["Q"])])
  }
}

@Suite("A rejected answer tells why in words")
struct RejectionReasonTests {
  @Test(
    "Spaces and letter case are made visible, and the nearest code is named",
    arguments: [
      ("full ", "not a code of the codebook: it has a trailing space; the code is \"full\""),
      (" full", "not a code of the codebook: it has a leading space; the code is \"full\""),
      (" full\t", "not a code of the codebook: it has a leading space and a trailing tab; the code is \"full\""),
      ("\u{A0}full", "not a code of the codebook: it has a leading no-break space (U+00A0); the code is \"full\""),
      ("Full", "not a code of the codebook; the code is \"full\", which differs in letter case"),
      (
        " FULL",
        "not a code of the codebook: it has a leading space; the code is \"full\", which differs in letter case"
      ),
      ("fulll", "not a code of the codebook; the nearest code is \"full\""),
      ("partail ", "not a code of the codebook: it has a trailing space; the nearest code is \"partial\""),
      ("false.nat", "not a code of the codebook; the nearest code is \"false.na\""),
      ("something", "not a code of the codebook"), ("  ", "not a code of the codebook: only spaces"),
    ])
  func one(answer: String, reason: String) throws {
    try check(.one, answer, reason)
  }

  @Test(
    "In a selection the piece that is wrong is named",
    arguments: [
      ("full|partail", "\"partail\" is not a code of the codebook; the nearest code is \"partial\""),
      (
        "full| partial",
        "\" partial\" is not a code of the codebook: it has a leading space; the code is \"partial\": set "
          + "`multiple-trim: true` or `multiple-separator: \"| \"` for the table"
      ),
      (
        "full |none",
        "\"full \" is not a code of the codebook: it has a trailing space; the code is \"full\": set "
          + "`multiple-trim: true` for the table"
      ),
      (
        "full|\u{A0}none",
        "\"\u{A0}none\" is not a code of the codebook: it has a leading no-break space (U+00A0); the code is \"none\""
      ),
      ("full, none", "not a code of the codebook; set `multiple-separator: \", \"` for the table"),
      ("full;none;", "not a code of the codebook; set `multiple-separator: \";\"` for the table"),
      ("None|full", "\"None\" is not a code of the codebook; the code is \"none\", which differs in letter case"),
      ("full||none", "\"\" is not a code of the codebook"), ("zzzzzz", "not a code of the codebook"),
    ])
  func many(answer: String, reason: String) throws {
    try check(.many, answer, reason)
  }

  @Test("Numbers and dates tell of spaces too")
  func numbersAndDates() throws {
    try check(.number, " 5", "not a number: it has a leading space")
    try check(.integer, "5 ", "not a number: it has a trailing space")
    try check(.integer, "five", "not a number")
    try check(.date, "2019-10-01 ", "not a date written as yyyy-mm-dd: it has a trailing space")
    try check(.date, " ", "not a date written as yyyy-mm-dd: only spaces")
  }

  private func check(_ type: AnswerType, _ answer: String, _ reason: String) throws {
    let options = type == .one || type == .many ? ["full", "partial", "none"] : []
    let codebook = Codebook(notApplicable: ["false.na"], Question(key: "Q", type: type, options: options))
    let table = try NormalizedTable(
      "P,Q\nx,\nx,\"\(answer)\"\n", table: .responses(codebook), conditions: [.answered(["Q"])])
    #expect(
      table.rejections == [
        Rejection(file: table.path, line: 3, column: "Q", scope: .answer, reason: reason, value: answer)
      ])
  }
}
