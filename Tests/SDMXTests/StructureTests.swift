import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

import Markup
@testable import SDMX

/// Periods and frequencies.
struct StructureTests {
  @Test(arguments: [
    ([2019], Frequency.unspecified), ([2011, 2015, 2019], .quadrennial), ([2019, 2015, 2011], .quadrennial),
    ([2000, 2001], .annual), ([2000, 2010], .decennial), ([2000, 2007], .other), ([2000, 2001, 2003], .other),
    ([], .unspecified),
  ]) func theFrequencyIsTheDistanceOfTheCycles(_ years: [Int], _ frequency: Frequency) {
    #expect(Frequency(years: years) == frequency)
  }

  @Test func aFractionOfAYearLiesInIt() throws {
    var results = SampleResults().results
    results.cycles[0].year = 2019.5
    results.cycles[2].year = 987
    let periods = Set(DataRows(try SDMXFiles(results)).rows.map { $0["TIME_PERIOD"] ?? "" })
    #expect(periods == ["2019", "2015", "0987"])
  }

  @Test func cyclesWithoutAPeriodOfTheirOwn() {
    func report(_ change: (inout Results) -> Void) -> String? {
      var results = SampleResults().results
      change(&results)
      do {
        _ = try SDMXFiles(results)
        return nil
      } catch {
        return (error as? SDMXError)?.report
      }
    }
    #expect(
      report { $0.cycles[1].year = nil }
        == """
        error: then declares no `year`, which SDMX needs as its TIME_PERIOD
          add `year` to the definition of then, or choose formats without sdmx
        """)
    #expect(
      report { $0.cycles[1].year = 2019.25 }
        == """
        error: now and then both lie in 2019, which SDMX needs as the TIME_PERIOD of one of them
          give the cycles different years, or choose formats without sdmx
        """)
    for year in [0, -3, 10_000, .infinity, Double.nan] {
      #expect(report { $0.cycles[1].year = year }?.contains("cannot be a TIME_PERIOD") == true)
    }
    #expect(
      report { $0.estimates[0].cycle = "other" }
        == "error: a row of the results speaks of other, which is none of their cycles\n  run the pipeline again")
  }

  @Test func theSameResultsMakeTheSameBytes() throws {
    let files = try (1...3).map { _ in try SDMXFiles(SampleResults().results) }
    #expect(Set(files.map(\.data)).count == 1)
    #expect(Set(files.map(\.structure)).count == 1)
  }

  @Test func anAgencyOfOnesOwn() throws {
    let files = try SDMXFiles(SampleResults().results, agency: "un.cbd")
    #expect(String(decoding: files.data, as: UTF8.self).contains("dataflow,UNx2eCBD:DF_NOW(1.0),I,"))
    #expect(String(decoding: files.structure, as: UTF8.self).contains("<str:Agency id=\"UNx2eCBD\">"))
  }

  @Test func textIsEscapedScalarByScalar() {
    #expect(
      MarkupText().escapeText("<\u{301}a & \"b'\r\n\u{0}\u{FFFE}>")
        == "&lt;\u{301}a &amp; &quot;b&#39;&#13;\n\u{FFFD}\u{FFFD}&gt;")
  }
}
