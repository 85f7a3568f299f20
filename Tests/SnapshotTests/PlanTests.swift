import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize
@testable import Snapshot

/// Two plans that code a row differently must never have the same key.
@Suite("What of a plan belongs to the key")
struct PlanTests {
  private static func plan(
    _ conditions: [Condition] = [.oneOf(column: "Q", codes: ["a", "b"])], codebook: Codebook? = nil,
    dimensions: [TablePlan.DimensionPlan?] = [], design: TablePlan.DesignPlan? = nil,
    change: (inout TableDefinition) -> Void = { _ in }
  ) -> TablePlan {
    var table = TableDefinition(name: "responses", paths: ["x.csv"], codebook: codebook)
    change(&table)
    var needs = ColumnNeeds(table: table)
    for condition in conditions { needs.add(condition) }
    return TablePlan(table: table, needs: needs, dimensions: dimensions, design: design)
  }

  private static func codebook(
    _ type: AnswerType, options: [String] = ["a", "b"], missing: [String] = [""], notApplicable: [String] = []
  ) -> Codebook {
    Codebook(
      missing: missing, notApplicable: notApplicable,
      questions: ["Q": Question(key: "Q", type: type, options: options)])
  }

  private static func joined(_ pairs: [(String, String)], _ register: String = "parties") -> JoinedValues {
    JoinedValues(register: register, pairs: pairs.map { (unit: $0.0, value: $0.1) })
  }

  private static func population(_ units: [(String, String, Bool)]) -> PopulationRegister {
    PopulationRegister(register: "parties", units: units.map { (unit: $0.0, stratum: $0.1, belongs: $0.2) })
  }

  private static func replicated(_ columns: String...) throws -> TablePlan {
    var plan = plan(
      design: TablePlan.DesignPlan(weight: "w", replicates: ReplicateWeights(columns: columns, type: .bootstrap)))
    _ = try plan.resolve(Header(names: ["Q", "w", "r1", "r2", "r3"], path: "x.csv", table: "responses"))
    return plan
  }

