import Database
import Export
import Foundation
import SurveyTestSupport
import Testing

@Suite("Whatever a label or a dimension is called, it stays text")
struct HostileTests {
  let directory: TemporaryDirectory
  let shell: Shell

  init() throws {
    directory = try TemporaryDirectory()
    shell = Shell(directory.path(of: "results.sqlite"))
  }

  /// As the database holds it: SQLite's texts end at NUL.
  private func stored(_ text: String) -> String { text.replacing("\u{0}", with: "\u{2400}") }

  @Test(arguments: SampleResults.hostileLabels.indices)
  func aLabelIsStored(index: Int) throws {
    let label = SampleResults.hostileLabels[index]
    try ResultsDatabase.write(SampleResults(label: label).results, to: shell.path)
    try shell.expectSound()
    #expect(
      try shell.rows("SELECT DISTINCT title, region_label FROM latest WHERE region = 'AFR' AND indicator = 'A.1'")
        == [[stored(label), stored(label)]])
  }

  @Test(arguments: SampleResults.hostileLabels.indices)
  func aDimensionHasItsColumnsAndItsView(index: Int) throws {
    let name = SampleResults.hostileLabels[index]
    let results = SampleResults.other(dimensions: [name, "\(name)\""])
    try ResultsDatabase.write(SampleResults().results, to: shell.path)
    try ResultsDatabase.write(results, to: shell.path)
    try ResultsDatabase.write(results, to: shell.path)
    try shell.expectSound()
    #expect(
      try shell.column("SELECT dimension FROM dimensions ORDER BY position")
        == ["region", "sector", stored(name), stored(name) + "\""])
    let column = Shell.quoted(stored(name))
    #expect(
      try shell.column("SELECT DISTINCT \(column) FROM latest WHERE pipeline = 'other' ORDER BY 1")
        == ["AFR", "APA", "_T"])
    #expect(
      try shell.rows(
        """
        SELECT DISTINCT \(column), \(Shell.quoted(stored(name) + "_label")) FROM \(Shell.quoted("by_" + stored(name)))
        ORDER BY 1
        """) == [["AFR", "Africa"], ["APA", "Asia and the Pacific"]])
    #expect(try shell.count("by_" + stored(name) + "\"") > 0)
    #expect(try shell.count("estimates") == 3 * results.estimates.count)
  }

  @Test func moreDimensionsThanAJoinHasTables() throws {
    let results = SampleResults().results
    for number in 0..<40 {
      var other = results
      other.dimensions[0].name = "a\(number)"
      other.dimensions[1].name = "b\(number)"
      other.estimates = Array(other.estimates.prefix(9))
      other.trends = []
      other.slopes = []
      try ResultsDatabase.write(other, to: shell.path)
    }
    try shell.expectSound()
    #expect(try shell.count("dimensions") == 80)
  }
}
