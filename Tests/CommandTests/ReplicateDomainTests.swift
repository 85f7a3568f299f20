import Ingest
import SurveyTestSupport
import Testing

@Suite("Replicate weights as an analyst sees them")
struct ReplicateDomainTests {
  private static func directory(_ replicates: String) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      pipeline: s
      tables: {responses: {path: s.csv}}
      dimensions: {area: {column: area}}
      group-by: [[area]]
      design: {weight: w, replicates: {columns: "r*", \(replicates)}}
      reliability: none
      indicators: i.yaml

      """, to: "Pipelines/s.yaml")
    try directory.write(
      "- {id: Y, title: y, numerator: {y: \"1\"}, denominator: {y: {empty: false}}}\n", to: "Pipelines/i.yaml")
    try directory.write(
      """
      area,y,w,r1,r2,r3
      A,1,1,0,1.5,1.5
      A,0,1,0,1.5,1.5
      B,1,1,1.5,0,1.5
      B,1,1,1.5,0,1.5
      C,0,1,1.5,1.5,0
      C,1,1,1.5,1.5,0

      """, to: "Pipelines/s.csv")
    return directory
  }

  /// Case 2: 50.0 without an interval, where it was 50.0 to 50.0.
  @Test func aDomainInsideOnePSUHasNoInterval() throws {
    let directory = try Self.directory("type: jk1")
    let run = try CommandRun(["run", "s"], in: directory.path)
    #expect(run.status == 0)
    let rows = try SmallTable(contentsOf: directory.path(of: "Output/s/estimates.csv"))
    let table = rows.rows.map { Dictionary(uniqueKeysWithValues: zip(rows.header, $0)) }
    #expect(table.map { $0["df"] } == ["2", "0", "0", "0"])
    #expect(table.map { $0["estimate"] }.dropFirst() == ["50", "100", "50"])
    for row in table.dropFirst() {
      for column in ["se", "ci_low", "ci_high", "level", "method"] { #expect(row[column] == "", "\(column)") }
    }
    #expect(run.output.contains("50.0") && !run.output.contains("50.0 – 50.0"))
  }

  @Test func theScaleOfTheBootstrapIsSaid() throws {
    let line = "replicates of type bootstrap without `scale`: 1 / (R - 1) is used"
    for (replicates, isSaid) in [
      ("type: bootstrap", true), ("type: bootstrap, scale: 0.5", false), ("type: jk1", false),
    ] {
      let directory = try Self.directory(replicates)
      let run = try CommandRun(["run", "s"], in: directory.path)
      #expect(run.status == 0 && run.output.contains(line) == isSaid, "\(replicates): \(run.output)")
    }
  }
}