  private static func plans() throws -> [(String, TablePlan)] {
    return [
      ("plain", plan()),
      ("another table", plan { $0.name = "other" }),
      ("another delimiter", plan { $0.delimiter = UInt8(ascii: ";") }),
      ("another quote", plan { $0.quote = UInt8(ascii: "'") }),
      ("no quote", plan { $0.quote = nil }),
      ("a respondent", plan { $0.respondent = "id" }),
      ("a unit", plan { $0.unit = "id" }),
      ("a date", plan { $0.submitted = "id" }),
      ("another date format", plan { $0.dateFormat = (try? DateFormat(pattern: "dd/MM/yyyy")) ?? .iso8601 }),
      (
        "missing codes of a dimension's question",
        plan(
          codebook: Codebook(
            questions: ["Q": Question(key: "Q", type: .text), "R": Question(key: "R", type: .text, missing: ["-"])]))
      ),
      (
        "other missing codes of it",
        plan(
          codebook: Codebook(
            questions: ["Q": Question(key: "Q", type: .text), "R": Question(key: "R", type: .text, missing: [])]))
      ),
      ("a stratum that may be unknown", plan(design: TablePlan.DesignPlan(allowsUnknownStratum: true))),
      ("fewer codes", plan([.oneOf(column: "Q", codes: ["a"])])),
      ("codes in another order", plan([.oneOf(column: "Q", codes: ["b", "a"])])),
      ("two codes as one", plan([.oneOf(column: "Q", codes: ["a\", \"b"])])),
      ("another column", plan([.oneOf(column: "P", codes: ["a", "b"])])),
      ("one more column", plan([.oneOf(column: "Q", codes: ["a", "b"]), .answered(["P"])])),
      ("a question with one code", plan(codebook: codebook(.one))),
      ("other options", plan(codebook: codebook(.one, options: ["a", "b", "c"]))),
      ("a question with many codes", plan(codebook: codebook(.many))),
      (
        "another separator",
        plan(codebook: codebook(.many)) { $0.multipleSeparator = ";" }
      ),
      ("more header rows", plan { $0.headerRows = 3 }),
      ("names of several rows", plan { ($0.headerRows, $0.joinsHeaderRows) = (3, true) }),
      ("lines above the header", plan { $0.skippedRows = 3 }),
      ("an encoding", plan { $0.encoding = "latin-1" }),
      ("another encoding", plan { $0.encoding = "windows-1252" }),
      ("a delimiter that is declared", plan { $0.declaresDelimiter = true }),
      ("a number", plan(codebook: codebook(.number))),
      ("a whole number", plan(codebook: codebook(.integer))),
      ("a day", plan(codebook: codebook(.date))),
      ("other missing codes", plan(codebook: codebook(.one, missing: ["", "-"]))),
      ("not applicable", plan(codebook: codebook(.one, notApplicable: ["-"]))),
      ("no dimension", plan(dimensions: [nil])),
      ("a dimension", plan(dimensions: [.column("d")])),
      ("another dimension", plan(dimensions: [.column("e")])),
      ("two dimensions", plan(dimensions: [.column("d"), .column("e")])),
      ("the second of two dimensions", plan(dimensions: [nil, .column("d")])),
      ("a join", plan(dimensions: [.join(key: "k", joined([("AUT", "x"), ("BEL", "y")]))])),
      ("a join by another key", plan(dimensions: [.join(key: "l", joined([("AUT", "x"), ("BEL", "y")]))])),
      ("a join with other values", plan(dimensions: [.join(key: "k", joined([("AUT", "x"), ("BEL", "x")]))])),
      ("a join with other units", plan(dimensions: [.join(key: "k", joined([("AUT", "x"), ("CHE", "y")]))])),
      (
        "a join with another register",
        plan(dimensions: [.join(key: "k", joined([("AUT", "x"), ("BEL", "y")], "others"))])
      ),
      ("a design", plan(design: TablePlan.DesignPlan())),
      ("a weight", plan(design: TablePlan.DesignPlan(weight: "w"))),
      ("another weight", plan(design: TablePlan.DesignPlan(weight: "v"))),
      ("a weight of units", plan(design: TablePlan.DesignPlan(unitWeight: "w"))),
      ("a size", plan(design: TablePlan.DesignPlan(populationColumn: "w"))),
      ("a stratum", plan(design: TablePlan.DesignPlan(strata: [.column("w")]))),
      (
        "a stratum by dimension",
        plan(dimensions: [.column("w")], design: TablePlan.DesignPlan(strata: [.dimension(0)]))
      ),
      ("a PSU", plan(design: TablePlan.DesignPlan(psu: .column("w")))),
      ("a stratum and a PSU", plan(design: TablePlan.DesignPlan(strata: [.column("w")], psu: .column("v")))),
      ("two strata", plan(design: TablePlan.DesignPlan(strata: [.column("w"), .column("v")]))),
      ("two strata the other way", plan(design: TablePlan.DesignPlan(strata: [.column("v"), .column("w")]))),
      (
        "a population",
        plan(design: TablePlan.DesignPlan(population: population([("A", "h", true), ("B", "h", true)])))
      ),
      (
        "a population with another unit",
        plan(design: TablePlan.DesignPlan(population: population([("A", "h", true), ("C", "h", true)])))
      ),
      (
        "a population with one fewer",
        plan(design: TablePlan.DesignPlan(population: population([("A", "h", true), ("B", "h", false)])))
      ),
      ("replicates", try replicated("r1", "r2")),
      ("other replicates", try replicated("r1", "r3")),
      ("more replicates", try replicated("r*")),
    ]
  }

  @Test func noTwoAreTheSame() throws {
    let plans = try Self.plans()
    var seen: [String: String] = [:]
    for (name, plan) in plans {
      let text = plan.snapshotDescription
      #expect(seen[text] == nil, "\(name) has the key of \(seen[text] ?? "")")
      seen[text] = name
    }
    // And it is the same every time.
    for (again, before) in zip(try Self.plans(), plans) {
      #expect(again.1.snapshotDescription == before.1.snapshotDescription, "\(before.0)")
    }
  }

  /// The sizes of a population and the names of dimensions are looked up anew in every run.
  @Test func whereAUnitLiesIsNoMatterOfTheCodes() {
    let one = Self.plan(design: TablePlan.DesignPlan(population: Self.population([("A", "h", true)])))
    let two = Self.plan(design: TablePlan.DesignPlan(population: Self.population([("A", "i", true)])))
    #expect(one.snapshotDescription == two.snapshotDescription)
  }

  @Test func aKeyOfAnotherTableIsRead() {
    var needs = ColumnNeeds(table: TableDefinition(name: "responses", paths: []))
    #expect(!TablePlan(table: TableDefinition(name: "responses", paths: []), needs: needs).readsText)
    needs.add(key: "party")
    #expect(TablePlan(table: TableDefinition(name: "responses", paths: []), needs: needs).readsText)
  }
}
