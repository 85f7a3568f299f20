import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Data files that are not there, or are no files.
  static let files: [BadInputCase] = [
    .fails(
      "no responses", .missing, 66, at: "there is no file data/responses.csv\n", ["relative paths"],
      .removed("data/responses.csv")),
    .fails("no register", .missing, 66, at: "there is no file data/offices.csv\n", [], .removed("data/offices.csv")),
    .fails(
      "the responses are a directory", .missing, 66, at: "data is a directory, not a file\n", [],
      .definition("data/responses.csv", "data")),
    .fails(
      "the register is a directory", .missing, 66, at: "data/offices.csv is a directory", [],
      .removed("data/offices.csv"), .folder("data/offices.csv")),
    .fails("no byte", .missing, 66, at: "data/responses.csv is empty\n", ["header"], .responses { _ in [] }),
    .fails(
      "blank lines", .missing, 66, at: "data/responses.csv is empty", [], .responses { _ in Array("\n\r\n\r\n\n".utf8) }
    ),
    .fails("a mark alone", .missing, 66, at: "data/responses.csv is empty", [], .responses { _ in mark }),
    .fails(
      "a mark and blank lines", .missing, 66, at: "data/responses.csv is empty", [],
      .responses { _ in mark + Array("\r\r\n".utf8) }),
    .fails("an empty register", .missing, 66, at: "data/offices.csv is empty", [], .file("data/offices.csv", "")),
    .fails(
      "nothing to read", .missing, 66, at: "/dev/null is empty", [], .definition("../data/responses.csv", "/dev/null")),
    .fails(
      "a path under a file", .missing, 66, at: "cannot read data/responses.csv/part.csv: ", ["directory"],
      .definition("data/responses.csv", "data/responses.csv/part.csv")),
    .fails(
      "a link to nothing", .missing, 66, at: "there is no file data/responses.csv", [],
      .link("data/responses.csv", to: "gone.csv")),
    .fails(
      "a link to itself", .missing, 66, at: "cannot read data/responses.csv: ", ["symbolic links"],
      .link("data/responses.csv", to: "responses.csv")),
    .fails(
      "two links in a circle", .missing, 66, at: "cannot read data/responses.csv: ", ["symbolic links"],
      .link("data/responses.csv", to: "other.csv"), .link("data/other.csv", to: "responses.csv")),
    .fails(
      "a folder that is a link to itself", .missing, 66, at: "cannot read data/round/responses.csv: ",
      ["symbolic links"], .definition("data/responses.csv", "data/round/responses.csv"),
      .link("data/round", to: "round")),
    .fails(
      "a pattern behind a link to itself", .missing, 66, at: "cannot read data/round/*.csv: ", ["folder"],
      .definition("data/responses.csv", "data/round/*.csv"), .link("data/round", to: "round")),
    .fails(
      "a link to a directory", .missing, 66, at: "data/responses.csv is a directory", [],
      .link("data/responses.csv", to: "../Pipelines")),
    .fails(
      "a name that is too long", .missing, 66, at: "cannot read data/aaaaaaaa", ["too long"],
      .definition("data/responses.csv", "data/\(String(repeating: "a", count: 300))")),
    .fails(
      "a network address", .missing, 66, at: "there is no file ", ["example.org"],
      .definition("../data/responses.csv", "http://example.org/responses.csv")),
    .fails(
      "a pattern that matches nothing", .missing, 66, at: "no file matches data/*.tsv, the `path` of table responses\n",
      ["patterns have"], .definition("data/responses.csv", "data/*.tsv")),
    .fails(
      "a pattern that matches a directory", .missing, 66, at: "data/part.csv is a directory", [],
      .definition("data/responses.csv", "data/p*.csv"), .folder("data/part.csv")),
    .fails(
      "the second file is missing", .missing, 66, at: "there is no file data/second.csv", [],
      .definition("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/second.csv]")),
    .fails(
      "the second file is empty", .missing, 66, at: "data/second.csv is empty", [],
      .definition("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/second.csv]"),
      .file("data/second.csv", "")),
    .fails(
      "no codebook", .missing, 66, at: "Pipelines/survey.yaml:5:54: cannot read Pipelines/codebook.yaml: ",
      ["no such file"], .removed("Pipelines/codebook.yaml")),
    .fails(
      "no indicators", .missing, 66, at: "Pipelines/survey.yaml:13:13: cannot read Pipelines/indicators.yaml: ",
      ["no such file"], .removed("Pipelines/indicators.yaml")),
    .fails(
      "no labels", .missing, 66, at: "Pipelines/survey.yaml:8:", ["cannot read Pipelines/labels.yaml", "no such file"],
      .definition("column: region}", "column: region, labels: labels.yaml}")),
    .fails(
      "no such pipeline", .missing, 66, at: "there is no Pipelines/survay.yaml; did you mean \"survey\"?\n",
      ["pipeline list"], command: ["run", "survay"]),
    .fails(
      "no folder of pipelines", .missing, 66, at: "there is no nowhere/survey.yaml", [],
      options: ["--pipelines", "nowhere"]),
    .fails(
      "no earlier cycle", .missing, 66, at: "there is no Pipelines/earlier.yaml", [],
      .definition("reliability: none", "reliability: none\ntrend: {previous: earlier, overlap: psu}")),
  ]

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
