import Foundation
import SurveyTestSupport
import Testing

/// `SampleData/datapackage.json` tells a stranger all that is needed to load and check the sample data.
struct DataPackageTests {
  private static let directory = "\(projectDirectory)/SampleData"
  private static let package = "\(directory)/datapackage.json"

  private struct Report: Decodable {
    struct Task: Decodable {
      var name: String
      var valid: Bool
    }

    var valid: Bool
    var tasks: [Task]
  }

  @Test func frictionlessFindsNothingWrong() throws {
    let run = try ReaderRun(command: ReaderRun.python, ["-m", "frictionless", "validate", "--json", Self.package])
    #expect(run.status == 0, "\(run.output)\(run.error)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    #expect(report.valid)
    #expect(report.tasks.filter { !$0.valid }.map(\.name) == [])
    #expect(report.tasks.count == (try Self.files()).count)
  }

  @Test func itIsWhatItsScriptMakesOfTheDefinitions() throws {
    let directory = try TemporaryDirectory()
    let script = "\(projectDirectory)/Tests/Reference/datapackage.py"
    let run = try ReaderRun(command: ReaderRun.python, [script, directory.path(of: "datapackage.json")])
    #expect(run.status == 0, "\(run.error)")
    #expect(
      try directory.text(of: "datapackage.json") == String(contentsOfFile: Self.package, encoding: .utf8),
      "`make sample-data` makes it anew")
  }

  @Test func everyFileIsInIt() throws {
    struct Package: Decodable {
      struct Resource: Decodable {
        var path: String
      }

      var resources: [Resource]
    }
    let package = try JSONDecoder().decode(Package.self, from: Data(contentsOf: URL(fileURLWithPath: Self.package)))
    #expect(package.resources.map(\.path).sorted() == (try Self.files()))
  }

  /// All but the health survey, which is exported from R and not kept.
  private static func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory)
      .filter { $0.hasSuffix(".csv") && !$0.hasPrefix("nhanes/") }.sorted()
  }
}
