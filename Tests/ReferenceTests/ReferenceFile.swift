import Ingest
import SurveyTestSupport
import Testing

/// Rows of a CSV file by some of its columns.
struct KeyedRows {
  let rows: [[String]: [String: String]]

  init(_ path: String, keys: [String]) throws {
    let table = try SmallTable(contentsOf: path)
    var rows: [[String]: [String: String]] = [:]
    for fields in table.rows {
      let row = Dictionary(uniqueKeysWithValues: zip(table.header, fields))
      rows[keys.map { row[$0] ?? "?" }] = row
    }
    self.rows = rows
  }
}

/// A file that R wrote (Tests/Reference/README.md says how to make it anew).
func golden(_ name: String) -> String { "\(projectDirectory)/Tests/Reference/\(name)" }

/// Compares the columns of all golden rows with ours: numbers to 1e-9 relative, everything else exactly.
///
/// - Returns: How many values were compared.
func expectAgreement(
  of ours: KeyedRows, with golden: KeyedRows, columns: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) -> Int {
  var compared = 0
  var differences: [String] = []
  for (key, expected) in golden.rows {
    guard let row = ours.rows[key] else {
      differences.append("\(key): no such row")
      continue
    }
    for column in columns {
      compared += 1
      let (a, b) = (row[column] ?? "?", expected[column] ?? "?")
      if a == b { continue }
      if let x = Double(a), let y = Double(b), areClose(x, y) { continue }
      differences.append("\(key) \(column): ours \(a), R \(b)")
    }
  }
  #expect(
    differences.isEmpty,
    "\(differences.count) of \(compared): \(differences.sorted().prefix(8).joined(separator: "\n"))",
    sourceLocation: sourceLocation)
  return compared
}
