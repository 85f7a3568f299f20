import Export
import Foundation
import SurveyTestSupport
import Testing

@testable import SDMX

/// A delivery as two Python libraries read it: pysdmx, which checks the data against the structure, and sdmx1.
struct Delivery: Decodable {
  struct SecondReader: Decodable {
    var observations: Int
    var sum: Double
    var dimensions: [String]
    var codes: [String: Int]
  }

  var observations: Int
  /// Of all values.
  var sum: Double
  var dimensions: [String]
  /// Of the codes of each list.
  var names: [String: [String: String]]
  var sdmx1: SecondReader

  init(_ results: Results, at location: SourceLocation = #_sourceLocation) throws {
    self = try #require(try Self.read([results], at: location).first, sourceLocation: location)
  }

  /// Deliveries of several results, in one run of Python, which takes longer to start than to read.
  ///
  /// Fails where one of the libraries finds something wrong.
  static func read(_ results: [Results], at location: SourceLocation = #_sourceLocation) throws -> [Delivery] {
    let directory = try TemporaryDirectory()
    for (number, results) in results.enumerated() {
      let files = try SDMXFiles(results)
      try directory.write(files.data, to: "\(number)/\(SDMXFiles.dataName)")
      try directory.write(files.structure, to: "\(number)/\(SDMXFiles.structureName)")
    }
    let run = try ReaderRun(script: "sdmx-files.py", results.indices.map { directory.path(of: String($0)) })
    try #require(run.status == 0, "\(run.error)", sourceLocation: location)
    return try JSONDecoder().decode([Delivery].self, from: Data(run.output.utf8))
  }
}

/// The observations of a delivery without hostile text, by the names of their columns.
struct DataRows {
  let header: [String]
  let rows: [[String: String]]

  init(_ files: SDMXFiles) {
    let lines = String(decoding: files.data, as: UTF8.self).split(separator: "\n")
    let fields = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let header = fields.first ?? []
    self.header = header
    rows = fields.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }

  /// Those with these values.
  func rows(_ values: [String: String]) -> [[String: String]] {
    rows.filter { row in values.allSatisfy { row[$0.key] == $0.value } }
  }
}
