import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("Which rows count")
struct RowTests {
  @Test("A weight is a number from 0", arguments: ["0", "0.0", "1", "2.5", "1e-3", "+3", "-0"])
  func weights(text: String) throws {
    let table = try weighted(text)
    #expect(table.usedRows == [true, true])
    #expect(table.batch.weights == [Double(text), 1])
    #expect(table.accounting.used == 2 && table.accounting.rejected == 0)
  }

  @Test(
    "A row with an unusable weight is rejected",
    arguments: [
      " ", "-1", "-0.001", "NaN", "nan", "inf", "Infinity", "-inf", "1e999", "one", " 1", "1 ", "1,,5", "0x1p3",
      "1;",
    ])
  func wrongWeights(text: String) throws {
    let table = try weighted(text)
    #expect(table.usedRows == [false, true])
    #expect(
      table.rejections == [
        Rejection(
          file: table.path, line: 2, column: "w", scope: .row, reason: "the weight must be a number from 0", value: text
        )
      ])
    #expect(table.accounting.used == 1 && table.accounting.rejected == 1)
  }

  @Test("Without a weight column every row weighs 1")
  func noWeights() throws {
    let table = try NormalizedTable("w\n7\n8\n", design: TablePlan.DesignPlan())
    #expect(table.batch.weights == [1, 1])
  }

  @Test("Of rows with one key the first stays")
  func duplicates() throws {
    let table = try NormalizedTable(
      "id,Q\nr1,a\nr2,b\nr1,c\nR1,d\nr1 ,e\nr1,a\n", table: .responses(respondent: "id"))
    #expect(table.usedRows == [true, true, false, true, true, false])
    let reason = "a row with this key came before; the first stays"
    #expect(
      table.rejections
        == [4, 7].map {
          Rejection(file: table.path, line: $0, column: "id", scope: .row, reason: reason, value: "r1")
        })
  }

  @Test("A row that was rejected for another reason keeps no later one out")
  func rejectedFirst() throws {
    let table = try NormalizedTable(
      "id,w\nr1,-1\nr1,1\nr1,2\n", table: .responses(respondent: "id"), design: TablePlan.DesignPlan(weight: "w"))
    #expect(table.usedRows == [false, true, false])
  }

  @Test("A key is found again in a later batch of the file")
  func duplicatesFarApart() throws {
    let filler = (0..<30_000).map { "k\($0)," }.joined(separator: "\n")
    let table = try NormalizedTable("id,Q\n\(filler)\nk0,x\nk29999,x\nnew,x\n", table: .responses(respondent: "id"))
    #expect(table.batches.count > 1)
    #expect(table.accounting.used == 30_001 && table.accounting.rejected == 2)
    #expect(table.rejections.map(\.value) == ["k0", "k29999"])
    #expect(table.rejections.map(\.line) == [30_002, 30_003])
  }

  @Test("A declared respondent or unit must not be empty")
  func emptyKeys() throws {
    let table = try NormalizedTable(
      "id,unit\nr1,AUT\n,AUT\nr3,\n,\n\" \",\" \"\n", table: .responses(respondent: "id", unit: "unit"))
    #expect(table.usedRows == [true, false, false, false, true])
    #expect(table.rejections.map(\.column) == ["id", "unit", "id"])
    #expect(Set(table.rejections.map(\.reason)) == ["empty, but it must name the row"])
    #expect(table.rejections.allSatisfy { $0.scope == .row && $0.value == "" })
  }

  @Test("Rows of one unit have one unit key, of two units two")
  func units() throws {
    let table = try NormalizedTable("unit\nAUT\nBRA\nAUT\naut\n", table: .responses(unit: "unit"))
    let units = table.batch.units
    #expect(units[0] == units[2])
    #expect(Set(units).count == 3)
  }

  @Test("A unit that a joined register does not know is rejected with the nearest that it knows")
  func unknownUnits() throws {
    let joined = JoinedValues(register: "parties", pairs: [("AUT", "WEOG"), ("BRA", "GRULAC"), ("XXX", "")])
    let table = try NormalizedTable(
      "unit,Q\nAUT,1\nAUS,2\nQQQ,3\nXXX,4\nBRA,5\n", table: .responses(unit: "unit"),
      dimensions: [.join(key: "unit", joined)])
    #expect(table.usedRows == [true, false, false, true, true])
    #expect(
      table.rejections == [
        Rejection(
          file: table.path, line: 3, column: "unit", scope: .row,
          reason: "unknown in register parties; did you mean \"AUT\"?", value: "AUS"),
        Rejection(
          file: table.path, line: 4, column: "unit", scope: .row, reason: "unknown in register parties", value: "QQQ"),
      ])
    let members = table.batch.members[0]
    let names = [0, 3, 4].map { table.normalizer.members[0].names[Int(members[$0])] }
    #expect(names == ["WEOG", "_U", "GRULAC"])
  }

  @Test("A row whose key to a register is empty is in the member of the unknown")
  func emptyJoinKey() throws {
    let joined = JoinedValues(register: "parties", pairs: [("AUT", "WEOG")])
    let table = try NormalizedTable(
      "unit,Q\n,1\nAUT,2\n", table: .responses(), dimensions: [.join(key: "unit", joined)])
    #expect(table.usedRows == [true, true])
    #expect(table.batch.members[0].map { table.normalizer.members[0].names[Int($0)] } == ["_U", "WEOG"])
  }

  @Test("A unit outside the population is left out and not rejected; one that no register knows is rejected")
  func population() throws {
    let population = PopulationRegister(
      register: "parties", units: [("AUT", "W", true), ("BRA", "G", true), ("NOP", "W", false)])
    let table = try NormalizedTable(
      "unit,Q\nAUT,1\nNOP,2\nBRX,3\nBRA,4\nNOP,5\n", table: .responses(unit: "unit"),
      design: TablePlan.DesignPlan(population: population))
    #expect(table.usedRows == [true, false, false, true, false])
    #expect(table.accounting.outsidePopulation == 2)
    #expect(table.accounting.rejected == 1)
    #expect(table.rejections.map(\.reason) == ["unknown in register parties; did you mean \"BRA\"?"])
    #expect(population.sizes == ["W": 1, "G": 1])
    #expect(population.strataByUnit == ["AUT": "W", "BRA": "G"])
  }

  @Test("Misshapen records are rejected rows among the others")
  func misshapen() throws {
    let table = try NormalizedTable(
      "id,Q\nr1,x\nr2\nr1,a\nr3,a,b\nr4,y\n", table: .responses(respondent: "id"))
    #expect(
      table.rejections.filter { $0.column.isEmpty } == [
        Rejection(
          file: table.path, line: 3, column: "", scope: .row, reason: "1 fields, but the header has 2", value: ""),
        Rejection(
          file: table.path, line: 5, column: "", scope: .row,
          reason: "3 fields, but the header has 2: if every row ends with a delimiter, end the header with one, too",
          value: ""),
      ])
    #expect(table.accounting.read == 5 && table.accounting.used == 2 && table.accounting.rejected == 3)
  }

  @Test("Whatever is rejected is listed in the order of the file")
  func order() throws {
    let codebook = Codebook(Question(key: "Q", type: .one, options: ["a"]))
    let table = try NormalizedTable(
      "id,Q\nr1,x\nr2\nr1,a\nr3,a,b\nr4,y\n,a\n", table: .responses(codebook, respondent: "id"),
      conditions: [.answered(["Q"])])
    #expect(table.rejections.map(\.line) == [2, 3, 4, 5, 6, 7])
    #expect(table.rejections.map(\.scope) == [.answer, .row, .row, .row, .answer, .row])
  }

  @Test("Of one batch, answers and rows that are rejected are listed in the order of the file")
  func orderOfWellShaped() throws {
    let codebook = Codebook(
      Question(key: "Q", type: .one, options: ["a"]), Question(key: "R", type: .one, options: ["a"]))
    let table = try NormalizedTable(
      "id,R,Q\nr1,x,x\nr1,a,a\nr4,a,y\n,a,a\nr5,y,a\n", table: .responses(codebook, respondent: "id"),
      conditions: [.answered(["Q", "R"])])
    #expect(table.rejections.map(\.line) == [2, 2, 3, 4, 5, 6])
    #expect(table.rejections.map(\.column) == ["Q", "R", "id", "Q", "id", "R"])
  }

  @Test("Answers of a row that does not count are not judged")
  func answersOfRejectedRows() throws {
    let codebook = Codebook(Question(key: "Q", type: .one, options: ["a"]))
    let table = try NormalizedTable(
      "id,Q\n,wrong\nr1,a\n", table: .responses(codebook, respondent: "id"), conditions: [.answered(["Q"])])
    #expect(table.rejections.map(\.scope) == [.row])
  }

  @Test("The day of submission is read, and a wrong one is listed")
  func submitted() throws {
    let table = try NormalizedTable(
      "id,on\nr1,2019-10-01\nr2,\nr3,1.10.2019\n", table: .responses(respondent: "id", submitted: "on"))
    #expect(table.batch.submitted == [18_170 * 86_400_000_000, SurveyMoment.none, SurveyMoment.unreadable])
    #expect(table.usedRows == [true, true, true])
    #expect(table.rejections.map(\.value) == ["1.10.2019"])
    #expect(table.rejections.map(\.scope) == [.answer])
  }

  @Test(
    "Every row is used, rejected or outside the population, and every rejected row is listed", arguments: UInt64(1)...40
  )
  func accounting(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func pick(_ values: [String]) -> String { values.randomElement(using: &generator) ?? "" }
    let rows = Int.random(in: 0...200, using: &generator)
    var csv = "id,unit,w,Q,on\n"
    for _ in 0..<rows {
      let fields = [
        pick((0..<80).map { "r\($0)" } + [""]), pick(["AUT", "BRA", "NOP", "XYZ", ""]),
        pick(["1", "0", "-1", "x", ""]),
        pick(["a", "b", "A", "", "na"]), pick(["2019-10-01", "", "soon"]),
      ]
      csv += fields.prefix(Int.random(in: 0..<10, using: &generator) == 0 ? 4 : 5).joined(separator: ",") + "\n"
    }
    let codebook = Codebook(notApplicable: ["na"], Question(key: "Q", type: .one, options: ["a", "b"]))
    let parties = [("AUT", "W"), ("BRA", "G"), ("NOP", "W")]
    let table = try NormalizedTable(
      csv, table: .responses(codebook, respondent: "id", unit: "unit", submitted: "on"), conditions: [.answered(["Q"])],
      dimensions: [.join(key: "unit", JoinedValues(register: "parties", pairs: parties))],
      design: TablePlan.DesignPlan(
        weight: "w",
        population: PopulationRegister(register: "parties", units: parties.map { ($0.0, $0.1, $0.0 != "NOP") })))
    let accounting = table.accounting
    #expect(accounting.isBalanced && accounting.superseded == 0)
    #expect(accounting.read == rows)
    #expect(accounting.used == table.usedRows.count(where: \.self))
    #expect(accounting.rejected == table.rejections.count { $0.scope == .row })
    #expect(table.rejections.map(\.line) == table.rejections.map(\.line).sorted())
    // Each line is rejected as a row once at most.
    let lines = table.rejections.filter { $0.scope == .row }.map(\.line)
    #expect(Set(lines).count == lines.count)
  }

  private func weighted(_ text: String) throws -> NormalizedTable {
    try NormalizedTable("id,w\nr1,\"\(text)\"\nr2,1\n", design: TablePlan.DesignPlan(weight: "w"))
  }
}

