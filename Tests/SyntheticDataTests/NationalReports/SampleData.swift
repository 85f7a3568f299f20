import Foundation
import Ingest
import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

/// The sample data of seed 2026, made once for all tests and read back through the project's own reader.
struct SampleData {
  static let shared = Result { try SampleData(seed: 2026) }

  let codebooks: [Int: Codebook]
  let frame: PartyFrame
  let files: [(path: String, contents: [UInt8])]
  private let tables: [String: Table]

  struct Table {
    let header: [String]
    let rows: [[String: String]]

    func column(_ name: String) -> [String] { rows.map { $0[name] ?? "" } }
  }

  init(seed: UInt64) throws {
    codebooks = try Self.codebooks()
    frame = try Self.frame()
    files = try NationalReports(seed: seed, codebooks: codebooks, frame: frame).files()
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    var tables: [String: Table] = [:]
    for file in files where file.path.hasSuffix(".csv") {
      let path = directory.appendingPathComponent(file.path.replacing("/", with: "-"))
      try Data(file.contents).write(to: path)
      let table = try SmallTable(contentsOf: path.path)
      tables[file.path] = Table(
        header: table.header,
        rows: table.rows.map { Dictionary(zip(table.header, $0), uniquingKeysWith: { first, _ in first }) })
    }
    self.tables = tables
  }

  func table(_ path: String) throws -> Table { try #require(tables[path]) }

  func responses(_ cycle: Int) throws -> Table { try table("cycle-\(cycle)/responses.csv") }

  /// The row of each Party that counts: the latest, and of two on one day the later in the file.
  func latest(_ cycle: Int) throws -> [String: [String: String]] {
    var latest: [String: [String: String]] = [:]
    for row in try responses(cycle).rows {
      guard let party = row["party"] else { continue }
      if let known = latest[party], (known["submitted"] ?? "") > (row["submitted"] ?? "") { continue }
      latest[party] = row
    }
    return latest
  }

  static func frame() throws -> PartyFrame {
    try PartyFrame(
      partiesPath: definitions + "frame/parties.csv", reportingPath: definitions + "frame/reporting.csv")
  }

  static func codebooks() throws -> [Int: Codebook] {
    var codebooks: [Int: Codebook] = [:]
    for cycle in 2...5 {
      codebooks[cycle] = try DefinitionReader.codebook(atPath: definitions + "codebook-cycle-\(cycle).yaml")
    }
    return codebooks
  }

  private static let definitions = "\(projectDirectory)/Pipelines/cartagena/"
}

extension Result where Failure == any Error {
  fileprivate init(_ make: () throws -> Success) {
    do { self = .success(try make()) } catch { self = .failure(error) }
  }
}
