import Export
import SurveyModel
import Foundation
import SurveyTestSupport
import Testing

@testable import Report

@Suite("The report as a file")
struct ReportTests {
  private static func page(_ sample: SampleResults = SampleResults(), library: ChartLibrary? = nil) throws -> String {
    String(decoding: try HTMLReport(sample.results, library: library).bytes(), as: UTF8.self)
  }

  /// What stands between the first of two marks and the next.
  private static func part(of page: String, from start: String, to end: String) throws -> String {
    let from = try #require(page.range(of: start))
    let to = try #require(page.range(of: end, range: from.upperBound..<page.endIndex))
    return String(page[from.upperBound..<to.lowerBound])
  }

  private static func data(of page: String) throws -> [String: Any] {
    let json = try part(of: page, from: "id=\"results\">", to: "</script>")
    return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  @Test(arguments: SampleResults.hostileLabels.indices)
  func noLabelBecomesMarkup(index: Int) throws {
    let label = SampleResults.hostileLabels[index]
    let plain = try Self.page(SampleResults(label: "harmless"))
    let page = try Self.page(SampleResults(label: label))
    for tag in ["<script", "</script", "<b>", "<td", "<tr", "<option", "<article", "<style"] {
      #expect(page.components(separatedBy: tag).count == plain.components(separatedBy: tag).count, "\(tag)")
    }
    #expect(!page.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{0}" || $0 == "\u{1B}" })
    #expect(page.utf8.count < plain.utf8.count + 60_000)
    _ = try Self.data(of: page)
  }

  /// The library's own escape goes by grapheme clusters: a quote with an accent is not a quote to it.
  @Test func aQuoteWithACombiningMarkEndsNoAttribute() throws {
    let page = try Self.page(SampleResults(label: "\"\u{301} onfocus=alert(1) <\u{301}img"))
    let body = try Self.part(of: page, from: "<body>", to: "<script type=\"application/json\"")
    let marks = Array(body.unicodeScalars)
    let isBroken = zip(marks, marks.dropFirst()).contains { ($0 == "\"" || $0 == "<") && $1 == "\u{301}" }
    #expect(!isBroken)
    let isThere = body.unicodeScalars.contains("\u{301}")
    #expect(isThere)
  }

  @Test func aLabelReachesTheReaderAsItIs() throws {
    let label = "R&D <in> \"quotes\" 'n more'"
    let page = try Self.page(SampleResults(label: label))
    #expect(page.contains("R&amp;D &lt;in&gt; &quot;quotes&quot; &#39;n more&#39;"))
    let dimensions = try #require(try Self.data(of: page)["dimensions"] as? [[String: Any]])
    let members = try #require(dimensions[0]["members"] as? [[String: String]])
    #expect(members[0]["label"] == label)
  }

  @Test func numbersStandInThePageWithoutAScript() throws {
    let page = try Self.page()
    for text in ["72.0", "65.8 – 78.3", "+6.0", "+12.0 ▲", "suppressed", "no data", "not asked", "68.9*"] {
      let isThere = page.contains(text)
      #expect(isThere, "\(text)")
    }
    let hasDash = page.contains("class=\"blank\">–<small>")
    let hasNumber = page.contains(">53.4<") || page.contains("53.4,") || page.contains("\"53.4\"")
    #expect(hasDash && !hasNumber, "a number that is too imprecise is nowhere on the page")
    #expect(page.contains("~ <bdi>since The cycle of 2015: the words changed</bdi>"))
    #expect(page.contains("6 of 8") && page.contains("75.0 %"))
  }

  @Test func aBreakdownThatAnIndicatorLacksIsNamedWithoutAScript() throws {
    var results = SampleResults().results
    results.estimates.removeAll { $0.indicator == "A.2" && $0.members[0] != nil }
    let page = String(decoding: try HTMLReport(results, library: nil).bytes(), as: UTF8.self)
    let count = page.components(separatedBy: "<p class=\"reason\">not broken down by region</p>").count - 1
    #expect(count == 1)
    #expect(page.contains("* \(EstimateFlag.partial.words); – \(EstimateFlag.notShown.words)."))
  }

  @Test func whereTheLibraryIsMissingThePageSaysWhatToInstall() throws {
    let page = try Self.page()
    #expect(page.contains("vl-convert-python"))
    #expect(!(try Self.page(library: ChartLibrary(script: "1"))).contains("vl-convert-python"))
  }

  @Test func theLibraryCannotEndItsElement() throws {
    let page = try Self.page(library: ChartLibrary(script: "x = '</script><b>'"))
    #expect(page.contains("x = '<\\/script><b>'"))
  }

  @Test func theLibraryIsLookedForWhereItIsInstalled() {
    #expect(
      ChartLibrary.directories(
        binary: "/nowhere/bin/pipeline", environment: ["PIPELINE_SHARE": "/elsewhere"])
        == ["/elsewhere", "/nowhere/share/pipeline"])
    #expect(
      ChartLibrary.directories(binary: "/nowhere/p/.build/release/pipeline", environment: [:])
        == ["/nowhere/p/.build/share/pipeline", "/nowhere/p/.build/exports-venv/share/pipeline"])
  }

  @Test func theChartsAreVegaLite() throws {
    let charts = try #require(try Self.data(of: try Self.page())["charts"] as? [String: Any])
    for name in ["dots", "line"] {
      let chart = try #require(charts[name] as? [String: Any])
      #expect(chart["$schema"] as? String == "https://vega.github.io/schema/vega-lite/v6.json")
      #expect((chart["layer"] as? [[String: Any]])?.isEmpty == false)
      #expect((chart["encoding"] as? [String: Any])?.isEmpty == false)
    }
  }

  @Test func everyEstimateAndChangeOfTheMainCycleIsInTheData() throws {
    let results = SampleResults().results
    let indicators = try #require(try Self.data(of: try Self.page())["indicators"] as? [[String: Any]])
    for (indicator, json) in zip(results.indicators, indicators) {
      let estimates = try #require(json["estimates"] as? [[[Any]]])
      #expect(
        estimates.map(\.count)
          == results.cycles.map { cycle in
            results.estimates.count { $0.cycle == cycle.name && $0.indicator == indicator.id }
          })
      let changes = try #require(json["changes"] as? [String: [[[Any]]]])
      #expect(changes["matched"]?.map(\.count) == changes["all"]?.map(\.count))
      #expect(changes["all"]?.count == 2)
    }
  }

  @Test func theSameResultsGiveTheSameBytes() throws {
    #expect(try Self.page() == Self.page())
  }
}