@Suite("Where rows belong")
struct PlaceTests {
  @Test("Members are numbered as they come; an empty value is the unknown member")
  func members() throws {
    let table = try NormalizedTable("a,b\nx,1\n,1\ny,\nx,2\n", dimensions: [.column("a"), nil, .column("b")])
    #expect(table.batch.members == [[0, 1, 2, 0], [], [0, 0, 1, 2]])
    #expect(table.normalizer.members.map(\.names) == [["x", "_U", "y"], [], ["1", "_U", "2"]])
  }

  @Test("Strata are columns and dimensions together")
  func strata() throws {
    let joined = JoinedValues(register: "parties", pairs: [("AUT", "WEOG"), ("BRA", "GRULAC")])
    let table = try NormalizedTable(
      "unit,size\nAUT,big\nBRA,big\nAUT,\nAUT,big\n", dimensions: [.join(key: "unit", joined)],
      design: TablePlan.DesignPlan(strata: [.dimension(0), .column("size")], allowsUnknownStratum: true))
    #expect(table.batch.strata == [0, 1, 2, 0])
    #expect(table.normalizer.strata.names == ["WEOG x big", "GRULAC x big", "WEOG x _U"])
  }

  @Test("Without strata all rows are in one")
  func noStrata() throws {
    let table = try NormalizedTable("a\n1\n2\n", design: TablePlan.DesignPlan())
    #expect(table.batch.strata == [0, 0])
    #expect(table.normalizer.strata.names == ["all"])
  }

