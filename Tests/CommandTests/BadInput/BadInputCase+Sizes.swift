import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Too much of one thing. What is refused must be refused long before all of it is read.
  static let sizes: [BadInputCase] = [
    .fails(
      "a header of 1 GB", .grammar, 65, at: "data/responses.csv:1:12: ", tooLong,
      .largeFile(start: Array(SurveyFixture().header.utf8), piece: megabyte("a"), times: 1 << 10)),
    .fails(
      "a line of 1 GB", .grammar, 65, at: "data/responses.csv:10:6: ", tooLong,
      .largeFile(
        start: good + Array("r9,AAA,1,north,p1,".utf8), piece: megabyte("a"), times: 1 << 10,
        end: Array(",,yes,,,,\n".utf8))),
    .fails(
      "a note of 100 MB in quotes", .grammar, 65, at: "data/responses.csv:10:12: ", tooLong,
      .largeFile(
        start: good + Array("r9,AAA,1,north,p1,full,,yes,,,,\"".utf8), piece: megabyte("line\n"), times: 100,
        end: Array("\"\n".utf8))),
    .fails(
      "a quote that is not closed for 100 MB of rows", .grammar, 65, at: "data/responses.csv:10:12: ", tooLong,
      .largeFile(
        start: good + Array("r9,AAA,1,north,p1,full,,yes,,,,\"\n".utf8),
        piece: megabyte("r10,AAA,1,north,p1,full,,yes,,,,\n"), times: 100)),
    .fails(
      "100,000 columns of which none is named", .header, 65, at: "data/responses.csv:1: ",
      ["lacks the column \"plan\""],
      .responses { _ in columns(100_000) + columns(100_000) }),
    .fails(
      "a million columns of which none is named", .header, 65, at: "data/responses.csv:1: ",
      ["lacks the column \"plan\""],
      .responses { _ in columns(1_000_000) }),
    .fails(
      "100,000 columns of one name", .header, 65, at: "data/responses.csv:1:2: ", ["\"plan\" twice"],
      .responses { _ in Array((String(repeating: "plan,", count: 100_000) + "\n").utf8) }),
    .fails(
      "a name of 12 MB", .header, 65, at: "data/responses.csv:1: ", ["lacks the column \"plan\""],
      .responses { _ in
        Array(
          SurveyFixture().header.replacingOccurrences(of: "plan", with: String(repeating: "plan", count: 3 << 20)).utf8)
      }),
    .fails(
      "two rows that are too short, among 100,000 columns", .tooMany, 65, at: "2 of 3 rows", ["max-rejected 50%"],
      .responses { _ in
        let many = String(repeating: ",x", count: 100_000)
        let empty = String(repeating: ",", count: 100_000)
        return Array("\(SurveyFixture().header)\(many)\n\(SurveyFixture().rows[0])\(empty)\nr2\nr3\n".utf8)
      }),
    .goesOn(
      "a row with a million fields", .row,
      Accounting(rejected: 1, lines: ["data/responses.csv,10,,row,\"1000001 fields, but the header has 12\","]),
      .row(String(repeating: ",", count: 1_000_000))),
    .goesOn(
      "100,000 columns that nobody uses", .header, Accounting(),
      .header("note", "note" + String(repeating: ",note", count: 100_000)),
      .rows { $0 = $0.map { $0 + String(repeating: ",", count: 100_000) } }),
    .fails(
      "rows that are all too short, 200,000 of them", .tooMany, 65, at: "200000 of 200000 rows",
      ["max-rejected 50%"],
      .largeFile(
        start: Array((SurveyFixture().header + "\n").utf8),
        piece: Array(String(repeating: "r1,AAA\n", count: 10_000).utf8),
        times: 20)),
    .fails(
      "units that no register knows, 200,000 of them", .tooMany, 65, at: "200000 of 200008 rows",
      ["max-rejected 50%"],
      .largeFile(
        start: good, piece: Array(String(repeating: "r1,ZZZ,1,north,p1,full,,yes,,,,\n", count: 10_000).utf8),
        times: 20)),
  ]

  private static let tooLong = ["a record is longer than 16 MB; is a quote unterminated?"]
  private static let good = Array(SurveyFixture().responsesText.utf8)

  /// A text that is repeated to a megabyte.
  private static func megabyte(_ text: String) -> [UInt8] {
    Array(String(repeating: text, count: (1 << 20) / text.utf8.count).utf8)
  }

  private static func columns(_ count: Int) -> [UInt8] {
    Array(((0..<count).map { "column \($0)" }.joined(separator: ",") + "\n").utf8)
  }
}
