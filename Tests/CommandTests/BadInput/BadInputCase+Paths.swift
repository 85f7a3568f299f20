import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Outputs that cannot be written.
  static let outputs: [BadInputCase] = [
    .fails(
      "an output under a file", .output, 73, at: "cannot create data/offices.csv/survey: ", ["irectory"],
      options: ["--output", "data/offices.csv/survey"]),
    .fails(
      "an output that is a file", .output, 73, at: "cannot create data/offices.csv: it is a file", [],
      options: ["--output", "data/offices.csv"]),
    .fails(
      "an output that holds something else", .output, 73, at: "cannot create data: ", ["something other than results"],
      options: ["--output", "data"]),
    .fails(
      "an output that is a link to itself", .output, 73, at: "cannot create ", ["round: "],
      options: ["--output", "round"], .link("round", to: "round")),
    .fails(
      "an output behind a link to itself", .output, 73, at: "cannot create round/survey: ", [],
      options: ["--output", "round/survey"], .link("round", to: "round")),
    .fails(
      "an output that is a link to nothing", .output, 73, at: "cannot create ", ["results: "],
      options: ["--output", "results"], .link("results", to: "gone")),
    .fails(
      "an output under a device", .output, 73, at: "cannot create /dev/null/survey: ", ["irectory"],
      options: ["--output", "/dev/null/survey"]),
    .fails(
      "an output whose name is too long", .output, 73, at: "cannot create aaaa", ["too long"],
      options: ["--output", String(repeating: "a", count: 300)]),
    .fails("a database that is a directory", .output, 73, at: "cannot ", ["data"], options: ["--database", "data"]),
    .fails(
      "a database that is a CSV file", .output, 73, ["data/offices.csv"], options: ["--database", "data/offices.csv"]),
    .fails(
      "a database under a file", .output, 73, ["data/offices.csv/x.sqlite"],
      options: ["--database", "data/offices.csv/x.sqlite"]),
  ]

  /// Names that lead elsewhere.
  static let paths: [BadInputCase] = [
    outside("../survey"), outside("/etc/passwd"), outside("a/../survey"), outside("."), outside(".."), outside(""),
    outside("survey/"),
    outside("su\u{308}\u{DF}"), outside("survey.yaml/.."), outside("sur\nvey"),
    outside(String(repeating: "a", count: 200)),
    .fails(
      "a previous cycle that is a path", .outsideName, 78,
      at: "Pipelines/survey.yaml:12:19: \"../other\" is not the name of a pipeline\n", ["never a path"],
      .definition("reliability: none\n", "reliability: none\ntrend: {previous: ../other, overlap: psu}\n")),
    .fails(
      "a baseline that is an absolute path", .outsideName, 78,
      at: "Pipelines/survey.yaml:12:19: \"/etc/passwd\" is not the name of a pipeline\n", ["never a path"],
      .definition("reliability: none\n", "reliability: none\ntrend: {baseline: /etc/passwd, overlap: psu}\n")),
    .fails(
      "a cycle of the slope that is a path", .outsideName, 78, at: "Pipelines/survey.yaml:12:",
      ["\"../a\" is not the name of a pipeline"],
      .definition("reliability: none\n", "reliability: none\ntrend: {slope: [survey, ../a, b], overlap: psu}\n")),
    .fails(
      "the root as output", .outsideName, 64, at: "\"/\" cannot be an output directory", [], options: ["--output", "/"]),
    .fails(
      "the folder above as output", .outsideName, 73, at: "cannot create ..: ", ["something other than results"],
      options: ["--output", ".."]),
    .fails(
      "a database in the output", .outsideName, 64, at: "Output/survey/all.sqlite lies in Output/survey", [],
      options: ["--database", "Output/survey/all.sqlite"]),
    .fails(
      "a database in the output, by a detour", .outsideName, 64,
      at: "data/../Output/survey/all.sqlite lies in Output/survey", [],
      options: ["--database", "data/../Output/survey/all.sqlite"]),
    .fails(
      "a database in the output, by a link", .outsideName, 64, at: "data/here/all.sqlite lies in Output/survey", [],
      options: ["--database", "data/here/all.sqlite"], .link("data/here", to: "../Output/survey")),
    .fails(
      "an output without a name", .outsideName, 64, at: "\"\" cannot be an output directory", [],
      options: ["--output", ""]),
    .fails(
      "a file twice, by a link", .definition, 78,
      at: "the `path` of table responses leads to the file data/again.csv twice\n", [],
      .definition("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/again.csv]"),
      .link("data/again.csv", to: "responses.csv")),
    .fails(
      "a file twice, by a detour", .definition, 78, at: "the `path` of table responses leads to the file ", ["twice"],
      .definition("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/../data/responses.csv]")),
    .fails(
      "a file twice, by a pattern", .definition, 78,
      at: "the `path` of table responses leads to the file data/responses.csv twice\n", [],
      .definition("path: ../data/responses.csv", "path: [../data/responses.csv, ../data/r*.csv]")),
  ]

  private static func outside(_ name: String) -> BadInputCase {
    .fails(
      "the name \(name.prefix(20).debugDescription)", .outsideName, 64,
      ["is not the name of a pipeline", "never a path"], command: ["run", "--", name])
  }
}
