import Export
import Foundation
import SurveyTestSupport
import Testing

/// What a program finds in the JSON is what stands in the CSV files.
struct ResultsJSONTests {
  private func object(_ results: Results) throws -> [String: Any] {
    let bytes = try ResultsJSON(results).bytes()
    #expect(bytes.last == UInt8(ascii: "\n"))
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  private func rows(_ object: [String: Any], _ table: String) throws -> [[String: Any]] {
    try #require(object[table] as? [[String: Any]])
  }

  @Test func theWordsThatExplainTheRows() throws {
    let json = try object(SampleResults().results)
    #expect(json["pipeline"] as? String == "now")
    #expect(json["title"] as? String == "The cycle of 2019")
    let cycles = try rows(json, "cycles")
    #expect(cycles.map { $0["name"] as? String } == ["now", "then", "first"])
    #expect(cycles.map { $0["year"] as? Double } == [2019, 2015, 2011])
    #expect(cycles.map { $0["role"] as? String } == ["main", "previous", "baseline"])
    let dimensions = try rows(json, "dimensions")
    #expect(dimensions.map { $0["name"] as? String } == ["region", "sector"])
    let members = try #require(dimensions[0]["members"] as? [[String: String]])
    #expect(members.first == ["code": "AFR", "label": "Africa"])
    let indicators = try rows(json, "indicators")
    #expect(indicators.map { $0["id"] as? String } == ["A.1", "A.2", "B.1"])
    #expect(indicators.map { $0["title"] as? String } == ["Measures in place", "Records", "Something new"])
    #expect(indicators.map { $0["kind"] as? String } == ["percentage", "count", "percentage"])
  }

  @Test func keysAreTheColumnsOfTheFiles() throws {
    let results = SampleResults().results
    let json = try object(results)
    for row in try rows(json, "estimates") {
      #expect(Set(row.keys) == Set(EstimateRow.header(dimensions: results.dimensionNames)))
    }
    for row in try rows(json, "trends") {
      #expect(Set(row.keys) == Set(TrendRow.header(dimensions: results.dimensionNames)))
    }
    for row in try rows(json, "slopes") {
      #expect(Set(row.keys) == Set(SlopeRow.header(dimensions: results.dimensionNames)))
    }
  }

  /// Some of the keys, read by a decoder that takes nothing but numbers for numbers.
  private struct Decoded: Decodable, Equatable {
    struct Row: Decodable, Equatable {
      var region: String
      var status: String
      var n: Int?
      var estimate: Double?
      var ci_low: Double?
      var flag: String?
      var reason: String?
    }

    var estimates: [Row]
  }

  @Test func numbersAreNumbersToTheLastDigitAndNothingIsNull() throws {
    let results = SampleResults().results
    let bytes = try ResultsJSON(results).bytes()
    let rows = results.estimates.map { row in
      Decoded.Row(
        region: row.members[0] ?? "_T", status: row.status.rawValue, n: row.n, estimate: row.estimate,
        ci_low: row.lower, flag: row.flags.isEmpty ? nil : row.flags.map(\.rawValue).joined(separator: " "),
        reason: row.reason.isEmpty ? nil : row.reason)
    }
    #expect(try JSONDecoder().decode(Decoded.self, from: Data(bytes)).estimates == rows)
    let json = try object(results)
    #expect(try self.rows(json, "trends").count == results.trends.count)
    #expect(try self.rows(json, "slopes").count == results.slopes.count)
  }

  @Test func whatIsNoNumberIsNull() throws {
    var results = SampleResults().results
    results.estimates[0].designEffect = .infinity
    results.estimates[0].effectiveSize = .nan
    let row = try #require(try rows(object(results), "estimates").first)
    #expect(row["deff"] is NSNull)
    #expect(row["n_eff"] is NSNull)
  }

  @Test(arguments: SampleResults.hostileLabels) func anyLabelReadsBack(_ label: String) throws {
    let json = try object(SampleResults(label: label).results)
    #expect(try rows(json, "indicators").first?["title"] as? String == label)
    let members = try #require(try rows(json, "dimensions").first?["members"] as? [[String: String]])
    #expect(members.first?["label"] == label)
  }
}
