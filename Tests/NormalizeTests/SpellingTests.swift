import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("Numbers as a country writes them")
struct NumberFormatTests {
  private static let german = NumberFormat(decimal: .comma, thousands: .point)

  private func read(_ text: String, _ format: NumberFormat) -> Double? {
    DecimalNumber.read(Array(text.utf8).span, format)
  }

  @Test(
    "A number that the declaration allows is read",
    arguments: [
      ("1,5", NumberFormat(decimal: .comma), 1.5), ("38,5", german, 38.5), ("1.204,50", german, 1204.5),
      ("1.204", german, 1204), ("1204,5", german, 1204.5), ("-1.204.300", german, -1_204_300), (",5", german, 0.5),
      ("5,", german, 5), ("1,5e2", german, 150), ("12", german, 12), ("+1.000", german, 1000),
      ("1,204", NumberFormat(thousands: .comma), 1204), ("1,204.5", NumberFormat(thousands: .comma), 1204.5),
      ("1 204,5", NumberFormat(decimal: .comma, thousands: .space), 1204.5),
      ("1\u{A0}204", NumberFormat(thousands: .noBreakSpace), 1204),
      ("12\u{202F}204,5", NumberFormat(decimal: .comma, thousands: .narrowNoBreakSpace), 12204.5),
      ("1'204.5", NumberFormat(thousands: .apostrophe), 1204.5),
      ("1\u{2019}204.5", NumberFormat(thousands: .typographicApostrophe), 1204.5),
    ] as [(String, NumberFormat, Double)])
  func allowed(text: String, format: NumberFormat, number: Double) { #expect(read(text, format) == number) }

  @Test(
    "A number that it does not allow is none, never another one",
    arguments: [
      ("1.204", NumberFormat(decimal: .comma)), ("1.5", NumberFormat(decimal: .comma)), ("1.20", german),
      ("12.04.5", german), ("1.2045", german), (".204", german), ("1204.500", german), ("0.123", german),
      ("1.204,5,0", german), ("1.204.", german), ("1,204.500", german), ("1,5.5", german), ("", german), (",", german),
      ("1,5", .plain), ("1 204", .plain), ("1,204", .plain), ("1\u{A0}204", NumberFormat(thousands: .space)),
      ("1204 ", NumberFormat(thousands: .space)), (" 204", NumberFormat(thousands: .space)), ("1,e5", .plain),
    ] as [(String, NumberFormat)])
  func refused(text: String, format: NumberFormat) { #expect(read(text, format) == nil) }

  /// All short texts against a grammar that is written down otherwise.
  @Test(arguments: [
    NumberFormat.plain, NumberFormat(decimal: .comma), german, NumberFormat(thousands: .comma),
    NumberFormat(decimal: .comma, thousands: .space),
  ])
  func everyShortText(format: NumberFormat) throws {
    let thousands = format.thousands.map { "[\($0.rawValue)]" } ?? "(?!)"
    let decimal = "[\(format.decimal.rawValue)]"
    let form = try Regex(
      "[+-]?([0-9]+|[1-9][0-9]?[0-9]?(\(thousands)[0-9][0-9][0-9])+)?(\(decimal)[0-9]*)?([eE][+-]?[0-9]+)?")
    var generator = SeededGenerator(seed: 5)
    let alphabet = Array("0123.,-e ")
    for _ in 0..<20_000 {
      let length = Int.random(in: 1...9, using: &generator)
      let text = String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
      var expected: Double?
      if text.wholeMatch(of: form) != nil {
        var plain = text
        if let mark = format.thousands { plain = plain.replacing(mark.rawValue, with: "") }
        plain = plain.replacing(format.decimal.rawValue, with: ".")
        expected = Double(plain).flatMap { $0.isFinite ? $0 : nil }
      }
      #expect(read(text, format) == expected, "\(text)")
    }
  }

  @Test("Weights, answers and their short, long and repeated texts are read alike")
  func everywhere() throws {
    var table = TableDefinition.responses(Codebook(Question(key: "Q", type: .number)))
    table.numbers = Self.german
    let texts = ["1,5", "1.204", "1.204,50", "12,3456789", "1.000.000,25", "0,000000000001", "1,5", "7"]
    let rows = texts.map { "\"\($0)\",\"\($0)\"\n" }.joined()
    let read = try NormalizedTable(
      "w,Q\n" + rows + "1.5,1.5\n", table: table, conditions: [.number(column: "Q", .above, 0)],
      design: TablePlan.DesignPlan(weight: "w"))
    let numbers = [1.5, 1204, 1204.5, 12.345_678_9, 1_000_000.25, 0.000_000_000_001, 1.5, 7]
    #expect(Array(read.batch.weights.prefix(8)) == numbers)
    #expect(read.column("Q")?.numbers.prefix(8).elementsEqual(numbers) == true)
    #expect(read.usedRows.last == false)
    #expect(
      read.rejections.map(\.reason) == [
        "the weight must be a number from 0: with `thousands: \".\"` groups have three digits"
      ])
  }

  @Test(
    "The reason names the mark and the key that would read it",
    arguments: [
      ("1,5", NumberFormat.plain, ": it has a comma; set `decimal: \",\"` for the table"),
      (
        "1,204", .plain, ": it has a comma; set `decimal: \",\"`, or `thousands: \",\"` for the table"
      ),
      ("1.204,50", .plain, ": it has a comma; set `decimal: \",\"` and `thousands: \".\"` for the table"),
      (
        "1\u{202F}204", .plain,
        ": it has a narrow no-break space (U+202F); set `thousands: \"\\u202F\"` for the table"
      ),
      (
        "1.204", NumberFormat(decimal: .comma),
        ": it has a point; set `decimal: \".\"`, or `thousands: \".\"` for the table"
      ),
      ("1.20", german, ": with `thousands: \".\"` groups have three digits"), ("a,b", .plain, ""), ("x", .plain, ""),
      ("1;5", .plain, ""), ("1,5,5", .plain, ""), (" 5", .plain, ""),
    ] as [(String, NumberFormat, String)])
  func hints(text: String, format: NumberFormat, words: String) {
    #expect(NumberHint.words(for: text, format) == words)
  }
}

@Suite("Codes written as other texts of the same number")
struct NumericCodeTests {
  private func table(_ answers: [String], numeric: Bool, _ question: Question) throws -> NormalizedTable {
    var codebook = Codebook(missing: ["", "9"], notApplicable: ["8"], question)
    codebook.numericCodes = numeric
    let lines = answers.map { "x,\"\($0)\"\n" }.joined()
    return try NormalizedTable("P,Q\n" + lines, table: .responses(codebook), conditions: [.answered(["Q"])])
  }