  @Test(
    "Strata whose parts differ are two, even if their names run together")
  func ambiguousStrata() throws {
    let table = try NormalizedTable(
      "a,b\nm x n,o\nm,n x o\n", design: TablePlan.DesignPlan(strata: [.column("a"), .column("b")]))
    #expect(table.batch.strata == [0, 1])
  }

  @Test("The same PSU id in two strata is two PSUs")
  func psus() throws {
    let table = try NormalizedTable(
      "s,p\nA,1\nB,1\nA,1\nA,2\nB,1\n", design: TablePlan.DesignPlan(strata: [.column("s")], psu: .column("p")))
    #expect(table.batch.psus == [0, 1, 0, 2, 1])
    #expect(table.normalizer.psus.map(\.stratum) == [0, 1, 0])
    #expect(table.normalizer.psus.map(\.id) == ["1", "1", "2"])
  }

  @Test("A rejected row founds no stratum, no PSU and no member")
  func rejectedRows() throws {
    let table = try NormalizedTable(
      "s,p,w\nA,1,-1\nB,2,1\n", dimensions: [.column("s")],
      design: TablePlan.DesignPlan(weight: "w", strata: [.column("s")], psu: .column("p")))
    #expect(table.normalizer.strata.names == ["B"])
    #expect(table.normalizer.psus.map(\.id) == ["2"])
    #expect(table.normalizer.members[0].names == ["B"])
  }

