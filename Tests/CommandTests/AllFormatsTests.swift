import Foundation
import SurveyTestSupport
import Testing

/// All formats of two real runs, each opened by what people open it with.
@Suite("All formats, read by their readers", .serialized)
struct AllFormatsTests {
  /// The results of a run with `--format all`.
  private struct Written {
    let directory: TemporaryDirectory
    var output: String

    func path(_ name: String) -> String { directory.path(of: "\(output)/\(name)") }

    func rows(of name: String) throws -> Int {
      try directory.text(of: "\(output)/\(name)").utf8.count { $0 == UInt8(ascii: "\n") } - 1
    }
  }

  private static func cycleFour() throws -> Written {
    let directory = try TemporaryDirectory()
    let run = try CommandRun(["run", "cycle-4", "--format", "all", "--output", directory.path(of: "results")])
    try #require(run.status == 0, "\(run.error)")
    #expect(run.error == RunTests.standing, "with Vega installed there is nothing to warn of: \(run.error)")
    return Written(directory: directory, output: "results")
  }

  /// A sample survey of 100,000 answers a cycle, invented.
  private static func institutions() throws -> Written {
    let directory = try TemporaryDirectory()
    try FileManager.default.copyItem(
      atPath: "\(projectDirectory)/Pipelines", toPath: directory.path(of: "Pipelines"))
    let generated = try CommandRun([
      "generate", "institutions", "--responses", "100000", "--cycles", "2..4", "-o",
      directory.path(of: "SampleData/institutions"),
    ])
    try #require(generated.status == 0, "\(generated.error)")
    let run = try CommandRun(
      ["run", "institutions-cycle-4", "--format", "all", "--no-cache"], in: directory.path)
    try #require(run.status == 0, "\(run.error)")
    return Written(directory: directory, output: "Output/institutions-cycle-4")
  }

  private static func json(_ run: ReaderRun) throws -> [String: Any] {
    try #require(run.status == 0, "\(run.error)")
    return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test("cycle-4 opens in a browser, in Excel's format, in SDMX and in SQLite") func cycleFourIsRead() throws {
    try Self.checkAll(try Self.cycleFour(), indicators: 39)
  }

  @Test("a survey of 100,000 answers opens in all of them, too") func institutionsAreRead() throws {
    try Self.checkAll(try Self.institutions(), indicators: 15)
  }

  private static func checkAll(_ written: Written, indicators: Int) throws {
    try checkReport(written, indicators: indicators)
    try checkWorkbook(written)
    let sdmx = try ReaderRun(script: "sdmx-files.py", [written.path("sdmx")])
    #expect(sdmx.status == 0, "\(sdmx.error)")
    try checkDatabase(written)
  }

  private static func checkReport(_ written: Written, indicators: Int) throws {
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: written.path("report.html"))[.size] as? NSNumber)
    #expect(size.intValue < 3_000_000)
    let seen = try json(try ReaderRun(script: "browser.py", [written.path("report.html")]))
    #expect(seen["console"] as? [String] == [])
    #expect((seen["requests"] as? [String])?.count == 1)
    let charts = try #require(seen["charts"] as? [[String: Any]])
    #expect(charts.count > indicators)
    #expect(charts.allSatisfy { $0["promised"] as? Int == $0["drawn"] as? Int })
    #expect(charts.contains { ($0["drawn"] as? Int ?? 0) > 10 })
    #expect(seen["articles"] as? Int == indicators)
    #expect(seen["total"] as? String != seen["chosen"] as? String)
    #expect(seen["changesAll"] as? [String] != seen["changesMatched"] as? [String])
    #expect(seen["overflow"] as? Int == 0 && seen["narrowOverflow"] as? Int == 0)
    #expect((seen["pages"] as? Int ?? 0) > 10)
  }

  private static func checkWorkbook(_ written: Written) throws {
    let book = try json(try ReaderRun(script: "workbook.py", [written.path("results.xlsx")]))
    let sheets = Dictionary(
      uniqueKeysWithValues: try #require(book["sheets"] as? [[String: Any]]).compactMap { sheet in
        (sheet["name"] as? String).map { ($0, sheet) }
      })
    for (name, file) in [("Estimates", "estimates.csv"), ("Trends", "trends.csv")] {
      #expect((sheets[name]?["rows"] as? [Any])?.count == (try written.rows(of: file)) + 1)
    }
    let chart = try #require((sheets["Summary"]?["charts"] as? [[String: Any]])?.first)
    #expect((chart["errorBars"] as? [Any])?.count == 2)
    let office = try ReaderRun(
      command: "/usr/bin/soffice",
      [
        "--headless", "-env:UserInstallation=file://\(written.directory.path)/profile", "--convert-to", "pdf",
        "--outdir", written.directory.path, written.path("results.xlsx"),
      ])
    #expect(office.status == 0 && !office.error.lowercased().contains("error"), "\(office.error)")
    #expect(FileManager.default.fileExists(atPath: written.directory.path(of: "results.pdf")))
  }

  private static func checkDatabase(_ written: Written) throws {
    let queries = [
      "select count(*) from estimates", "select count(*) from trends", "select count(*) from slopes",
      "pragma integrity_check", "pragma foreign_key_check",
    ]
    let run = try ReaderRun(
      command: "/usr/bin/sqlite3", [written.path("results.sqlite"), queries.joined(separator: "; ")])
    #expect(run.status == 0, "\(run.error)")
    let counts = try ["estimates.csv", "trends.csv", "slopes.csv"].map { String(try written.rows(of: $0)) }
    #expect(run.output.split(separator: "\n").map(String.init) == counts + ["ok"])
  }
}
