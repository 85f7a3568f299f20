import SurveyTestSupport
import Testing

/// What else a run writes about cells that it suppresses.
@Suite("Small cells in the files of a run")
struct SmallCellFilesTests {
  /// Three regions that are strata of a population of 60, of which the first sent as many rows as asked for.
  private func survey(rowsOfNorth: Int) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      pipeline: survey
      year: 2024
      tables:
        responses: {path: data.csv, unit: u}
      dimensions: {region: {column: region}}
      group-by: [[region]]
      design: {strata: [region], population: {column: of}}
      reliability: none
      min-cell: 5
      indicators: indicators.yaml

      """, to: "Pipelines/survey.yaml")
    try directory.write(
      "- {id: A, title: Yes, numerator: {q: \"yes\"}, denominator: {answered: q}}\n", to: "Pipelines/indicators.yaml")
    let counts = [("north", rowsOfNorth), ("east", 12), ("south", 17)]
    let rows = counts.flatMap { region, count in
      (0..<count).map { "\(region)\($0),\(region),20,\($0 % 3 == 0 ? "yes" : "no")\n" }
    }
    try directory.write("u,region,of,q\n" + rows.joined(), to: "Pipelines/data.csv")
    return directory
  }

  private func reported(_ directory: TemporaryDirectory) throws -> [String] {
    let run = try CommandRun(["run", "survey", "--format", "all"], in: directory.path)
    try #require(run.status == 0, "\(run.error)")
    let isSaid = run.error.contains("note: survey: a stratum has fewer than 5 (min-cell), so the table of who reported")
    let report = try directory.text(of: "Output/survey/report.html")
    let record = try directory.text(of: "Output/survey/run.json")
    return ["3 of 20", "12 of 20", "17 of 20"].filter(report.contains)
      + (record.contains("\"sampled\"") ? ["sampled"] : []) + (isSaid ? ["left out"] : [])
  }

  /// 3 of the 20 institutions of a region answered: the estimates say nothing about them, and nor does the table of who
  /// reported.
  @Test func whoReportedIsNotToldWhereFewDid() throws {
    #expect(try reported(survey(rowsOfNorth: 3)) == ["left out"])
    #expect(try reported(survey(rowsOfNorth: 9)) == ["12 of 20", "17 of 20", "sampled"])
  }
}