  @Test("With `numeric-codes` they are that code, also those for no answer")
  func one() throws {
    let question = Question(key: "Q", type: .one, options: ["1", "2", "x"])
    let answers = ["1", "1.0", "01", "1.", "1e0", "+1", "2.00", "9.0", "8.0", "x"]
    let read = try table(answers, numeric: true, question)
    #expect(read.column("Q")?.codes == [2, 2, 2, 2, 2, 2, 3, 0, 5, 4])
    #expect(read.rejections == [])
    let strict = try table(answers + ["3.0", "1.5"], numeric: false, question)
    #expect(strict.rejections.map(\.value) == ["1.0", "01", "1.", "1e0", "+1", "2.00", "9.0", "8.0", "3.0", "1.5"])
    #expect(
      strict.rejections.first?.reason
        == "not a code of the codebook; 1.0 looks like the code 1: set `numeric-codes: true` in the codebook")
    #expect(strict.rejections.last?.reason.contains("numeric-codes") == false)
  }

  @Test("In a selection each piece is such a code")
  func many() throws {
    let read = try table(
      ["1.0|2.0", "2|01", "9.0", "1.0|3.0", "1.0|9.0"], numeric: true,
      Question(key: "Q", type: .many, options: ["1", "2"]))
    #expect(read.column("Q")?.selections == [0b11, 0b11, 0, 0, 0])
    #expect(read.rejections.map(\.value) == ["1.0|3.0", "1.0|9.0"])
  }

