import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Too many rejections, designs that do not hold, and files that change.
  static let designs: [BadInputCase] = tooMany + design + changing

  private static let tooMany: [BadInputCase] = [
    .fails(
      "one row of nine where 1 % is allowed", .tooMany, 65,
      at: "1 of 9 rows of table responses were rejected, more than max-rejected 1%\n", [],
      .definition("max-rejected: 50%\n", ""), .row("r9,AAA,x,north,p1,full,,yes,,,,")),
    .fails(
      "five rows of nine where half are allowed", .tooMany, 65,
      at: "5 of 9 rows of table responses were rejected, more than max-rejected 50%\n", [],
      .rows { rows in
        for row in 0..<5 { rows[row] = "r" }; rows.append("r9,AAA,1,north,p1,full,,yes,,,,")
      }),
    .fails(
      "one row where none is allowed", .tooMany, 65, at: "1 of 9 rows", ["max-rejected 0%"], .definition("50%", "0%"),
      .row("r9")),
    .fails(
      "too many rows of the register", .tooMany, 65, at: "1 of 10 rows of table offices", ["max-rejected 5%"],
      .definition("50%", "5%"), .offices("III,asia,0", "III,asia,0\nIII,asia,0")),
    .fails("one row under --strict", .tooMany, 65, ["rejected", "--strict"], options: ["--strict"], .row("r9")),
    .fails(
      "one answer under --strict", .tooMany, 65, ["rejected", "--strict"], options: ["--strict"],
      .row("r9,AAA,1,north,p1,all,,yes,,,,")),
    .fails(
      "one row of the register under --strict", .tooMany, 65, ["rejected", "--strict"], options: ["--strict"],
      .offices("III,asia,0", "III,asia")),
    .fails(
      "semicolons below a header with commas", .tooMany, 65, at: "8 of 8 rows", ["max-rejected"],
      .rows { $0 = $0.map { $0.replacingOccurrences(of: ",", with: ";") } }),
  ]

  private static let design: [BadInputCase] = [
    .fails(
      "one PSU in a stratum", .design, 65, at: "stratum island has a single PSU", ["lonely-psu"],
      .row("r9,AAA,1,island,p9,full,,yes,,,,")),
    .fails(
      "a stratum in another case", .design, 65, at: "stratum North has a single PSU", ["lonely-psu"],
      .row("r9,AAA,1,North,p1,full,,yes,,,,")),
    .fails(
      "a stratum with a space", .design, 65, at: "stratum north  has a single PSU", ["lonely-psu"],
      .row("r9,AAA,1,north ,p1,full,,yes,,,,")),
    .fails(
      "rows without a PSU", .design, 65, at: "5 of 8 rows of table responses were rejected",
      ["5 of them: column psu: no PSU", "needs an id of its own"],
      .rows { rows in
        for row in 0..<5 { rows[row] = rows[row].replacingOccurrences(of: ",p\(row / 2 + 1),", with: ",,") }
      }),
    .fails(
      "rows without a weight", .design, 65, at: "5 of 8 rows of table responses were rejected",
      ["5 of them: column weight: no weight", "write 0"],
      .rows { rows in
        for row in 0..<5 {
          var fields = rows[row].components(separatedBy: ",")
          fields[2] = ""
          rows[row] = fields.joined(separator: ",")
        }
      }),
    .fails(
      "one PSU because of a rejected row", .design, 65, at: "stratum south has a single PSU", [],
      .rows {
        $0[6] = "r7"; $0[7] = "r8"
      }),
    .fails(
      "an escape sequence in a stratum", .design, 65, at: "stratum \\u{1B}[2Jisland has", [],
      .row("r9,AAA,1,\u{1B}[2Jisland,p9,full,,yes,,,,")),
    .fails(
      "a line break in a stratum", .design, 65, at: "stratum is\\nland has", [],
      .row("r9,AAA,1,\"is\nland\",p9,full,,yes,,,,")),
    .fails(
      "a stratum of 1 MB", .design, 65, at: "stratum iiiiiiii", ["single PSU"],
      .row("r9,AAA,1,\(String(repeating: "i", count: 1 << 20)),p9,full,,yes,,,,")),
    .fails(
      "a sample larger than its population", .design, 65, at: "stratum south ", ["2 sampled PSUs", "population of 1"],
      sizes { $0 < 4 ? "2" : "1" }),
    .fails(
      "a population of 0", .design, 65, at: "data/responses.csv:2: \"0\" in column size is no population size", [],
      sizes { _ in "0" }),
    .fails(
      "a population that varies", .design, 65, at: "data/responses.csv:4", ["size", "stratum north"],
      sizes { $0 == 2 ? "4" : "3" }),
    .fails(
      "a population that is a word", .design, 65, at: "data/responses.csv:4", ["\"many\"", "size", "stratum north"],
      sizes { $0 == 2 ? "many" : "3" }),
    .fails(
      "a population that is empty", .design, 65, at: "data/responses.csv:2", ["\"\"", "size", "stratum north"],
      sizes { _ in "" }),
    .fails("a negative population", .design, 65, at: "data/responses.csv:2", ["\"-3\"", "size"], sizes { _ in "-3" }),
    .fails(
      "a population without bounds", .design, 65, at: "data/responses.csv:2", ["\"inf\"", "size"], sizes { _ in "inf" }),
    .fails(
      "a slip in the list of replicate weights", .replicate, 65, at: "data/responses.csv:1: no column of the header ",
      ["\"budgets\"", "did you mean \"budget\"?"],
      .definition("psu: psu}", "replicates: {columns: [staff, budgets], type: jk1}}"),
      .definition("strata: [stratum], ", "")),
    .fails(
      "a region that is called like the total", .design, 65, at: "dimension region has the value \"_T\"",
      ["stands for the total", "another name"], .offices("AAA,africa,1", "AAA,_T,1")),
    .fails("a header alone", .design, 65, ["table responses has no row"], .rows { $0 = [] }),
    .fails(
      "no row that is used", .design, 65, ["no row of table responses", "2 were read"], .definition("50%", "100%"),
      .rows { $0 = ["r1,ZZZ,1,north,p1,full,,yes,,,,", "r2,AAA,-1,north,p1,full,,yes,,,,"] }),
    .fails(
      "nobody of the population", .design, 65, ["no row of table responses"], census,
      .rows { $0 = ["r9,III,1,x,y,full,,yes,,,,"] }),
    .fails(
      "a unit in two strata", .design, 65,
      at: "data/responses.csv:10: the stratum of unit AAA differs from that of its row on line 2", [], rolledUp,
      .row("r9,AAA,1,south,p1,full,,yes,,,,")),
    .fails(
      "a unit in two PSUs", .design, 65,
      at: "data/responses.csv:10: the PSU of unit AAA differs from that of its row on line 2", [], rolledUp,
      .row("r9,AAA,1,north,p2,full,,yes,,,,")),
  ]

  private static let changing: [BadInputCase] = [
    .fails(
      "a file that grows", .changing, 74, at: "data/responses.csv changed while it was read\n", ["run again"], many,
      .meanwhile {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: $0.path(of: "data/responses.csv")))
        try file.seekToEnd()
        try file.write(contentsOf: Data("r1,AAA,1,north,p1,full,,yes,,,,\n".utf8))
      }),
    .fails(
      "a file that is cut", .changing, 74, at: "data/responses.csv changed while it was read\n", ["run again"], many,
      .meanwhile {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: $0.path(of: "data/responses.csv")))
        try file.truncate(atOffset: try file.seekToEnd() - 1_000)
      }),
    .fails(
      "a file that is written to in place", .changing, 74, at: "data/responses.csv changed while it was read\n",
      ["run again"], many,
      .meanwhile {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: $0.path(of: "data/responses.csv")))
        try file.write(contentsOf: Data("id".utf8))
      }),
  ]

  /// Enough rows that reading takes a while.
  private static let many = BadInputChange(fixture: {
    $0 = $0.defining("respondent: id, ", "")
    $0.rows = Array(repeatElement($0.rows, count: 5_000).joined())
  })

  private static let census = BadInputChange.definition(
    "design: {weight: weight, strata: [stratum], psu: psu}",
    "design: {strata: [region], psu: office, population: {table: offices, where: {member: \"1\"}}}")

  private static let rolledUp = BadInputChange.definition("unit: office}\n  off", "unit: office, roll-up: any}\n  off")

  /// The population of each row's stratum.
  private static func sizes(_ size: @escaping @Sendable (Int) -> String) -> BadInputChange {
    BadInputChange(fixture: {
      $0 = $0.defining("psu: psu}", "psu: psu, population: {column: size}}")
      $0.header += ",size"
      $0.rows = $0.rows.enumerated().map { "\($1),\(size($0))" }
    })
  }
}
