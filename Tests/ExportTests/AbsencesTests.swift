import Export
import SurveyModel
import SurveyTestSupport
import Testing

/// Why there is no row, in the words that all forms of the results share.
struct AbsencesTests {
  /// A.2 is by sector alone, A.1 by each dimension and without a row of APA, B.1 was not asked.
  private var results: Results {
    var results = SampleResults().results
    results.estimates.removeAll { $0.indicator == "A.2" && $0.members[0] != nil }
    results.estimates.removeAll { $0.indicator == "A.1" && ($0.grouping.count == 2 || $0.members[0] == "APA") }
    return results
  }

  @Test(arguments: [
    ("A.2", [0], "not broken down by region"), ("A.2", [0, 1], "not broken down by region"),
    ("A.1", [0], "no data"), ("A.1", [0, 1], "not broken down by region and sector"), ("B.1", [0], "not asked"),
    ("C.9", [0, 1], "not broken down by region and sector"),
  ]) func theReason(_ indicator: String, _ grouping: [Int], _ words: String) {
    #expect(Absences(results).words(indicator: indicator, cycle: "now", grouping: grouping) == words)
  }

  @Test func missingBreakdownsAreNamedOnce() {
    let absences = Absences(results)
    let all = [["region"], ["sector"], ["sector", "region"]]
    #expect(absences.missing(all, indicator: "A.2", cycle: "now") == ["not broken down by region"])
    #expect(absences.missing(all, indicator: "A.1", cycle: "now") == ["not broken down by region and sector"])
    #expect(absences.missing(all, indicator: "B.1", cycle: "now") == [])
    #expect(absences.missing([["sector"]], indicator: "A.2", cycle: "now") == [])
  }

  @Test func markdownSaysWhatAnIndicatorLacks() {
    let text = ResultsMarkdown(results.selecting(groupings: [["region"]])).text
    let sections = text.components(separatedBy: "## ")
    #expect(sections.first { $0.hasPrefix("A.2") }?.contains("\nnot broken down by region\n") == true)
    #expect(sections.first { $0.hasPrefix("A.1") }?.contains("not broken down") == false)
  }
}
