import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// The pipeline file.
  static let pipelines: [BadInputCase] = [
    pipeline(
      "a key with a slip", "11:1: unknown key \"relaibility\"", ["did you mean \"reliability\"?"], "reliability:",
      "relaibility:"),
    pipeline("a key twice", "2:1: ", ["\"title\"", "twice"], "reliability: none", "title: twice"),
    pipeline("another name than the file", "1:11: ", ["equal"], "pipeline: survey", "pipeline: other"),
    pipeline("no indicators", "1:1: ", ["lacks the key \"indicators\""], "indicators: indicators.yaml\n", ""),
    pipeline(
      "no tables", "1:1: ", ["lacks the key \"tables\""],
      "tables:\n  responses: {path: ../data/responses.csv, codebook: codebook.yaml, respondent: id, unit: office}\n"
        + "  offices: {path: ../data/offices.csv, unit: code}\n", ""),
    pipeline("no path", "5:14: ", ["lacks the key \"path\""], "path: ../data/responses.csv, ", ""),
    pipeline("an empty path", "5:", ["path"], "../data/responses.csv", "\"\""),
    pipeline("NUL in a path", "5:", ["path"], "../data/responses.csv", "\"../data/res\\0ponses.csv\""),
    pipeline("a dimension that does not exist", "9:13: ", ["did you mean \"region\"?"], "[[region]]", "[[regon]]"),
    pipeline("a dimension twice in a breakdown", "9:21: ", ["twice"], "[[region]]", "[[region, region]]"),
    pipeline("a dimension with the name of a column of the results", "8:3: ", ["status"], "  region: {", "  status: {"),
    pipeline(
      "a register that does not exist", "8:18: ", ["did you mean \"offices\"?"], "join: offices", "join: ofices"),
    pipeline(
      "a roll-up of a register in which units are looked up", "8:18: ",
      ["units are looked up in table offices", "`roll-up` is latest", "leave the roll-up out"],
      "offices.csv, unit: code}", "offices.csv, unit: code, roll-up: latest, submitted: member}"),
    pipeline("a share that is a word", "12:15: ", ["\"half\""], "50%", "half"),
    pipeline("a share above 100 %", "12:15: ", ["\"150%\""], "50%", "150%"),
    pipeline("a negative share", "12:15: ", ["\"-1%\""], "50%", "-1%"),
    pipeline("a decimal comma in a share", "12:15: ", ["\"0,5%\""], "50%", "0,5%"),
    pipeline("a year that is a word", "3:7: ", ["\"soon\"", "a number"], "year: 2024", "year: soon"),
    pipeline("a year without bounds", "3:7: ", ["a number"], "year: 2024", "year: 1e999"),
    pipeline(
      "a day of another format", "3:17: ", ["written as 2019-10-01"], "year: 2024", "reference-date: 01.10.2019"),
    pipeline("a day that does not exist", "3:17: ", ["\"2023-02-29\""], "year: 2024", "reference-date: 2023-02-29"),
    pipeline("a level of 1", "11:19: ", ["between 0 and 1"], "reliability: none", "interval: {level: 1}"),
    pipeline(
      "a method that does not exist", "11:20: ", ["did you mean \"wilson\"?"], "reliability: none",
      "interval: {method: wilsn}"),
    pipeline(
      "two characters as delimiter", "5:", ["a single ASCII character"], "path: ../data/r",
      "delimiter: \"||\", path: ../data/r"),
    pipeline(
      "a line end as delimiter", "5:", ["a single ASCII character"], "path: ../data/r",
      "delimiter: \"\\n\", path: ../data/r"),
    pipeline(
      "one character for two things", "5:14: ", ["`multiple-separator`"], "path: ../data/r",
      "delimiter: \"|\", quote: none, path: ../data/r"),
    pipeline("a cell below 0", "11:11: ", ["a whole number from 0"], "reliability: none", "min-cell: -1"),
    pipeline(
      "a list where a mapping is due", "7:", ["a mapping"],
      "dimensions:\n  region: {join: offices, on: {responses: office, default: code}, column: region}",
      "dimensions: [region]"),
    .fails(
      "the pipeline is a directory", .definition, 66, at: "cannot read Pipelines/survey.yaml: ", [],
      .removed("Pipelines/survey.yaml"), .folder("Pipelines/survey.yaml")),
    .fails(
      "the pipeline is a link to itself", .definition, 66, [" Pipelines/survey.yaml"],
      .link("Pipelines/survey.yaml", to: "survey.yaml")),
    .fails(
      "the folder of pipelines is a file", .definition, 66, ["data/offices.csv/survey.yaml"],
      options: ["--pipelines", "data/offices.csv"]),
  ]

  /// Codebooks and indicators.
  static let codebooks: [BadInputCase] = [
    codebook("a type that does not exist", "6:19: ", ["\"day\"", "one of"], "type: date", "type: day"),
    codebook("no options", "3:9: ", ["lacks the key \"options\""], ", options: [full, partial, none]", ""),
    codebook("an option twice", "3:", ["full"], "[full, partial, none]", "[full, partial, full]"),
    codebook(
      "a question that is asked if it is asked", "4:", ["routes"], "asked-if: {plan: [full, partial]}",
      "asked-if: {routes: sea}"),
    codebook(
      "a question in asked-if that does not exist", "4:", ["did you mean \"plan\"?"], "asked-if: {plan:",
      "asked-if: {pla:"),
    codebook("a question twice", "3:3: ", ["\"plan\"", "twice"], "  routes:", "  plan:"),
    codebook("no questions", "2:1: ", ["\"questions\""], "questions:", "question:"),
    .fails(
      "a code with the separator in it", .definition, 78,
      at: "Pipelines/survey.yaml:5:54: the code \"air|land\" of question routes",
      ["`multiple-separator` of table responses"], .codebook("[air, land, sea]", "[air|land, sea]")),
    indicator(
      "a code that is not in the codebook", "2:", ["\"see\"", "did you mean \"sea\"?"], "routes: sea", "routes: see"),
    indicator(
      "a question that is not in the codebook", "3:", ["\"trainde\"", "did you mean \"trained\"?"], "trained:",
      "trainde:"),
    indicator("an id twice", "2:", ["\"P1\"", "twice"], "id: P2", "id: P1"),
    indicator("no numerator", "1:3: ", ["numerator"], "numerator: {plan: [full, partial]}", "note: none"),
    indicator("a bound that is a word", "5:", ["\"five\"", "a number"], "at-least: 5", "at-least: five"),
    indicator("a bound of a day that is a number", "4:", ["2024"], "before: 2024-02-01", "before: 2024"),
    indicator("a title that is too long", "1:", ["70"], "A plan in full or in part", String(repeating: "a", count: 71)),
    indicator(
      "a condition without an end", "2:1: ", ["not YAML"], "{plan: [full, partial]}}", "{plan: [full, partial]}"),
    indicator(
      "conditions inside each other, 100 deep", "1:", [], "{plan: [full, partial]}",
      String(repeating: "{not: ", count: 100) + "{plan: full}" + String(repeating: "}", count: 100)),
    .fails(
      "indicators that are a mapping", .definition, 78, at: "Pipelines/indicators.yaml:1:1: ", ["a list"],
      .file("Pipelines/indicators.yaml", "id: P1\n")),
    .fails(
      "no indicator", .definition, 78, at: "Pipelines/indicators.yaml:1:1: ", ["at least one"],
      .file("Pipelines/indicators.yaml", "[]\n")),
    .fails(
      "an empty list of indicators", .definition, 78, at: "Pipelines/indicators.yaml: ", ["empty"],
      .file("Pipelines/indicators.yaml", "")),
    .fails(
      "a comment alone as codebook", .definition, 78, at: "Pipelines/codebook.yaml: ", ["empty"],
      .file("Pipelines/codebook.yaml", "# later\n")),
    .fails(
      "a codebook that is a CSV file", .definition, 78, at: "data/offices.csv:1:1: ", ["a mapping"],
      .definition("codebook.yaml", "../data/offices.csv")),
    .fails(
      "a codebook that is a directory", .definition, 66, at: "Pipelines/survey.yaml:5:54: cannot read data: ", [],
      .definition("codebook.yaml", "../data")),
    .fails(
      "a codebook that is a link to itself", .definition, 66,
      at: "Pipelines/survey.yaml:5:54: cannot read Pipelines/codebook.yaml: ", [],
      .link("Pipelines/codebook.yaml", to: "codebook.yaml")),
    .fails(
      "a codebook without an end", .definition, 66, at: "Pipelines/survey.yaml:5:54: cannot read /dev/zero: ", [],
      .definition("codebook.yaml", "/dev/zero")),
    .fails(
      "labels without an end", .definition, 66, at: "Pipelines/survey.yaml:8:", ["cannot read /dev/zero: "],
      .definition("column: region}", "column: region, labels: /dev/zero}")),
    .fails(
      "a codebook of 1 GB", .definition, 66, at: "Pipelines/survey.yaml:5:54: cannot read Pipelines/codebook.yaml: ",
      ["16 MB"],
      .largeFile(
        "Pipelines/codebook.yaml", start: [], piece: Array(String(repeating: "# comment\n", count: 100_000).utf8),
        times: 1 << 10)),
  ]

  private static func pipeline(_ name: String, _ place: String, _ words: [String], _ changes: String...) -> BadInputCase
  {
    BadInputCase(
      name: name, row: .definition,
      changes: stride(from: 0, to: changes.count, by: 2).map { .definition(changes[$0], changes[$0 + 1]) },
      outcome: .fails(78, at: "Pipelines/survey.yaml:\(place)", saying: words))
  }

  private static func codebook(_ name: String, _ place: String, _ words: [String], _ old: String, _ new: String)
    -> BadInputCase
  {
    .fails(name, .definition, 78, at: "Pipelines/codebook.yaml:\(place)", words, .codebook(old, new))
  }

  private static func indicator(_ name: String, _ place: String, _ words: [String], _ old: String, _ new: String)
    -> BadInputCase
  {
    .fails(name, .definition, 78, at: "Pipelines/indicators.yaml:\(place)", words, .indicators(old, new))
  }
}
