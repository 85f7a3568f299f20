import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// First lines that do not fit the definition.
  static let headers: [BadInputCase] = [
    lacks("plan", did: "Plan", "another case", .header("plan", "Plan")),
    lacks("weight", did: " weight", "a space before the name", .header("weight", " weight")),
    lacks("weight", did: "weight ", "a space after the name", .header("weight", "weight ")),
    lacks("weight", did: "weight\u{A0}", "a no-break space after the name", .header("weight", "weight\u{A0}")),
    lacks("weight", did: "weigth", "a slip", .header("weight", "weigth")),
    lacks("office", did: nil, "another word", .header("office", "bureau")),
    lacks("id", did: nil, "an empty name", .header("id", "")),
    lacks("id", did: "\u{FEFF}id", "two byte order marks", .header("id", "\u{FEFF}\u{FEFF}id")),
    lacks("id", did: "#id", "a comment sign", .header("id", "#id")),
    lacks("plan", did: nil, "semicolons", .responses { $0.map { $0 == 0x2C ? 0x3B : $0 } }),
    lacks("plan", did: nil, "tabs", .responses { $0.map { $0 == 0x2C ? 0x09 : $0 } }),
    lacks(
      "plan", did: nil, "commas where the definition says semicolons",
      .definition("path: ../data/r", "delimiter: \";\", path: ../data/r")),
    lacks("plan", did: nil, "no header", .responses { Array($0[($0.firstIndex(of: 0x0A) ?? 0)...]) }),
    lacks("plan", did: nil, "a title above the header", .responses { Array("A small survey\n".utf8) + $0 }),
    lacks("plan", did: nil, "a `sep=` line above the header", .responses { Array("sep=,\n".utf8) + $0 }),
    lacks(
      "plan", did: nil, "commas alone",
      .header("id,office,weight,stratum,psu,plan,routes,trained,visited,staff,budget,note", ",,,,,,,,,,,")),
    lacks(
      "plan", did: nil, "a page of the web",
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

  /// - Parameter nearest: The name that the message takes for the one that is meant.
  private static func lacks(
    _ column: String, table: String = "responses", did nearest: String? = nil, _ name: String,
    _ change: BadInputChange
  ) -> BadInputCase {
    let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
    return .fails(
      name, .header, 65,
      at: "data/\(table).csv:1: the header of table \(table) lacks the column \"\(column)\"\(hint)\n",
      ["compared exactly"], change)
  }
}
