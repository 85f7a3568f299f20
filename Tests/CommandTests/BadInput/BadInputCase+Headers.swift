import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// First lines that do not fit the definition.
  static let headers: [BadInputCase] = [
    lacks("plan", did: "Plan", "another case", .header("plan", "Plan")),
    lacks("weight", did: " weight", "a space before the name", .header("weight", " weight")),
    lacks("weight", did: "weight ", "a space after the name", .header("weight", "weight ")),
    lacks("weight", did: "weight\\u{00A0}", "a no-break space after the name", .header("weight", "weight\u{A0}")),
    lacks("weight", did: "weigth", "a slip", .header("weight", "weigth")),
    lacks("office", did: nil, "another word", .header("office", "bureau")),
    lacks("id", did: nil, "an empty name", .header("id", "")),
    lacks("id", did: "\\u{FEFF}id", "two byte order marks", .header("id", "\u{FEFF}\u{FEFF}id")),
    lacks("id", did: "#id", "a comment sign", .header("id", "#id")),
    delimits("semicolons", ";", .responses { $0.map { $0 == 0x2C ? 0x3B : $0 } }),
    delimits("tabs", "\\t", .responses { $0.map { $0 == 0x2C ? 0x09 : $0 } }),
    delimits(
      "commas where the definition says semicolons", ",",
      .definition("path: ../data/r", "delimiter: \";\", path: ../data/r")),
    lacks("plan", line: 2, did: nil, "no header", .responses { Array($0[($0.firstIndex(of: 0x0A) ?? 0)...]) }),
    .fails(
      "a title above the header", .header, 65,
      at: "data/responses.csv:1: the header of table responses lacks the column \"plan\"; line 3 has it\n",
      ["write `skip-rows: 2`"], .responses { Array("A small survey\n\n".utf8) + $0 }),
    .goesOn(
      "a title above the header that is skipped", .header,
      Accounting(rejected: 1, lines: ["data/responses.csv,12,weight,row,the weight must be a number from 0,heavy"]),
      .definition("path: ../data/r", "skip-rows: 2, path: ../data/r"),
      .responses { Array("\"A small survey\n\n".utf8) + $0 + Array("r9,AAA,heavy,north,p1,full,,yes,,,,\n".utf8) }),
    .goesOn("a `sep=` line above the header", .header, Accounting(), .responses { Array("sep=,\n".utf8) + $0 }),
    .goesOn(
      "semicolons that a `sep=` line declares", .header,
      Accounting(rejected: 1, lines: ["data/responses.csv,11,weight,row,the weight must be a number from 0,heavy"]),
      .responses { good in
        let rows = good + Array("r9,AAA,heavy,north,p1,full,,yes,,,,\n".utf8)
        return Array("\u{FEFF}sep=;\r\n".utf8) + rows.map { $0 == 0x2C ? 0x3B : $0 }
      }),
    .fails(
      "a `sep=` line that the definition contradicts", .header, 65,
      at:
        "data/responses.csv:1: the file says `sep=;`, and the definition of table responses says `delimiter: \",\"`\n",
      ["remove `delimiter`"], .definition("path: ../data/r", "delimiter: \",\", path: ../data/r"),
      .responses { Array("sep=;\n".utf8) + $0 }),
    .fails(
      "more lines to skip than the file has", .header, 65,
      at: "data/responses.csv has no header below the 9 lines of `skip-rows`\n", ["blank ones as well"],
      .definition("path: ../data/r", "skip-rows: 9, path: ../data/r")),
    .fails(
      "more header rows than the file has", .header, 65, at: "data/responses.csv ends after 9 of its 12 header rows\n",
      ["counts the rows"], .definition("path: ../data/r", "header-rows: 12, path: ../data/r")),
    .fails(
      "no header row", .definition, 78, at: "Pipelines/survey.yaml:5:", ["\"0\"", "from 1 to 100"],
      .definition("path: ../data/r", "header-rows: 0, path: ../data/r")),
    .fails(
      "fewer lines than none", .definition, 78, at: "Pipelines/survey.yaml:5:", ["\"-1\"", "`skip-rows`"],
      .definition("path: ../data/r", "skip-rows: -1, path: ../data/r")),
    .goesOn(
      "a delimiter at the end of every line", .header, Accounting(),
      .responses { $0.flatMap { $0 == 0x0A ? [0x2C, 0x0A] : [$0] } }),
    lacks(
      "plan", did: nil, "commas alone",
      .header("id,office,weight,stratum,psu,plan,routes,trained,visited,staff,budget,note", ",,,,,,,,,,,")),
    .fails(
      "a page of the web", .header, 65, at: "data/responses.csv is an HTML page, not CSV\n", ["download"],
      .responses { _ in Array("<!DOCTYPE html>\n<html><body>Not found</body></html>\n".utf8) }),
    lacks("region", table: "offices", "another name in the register", .offices("code,region", "code,area")),
    lacks("code", table: "offices", did: "kode", "another key in the register", .offices("code,region", "kode,region")),
    .fails(
      "a column that is named stands twice", .header, 65,
      at: "data/responses.csv:1:12: the header has the column \"plan\" twice\n",
      ["rename"], .header("note", "plan")),
    .fails(
      "the key stands twice", .header, 65, at: "data/responses.csv:1:12: ", ["\"id\" twice"],
      .header("note", "id")),
    .fails(
      "a column that is named stands twice in two spellings", .header, 65, at: "data/responses.csv:1:13: ", ["twice"],
      .codebook("budget:", "caf\u{E9}: {type: text}\n  budget:"),
      .indicators(
        "budget: {above: 10}}, denominator: {answered: budget}", "caf\u{E9}: x}, denominator: {answered: caf\u{E9}}"),
      .header("note", "caf\u{E9},cafe\u{301}")),
    .fails(
      "the register has a named column twice", .header, 65, at: "data/offices.csv:1:3: ", ["\"region\" twice"],
      .offices("region,member", "region,region")),
    .fails(
      "a second file with other columns", .header, 65, at: "data/second.csv:1:2: ",
      ["\"bureau\"", "\"office\"", "the same order"],
      .definition("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/second.csv]"),
      .file("data/second.csv", "id,bureau\nr1,x\n")),
    .fails(
      "no columns of replicate weights", .replicate, 65, at: "data/responses.csv:1: ",
      ["\"repw*\"", "replicate weights"],
      .definition("strata: [stratum], psu: psu", "replicates: {columns: \"repw*\", type: brr}")),
    .goesOn(
      "names that differ in case from one that is named", .header, Accounting(),
      .header("note", "Plan,plan ,PLAN"), .rows { $0 = $0.map { $0 + ",," } }),
    .goesOn(
      "a name that nobody uses stands twice", .header, Accounting(), .header("note", "note,note"),
      .rows { $0 = $0.map { $0 + "," } }),
    .goesOn(
      "the header once more in the middle", .row,
      Accounting(rejected: 1, lines: ["data/responses.csv,10,weight,row,the weight must be a number from 0,weight"]),
      .rows { $0.append("id,office,weight,stratum,psu,plan,routes,trained,visited,staff,budget,note") }),
  ]

  private static func delimits(_ name: String, _ delimiter: String, _ change: BadInputChange) -> BadInputCase {
    .fails(
      name, .header, 65,
      at: "data/responses.csv:1: the header of table responses is a single field, and lacks the column \"plan\"\n",
      ["write `delimiter: \"\(delimiter)\"`"], change)
  }

  /// - Parameter nearest: The name that the message takes for the one that is meant.
  private static func lacks(
    _ column: String, table: String = "responses", line: Int = 1, did nearest: String? = nil, _ name: String,
    _ change: BadInputChange
  ) -> BadInputCase {
    let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
    return .fails(
      name, .header, 65,
      at: "data/\(table).csv:\(line): the header of table \(table) lacks the column \"\(column)\"\(hint)\n",
      ["compared exactly"], change)
  }
}
