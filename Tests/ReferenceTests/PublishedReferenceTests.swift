import Engine
import Foundation
import Ingest
import SurveyModel
import SurveyTestSupport
import Testing

/// What R survey's documentation and test output print, figure by figure.
@Suite("Published examples are reproduced to the digits printed")
struct PublishedReferenceTests {
  /// One printed figure: `scale` turns our percentage (or count) into the unit that the source prints.
  private struct Figure {
    let source, indicator, cell, quantity, printed: String
    let digits: Int
    let scale: Double

    init?(_ row: [String: String]) {
      guard let digits = Int(row["digits"] ?? ""), let scale = Double(row["scale"] ?? "") else { return nil }
      (source, indicator, cell) = (row["source"] ?? "", row["indicator"] ?? "", row["cell"] ?? "")
      (quantity, printed) = (row["quantity"] ?? "", row["printed"] ?? "")
      self.digits = digits
      self.scale = scale
    }
  }

  @Test(
    "Percentages, counts and standard errors",
    arguments: [
      "fpc-stratified", "fpc-stratified-equal", "fpc-population", "fpc-clusters", "fpc-clusters-equal",
      "fpc-clusters-population", "fpc-two-clusters", "fpc-two-clusters-equal", "schools", "schools-jackknife",
      "hospitals", "hospitals-jackknife", "unemployment-stratified", "unemployment-certainty",
      "unemployment-certainty-population", "unemployment-clustered", "unemployment-clustered-jackknife",
      "lonely-certainty", "lonely-adjust", "lonely-average", "lonely-population", "rescue", "rescue-brr", "rescue-fay",
    ])
  func figures(pipeline: String) async throws {
    let printed = try rows(golden("published/published.csv")).filter { $0["pipeline"] == pipeline }
    let figures = printed.compactMap(Figure.init)
    try #require(!figures.isEmpty && figures.count == printed.count)
    let directory = try TemporaryDirectory()
    let output = directory.path(of: pipeline)
    _ = try await PipelineRun(name: pipeline, options: RunOptions(pipelines: golden("published"), output: output)).run()
    let estimates = try rows("\(output)/estimates.csv")
    for figure in figures {
      let row = estimates.first { $0["indicator"] == figure.indicator && isCell(figure.cell, of: $0) }
      let ours = try #require(Double(row?[figure.quantity] ?? ""), "\(figure.source): no such number")
      let text = String(format: "%.\(figure.digits)f", ours * figure.scale)
      #expect(text == figure.printed, "\(figure.source), \(figure.indicator) \(figure.cell) \(figure.quantity)")
    }
  }

  @Test("No figure is left out") func everyPipelineRuns() throws {
    let printed = try rows(golden("published/published.csv"))
    #expect(Set(printed.compactMap { $0["pipeline"] }).count == 24)
    #expect(printed.count == 112)
  }

  private func rows(_ path: String) throws -> [[String: String]] {
    let table = try SmallTable(contentsOf: path)
    return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
  }

  /// `_T`, or `dimension=member`.
  private func isCell(_ cell: String, of row: [String: String]) -> Bool {
    let parts = cell.split(separator: "=").map(String.init)
    if parts.count == 2 { return row[parts[0]] == parts[1] }
    return ["above4", "oblevel"].allSatisfy { row[$0] == nil || row[$0] == "_T" }
  }
}
