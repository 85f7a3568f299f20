import Export
import Foundation
import SurveyTestSupport
import Testing

@testable import SDMX

/// Two independent libraries read a delivery, validate the structure against the schemas of SDMX-ML 3.0 and the data
/// against the structure.
struct ReaderTests {
  @Test func bothReadersFindEveryObservation() throws {
    let results = SampleResults().results
    let delivery = try Delivery(results)
    let written = DataRows(try SDMXFiles(results))
    #expect(delivery.observations == written.rows.count)
    #expect(delivery.sdmx1.observations == written.rows.count)
    let sum = written.rows.compactMap { $0["OBS_VALUE"].flatMap(Double.init) }.reduce(0, +)
    #expect(abs(delivery.sum - sum) < 1e-6)
    #expect(abs(delivery.sdmx1.sum - sum) < 1e-6)
  }

  @Test func theStructureHasTheDimensionsOfTheDefinition() throws {
    let delivery = try Delivery(SampleResults().results)
    let dimensions = ["FREQ", "REF_AREA", "SECTOR", "INDICATOR", "MEASURE", "COMPARED_WITH", "BASIS", "TIME_PERIOD"]
    #expect(delivery.dimensions == dimensions)
    #expect(delivery.sdmx1.dimensions == dimensions)
    #expect(delivery.names.mapValues(\.count) == delivery.sdmx1.codes)
    #expect(delivery.names["CL_REF_AREA"] == ["_T": "Total", "AFR": "Africa", "APA": "Asia and the Pacific"])
    #expect(
      delivery.names["CL_INDICATOR"]
        == ["A$2E1": "A.1 Measures in place", "A$2E2": "A.2 Records", "B$2E1": "B.1 Something new"])
    #expect(
      delivery.names["CL_COMPARED_WITH"] == [
        "_Z": "Not applicable", "2011": "first: The cycle of 2011", "2015": "then: The cycle of 2015",
        "2019": "now: The cycle of 2019",
      ])
  }

  @Test func resultsWithoutDimensions() throws {
    var results = SampleResults().results
    results.dimensions = []
    results.estimates = results.estimates.filter(\.isTotal).map { row in
      var row = row
      row.members = []
      return row
    }
    results.trends = []
    results.slopes = []
    let delivery = try Delivery(results)
    #expect(delivery.dimensions == ["FREQ", "INDICATOR", "MEASURE", "COMPARED_WITH", "BASIS", "TIME_PERIOD"])
  }

  @Test func dimensionsMayBeCalledAnything() throws {
    var results = SampleResults().results
    results.dimensions[0].name = "obs_value"
    results.dimensions[1].name = "Größe (m²)"
    let delivery = try Delivery(results)
    #expect(delivery.dimensions.prefix(3) == ["FREQ", "x4fBS_VALUE", "GRxc3xb6xc3x9fEx20x28Mxc2xb2x29"])
  }

  @Test func membersMayBeCalledAnything() throws {
    let codes = [
      "", "_T", "$5FT", "_U", "A.1", "A_1", "A-1", "a-1", "北", "东", "<10k", ">10k", "-1", "@sum", "=1+1", "a\nb",
      "\u{202E}x", "$", "$24", String(repeating: "长", count: 2000),
    ]
    var results = SampleResults().results
    let row = try #require(results.estimates.first { $0.members[0] == "AFR" && $0.members[1] == nil })
    for code in codes {
      var other = row
      other.members[0] = code
      results.estimates.append(other)
    }
    let delivery = try Delivery(results)
    let names = try #require(delivery.names["CL_REF_AREA"])
    #expect(names["A_1"] == "A_1")
    #expect(names["A$2E1"] == "A.1")
    #expect(names["_T"] == "Total")
    #expect(names["$5FT"] == "_T")
    #expect(names["$245FT"] == "$5FT")
    #expect(names["$2D1"] == "-1")
    #expect(names["$E5$8C$97"] == "北")
    #expect(names["$3C10k"] == "<10k")
    #expect(names["$3E10k"] == ">10k")
    #expect(names.count == 3 + codes.count)
  }

  @Test func everyLabelIsTextInTheStructure() throws {
    let labels = SampleResults.hostileLabels + ["<\u{301}b", "]]>", "a\r\nb", "\u{FFFF}", "&#0;"]
    let deliveries = try Delivery.read(labels.map { SampleResults(label: $0).results })
    for (label, delivery) in zip(labels, deliveries) {
      let read = label.unicodeScalars.map { scalar in
        ["\u{0}", "\u{1B}", "\u{FFFF}"].contains(scalar) ? "\u{FFFD}" : String(scalar)
      }.joined()
      #expect(words(delivery.names["CL_REF_AREA"]?["AFR"]) == words(read))
      #expect(words(delivery.names["CL_INDICATOR"]?["A$2E1"]) == words("A.1 " + read))
    }
  }

  /// Readers may fold white space.
  private func words(_ text: String?) -> [Substring] { (text ?? "").split(whereSeparator: \.isWhitespace) }

  @Test func everyTextOfTheDataIsReadAndNoneIsAFormula() throws {
    let hostile = SampleResults.hostileLabels.map { text in
      var results = SampleResults().results
      for index in results.estimates.indices {
        results.estimates[index].reason = text
        results.estimates[index].unit = text
      }
      for index in results.trends.indices { results.trends[index].test.comparability = text }
      return results
    }
    let plain = try Delivery(SampleResults().results)
    for (delivery, results) in zip(try Delivery.read(hostile), hostile) {
      #expect(delivery.observations == plain.observations)
      #expect(delivery.sdmx1.observations == plain.observations)
      for line in String(decoding: try SDMXFiles(results).data, as: UTF8.self).split(separator: "\n") {
        #expect(!line.contains(",=") && !line.contains(",@") && !line.contains(",+"))
      }
    }
  }
}
