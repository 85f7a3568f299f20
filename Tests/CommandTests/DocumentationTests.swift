import Foundation
import SurveyTestSupport
import Testing

@Suite("The documents say what the command does")
struct DocumentationTests {
  private func listings(of document: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(projectDirectory)/\(document)", encoding: .utf8)
    return text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  /// The summary up to the line that names the directory, which is the test's own.
  private func summary(_ text: String) -> [String] {
    Array(text.split(separator: "\n").map(String.init).prefix { !$0.hasPrefix("written to ") })
  }

  @Test("The README shows the summaries of cycle-4 and nhanes as they print", arguments: ["cycle-4", "nhanes"])
  func readmeSummaries(name: String) throws {
    let directory = try TemporaryDirectory()
    let run = try CommandRun(
      ["run", name, "--output", directory.path(of: "results")], environment: ["COLUMNS": "100"])
    #expect(run.status == 0, "\(run.error)")
    let shown = try #require(try listings(of: "README.md").first { $0.hasPrefix("\n\(name): ") })
    #expect(summary(shown) == summary(run.output))
  }

  @Test("The README shows the definition of nhanes as it is")
  func readmeDefinition() throws {
    let shown = try #require(try listings(of: "README.md").first { $0.contains("pipeline: nhanes") })
    let definition = try String(contentsOfFile: "\(projectDirectory)/Pipelines/nhanes.yaml", encoding: .utf8)
    #expect(shown == "yaml\n" + definition)
  }

  @Test("The indicator that the README adds gives an estimate")
  func readmeIndicator() throws {
    let added = try #require(try listings(of: "README.md").first { $0.contains("id: X.1") }).dropFirst("yaml\n".count)
    let directory = try TemporaryDirectory()
    for folder in ["Pipelines", "SampleData"] {
      try FileManager.default.copyItem(
        atPath: "\(projectDirectory)/\(folder)", toPath: directory.path(of: folder))
    }
    let indicators = "Pipelines/cartagena/indicators.yaml"
    try directory.write(try directory.text(of: indicators) + "\n" + added, to: indicators)
    let run = try CommandRun(["run", "cycle-4", "--indicator", "X.1", "--by", "region"], in: directory.path)
    #expect(run.status == 0, "\(run.error)")
    #expect(run.output.contains("X.1"))
    #expect(run.output.contains("Central and Eastern Europe"))
  }

  @Test("The commands that docs/results.md shows for past results and units work as they stand there")
  func resultsCommands() throws {
    let text = try String(contentsOfFile: "\(projectDirectory)/docs/results.md", encoding: .utf8)
    let lines = text.matches(of: /(?m)^    pipeline ((?:export|units) .*)$/).map { String($0.1) }
    #expect(lines.count == 2)
    let directory = try TemporaryDirectory()
    for folder in ["Pipelines", "SampleData"] {
      try FileManager.default.createSymbolicLink(
        atPath: directory.path(of: folder), withDestinationPath: "\(projectDirectory)/\(folder)")
    }
    #expect(try CommandRun(["run", "cycle-4", "--quiet"], in: directory.path).status == 0)
    for line in lines {
      let run = try CommandRun(
        line.split(separator: " ").map { $0.replacingOccurrences(of: "\"", with: "") }, in: directory.path)
      #expect(run.status == 0, "\(line): \(run.error)")
    }
    #expect(try directory.text(of: "regions.csv").split(separator: "\n").count > 10)
  }

  @Test("Every file that the README links to exists")
  func readmeLinks() throws {
    let text = try String(contentsOfFile: "\(projectDirectory)/README.md", encoding: .utf8)
    let targets = text.matches(of: /\]\(([^)#]+)\)/).map { String($0.1) }
    #expect(targets.count > 5)
    for target in targets {
      #expect(FileManager.default.fileExists(atPath: "\(projectDirectory)/\(target)"), "\(target)")
    }
  }
}