  @Test("A number is no answer where it is the code for none, and never read as a number unless that is declared")
  func numbers() throws {
    let question = Question(key: "Q", type: .number)
    let read = try table(["9", "9.0", "8.0", "7.0"], numeric: true, question)
    #expect(try read.rows(meeting: .answered(["Q"])) == [false, false, false, true])
    #expect(read.rejections == [])
    let strict = try table(["9", "9.0", "08", "7.0"], numeric: false, question)
    #expect(try strict.rows(meeting: .answered(["Q"])) == [false, false, false, true])
    #expect(
      strict.rejections.map(\.reason) == [
        "9.0 looks like the code 9: set `numeric-codes: true` in the codebook",
        "08 looks like the code 8: set `numeric-codes: true` in the codebook",
      ])
  }

  @Test("A question may differ from its codebook")
  func byQuestion() throws {
    var question = Question(key: "Q", type: .one, options: ["1", "01"])
    question.numericCodes = false
    let read = try table(["1", "01", "1.0"], numeric: true, question)
    #expect(read.column("Q")?.codes.prefix(2) == [2, 3])
    #expect(read.rejections.map(\.value) == ["1.0"])
  }
}

@Suite("Selections as forms write them")
struct SelectionSpellingTests {
  private static let options = ["Bus", "Train", "On foot"]

  private func selections(_ answers: [String], separator: String, trims: Bool = false) throws -> [UInt64?] {
    var table = TableDefinition.responses(
      Codebook(missing: ["", "NA"], Question(key: "Q", type: .many, options: Self.options)))
    table.multipleSeparator = separator
    table.multipleTrim = trims
    let lines = answers.map { "x,\"\($0)\"\n" }.joined()
    let read = try NormalizedTable("P,Q\n" + lines, table: table, conditions: [.answered(["Q"])])
    let refused = Set(read.rejections.map(\.line))
    return (read.column("Q")?.selections ?? []).enumerated().map { refused.contains($0 + 2) ? nil : $1 }
  }

  @Test("A separator of two characters, and a last one that says nothing")
  func separators() throws {
    let answers = ["Bus; Train", "Bus; Train; ", "Bus; Train;", "Bus;Train", "Bus", "Bus;", ";", "; ", "Bus; ; Train"]
    #expect(try selections(answers, separator: "; ") == [3, 3, 3, nil, 1, 1, nil, nil, nil])
    #expect(try selections(["Bus;Train;", "Bus;;", ";Bus", "Bus; Train"], separator: ";") == [3, nil, nil, nil])
  }

  @Test("Spaces around pieces are ignored with `multiple-trim`")
  func trims() throws {
    let answers = ["Bus, Train", " Bus ,Train ", "Bus,\tOn foot, ", "NA ", "  ", "Bus,,Train", "On  foot"]
    #expect(try selections(answers, separator: ",", trims: true) == [3, 3, 5, 0, 0, nil, nil])
    #expect(try selections(answers, separator: ",") == [nil, nil, nil, nil, nil, nil, nil])
  }

  @Test("Random answers are split as the rules say", arguments: [";", "; ", ", ", "::", " ", "ab"], [false, true])
  func random(separator: String, trims: Bool) throws {
    var generator = SeededGenerator(seed: 11)
    let pieces = Self.options + ["", " ", "NA", "Bus ", " Train", separator, ";", "x"]
    let answers = (0..<400).map { _ in
      (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined(separator: Bool.random(using: &generator) ? separator : separator + " ")
    }
    #expect(try selections(answers, separator: separator, trims: trims) == answers.map { naive($0, separator, trims) })
  }

  /// The rules, read once more: nil is unreadable, 0 is no answer.
  private func naive(_ answer: String, _ separator: String, _ trims: Bool) -> UInt64? {
    func trimmed(_ text: String) -> String {
      guard trims else { return text }
      var text = text
      while let last = text.last, last == " " || last == "\t" { text.removeLast() }
      while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
      return text
    }
    let whole = trimmed(answer)
    if whole.isEmpty || whole == "NA" { return 0 }
    var bare = separator
    while bare.last == " " { bare.removeLast() }
    var rest = whole
    if whole.hasSuffix(separator), whole != separator {
      rest.removeLast(separator.count)
    } else if !bare.isEmpty, whole.hasSuffix(bare), whole != bare {
      rest.removeLast(bare.count)
    }
    var found: UInt64 = 0
    for piece in rest.split(separator: separator, omittingEmptySubsequences: false) {
      guard let place = Self.options.firstIndex(of: trimmed(String(piece))) else { return nil }
      found |= 1 << UInt64(place)
    }
    return found
  }
}
