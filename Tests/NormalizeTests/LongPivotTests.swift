import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("Rows of a long table become records")
struct LongPivotTests {
  /// What a file of rows `id,w,q,a` gives when `one` (one code), `many` (several codes) and the weight are needed.
  private struct Pivoted {
    /// The weight and the two answers, by respondent in the order of the records.
    var records: [[String]] = []
    var places: [[String]] = []
    var rejections: [Rejection] = []
    var accounting = RowAccounting()
    var codes: [AnswerColumn.Code] = []

    init(_ files: [String], codebook: Bool = true, several: Int = 1) throws {
      var table = TableDefinition(
        name: "responses", paths: [], layout: .long(respondent: "id", question: "q", answer: "a"),
        codebook: codebook ? LongPivotTests.codebook : nil, respondent: "id")
      table.multipleSeparator = ";"
      var needs = ColumnNeeds(table: table)
      needs.add(.answered(["one", "many"]))
      var plan = TablePlan(table: table, needs: needs, design: TablePlan.DesignPlan(weight: "w"))
      let directory = try TemporaryDirectory()
      var pivot: LongPivot?
      var paths: [String] = []
      for (number, text) in files.enumerated() {
        let path = try directory.write(text, to: "f\(number).csv")
        paths.append(path)
        _ = try RecordReader(path: path, table: "responses").read(
          choose: { header in
            if pivot == nil {
              _ = try plan.resolve(header)
              pivot = LongPivot(plan, fieldCount: header.names.count)
            }
            return try plan.resolve(header)
          }, body: { pivot?.add($0) })
      }
      var normalizer = Normalizer(plan: plan, fieldCount: 5)
      let fields = try ["id", "w", "one", "many"].map { try #require(plan.keyFields[$0]) }
      func name(_ place: (file: String, line: Int)) -> String {
        "\(paths.firstIndex(of: place.file) ?? -1):\(place.line)"
      }
      try #require(pivot).finish { batch in
        let coded = try normalizer.normalize(batch)
        for row in 0..<coded.rowCount {
          records.append(fields.map { coded.records.text(row: row, column: $0) })
          places.append(fields.dropFirst().map { name(coded.records.place(row: row, column: $0)) })
          #expect(coded.records.file(row: row) == coded.records.place(row: row, column: fields[0]).file)
        }
        codes += coded.columns[0].codes
      }
      normalizer.sortRejections(files: paths)
      accounting = normalizer.accounting
      rejections = normalizer.rejections.map { rejection in
        var rejection = rejection
        rejection.file = "\(paths.firstIndex(of: rejection.file) ?? -1)"
        return rejection
      }
    }
  }

  private static let codebook = Codebook(
    missing: ["", "NA"], Question(key: "one", type: .one, options: ["x", "y"]),
    Question(key: "many", type: .many, options: ["p", "q", "r"]), Question(key: "other", type: .text))

  private static let header = "a,other,q,w,id\n"

  @Test func recordsComeInTheOrderOfFirstAppearanceAndKnowTheirLines() throws {
    let pivoted = try Pivoted([
      Self.header + "x,,one,1,r1\np,,many,2,r2\n\"q\n\",,other,1,r1\nr,,many,1,r1\n",
      Self.header + "y,,one,2,r2\nq,,many,1,r1\n",
    ])
    #expect(pivoted.records == [["r1", "1", "x", "r;q"], ["r2", "2", "y", "p"]])
    #expect(pivoted.places == [["0:2", "0:2", "0:6"], ["0:3", "1:2", "0:3"]])
    #expect(pivoted.rejections.isEmpty)
    #expect((pivoted.accounting.read, pivoted.accounting.used) == (2, 2))
  }

  @Test func missingAnswersSayNothing() throws {
    let pivoted = try Pivoted([
      Self.header + ",,one,1,r1\nNA,,many,1,r1\nx,,one,1,r1\n,,,1,r3\nq,,many,1,r1\nNA,,one,1,r1\n,,many,1,r2\n"
    ])
    #expect(pivoted.records == [["r1", "1", "x", "q"], ["r3", "1", "", ""], ["r2", "1", "", ""]])
    #expect(pivoted.rejections.isEmpty)
  }

  private func rejected(_ rows: [String], codebook: Bool = true) throws -> [String] {
    let pivoted = try Pivoted([Self.header + rows.joined(separator: "\n") + "\n"], codebook: codebook)
    #expect(pivoted.accounting.isBalanced)
    #expect(pivoted.accounting.rejected == pivoted.rejections.count { $0.scope == .row })
    return pivoted.rejections.map { "\($0.line) \($0.column) \($0.scope) \($0.reason) [\($0.value)]" }
  }

