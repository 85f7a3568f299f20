import Export
import SurveyTestSupport
import Testing

/// Markdown for people: tables that no label can break, with the flags acted on.
struct ResultsMarkdownTests {
  private func lines(_ results: Results) -> [String] {
    ResultsMarkdown(results).text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func theTotalAloneIsOneTable() {
    let lines = lines(SampleResults().results.selecting(groupings: []))
    #expect(
      lines == [
        "# now: The cycle of 2019", "",
        "| indicator | title | n | % | 95% interval | vs then | vs first |",
        "| :--- | :--- | ---: | ---: | ---: | ---: | ---: |",
        "| A.1 | Measures in place | 90 | 72.0 | 65.8 – 78.3 | \\~+6.0 | +12.0 ▲ |",
        "| A.2 | Records | 90 | 60 | count |  |  |", "| B.1 | Something new |  |  | not asked |  |  |", "",
        "▲ ▼ changed beyond chance (adjusted for many comparisons); \\~ see comparability in trends.csv", "",
      ])
  }

  @Test func withBreakdownsEachIndicatorHasATable() {
    let lines = lines(SampleResults().results.selecting(groupings: [["region"]], indicators: ["A.1"]))
    #expect(
      lines.dropFirst(2).prefix(7) == [
        "## A.1 Measures in place", "", "| region | n | % | 95% interval | vs then | vs first |",
        "| :--- | ---: | ---: | ---: | ---: | ---: |",
        "| Total | 90 | 72.0 | 65.8 – 78.3 | \\~+6.0 | +12.0 ▲ |",
        "| Africa | 83 | 68.9\\* | 62.6 – 75.1 | \\~+6.0 | +12.0 ▲ |",
        "| Asia and the Pacific | 76 | 65.8 | 59.5 – 72.1 | \\~+6.0 | +12.0 ▲ |",
      ])
    #expect(lines.contains("\\* some strata did not report; the estimate speaks for the others"))
  }

  @Test func flagsAreActedOn() {
    let results = SampleResults().results.selecting(groupings: [["region", "sector"]], indicators: ["A.1"])
    let lines = lines(results)
    #expect(lines.contains { $0.hasPrefix("| Africa | Farming | 48 | – |  |") })
    #expect(lines.contains { $0.hasPrefix("| Asia and the Pacific | Environment |  |  | suppressed |") })
    #expect(lines.contains { $0.hasPrefix("| Asia and the Pacific | Farming | 0 |  | no data |") })
    #expect(lines.contains { $0.hasPrefix("| Total | Total | 90 | 72.0 |") })
    #expect(lines.contains { $0.hasPrefix("– too imprecise to show") })
  }

  @Test func aCycleThatWasSelectedIsTheOneShown() {
    var results = SampleResults().results.selecting(groupings: [], indicators: ["A.1"])
    results.estimates.removeAll { $0.cycle != "then" }
    let lines = lines(results)
    #expect(lines[0] == "# then: The cycle of 2015")
    #expect(lines[2] == "| indicator | title | n | % | 95% interval |")
    #expect(lines[4].hasPrefix("| A.1 | Measures in place | 90 | 66.0 |"))
  }

  @Test func aCensusSaysThatAllWereCounted() {
    var results = SampleResults().results.selecting(groupings: [], indicators: ["A.1"])
    results.estimates[0].flags = [.census]
    #expect(lines(results).contains { $0.contains("| 72.0 | all counted |") })
  }

  @Test(arguments: SampleResults.hostileLabels + ["a\\", "\\|", "``", "[x](http://example.org)", "www.example.org"])
  func noLabelBreaksTheTableOrIsMarkup(_ label: String) {
    let hostile = lines(SampleResults(label: label).results.selecting(groupings: [["region"]]))
    let plain = lines(SampleResults().results.selecting(groupings: [["region"]]))
    #expect(hostile.count == plain.count)
    #expect(hostile.map(bars) == plain.map(bars))
    for line in hostile {
      #expect(!line.replacing("<!-- -->", with: "").contains { "<>".contains($0) })
      #expect(!unescaped(line).contains { "`[]".contains($0) })
      #expect(!unescaped(line).contains("http:") && !unescaped(line).contains("www."))
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x202A...0x202E).contains($0.value) })
    }
  }

  @Test(arguments: [
    ("| a", "&#124; a"), ("<b>&amp;", "&lt;b&gt;&amp;amp;"), ("`x`", "\\`x\\`"), ("a\nb", "a\\\\nb"),
    ("@sum", "@<!-- -->sum"), ("A.1(a)", "A.1(a)"), ("50% - a + b", "50% - a + b"), ("a: b", "a: b"),
    ("http://x", "http\\://x"), ("www.x.org", "www\\.x.org"), ("é, 中文", "é, 中文"),
    ("\u{202E}abc", "\\\\u{202E}abc"),
  ]) func textIsEscapedWhereMarkdownWouldReadIt(_ text: String, _ escaped: String) {
    let results = SampleResults(label: text).results.selecting(groupings: [], indicators: ["A.1"])
    #expect(lines(results)[4].hasPrefix("| A.1 | \(escaped) |"))
  }

  private func bars(_ line: String) -> Int { line.count { $0 == "|" } }

  /// What is left without what a backslash has made harmless.
  private func unescaped(_ line: String) -> String {
    var rest = ""
    var skips = false
    for character in line {
      if skips {
        skips = false
        rest.append("·")
      } else if character == "\\" {
        skips = true
      } else {
        rest.append(character)
      }
    }
    return rest
  }
}
