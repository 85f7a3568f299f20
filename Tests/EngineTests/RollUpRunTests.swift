import Engine
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Roll-ups from definition to files")
struct RollUpRunTests {
  /// Three rows of unit a, two of b, one of c: (unit, date, weight, unit weight, answer).
  private static let rows = [
    "u,day,w,uw,q", "a,2020-01-01,1,2,1", "a,2020-01-02,1,2,0", "a,,3,2,1", "b,2020-01-03,1,5,0", "b,2020-01-02,1,5,1",
    "c,2020-01-01,1,1,0",
  ]

  private static let indicators =
    "- {id: own, title: Own, numerator: {q: \"1\"}}\n"
    + RollUp.allCases.map {
      "- {id: \($0.rawValue), title: By \($0.rawValue), roll-up: \($0.rawValue), numerator: {q: \"1\"}}\n"
    }.joined()

  private func estimates(_ table: String, _ design: String) async throws -> (
    [String: [String: String]], RunOutcome
  ) {
    let results = try await WrittenPipelines.run(
      "tables: {responses: {path: NAME.csv, unit: u, submitted: day\(table)}}\ndesign: \(design)\nreliability: none",
      Self.rows, indicators: Self.indicators)
    let byID = Dictionary(uniqueKeysWithValues: results.estimates.rows.map { ($0["indicator"] ?? "", $0) })
    return (byID, results.outcome)
  }

  @Test(arguments: RollUp.allCases) func anIndicatorsRollUpStandsBesideTheTables(_ own: RollUp) async throws {
    let (rows, outcome) = try await estimates(", roll-up: \(own.rawValue)", "{weight: w, unit-weight: uw}")
    let expected: [RollUp: (n: Int, yes: Int, percent: Double)] = [
      .none: (6, 3, 100 * 5.0 / 8),
      // The rows of a on the 2nd, of b on the 3rd, and of c.
      .latest: (3, 0, 0),
      .any: (3, 2, 100 * 7.0 / 8), .all: (3, 0, 0),
      // a by weight 4 of 5; b is a tie.
      .majority: (3, 1, 100 * 2.0 / 8),
    ]
    for (rollUp, numbers) in expected {
      let row = try #require(rows[rollUp.rawValue])
      #expect(row["n"] == String(numbers.n) && row["n_yes"] == String(numbers.yes), "\(rollUp)")
      #expect(areClose(try #require(row.number("estimate")), numbers.percent, relative: 1e-12), "\(rollUp)")
    }
    var same = try #require(rows[own.rawValue])
    same["indicator"] = "own"
    #expect(rows["own"] == same)
    // What the table's own roll-up supersedes is accounted for; what an indicator's does is not.
    let accounting = try #require(outcome.accounting.first?.tables.first?.rows)
    #expect(accounting.read == 6 && accounting.rejected == 0)
    #expect(accounting.superseded == (own == .latest ? 3 : 0))
    #expect(accounting.used == (own == .latest ? 3 : 6))
    #expect(accounting.isBalanced)
  }

  @Test func unitsWeighOneWhereNothingElseIsDeclared() async throws {
    let (rows, _) = try await estimates("", "{weight: w}")
    #expect(areClose(try #require(rows["any"]?.number("estimate")), 200.0 / 3, relative: 1e-12))
    #expect(areClose(try #require(rows["majority"]?.number("estimate")), 100.0 / 3, relative: 1e-12))
  }

  @Test func aDimensionThatVariesLeavesTheTotalWithTheReason() async throws {
    let definition = """
      tables: {responses: {path: NAME.csv, unit: u, roll-up: any}}
      reliability: none
      dimensions: {g: {column: g}, s: {column: s}}
      group-by: [[g], [s], [g, s]]
      """
    let rows = try await WrittenPipelines.run(
      definition, ["u,g,s,q", "a,x,k,1", "a,x,l,0", "b,y,k,1", "c,y,l,0", "d,x,k,0"],
      indicators: """
        - {id: A, title: First, numerator: {q: "1"}}
        - {id: R, title: Rows, roll-up: none, numerator: {q: "1"}}

        """
    ).estimates
    let rolled = rows.rows(["indicator": "A"])
    #expect(rolled.map { [$0["g"], $0["s"]] } == [["_T", "_T"], ["x", "_T"], ["y", "_T"]])
    #expect(rolled[0]["reason"] == "not broken down by s, which varies within units such as a")
    #expect(rolled[1]["reason"] == "")
    // The rows themselves have both dimensions.
    #expect(rows.rows(["indicator": "R"]).count > 6)
  }

  @Test(arguments: [
    ("{strata: [h]}", "stratum"), ("{psu: p}", "PSU"), ("{weight: w, unit-weight: uw}", "unit weight"),
    ("{weight: w, replicates: {columns: \"r*\", type: brr}}", "replicate weights"),
  ])
  func aUnitWithTwoDesignsIsRefused(_ design: String, _ what: String) async throws {
    let pipelines = try WrittenPipelines(
      [
        .init(
          name: "s", definition: "tables: {responses: {path: NAME.csv, unit: u, roll-up: all}}\ndesign: \(design)",
          rows: ["u,q,h,p,w,uw,r1,r2", "a,1,1,1,1,1,1,1", "b,0,1,1,1,1,1,1", "a,0,2,2,2,2,1,2"])
      ], indicators: "- {id: A, title: First, numerator: {q: \"1\"}}\n")
    do {
      _ = try await pipelines.run("s")
      Issue.record("nothing was thrown")
    } catch let failure as any Failure {
      #expect(failure.exitStatus == .unacceptableData)
      #expect(failure.report.contains("s.csv:4: the \(what) of unit a differs from that of its row on line 2"))
    }
  }

  /// A register that another table looks up is kept in memory; one that none does streams through.
  @Test func streamedAndKeptRegistersGiveTheSameNumbers() async throws {
    var generator = SeededGenerator(seed: 4)
    let register =
      ["u,g,day,ok"]
      + (0..<400).map {
        "u\($0 * 7 % 90),g\($0 * 7 % 90 % 3),2020-01-\(Int.random(in: 10...28, using: &generator)),\(Int.random(in: 0...1, using: &generator))"
      }
    let indicators = RollUp.allCases.map {
      "- {id: \($0.rawValue), title: By, table: notes, roll-up: \($0.rawValue), numerator: {ok: \"1\"}}\n"
    }.joined()
    func estimates(_ more: String, table: String) async throws -> [[String: String]] {
      try await WrittenPipelines(
        [
          .init(
            name: "s",
            definition: """
              tables:
                responses: {path: NAME.csv, unit: u}
                notes: {path: notes.csv, unit: u, submitted: day\(table)}
              reliability: none
              dimensions: {g: {column: g}}
              group-by: [[g]]
              """, rows: ["u,g,q", "u1,g0,1", "u2,g1,0"])
        ], indicators: indicators + more, files: ["notes.csv": register.map { $0 + "\n" }.joined()]
      ).run("s").estimates.rows.filter { $0["indicator"] != "X" }
    }
    let lookUp = "- {id: X, title: Looks, numerator: {related: {table: notes, on: u}}, denominator: {answered: q}}\n"
    let streamed = try await estimates("", table: "")
    #expect(streamed.count == 4 * RollUp.allCases.count)
    #expect(streamed == (try await estimates(lookUp, table: "")))
    // The table's own roll-up changes the accounting alone.
    #expect(streamed == (try await estimates("", table: ", roll-up: latest")))
  }
}
