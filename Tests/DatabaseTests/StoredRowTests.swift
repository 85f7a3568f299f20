import Export
import Foundation
import SurveyTestSupport
import Testing

@testable import Database

@Suite("Every row of a run is in the database, number for number")
struct StoredRowTests {
  let directory: TemporaryDirectory
  let shell: Shell
  let results = SampleResults().results

  init() throws {
    directory = try TemporaryDirectory()
    shell = Shell(directory.path(of: "results.sqlite"))
    try ResultsDatabase.write(results, to: shell.path)
  }

  @Test func theDatabaseIsSoundAndAloneInItsDirectory() throws { try shell.expectSound() }

  @Test func estimatesAreThoseOfTheRun() throws { try expectEqual(results.estimates) }

  @Test func trendsAreThoseOfTheRun() throws { try expectEqual(results.trends) }

  @Test func slopesAreThoseOfTheRun() throws { try expectEqual(results.slopes) }

  /// All columns of all rows, with a column a dimension.
  private func expectEqual<Row: StoredRow>(_ rows: [Row], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let members = results.dimensionNames.map {
      "(SELECT code FROM cell_members AS m WHERE m.cell = \(Row.table).cell AND m.dimension = '\($0)')"
    }
    let values = Row.columns.map { column in
      let name = Shell.quoted(column.name)
      return column.columnType == .real ? "iif(\(name) IS NULL, NULL, printf('%!.17g', \(name)))" : name
    }
    let found = try shell.rows("SELECT \((members + values).joined(separator: ", ")) FROM \(Row.table)")
    let expected = rows.map { row in
      row.members.map { $0 ?? "_T" }
        + Row.columns.map { column in
          switch column.value(row) {
          case .none: Shell.missing
          case .text(let text): text
          case .integer(let number): "\(number)"
          case .number(let number): "\(number)"
          }
        }
    }
    let reals = Row.columns.map { $0.columnType == .real }
    let read = found.map { fields in
      fields.enumerated().map { position, text in
        position >= members.count && reals[position - members.count] ? Double(text).map { "\($0)" } ?? text : text
      }
    }
    #expect(read.count == rows.count && !rows.isEmpty, sourceLocation: sourceLocation)
    #expect(Set(read) == Set(expected), sourceLocation: sourceLocation)
  }

  @Test func numbersAreStoredAsNumbersAndAbsentValuesAsNull() throws {
    #expect(
      try Set(shell.column("SELECT DISTINCT typeof(estimate) FROM estimates")) == ["real", "null"])
    #expect(try Set(shell.column("SELECT DISTINCT typeof(n) FROM estimates")) == ["integer", "null"])
    #expect(try shell.column("SELECT DISTINCT typeof(year) FROM cycles") == ["real"])
    #expect(try Set(shell.column("SELECT DISTINCT typeof(flag) FROM estimates")) == ["text", "null"])
    var odd = SampleResults().results
    odd.estimates[0].estimate = .nan
    odd.estimates[1].estimate = .infinity
    let path = directory.path(of: "odd.sqlite")
    try ResultsDatabase.write(odd, to: path)
    let before = try shell.column("SELECT count(*) FROM estimates WHERE estimate IS NULL")
    let after = try Shell(path).column("SELECT count(*) - 2 FROM estimates WHERE estimate IS NULL")
    #expect(before == after)
  }

  @Test func theWordsOfTheRunAreThere() throws {
    #expect(
      try shell.rows("SELECT run, pipeline, title, version, started, finished FROM runs")
        == [["1", "now", "The cycle of 2019", "1.0", "2023-11-14T22:13:20Z", "2023-11-14T22:13:21Z"]])
    #expect(
      try shell.rows("SELECT cycle, role, title, year FROM cycles ORDER BY position") == [
        ["now", "main", "The cycle of 2019", "2019.0"], ["then", "previous", "The cycle of 2015", "2015.0"],
        ["first", "baseline", "The cycle of 2011", "2011.0"],
      ])
    let missing = Shell.missing
    #expect(
      try shell.rows("SELECT indicator, title, goal, kind, unit, note FROM indicators ORDER BY position") == [
        ["A.1", "Measures in place", "A", "percentage", "party", "A note."],
        ["A.2", "Records", "A", "count", "record", missing],
        ["B.1", "Something new", "B", "percentage", "party", missing],
      ])
    #expect(
      try shell.rows(
        """
        SELECT depth, dimension, code, label FROM cells JOIN cell_members USING (cell) JOIN dimensions USING (dimension)
        ORDER BY cell, position LIMIT 4
        """) == [
          ["0", "region", "_T", missing], ["0", "sector", "_T", missing], ["1", "region", "AFR", "Africa"],
          ["1", "sector", "_T", missing],
        ])
    #expect(try shell.count("cells") == 9)
    #expect(try shell.count("cell_members") == 18)
  }

  @Test func anIndicatorThatOnlyAnEarlierCycleHasKeepsItsRows() throws {
    var results = SampleResults().results
    var row = try #require(results.estimates.last)
    row.indicator = "Z.9"
    results.estimates.append(row)
    try ResultsDatabase.write(results, to: shell.path)
    try shell.expectSound()
    #expect(
      try shell.rows("SELECT indicator, title, unit FROM latest WHERE indicator = 'Z.9'")
        == [["Z.9", Shell.missing, "party"]])
  }

  @Test func aFileOfTheFirstVersionGainsTheColumns() throws {
    try ResultsDatabase.write(SampleResults().results, to: shell.path)
    for statement in [
      "DROP VIEW history", "DROP VIEW latest", "DROP VIEW changes", "DROP VIEW by_region", "DROP VIEW by_sector",
      "ALTER TABLE trends DROP COLUMN n_linked", "DELETE FROM grdb_migrations WHERE identifier = '2'",
    ] { _ = try shell.rows(statement) }
    #expect(try shell.rows("SELECT name FROM pragma_table_info('trends') WHERE name = 'n_linked'") == [])
    let before = try shell.count("trends")
    try ResultsDatabase.write(SampleResults().results, to: shell.path)
    try shell.expectSound()
    #expect(try shell.rows("SELECT name FROM pragma_table_info('trends') WHERE name = 'n_linked'") == [["n_linked"]])
    #expect(try shell.count("trends") >= before && before > 0)
    #expect(try shell.rows("SELECT count(n_linked) FROM changes") != [])
  }

  /// Whoever changes a list of columns must register a step of `Schema.migrator` for files that are there already,
  /// and then change these lists.
  @Test func theColumnsAreThoseOfTheSchemasVersion() {
    #expect(Schema.migrator.migrations == ["1", "2"])
    #expect(
      EstimateRow.columns.map(\.name).joined(separator: " ")
        == "cycle indicator unit status n n_yes n_missing n_unreadable population estimate se ci_low ci_high level method "
        + "df deff n_eff flag reason"
    )
    #expect(
      TrendRow.columns.map(\.name).joined(separator: " ")
        == "cycle compare_to role basis indicator unit status n_then n_now n_matched n_linked then now delta se ci_low ci_high df "
        + "p_value p_adjusted significance comparability reason")
    #expect(
      SlopeRow.columns.map(\.name).joined(separator: " ")
        == "indicator unit cycles slope se ci_low ci_high df p_value p_adjusted significance comparability reason")
  }
}
