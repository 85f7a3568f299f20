import Database
import Export
import Foundation
import SurveyTestSupport
import Testing

@Suite("Runs add up in one file")
struct AccumulationTests {
  let directory: TemporaryDirectory
  let shell: Shell

  init() throws {
    directory = try TemporaryDirectory()
    shell = Shell(directory.path(of: "history.sqlite"))
  }

  @Test func theLatestRunIsShownAndTheEarlierKept() throws {
    var results = SampleResults().results
    try ResultsDatabase.write(results, to: shell.path)
    let rows = results.estimates.count
    results.estimates[0].estimate = 12.5
    results.record.started = "2024-01-01T00:00:00Z"
    try ResultsDatabase.write(results, to: shell.path)
    try shell.expectSound()
    #expect(try shell.count("runs") == 2)
    #expect(try shell.count("estimates") == 2 * rows)
    #expect(try shell.count("history") == 2 * rows)
    #expect(try shell.count("latest") == rows)
    let total = "cycle = 'now' AND indicator = 'A.1' AND region = '_T' AND sector = '_T'"
    #expect(
      try shell.rows("SELECT run, started, estimate FROM latest WHERE \(total)")
        == [["2", "2024-01-01T00:00:00Z", "12.5"]])
    #expect(
      try shell.rows("SELECT run, estimate FROM history WHERE \(total) ORDER BY run") == [
        ["1", "72.0"], ["2", "12.5"],
      ])
  }

  @Test func theViewsSayWhatTheCodesMean() throws {
    try ResultsDatabase.write(SampleResults().results, to: shell.path)
    #expect(
      try shell.rows(
        """
        SELECT cycle_title, year, cycle_role, title, goal, kind, unit, region, region_label, sector, sector_label, n
        FROM latest WHERE cycle = 'now' AND indicator = 'A.1' AND region = 'AFR' AND sector = 'env'
        """) == [
          [
            "The cycle of 2019", "2019.0", "main", "Measures in place", "A", "percentage", "party", "AFR", "Africa",
            "env", "Environment", "55",
          ]
        ])
    #expect(
      try shell.rows(
        "SELECT region, region_label, n FROM by_region WHERE cycle = 'now' AND indicator = 'A.1' ORDER BY region")
        == [["AFR", "Africa", "83"], ["APA", "Asia and the Pacific", "76"]])
    #expect(try shell.column("SELECT DISTINCT sector FROM by_sector ORDER BY 1") == ["agr", "env"])
    #expect(
      try shell.rows(
        """
        SELECT compare_to, compare_to_year, year, title, region_label, "then", now, significance FROM changes
        WHERE basis = 'all' AND indicator = 'A.1' AND region = 'APA' AND sector = '_T' ORDER BY role
        """) == [
          ["first", "2011.0", "2019.0", "Measures in place", "Asia and the Pacific", "53.8", "65.8", "up"],
          ["then", "2015.0", "2019.0", "Measures in place", "Asia and the Pacific", "59.8", "65.8", "no-change"],
        ])
  }

  @Test func anotherPipelineMayHaveOtherDimensions() throws {
    let results = SampleResults().results
    try ResultsDatabase.write(results, to: shell.path)
    let other = SampleResults.other(dimensions: ["office", "Region"])
    try ResultsDatabase.write(other, to: shell.path)
    try ResultsDatabase.write(results, to: shell.path)
    try shell.expectSound()
    #expect(
      try shell.rows("SELECT pipeline, max(run), count(*) FROM latest GROUP BY pipeline ORDER BY pipeline") == [
        ["now", "3", "\(results.estimates.count)"], ["other", "2", "\(other.estimates.count)"],
      ])
    // SQLite knows no difference between `Region` and `region`.
    #expect(
      try shell.rows(
        """
        SELECT region, sector, office, Region_2 FROM latest
        WHERE cycle = 'now' AND indicator = 'A.1' AND n = 55 ORDER BY pipeline
        """) == [
          ["AFR", "env", Shell.missing, Shell.missing], [Shell.missing, Shell.missing, "AFR", "env"],
        ])
    #expect(try shell.column("SELECT DISTINCT pipeline FROM by_office") == ["other"])
    #expect(try shell.column("SELECT DISTINCT pipeline FROM by_Region_2") == ["other"])
    #expect(try shell.column("SELECT DISTINCT pipeline FROM by_region") == ["now"])
  }

  @Test func aDimensionMayBearTheNameOfAColumn() throws {
    try ResultsDatabase.write(SampleResults.other(dimensions: ["year", "year_2"]), to: shell.path)
    try shell.expectSound()
    #expect(
      try shell.rows("SELECT year, year_2, year_2_2 FROM latest WHERE cycle = 'now' AND indicator = 'A.1' AND n = 55")
        == [["2019.0", "AFR", "env"]])
    #expect(try shell.column("SELECT DISTINCT year_2 FROM by_year ORDER BY 1") == ["AFR", "APA"])
  }

  @Test func aRunIsRemovedWithAllItsRows() throws {
    try ResultsDatabase.write(SampleResults().results, to: shell.path)
    try ResultsDatabase.write(SampleResults().results, to: shell.path)
    _ = try shell.rows("PRAGMA foreign_keys = ON; DELETE FROM runs WHERE run = 1; DELETE FROM runs WHERE run = 2")
    for table in ["runs", "cycles", "indicators", "cells", "cell_members", "estimates", "trends", "slopes"] {
      #expect(try shell.count(table) == 0, "\(table)")
    }
    try shell.expectSound()
  }

  @Test("Ten writers at once, from the first byte of the file on")
  func tenWriters() async throws {
    let path = shell.path
    let results = SampleResults().results
    await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<10 {
        group.addTask {
          var own = results
          own.record.title = "run \(number)"
          if number % 2 == 1 { own.dimensions[0].name = "dimension \(number)" }
          try ResultsDatabase.write(own, to: path)
        }
      }
      while let result = await group.nextResult() {
        #expect(throws: Never.self) { try result.get() }
      }
    }
    try shell.expectSound()
    #expect(try Set(shell.column("SELECT title FROM runs")) == Set((0..<10).map { "run \($0)" }))
    #expect(
      try shell.rows("SELECT DISTINCT count(*) FROM estimates GROUP BY run") == [["\(results.estimates.count)"]])
    #expect(try shell.count("dimensions") == 7)
  }

  @Test func aRunThatCannotBeAddedLeavesNothing() throws {
    var results = SampleResults().results
    try ResultsDatabase.write(results, to: shell.path)
    let before = try Data(contentsOf: URL(fileURLWithPath: shell.path))
    results.dimensions[0].name = "new"
    results.slopes.append(results.slopes[0])
    #expect {
      try ResultsDatabase.write(results, to: shell.path)
    } throws: {
      guard case .writeFailed = $0 as? ResultsDatabaseError else { return false }
      return true
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: shell.path)) == before)
    try shell.expectSound()
  }
}
