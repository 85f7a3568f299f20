import FlyingSocks
import Foundation
import Locks

/// How far Spark has come, as its own status says: the REST interface of the application on this machine.
public final class SparkProgress: Sendable {
  /// Where the application answers.
  let port: Int
  private let report: @Sendable (_ bytes: Int64, _ rows: Int) -> Void
  private static let pause = Duration.milliseconds(500)

  /// - Parameter report: Told what the stages have read since the start.
  public init(report: @escaping @Sendable (_ bytes: Int64, _ rows: Int) -> Void = { _, _ in }) {
    // A port that is likely to be free; Spark takes the next one where it is not.
    port = Int.random(in: 20_000..<32_000)
    self.report = report
  }

  private struct Application: Decodable { var id: String }

  private struct Stage: Decodable {
    var inputBytes: Int64?
    var inputRecords: Int?
  }

  /// Asks until the task is cancelled. A missing answer is no error: it is only progress.
  func watch() async {
    var application: String?
    while !Task.isCancelled {
      do {
        if application == nil { application = try await get([Application].self, "").first?.id }
        if let application {
          let stages = try await get([Stage].self, "/\(application)/stages")
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

  /// HTTP 1.0, whose answers are whole when the connection ends: a client that knows more would bring libcurl and twenty
  /// libraries with it into every run.
  private func get<Answer: Decodable>(_ type: Answer.Type, _ path: String) async throws -> Answer {
    let socket = try await AsyncSocket.connected(to: .inet(ip4: "127.0.0.1", port: UInt16(port)))
    defer { try? socket.close() }
    try await socket.write(Data("GET /api/v1/applications\(path) HTTP/1.0\r\nAccept: application/json\r\n\r\n".utf8))
    var answer = Data()
    while let piece = try? await socket.read(atMost: 1 << 16), !piece.isEmpty { answer += piece }
    let body = answer.range(of: Data("\r\n\r\n".utf8)).map { answer[$0.upperBound...] } ?? Data()
    return try JSONDecoder().decode(type, from: body)
  }
}
