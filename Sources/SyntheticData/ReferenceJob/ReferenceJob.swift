import Foundation

/// The reference job of the benchmark: a large questionnaire in one file, with the definitions that run it.
///
/// A row is made from the seed and its number and forgotten when it is written, so memory does not grow with the file.
/// There is no population behind it and no truth to compare with: `InstitutionSurvey` has these.
public struct ReferenceJob: Sendable {
  public let size: ReferenceJobSize
  private let seed: UInt64

  /// - Parameter seed: Another seed gives other answers of the same kinds.
  /// - Throws: `SyntheticDataError.outOfBounds`, `.tooFewQuestions`.
  public init(seed: UInt64, size: ReferenceJobSize) throws(SyntheticDataError) {
    try size.check()
    self.size = size
    self.seed = seed
  }

  /// Writes the responses, the definitions and a page that says what they are. `pipeline run reference-job` reads them
  /// with this directory as `--pipelines`.
  ///
  /// - Returns: What was written, with its size in bytes.
  /// - Throws: `SyntheticDataError.cannotCreate`, `.writeFailed`; files that were not finished are removed.
  public func write(to directory: String) throws(SyntheticDataError) -> [(path: String, bytes: Int)] {
    let folder = URL(fileURLWithPath: directory)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: folder.relativePath, reason: error.localizedDescription)
    }
    let rows = ReferenceRows(size: size, seed: seed)
    let responses = try StreamedFile(path: folder.appendingPathComponent("responses.csv").relativePath)
    try stream(rows, to: responses)
    var files = [responses]
    let definitions = ReferenceDefinitions(size: size, design: rows.design, questions: rows.answers.questions)
    for (path, text) in definitions.files + [("README.md", readMe)] {
      let file = try StreamedFile(path: folder.appendingPathComponent(path).relativePath)
      try file.append { $0 += Array(text.utf8) }
      files.append(file)
    }
    for file in files { try file.finish() }
    return files.map { ($0.path, $0.bytesWritten) }
  }

  private func stream(_ rows: ReferenceRows, to file: StreamedFile) throws(SyntheticDataError) {
    try file.append { $0 += Array((rows.header.joined(separator: ",") + "\n").utf8) }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: rows.room, alignment: 16)
    defer { memory.deallocate() }
    guard let start = memory.baseAddress else { return }
    for number in 1...size.responses {
      let count = rows.fill(start, row: number)
      try file.append { $0.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count)) }
    }
  }

  private var readMe: String {
    """
    # The reference job: every institution and every answer in this directory is invented

    Made by `pipeline generate reference-job --responses \(size.responses) --psus \(size.psus) \
    --questions \(size.questions) --indicators \(size.indicators) --regions \(size.regions) --sectors \(size.sectors) \
    --replicates \(size.replicates) --seed \(seed) -o DIR`: the same seed gives the same bytes.
    `pipeline run reference-job --pipelines DIR` computes its indicators.

    """
  }
}
