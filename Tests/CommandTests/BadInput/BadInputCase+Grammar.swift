import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Quotes, line ends and bytes that CSV does not have, on line 10 where nothing else is said.
  static let grammar: [BadInputCase] = [
    .fails(
      "a quote inside a field", .grammar, 65, at: "data/responses.csv:10:6: ", inside,
      .row("r9,AAA,1,north,p1,fu\"ll,,yes,,,,")),
    .fails(
      "a quote at the end of a field", .grammar, 65, at: "data/responses.csv:10:6: ", inside,
      .row("r9,AAA,1,north,p1,full\",,yes,,,,")),
    .fails(
      "a quote after a space", .grammar, 65, at: "data/responses.csv:10:6: ", inside,
      .row("r9,AAA,1,north,p1, \"full\",,yes,,,,")),
    .fails(
      "inches in a column that nobody uses", .grammar, 65, at: "data/responses.csv:10:12: ", inside,
      .row("r9,AAA,1,north,p1,full,,yes,,,,5\" wide")),
    .fails(
      "a quote inside a name of the header", .grammar, 65, at: "data/responses.csv:1:12: ", inside,
      .header("note", "no\"te")),
    .fails(
      "a quote inside a field of the register", .grammar, 65, at: "data/offices.csv:2:2: ", inside,
      .offices("AAA,africa", "AAA,afr\"ica")),
    .fails(
      "text after a closing quote", .grammar, 65, at: "data/responses.csv:10:6: ", after,
      .row("r9,AAA,1,north,p1,\"full\"x,,yes,,,,")),
    .fails(
      "a space after a closing quote", .grammar, 65, at: "data/responses.csv:10:6: ", after,
      .row("r9,AAA,1,north,p1,\"full\" ,,yes,,,,")),
    .fails(
      "a quote after a closing quote", .grammar, 65, at: "data/responses.csv:10:6: ", after,
      .row("r9,AAA,1,north,p1,\"full\" \"part\",,yes,,,,")),
    .fails(
      "a quote escaped with a backslash", .grammar, 65, at: "data/responses.csv:10:12: ", after,
      .row("r9,AAA,1,north,p1,full,,yes,,,,\"a \\\"b\\\" c\"")),
    .fails(
      "text after a closing quote two lines below", .grammar, 65, at: "data/responses.csv:12:12: ", after,
      .row("r9,AAA,1,north,p1,full,,yes,,,,\"one\ntwo\r\nthree\" more")),
    .fails(
      "a quote that is never closed", .grammar, 65, at: "data/responses.csv:5:12: ", ["not closed"],
      .rows { $0[3] += "\"never closed" }),
    .fails(
      "a quote that is never closed in the last field", .grammar, 65, at: "data/responses.csv:10:12: ", ["not closed"],
      .row("r9,AAA,1,north,p1,full,,yes,,,,\"")),
    .fails(
      "a quote that is never closed in the header", .grammar, 65, at: "data/responses.csv:1:12: ", ["not closed"],
      .header("note", "\"note")),
    .fails(
      "a quote that is never closed in the first field", .grammar, 65, at: "data/responses.csv:1:1: ", ["not closed"],
      .header("id,", "\"id,")),
    .fails(
      "three quotes", .grammar, 65, at: "data/responses.csv:10:6: ", ["not closed"],
      .row("r9,AAA,1,north,p1,\"\"\",,yes,,,,")),
    .fails(
      "an unclosed quote that a later one closes", .grammar, 65, at: "data/responses.csv:8:6: ", after,
      .rows {
        $0[4] = $0[4].replacingOccurrences(of: "none", with: "\"none")
        $0[6] = $0[6].replacingOccurrences(of: "partial", with: "\"partial\"")
      }),
    .fails(
      "NUL in a used column", .grammar, 65, at: "data/responses.csv:10:6: ", ["NUL"],
      .row("r9,AAA,1,north,p1,fu\0ll,,yes,,,,")),
    .fails(
      "NUL in the key", .grammar, 65, at: "data/responses.csv:10:1: ", ["NUL"],
      .row("r9\0,AAA,1,north,p1,full,,yes,,,,")),
    .fails(
      "NUL in a quoted weight", .grammar, 65, at: "data/responses.csv:10:3: ", ["NUL"],
      .row("r9,AAA,\"1\0\",north,p1,full,,yes,,,,")),
    .fails("NUL in the header", .grammar, 65, at: "data/responses.csv:1:12: ", ["NUL"], .header("note", "no\0te")),
    .fails(
      "NUL in the register", .grammar, 65, at: "data/offices.csv:3:2: ", ["NUL"], .offices("BBB,africa", "BBB,\0africa")
    ),
    .fails(
      "blocks of NUL after a crash", .grammar, 65, at: "data/responses.csv:10:1: ", ["NUL"],
      .responses { $0 + Array(repeating: 0, count: 4_096) + Array(",,,,,,,,,,,\n".utf8) }),
    .fails(
      "line ends of three kinds, then a stray quote", .grammar, 65, at: "data/responses.csv:13:6: ", inside,
      .responses {
        Array(String(decoding: $0, as: UTF8.self).mixingLineEnds.utf8)
          + Array("\r\r\n\nr9,AAA,1,north,p1,f\"ull,,yes,,,,\n".utf8)
      }),
    .goesOn(
      "line ends of three kinds", .grammar, Accounting(total: ["estimate": "70"]),
      .responses { Array(String(decoding: $0, as: UTF8.self).mixingLineEnds.utf8) }),
    .goesOn(
      "no end of the last line, in a quoted field", .grammar, Accounting(used: 9),
      .responses { $0 + Array("r9,AAA,1,north,p1,full,,yes,,,,\"a \"\"b\"\" c\"".utf8) }),
    .goesOn(
      "bytes of any kind in a column that nobody uses", .grammar, Accounting(used: 9),
      .responses { $0 + Array("r9,AAA,1,north,p1,full,,yes,,,,".utf8) + [0, 0xFF, 0xC0, 0x80, 0x0A] }),
    .goesOn(
      "the end-of-file sign of DOS", .row,
      Accounting(rejected: 1, lines: ["data/responses.csv,10,,row,\"1 fields, but the header has 12\","]),
      .responses { $0 + [0x1A] }),
  ]

  private static let inside = ["a quote stands inside an unquoted field", "double the quotes"]
  private static let after = ["text follows a closing quote", "only a delimiter or a line end"]
}

extension String {
  /// LF, CRLF and CR in turn.
  fileprivate var mixingLineEnds: String {
    split(separator: "\n").enumerated().map { $1 + ["\n", "\r\n", "\r"][$0 % 3] }.joined()
  }
}
