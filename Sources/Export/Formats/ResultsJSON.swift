import Foundation
import SurveyModel

/// Results as JSON: what they are about, and the rows of every table with the names of the CSV files as keys, numbers
/// as numbers and null for a value that does not exist.
public struct ResultsJSON: Sendable {
  private let results: Results

  public init(_ results: Results) {
    self.results = results
  }

  /// UTF-8 with sorted keys and a final line end.
  ///
  /// - Throws: What Foundation's encoder throws; no result is known that makes it.
  public func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(Document(results))) + [UInt8(ascii: "\n")]
  }
}

private struct Document: Encodable {
  struct Cycle: Encodable {
    var name: String
    var title: String
    var year: Double?
    var role: String
  }

  struct Member: Encodable {
    var code: String
    var label: String
  }

  struct Dimension: Encodable {
    var name: String
    var members: [Member]
  }

  struct Indicator: Encodable {
    var id: String
    var title: String
    var goal: String
    var kind: String
    var unit: String
    var note: String
  }

  var pipeline: String
  var title: String
  var cycles: [Cycle]
  var dimensions: [Dimension]
  var indicators: [Indicator]
  var estimates: [EncodedRow<EstimateRow>]
  var trends: [EncodedRow<TrendRow>]
  var slopes: [EncodedRow<SlopeRow>]

  init(_ results: Results) {
    pipeline = results.pipeline
    title = results.title
    cycles = results.cycles.map { Cycle(name: $0.name, title: $0.title, year: $0.year, role: $0.role) }
    dimensions = results.dimensions.map { dimension in
      Dimension(name: dimension.name, members: dimension.members.map { Member(code: $0.code, label: $0.label) })
    }
    indicators = results.indicators.map {
      Indicator(
        id: $0.id, title: $0.title, goal: $0.goal, kind: $0.kind.rawValue, unit: $0.unit, note: $0.note)
    }
    let names = results.dimensionNames
    estimates = results.estimates.map { EncodedRow(row: $0, dimensions: names) }
    trends = results.trends.map { EncodedRow(row: $0, dimensions: names) }
    slopes = results.slopes.map { EncodedRow(row: $0, dimensions: names) }
  }
}

/// A row under the names of its columns.
private struct EncodedRow<Row: ResultRow>: Encodable {
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  var row: Row
  var dimensions: [String]

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (name, member) in zip(dimensions, row.members) {
      try container.encode(member ?? Dimension.totalMember, forKey: Key(name))
    }
    for column in Row.columns {
      let key = Key(column.name)
      switch column.value(row) {
      case .none: try container.encodeNil(forKey: key)
      case .text(let text): try container.encode(text, forKey: key)
      case .integer(let number): try container.encode(number, forKey: key)
      case .number(let number):
        // JSON has no word for what is no number; the CSV leaves it empty.
        if number.isFinite { try container.encode(number, forKey: key) } else { try container.encodeNil(forKey: key) }
      }
    }
  }
}
