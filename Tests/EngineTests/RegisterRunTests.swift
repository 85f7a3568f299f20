import Engine
import Normalize
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Registers in which units are looked up")
struct RegisterRunTests {
  private static func pipelines(
    _ register: String, _ table: String = "respondent: record, unit: key", more: String = "", names: [String] = ["s"]
  ) throws -> WrittenPipelines {
    try WrittenPipelines(
      names.map { name in
        .init(
          name: name,
          definition: """
            tables:
              responses: {path: NAME.csv, unit: id}
              register: {path: register.csv, \(table)}
            dimensions: {g: {join: register, on: id, column: name}}
            group-by: [[g]]
            design: {population: {table: register}}
            reliability: none
            max-rejected: 60%
            \(name == names.last ? more : "")
            """, rows: ["id,q1,q2", "a,1,1", "b,2,1", "c,1,2"])
      },
      indicators: WrittenPipelines.indicators
        + "- {id: N, title: Rows, kind: count, table: register, numerator: {answered: key}}\n",
      files: ["register.csv": register.split(separator: "|").map { $0 + "\n" }.joined()])
  }

  /// Whatever other key its rows have.
  @Test(arguments: ["respondent: record, unit: key", "respondent: key, unit: key", "unit: key"])
  func aSecondRowOfAUnitIsRejected(_ table: String) async throws {
    let pipelines = try Self.pipelines("record,key,name|1,a,x|2,a,y|3,b,y|4,c,x|5,d,x|6,c,y", table)
    let results = try await pipelines.run("s")
    let lines = try pipelines.text("out/rejected.csv").split(separator: "\n").dropFirst()
    #expect(lines.count == 2)
    for (line, (number, unit)) in zip(lines, [(3, "a"), (7, "c")]) {
      #expect(line.hasSuffix("register.csv,\(number),key,row,a row with this key came before; the first stays,\(unit)"))
    }
    #expect(results.estimates.rows(["indicator": "N", "g": "_T"]).first?["estimate"] == "4")
    #expect(results.estimates.rows(["indicator": "A", "g": "_T"]).first?["population"] == "4")
    #expect(results.estimates.rows(["indicator": "A", "g": "x"]).first?["n"] == "2")
  }

  @Test func aSecondRowOfItsOwnKeyIsRejected() async throws {
    let pipelines = try Self.pipelines("record,key,name|1,a,x|1,b,y|3,b,y|4,c,x")
    _ = try await pipelines.run("s")
    let lines = try pipelines.text("out/rejected.csv").split(separator: "\n").dropFirst()
    #expect(lines.count == 1 && lines.first?.contains("register.csv,3,record,row,") == true)
  }

  /// One bad row, two, and one beside which each cycle rejects something of its own.
  @Test(arguments: ["1,,x", "1,,x|2,,y", "1,,x|2,b,y|3,,y"])
  func whatTwoCyclesReadIsListedOnce(_ rows: String) async throws {
    let pipelines = try Self.pipelines(
      "record,key,name|\(rows)|7,a,x|8,c,y\(rows.contains("b") ? "" : "|9,b,y")",
      more: "trend: {previous: t, overlap: psu}",
      names: ["t", "s"])
    _ = try await pipelines.run("s")
    let lines = try pipelines.text("out/rejected.csv").split(separator: "\n").dropFirst()
    #expect(lines.count == rows.split(separator: "|").count { $0.contains(",,") })
    #expect(Set(lines).count == lines.count)
  }

  @Test func theTotalIsNoMember() async throws {
    let pipelines = try Self.pipelines("record,key,name|1,a,x|2,b,_T|3,c,x")
    await #expect {
      _ = try await pipelines.run("s")
    } throws: { error in
      let failure = error as? any Failure
      return failure?.exitStatus == .unacceptableData
        && failure?.summary.contains("dimension g has the value \"_T\"") == true
    }
    #expect(throws: DataError.totalAsMember(table: "responses", dimension: "g")) {
      _ = try DataCheck(name: "s", pipelines: pipelines.directory.path).run()
    }
  }

  /// The responses themselves, looked up by another table: what is listed is what is counted.
  @Test(arguments: ["", "respondent: id, "]) func theResponsesAreLookedUp(_ respondent: String) async throws {
    let pipelines = try WrittenPipelines(
      [
        .init(
          name: "s",
          definition: """
            tables:
              responses: {path: NAME.csv, \(respondent)unit: u}
              other: {path: other.csv, unit: u}
            dimensions: {g: {join: responses, on: u, column: q2}}
            group-by: [[g]]
            reliability: none
            max-rejected: 60%
            """, rows: ["id,u,q1,q2", "1,a,1,1", "2,a,1,2", "3,b,1,1"])
      ],
      indicators: WrittenPipelines.indicators
        + "- {id: N, title: Rows, kind: count, table: other, numerator: {answered: u}}\n",
      files: ["other.csv": "u\na\nb\n"])
    let results = try await pipelines.run("s")
    let lines = try pipelines.text("out/rejected.csv").split(separator: "\n").dropFirst()
    #expect(lines.count == 1 && lines.first?.contains("s.csv,3,u,row,") == true)
    #expect(results.outcome.accounting.first?.tables.first?.rows.rejected == 1)
    #expect(results.estimates.rows(["indicator": "N", "g": "1"]).first?["estimate"] == "2")
  }

  /// 0.29 times 100 is a little less than 29.
  @Test(arguments: [29, 57, 58]) func asManyAsAreAllowedMayBeRejected(_ count: Int) async throws {
    func run(_ bad: Int) async throws {
      let rows = ["w,q1,q2"] + (0..<100).map { "\($0 < bad ? "x" : "1"),1,1" }
      _ = try await WrittenPipelines.run(
        "tables: {responses: {path: NAME.csv}}\ndesign: {weight: w}\nmax-rejected: \(count)%", rows)
    }
    try await run(count)
    await #expect {
      try await run(count + 1)
    } throws: { error in
      (error as? any Failure)?.summary.hasSuffix("more than max-rejected \(count)%") == true
    }
  }
}
