import Foundation
import Locks

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How far Spark has come, as its own status says: the REST interface of the application on this machine.
public final class SparkProgress: Sendable {
  /// Where the application answers.
  let port: Int
  private let report: @Sendable (_ bytes: Int64, _ rows: Int) -> Void
  private static let pause = Duration.milliseconds(500)

  /// - Parameter report: Told what the stages have read since the start.
  public init(report: @escaping @Sendable (_ bytes: Int64, _ rows: Int) -> Void = { _, _ in }) {
    // A port that nobody else is likely to have; Spark takes the next one where it is taken.
    port = Int.random(in: 20_000..<32_000)
    self.report = report
  }

  private struct Application: Decodable { var id: String }

  private struct Stage: Decodable {
    var inputBytes: Int64?
    var inputRecords: Int?
  }

  /// Asks until the task is cancelled. That nobody answers is no error: it is only progress.
  func watch() async {
    var base: URL?
    while !Task.isCancelled {
      do {
        if base == nil,
          let id = try await get([Application].self, "http://127.0.0.1:\(port)/api/v1/applications").first?.id
        {
          base = URL(string: "http://127.0.0.1:\(port)/api/v1/applications/\(id)/stages")
        }
        if let base {
          let stages = try await get([Stage].self, base.absoluteString)
          report(stages.reduce(0) { $0 + ($1.inputBytes ?? 0) }, stages.reduce(0) { $0 + ($1.inputRecords ?? 0) })
        }
        try await Task.sleep(for: Self.pause)
      } catch is CancellationError {
        return
      } catch {
        try? await Task.sleep(for: Self.pause)
      }
    }
  }

  private func get<Answer: Decodable>(_ type: Answer.Type, _ address: String) async throws -> Answer {
    guard let url = URL(string: address) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.timeoutInterval = 5
    let (data, _) = try await URLSession.shared.data(for: request)
    return try JSONDecoder().decode(type, from: data)
  }
}
