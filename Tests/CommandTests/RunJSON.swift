import Foundation

/// What the tests read of `run.json`.
struct RunJSON: Decodable {
  struct Cycle: Decodable {
    var name: String
    var role: String
    var tables: [Table]
  }

  struct Table: Decodable {
    var table: String
    var rowsRead: Int
    var rowsUsed: Int
    var rowsSuperseded: Int
    var rowsOutsidePopulation: Int
    var rowsRejected: Int
    var answersRejected: Int
    var files: [File]

    /// Read = used + superseded + outside the population + rejected.
    var isBalanced: Bool { rowsRead == rowsUsed + rowsSuperseded + rowsOutsidePopulation + rowsRejected }
  }

  struct File: Decodable {
    var path: String
    var bytes: Int64
    var hash: String
    var algorithm: String
  }

  var pipeline: String
  var cycles: [Cycle]
  var definitions: [File]
  var outputs: [File]

  init(_ text: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Self.self, from: Data(text.utf8))
  }
}
