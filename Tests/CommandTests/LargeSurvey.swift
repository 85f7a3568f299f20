import Foundation
import SurveyTestSupport
import Testing

/// The fixture with its rows repeated up to a size.
enum LargeSurvey {
  static func write(megabytes: Int) throws -> TemporaryDirectory {
    var fixture = SurveyFixture().defining("respondent: id, ", "")
    let block = Data(String(repeating: fixture.rows.map { $0 + "\n" }.joined(), count: 2_000).utf8)
    fixture.rows = []
    let directory = try fixture.write()
    let file = try #require(FileHandle(forWritingAtPath: directory.path(of: "data/responses.csv")))
    defer { try? file.close() }
    try file.seekToEnd()
    for _ in 0..<(megabytes << 20) / block.count + 1 { try file.write(contentsOf: block) }
    return directory
  }
}
