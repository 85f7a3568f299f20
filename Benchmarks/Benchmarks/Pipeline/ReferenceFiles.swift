import Foundation
import Ingest
import SyntheticData

/// A reference job on the disk, smaller than the one that the peers run but with its questions, cells and PSUs.
struct ReferenceFiles: Sendable {
  static let name = "reference-job"
  /// Of the stages and the whole run: some 28 MB in 14 morsels.
  static let rows = 20_000

  let directory: String
  let rows: Int
  var responses: String { "\(directory)/responses.csv" }

  init(rows: Int = Self.rows, replicates: Int = 0) throws {
    self.rows = rows
    directory = try Scratch.path("job")
    _ = try ReferenceJob(seed: 2026, size: ReferenceJobSize(responses: rows, replicates: replicates))
      .write(to: directory)
  }

  /// How many rows have an answer, counted by libcsv alone: n of an indicator on the question in the total.
  func answered(_ question: String) throws -> Int {
    var count = 0
    _ = try RecordReader(path: responses, table: "responses").read(
      choose: { [try $0.position(of: question)] },
      body: { records in
        for row in 0..<records.rowCount where !records.range(row: row, column: 0).isEmpty { count += 1 }
      })
    return count
  }

  // MARK: - The same answers in another layout

  /// Compresses the responses.
  func compress() throws {
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-6", responses]
    try gzip.run()
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else { throw Unprepared("gzip failed on \(responses)") }
    try define(table: "{path: responses.csv.gz, codebook: codebook.yaml}")
  }

  /// Writes one row an answer; an answer that is missing has none.
  func lengthen() throws {
    let columns = ["response_id", "region", "sector", "stratum", "network", "weight"]
    var questions: [String] = []
    var bytes = Array((columns.joined(separator: ",") + ",question,answer\n").utf8)
    _ = try RecordReader(path: responses, table: "responses").read(
      choose: { header in
        questions = header.names.filter { !columns.contains($0) && $0 != "institution" }
        return try (columns + questions).map { try header.position(of: $0) }
      },
      body: { records in
        for row in 0..<records.rowCount {
          let start = columns.indices.map { records.text(row: row, column: $0) + "," }.joined()
          for (place, question) in questions.enumerated() {
            let answer = records.text(row: row, column: columns.count + place)
            guard !answer.isEmpty else { continue }
            let quoted = answer.contains(#"""#) || answer.contains(",")
            let field = quoted ? #"""# + answer.replacing(#"""#, with: #""""#) + #"""# : answer
            bytes += Array("\(start)\(question),\(field)\n".utf8)
          }
        }
      })
    try Data(bytes).write(to: URL(fileURLWithPath: responses))
    try define(
      table: "{path: responses.csv, codebook: codebook.yaml, layout: long, respondent: response_id, "
        + "question: question, answer: answer}")
  }

  /// Tells the definition how the responses look now.
  private func define(table: String) throws {
    let path = "\(directory)/\(Self.name).yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let defined = text.replacing("{path: responses.csv, codebook: codebook.yaml}", with: table)
    guard defined != text else { throw Unprepared("\(path) describes its responses in other words") }
    try defined.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
