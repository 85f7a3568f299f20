import Engine
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("The health survey nhanes equals R survey")
struct NhanesReferenceTests {
  @Test(
    "Estimates, standard errors, df, design effects and intervals by race and age",
    arguments: [IntervalMethod.wilson, .beta, .wald, .logit, .arcsine])
  func nhanes(method: IntervalMethod) async throws {
    try #require(
      FileManager.default.fileExists(atPath: "\(projectDirectory)/SampleData/nhanes/nhanes.csv"),
      "`make test` exports the survey from R first; `make nhanes` does that alone")
    let directory = try TemporaryDirectory()
    let output = directory.path(of: "nhanes")
    let options = RunOptions(pipelines: "\(projectDirectory)/Pipelines", output: output, method: method)
    _ = try await PipelineRun(name: "nhanes", options: options).run()
    let ours = try KeyedRows("\(output)/estimates.csv", keys: ["race", "age"])
    let expected = try KeyedRows(golden("nhanes-estimates.csv"), keys: ["race", "agecat"])
    #expect(expected.rows.count == 25)
    #expect(ours.rows.count == 25)
    let renamed = KeyedRows(
      rows: expected.rows.mapValues { row in
        var row = row
        row["ci_low"] = row["ci_low_\(method.rawValue)"]
        row["ci_high"] = row["ci_high_\(method.rawValue)"]
        return row
      })
    _ = expectAgreement(
      of: ours, with: renamed, columns: ["n", "n_yes", "estimate", "se", "df", "deff", "n_eff", "ci_low", "ci_high"])
  }
}
