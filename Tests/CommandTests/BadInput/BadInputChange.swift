import Foundation
import SurveyTestSupport

/// What spoils the good fixture: first as a value, then as files.
struct BadInputChange: Sendable {
  var fixture: @Sendable (inout SurveyFixture) -> Void = { _ in }
  var files: @Sendable (TemporaryDirectory) throws -> Void = { _ in }
  /// What is done again and again while the command runs.
  var meanwhile: (@Sendable (TemporaryDirectory) throws -> Void)?

  // MARK: - Text

  /// One more row of the responses, on line 10.
  static func row(_ row: String) -> Self { rows { $0.append(row) } }

  static func rows(_ change: @escaping @Sendable (inout [String]) -> Void) -> Self {
    Self(fixture: { change(&$0.rows) })
  }

  static func header(_ old: String, _ new: String) -> Self {
    Self(fixture: { $0.header = $0.header.replacingOccurrences(of: old, with: new) })
  }

  static func offices(_ old: String, _ new: String) -> Self {
    Self(fixture: { $0.offices = $0.offices.replacingOccurrences(of: old, with: new) })
  }

  static func definition(_ old: String, _ new: String) -> Self { Self(fixture: { $0 = $0.defining(old, new) }) }

  static func codebook(_ old: String, _ new: String) -> Self {
    Self(fixture: { $0.codebook = $0.codebook.replacingOccurrences(of: old, with: new) })
  }

  static func indicators(_ old: String, _ new: String) -> Self {
    Self(fixture: { $0.indicators = $0.indicators.replacingOccurrences(of: old, with: new) })
  }

  // MARK: - Bytes

  /// The whole file of responses, from what it would have been.
  static func responses(_ bytes: @escaping @Sendable (_ good: [UInt8]) -> [UInt8]) -> Self {
    Self(fixture: { $0.responses = bytes(Array($0.responsesText.utf8)) })
  }

  /// In another encoding.
  static func responses(as encoding: String.Encoding, mark: [UInt8] = [], end: [UInt8] = []) -> Self {
    Self(fixture: { $0.responses = mark + Array($0.responsesText.data(using: encoding) ?? Data()) + end })
  }

  /// A file from what would have been the responses.
  static func file(_ name: String, _ bytes: @escaping @Sendable (_ responses: [UInt8]) -> [UInt8]) -> Self {
    Self(files: { directory in
      let good = try Data(contentsOf: URL(fileURLWithPath: directory.path(of: SurveyFixture.responsesPath)))
      try directory.write(bytes(Array(good)), to: name)
    })
  }

  static func file(_ name: String, _ text: String) -> Self { Self(files: { try $0.write(text, to: name) }) }

  /// A compressed file of responses in place of the plain one.
  static func compressed(_ bytes: @escaping @Sendable (_ responses: [UInt8]) -> [UInt8]) -> [Self] {
    [definition("responses.csv", "responses.csv.gz"), file("data/responses.csv.gz", bytes)]
  }

  /// A file that is too large to be held: its start, a piece that is repeated, its end.
  static func largeFile(
    _ name: String = SurveyFixture.responsesPath, start: [UInt8], piece: [UInt8], times: Int, end: [UInt8] = []
  ) -> Self {
    Self(files: { directory in
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.write(start, to: name)))
      try file.seekToEnd()
      let data = Data(piece)
      for _ in 0..<times { try file.write(contentsOf: data) }
      try file.write(contentsOf: Data(end))
      try file.close()
    })
  }

  // MARK: - Files

  static func removed(_ name: String) -> Self {
    Self(files: { try FileManager.default.removeItem(atPath: $0.path(of: name)) })
  }

  static func folder(_ name: String) -> Self {
    Self(files: {
      try FileManager.default.createDirectory(atPath: $0.path(of: name), withIntermediateDirectories: true)
    })
  }

  /// A symbolic link, in place of what is there.
  static func link(_ name: String, to target: String) -> Self {
    Self(files: {
      try? FileManager.default.removeItem(atPath: $0.path(of: name))
      try FileManager.default.createSymbolicLink(atPath: $0.path(of: name), withDestinationPath: target)
    })
  }

  static func meanwhile(_ body: @escaping @Sendable (TemporaryDirectory) throws -> Void) -> Self {
    Self(meanwhile: body)
  }
}