  @Test func whatIsRejectedNamesItsOwnLine() throws {
    #expect(
      try rejected(["x,,one,1,r1", "x,,one,1,r1", "p,,many,1,r1", "y,,one,1,r1"]) == [
        "3 one answer this respondent answered the question before; the first stays [x]",
        "5 one answer this respondent answered the question before; the first stays [y]",
      ])
    #expect(try rejected(["x,,one,1,", "x,,one,1,r1"]) == ["2 id row empty, but it must name the row []"])
    #expect(try rejected(["x,,one,1", "x,,one,1,r1"]) == ["2  row 4 fields, but the header has 5 []"])
    #expect(
      try rejected(["x,,oen,1,r1", ",,oen,1,r1", "x,,,1,r1", "x,,zzzzzzz,1,r1"]) == [
        "2 oen answer not a question of the codebook; did you mean \"one\"? [x]",
        "3 oen answer not a question of the codebook; did you mean \"one\"? []",
        "4  answer an answer without a question [x]", "5 zzzzzzz answer not a question of the codebook [x]",
      ])
    #expect(
      try rejected(["z,,one,1,r1", "p,,many,1,r1", "z,,many,1,r1"]).map { String($0.prefix(12)) }
        == ["2 one answer", "3 many answe"])
    #expect(
      try rejected(["x,,one,1,r1", "p,,many,2,r1", "q,,many,3,r1", "x,,one,1,r2"]) == [
        "3 w row column w differs from line 2, where it is \"1\" for this respondent; all rows of a respondent must "
          + "agree [2]"
      ])
    // The answers of a rejected respondent are not looked at.
    #expect(try rejected(["x,,one,-1,r1", "x,,one,-1,r1", "x,,oen,-1,r1"]).count == 1)
    #expect(try rejected(["x,,one,1,r1", "y,,one,2,r1", "x,,oen,1,r1"]).count == 1)
    // A column that nobody needs may differ.
    #expect(try rejected(["x,k,one,1,r1", "p,l,many,1,r1"]) == [])
  }

  @Test func withoutACodebookOtherQuestionsAreSkipped() throws {
    #expect(try rejected(["x,,one,1,r1", "x,,oen,1,r1", "x,,,1,r1", ",,many,1,r1"], codebook: false) == [])
    #expect(try rejected(["x,,one,1,r1", "x,,many,1,r1", "y,,many,1,r1"], codebook: false).count == 1)
  }

  @Test func withoutACodebookAQuestionThatNoRowNamesIsAnError() throws {
    #expect(throws: DataError.noSuchQuestion(table: "responses", name: "many", nearest: "mayn")) {
      try Pivoted([Self.header + "x,,one,1,r1\nx,,mayn,1,r1\n"], codebook: false)
    }
    #expect(try Pivoted([Self.header], codebook: false).records.isEmpty)
    #expect(try Pivoted([Self.header + "x,,one,1,r1\n"]).records.count == 1)
  }

  @Test func aContradictionBetweenFilesNamesTheOtherFile() throws {
    let pivoted = try Pivoted([Self.header + "x,,one,1,r1\nx,,one,1,r2\n", Self.header + "p,,many,2,r1\n"])
    #expect(pivoted.records.map { $0[0] } == ["r2"])
    #expect(pivoted.rejections.count == 1)
    #expect(pivoted.rejections[0].file == "1" && pivoted.rejections[0].line == 2)
    #expect(pivoted.rejections[0].reason.contains("f0.csv:2"))
  }

  @Test func aFileWithoutRowsHasNoRecord() throws {
    let pivoted = try Pivoted([Self.header])
    #expect(pivoted.records.isEmpty && pivoted.accounting.read == 0)
    #expect(try Pivoted([Self.header + "x,,one\n"]).accounting.rejected == 1)
  }

  /// Many respondents, so that there are several batches, in any order and in one file or three: as dictionaries say.
  @Test(arguments: [(3, UInt64(1)), (200, 2), (45_000, 3)]) func anyOrder(respondents: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var rows: [(id: Int, question: String, answer: String)] = []
    for id in 0..<respondents {
      rows.append((id, "other", "z"))
      if Bool.random(using: &generator) { rows.append((id, "one", ["x", "y"].randomElement(using: &generator) ?? "")) }
      for option in ["p", "q", "r"] where Bool.random(using: &generator) { rows.append((id, "many", option)) }
    }
    rows.shuffle(using: &generator)
    var order: [Int] = []
    var seen: Set<Int> = []
    var one: [Int: String] = [:]
    var many: [Int: [String]] = [:]
    for row in rows {
      if seen.insert(row.id).inserted { order.append(row.id) }
      if row.question == "one" { one[row.id] = row.answer }
      if row.question == "many" { many[row.id, default: []].append(row.answer) }
    }
    let expected = order.map { ["\($0)", "\($0 % 7)", one[$0] ?? "", many[$0]?.joined(separator: ";") ?? ""] }
    let lines = rows.map { "\($0.answer),,\($0.question),\($0.id % 7),\($0.id)\n" }
    let cuts = [0, lines.count / 5, lines.count / 2, lines.count]
    let parts = zip(cuts, cuts.dropFirst()).map { Self.header + lines[$0..<$1].joined() }
    for files in [[Self.header + lines.joined()], parts] {
      let pivoted = try Pivoted(files)
      #expect(pivoted.records == expected)
      #expect(pivoted.rejections.isEmpty)
      #expect(pivoted.codes.map { $0 == 0 } == order.map { one[$0] == nil })
      #expect((pivoted.accounting.read, pivoted.accounting.used) == (respondents, respondents))
    }
  }
}
