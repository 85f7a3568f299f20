import Export
import Foundation
import SurveyTestSupport
import Testing

@testable import Report

/// The report in headless Chromium: `Tests/Readers/browser.py` looks, these tests judge.
@Suite("The report in a browser")
struct BrowserTests {
  private struct Seen: Decodable {
    struct Chart: Decodable, Equatable {
      var kind: String
      var promised: Int
      var drawn: Int
    }

    var console: [String]
    var requests: [String]
    var charts: [Chart]
    var chartsChosen: [Chart]
    var overflow: Int
    var narrowOverflow: Int
    var total: String
    var chosen: String
    var chosenIntervals: [String]
    var crossedIntervals: [String]
    var changesAll: [String]
    var changesMatched: [String]
    var found: Int
    var articles: Int
    var download: String
    var downloadName: String
    var pages: Int
    var withoutScript: String
  }

  private static func look(at results: Results) throws -> Seen {
    let directory = try TemporaryDirectory()
    let library = try #require(ChartLibrary.installed(binary: CommandRun.binary), "run `make test`")
    let page = try HTMLReport(results, library: library).bytes()
    let path = try directory.write(String(decoding: page, as: UTF8.self), to: "report.html")
    let run = try ReaderRun(script: "browser.py", [path])
    try #require(run.status == 0, "\(run.error)")
    return try JSONDecoder().decode(Seen.self, from: Data(run.output.utf8))
  }

  @Test func aReaderSeesEveryMarkAndCanChoose() throws {
    let seen = try Self.look(at: SampleResults().results)
    #expect(seen.console == [])
    #expect(seen.requests.count == 1, "nothing is fetched: \(seen.requests)")
    // The total of one percentage in three cycles; by region and sector; and its line.
    #expect(seen.charts.contains(.init(kind: "goal", promised: 3, drawn: 3)))
    #expect(seen.charts.contains(.init(kind: "members", promised: 6, drawn: 6)))
    #expect(seen.charts.contains(.init(kind: "line", promised: 3, drawn: 3)))
    #expect(seen.charts.allSatisfy { $0.promised == $0.drawn })
    #expect(seen.chartsChosen.allSatisfy { $0.promised == $0.drawn })
    #expect(seen.chartsChosen != seen.charts)
    #expect(seen.total == "72.0" && seen.chosen == "68.9*" && seen.withoutScript == "72.0")
    #expect(seen.found == 0 && seen.articles == 3)
    #expect(seen.overflow == 0 && seen.narrowOverflow == 0)
    #expect(seen.pages >= 2)
    #expect(seen.downloadName == "A.1.csv")
    #expect(seen.download.hasPrefix("who,n,%,interval,since 2015,since 2011,flags\n"))
    #expect(seen.download.contains("Africa,83,68.9*,"))
  }

  @Test func aBreakdownThatAnIndicatorLacksIsNoQuestionThatWasNotAsked() throws {
    var results = SampleResults().results
    // A.2 is by sector alone; nothing is by both but A.1.
    results.estimates.removeAll { $0.indicator == "A.2" && $0.members[0] != nil }
    let seen = try Self.look(at: results)
    #expect(seen.console == [])
    #expect(seen.chosenIntervals.count == 3)
    #expect(seen.chosenIntervals[1] == "not broken down by region")
    #expect(seen.chosenIntervals[2] == "not asked")
    #expect(seen.crossedIntervals[1] == "not broken down by region")
    results.estimates.removeAll { !$0.isTotal && $0.members.allSatisfy { $0 != nil } }
    results.estimates.removeAll { $0.indicator == "A.1" && $0.members[0] == "AFR" }
    let less = try Self.look(at: results)
    #expect(less.chosenIntervals == ["no data", "not broken down by region", "not asked"])
    #expect(less.crossedIntervals[0] == "not broken down by region and sector")
  }

  @Test func aHostileLabelStaysText() throws {
    let seen = try Self.look(at: SampleResults(label: SampleResults.hostileLabels.joined(separator: " ")).results)
    #expect(seen.console == [])
    #expect(seen.requests.count == 1)
    #expect(seen.charts.allSatisfy { $0.promised == $0.drawn })
    #expect(seen.overflow == 0 && seen.narrowOverflow == 0)
    #expect(!seen.download.contains("\n=HYPERLINK"))
  }
}
