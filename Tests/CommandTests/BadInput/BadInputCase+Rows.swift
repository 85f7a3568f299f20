import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Rows that are left out while the run goes on, and rows that look odd and are used.
  static let rows: [BadInputCase] = [
    rejectsRow("too few fields", "r9,AAA,1", column: "", reason: "\"3 fields, but the header has 12\""),
    rejectsRow(
      "too many fields", "r9,AAA,1,north,p1,full,,yes,,,,,", column: "",
      reason: "\"13 fields, but the header has 12: if every row ends with a delimiter, end the header with one, too\""),
    rejectsRow(
      "a decimal comma that is not quoted", "r9,AAA,1,5,north,p1,full,,yes,,,,", column: "",
      reason: "\"13 fields, but the header has 12: if every row ends with a delimiter, end the header with one, too\""),
    rejectsRow(
      "a respondent that came before", "r1,AAA,1,north,p1,none,,no,,,,", column: "id",
      reason: "a row with this key came before; the first stays", value: "r1"),
    rejectsRow(
      "a respondent that came before, in quotes", "\"r8\",AAA,1,north,p1,none,,no,,,,", column: "id",
      reason: "a row with this key came before; the first stays", value: "r8"),
    rejectsRow(
      "no respondent", ",AAA,1,north,p1,full,,yes,,,,", column: "id", reason: "\"empty, but it must name the row\""),
    rejectsRow(
      "no unit", "r9,\"\",1,north,p1,full,,yes,,,,", column: "office", reason: "\"empty, but it must name the row\""),
    rejectsRow(
      "a unit that no register knows", "r9,ZQX,1,north,p1,full,,yes,,,,", column: "office",
      reason: "unknown in register offices", value: "ZQX"),
    rejectsRow(
      "a unit in another case", "r9,aaa,1,north,p1,full,,yes,,,,", column: "office",
      reason: "\"unknown in register offices; did you mean \"\"AAA\"\"?\"", value: "aaa"),
    rejectsRow(
      "a unit with a space", "r9,AAA ,1,north,p1,full,,yes,,,,", column: "office",
      reason: "\"unknown in register offices; did you mean \"\"AAA\"\"?\"", value: "AAA "),
    weight("negative", "-1"), weight("not a number", "NaN"), weight("infinite", "inf"), weight("too large", "1e999"),
    weight("empty", "", "no weight: write 0 for a row outside the subsample, which keeps its PSU"),
    weight("text", "heavy"), weight("a space", "1 "),
    weight("a decimal comma", "1,5", Self.weightReason + ": it has a comma; set `decimal: \",\"` for the table"),
    weight("a sign of a currency", "$1"), weight("hexadecimal", "0x10"),
    weight(
      "a thousands separator", "1 000", Self.weightReason + ": it has a space; set `thousands: \" \"` for the table"),
    weight("full-width digits", "\u{FF11}"), weight("Arabic digits", "\u{0661}"),
    weight("a typographic minus", "\u{2212}1", Self.weightReason + ": its minus is U+2212; write a hyphen, -"),
    weight("a per cent sign", "50%"), weight("two points", "1.2.3"), weight("a fraction", "1/2"),
    weight("not above 0 in a Double", "1e-200", "\"the weight must be 0, or between 1e-100 and 1e100\""),
    weight("beyond what squares hold", "1e200", "\"the weight must be 0, or between 1e-100 and 1e100\""),
    .goesOn(
      "weight 0", .weightZero, Accounting(used: 9, total: ["n": "8", "estimate": "70"]), options: ["--strict"],
      .row("r9,AAA,0,north,p1,none,,no,,,,")),
    .goesOn(
      "weight -0", .weightZero, Accounting(used: 9, total: ["n": "8", "estimate": "70"]), options: ["--strict"],
      .row("r9,AAA,-0.0,north,p1,none,,no,,,,")),
    .goesOn(
      "weight 0 with an exponent, in a PSU of its own", .weightZero,
      Accounting(used: 9, total: ["n": "8", "estimate": "70", "df": "2"]),
      options: ["--strict"], .row("r9,AAA,0e5,north,p9,none,,no,,,,")),
    .goesOn(
      "a replicate weight of 0", .replicate, Accounting(total: ["n": "8", "estimate": "70"]), options: ["--strict"],
      replicates { $0 == 0 ? "0" : "1" }),
    .goesOn(
      "a negative replicate weight", .replicate, Accounting(total: ["n": "8", "estimate": "70"]), options: ["--strict"],
      replicates { $0 == 3 ? "-1" : "2" }),
    .goesOn(
      "a replicate without a weight", .replicate, Accounting(total: ["n": "8", "estimate": "70"]),
      options: ["--strict"],
      replicates { _ in "0" }),
    .goesOn(
      "a replicate weight that is no number", .replicate,
      Accounting(
        used: 7, rejected: 1, lines: ["data/responses.csv,3,repw1,row,the replicate weight must be a number,many"]),
      replicates { $0 == 1 ? "many" : "1" }),
    .goesOn(
      "a unit outside the population", .outside, Accounting(outside: 1, total: ["n": "8"]), options: ["--strict"],
      census, .row("r9,III,1,x,y,full,,yes,,,,")),
    .goesOn(
      "a unit outside the population, and one that is unknown", .outside,
      Accounting(rejected: 1, outside: 1, lines: ["data/responses.csv,11,office,row,unknown in register offices,XYZ"]),
      census, .rows { $0 += ["r9,III,1,x,y,full,,yes,,,,", "r10,XYZ,1,x,y,full,,yes,,,,"] }),
    .goesOn(
      "a unit outside the population with an answer that is no code", .outside, Accounting(outside: 1), census,
      .row("r9,III,1,x,y,all,,yes,,,,")),
    .goesOn(
      "an answer that was not asked for", .routedOut, Accounting(used: 9), options: ["--strict"],
      .row("r9,AAA,1,north,p1,none,sea,yes,,,,")),
    .goesOn(
      "an answer where the question before it is empty", .routedOut, Accounting(used: 9), options: ["--strict"],
      .row("r9,AAA,1,north,p1,,sea,yes,,,,")),
    .goesOn(
      "an answer that was not asked for, and is no code", .routedOut,
      Accounting(
        used: 9, answersRejected: 1,
        lines: [
          "data/responses.csv,10,routes,answer,\"not a code of the codebook; the nearest code is \"\"sea\"\"\",see"
        ]),
      .row("r9,AAA,1,north,p1,none,see,yes,,,,")),
    formula("an equals sign", "=1+1"), formula("a plus", "+cmd|' /C calc'!A0"), formula("a minus", "-2+3"),
    formula("an at", "@SUM(1)"),
  ]

  private static let weightReason = "the weight must be a number from 0"

  private static func weight(
    _ name: String, _ value: String, _ reason: String = weightReason
  ) -> BadInputCase {
    // What a spreadsheet would run is written with an apostrophe; plain numbers stay.
    rejectsRow(
      "weight: \(name)", "r9,AAA,\(value.asField),north,p1,full,,yes,,,,", column: "weight",
      reason: reason.hasPrefix("\"") ? reason : reason.asField, value: value.asField)
  }

  /// Two columns of replicate weights, the first of them by row.
  private static func replicates(_ weight: @escaping @Sendable (Int) -> String) -> BadInputChange {
    BadInputChange(fixture: {
      $0 = $0.defining("strata: [stratum], psu: psu", "replicates: {columns: \"repw*\", type: brr}")
      $0.header += ",repw1,repw2"
      $0.rows = $0.rows.enumerated().map { "\($1),\(weight($0)),1" }
    })
  }

  private static let census = BadInputChange.definition(
    "design: {weight: weight, strata: [stratum], psu: psu}",
    "design: {strata: [region], psu: office, population: {table: offices, where: {member: \"1\"}}}")

  private static func formula(_ name: String, _ text: String) -> BadInputCase {
    .goesOn(
      name, .formula,
      Accounting(
        used: 9, answersRejected: 1, lines: ["data/responses.csv,10,plan,answer,not a code of the codebook,'\(text)"]),
      .row("r9,AAA,1,north,p1,\(text.asField),,yes,,,,"))
  }
}