  @Test("A column declares the population of each stratum")
  func declaredSizes() throws {
    let table = try NormalizedTable(
      "s,N\nA,10\nB,20\nA,10.0\n", design: TablePlan.DesignPlan(strata: [.column("s")], populationColumn: "N"))
    #expect(table.normalizer.declaredSizes == [10, 20])
  }

  @Test("Population sizes that vary or are none stop the run with the line")
  func wrongSizes() throws {
    let varies = #expect(throws: DataError.self) { try sized("10", "11") }
    guard case .populationVaries("A", "N", let place)? = varies else {
      Issue.record("\(String(describing: varies))")
      return
    }
    #expect(place.line == 3)
    #expect(varies?.exitStatus == .unacceptableData)
    for text in ["", "0", "-5", "many", "inf"] {
      let error = #expect(throws: DataError.self) { try sized("10", text) }
      guard case .populationNotANumber(text, "A", "N", _, let place)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(place.line == 3)
    }
  }

  private func sized(_ one: String, _ other: String) throws -> NormalizedTable {
    try NormalizedTable(
      "s,N\nA,\(one)\nA,\(other)\n", design: TablePlan.DesignPlan(strata: [.column("s")], populationColumn: "N"))
  }
}

@Suite("Which columns are read")
struct ColumnNeedsTests {
  private let codebook = Codebook(
    Question(key: "A", type: .one, options: ["x"]),
    Question(key: "B", type: .text, askedIf: .oneOf(column: "A", codes: ["x"])),
    Question(key: "C", type: .text, askedIf: .answered(["B"])),
    Question(key: "M", type: .text, askedIf: .oneOf(column: "D", codes: ["y"]), isMandatory: true),
    Question(key: "D", type: .text), Question(key: "E", type: .date))

  @Test("Those that the conditions name, and all that routing and completeness lead to")
  func columns() {
    func names(_ condition: Condition) -> [String] {
      var needs = ColumnNeeds(table: .responses(codebook))
      needs.add(condition)
      return needs.columns.map(\.name).sorted()
    }
    #expect(names(.oneOf(column: "A", codes: ["x"])) == ["A"])
    #expect(names(.routedOut("C")) == ["A", "B", "C"])
    #expect(names(.answered(["C"])) == ["C"])
    #expect(names(.complete) == ["D", "M"])
    #expect(names(.all([.not(.any([.empty(column: "E", true)])), .number(column: "N", .below, 1)])) == ["E", "N"])
    #expect(names(.related(RelatedCondition(table: "t", here: "k", there: "k", condition: .complete))) == [])
  }

  @Test("The key of a relation is read as bytes")
  func keys() {
    var needs = ColumnNeeds(table: .responses(codebook))
    needs.add(.not(.related(RelatedCondition(table: "t", here: "k", there: "l", condition: nil))))
    #expect(Array(needs.keys) == ["k"])
  }

  @Test("They are found in the header wherever they stand, each kept once")
  func resolve() throws {
    var needs = ColumnNeeds(table: .responses(codebook, respondent: "id", unit: "A"))
    needs.add(.routedOut("B"))
    needs.add(key: "id")
    var plan = TablePlan(
      table: .responses(codebook, respondent: "id", unit: "A"), needs: needs, dimensions: [.column("B"), nil],
      design: TablePlan.DesignPlan(weight: "w", strata: [.column("A"), .dimension(0)], psu: .column("id")))
    let header = Header(names: ["z", "w", "B", "y", "id", "A", "x"], path: "t.csv", table: "responses")
    #expect(try plan.resolve(header) == [1, 2, 4, 5])
    #expect(plan.keyFields == ["w": 0, "B": 1, "id": 2, "A": 3])
    let short = Header(names: ["w", "B", "ID", "A"], path: "t.csv", table: "responses")
    #expect(
      throws: IngestError.missingColumn(
        SourceLocation(file: "t.csv", line: 1), name: "id", table: "responses", nearest: "ID")
    ) { try plan.resolve(short) }
    let repeated = Header(names: ["w", "B", "id", "A", "B"], path: "t.csv", table: "responses")
    #expect(throws: IngestError.repeatedColumn(SourceLocation(file: "t.csv", line: 1, column: 5), name: "B")) {
      try plan.resolve(repeated)
    }
  }

  @Test("A condition on a column that was not planned is a defect, and says so")
  func unresolved() throws {
    let table = try NormalizedTable("A,B\nx,y\n", table: .responses(codebook), conditions: [.answered(["A"])])
    #expect(throws: DataError.unresolved(table: "responses", name: "B")) {
      try table.rows(meeting: .answered(["B"]))
    }
  }
}
