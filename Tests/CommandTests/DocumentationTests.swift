import Foundation
import SurveyTestSupport
import Testing

@Suite("The documents say what the command does")
struct DocumentationTests {
  /// The summary up to the line that names the directory and the files, which are those of `make run`.
  private func summary(_ text: String) -> [String] {
    Array(text.split(separator: "\n").map(String.init).prefix { !$0.hasPrefix("written to ") })
  }

  @Test("The README shows cycle-4, an export and units as they print")
  func readmeListings() throws {
    let readme = try MarkdownPage("README.md")
    let directory = try PageRun()
    let run = try directory.run("pipeline run cycle-4")
    #expect(run.status == 0, "\(run.error)")
    let shown = try #require(readme.fences.first { $0.content.hasPrefix("cycle-4: ") })
    #expect(summary(shown.content) == summary(run.output))
    let commands = readme.fences.flatMap(\.commands)
    #expect(commands.map { $0.line.split(separator: " ")[1] } == ["export", "units"])
    for command in commands {
      let result = try directory.run(command.line)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output == command.output)
    }
  }

  @Test("The README shows the report at the size of a page")
  func readmePicture() throws {
    #expect(try MarkdownPage("README.md").links.contains { $0.file == "docs/report.png" })
    let picture = try Data(contentsOf: URL(fileURLWithPath: "\(projectDirectory)/docs/report.png"))
    #expect(picture.count < 400_000)
    // Signature, then the width as the first number of the header.
    #expect(picture.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(picture[16..<20].reduce(0) { $0 << 8 | Int($1) } == 1280)
  }

  @Test("The commands that docs/results.md shows for past results and units work as they stand there")
  func resultsCommands() throws {
    let lines = try MarkdownPage("docs/results.md").text.matches(of: /(?m)^    (pipeline (?:export|units) .*)$/)
    #expect(lines.count == 2)
    let directory = try PageRun()
    #expect(try directory.run("pipeline run cycle-4 --quiet").status == 0)
    for line in lines {
      let run = try directory.run(String(line.1))
      #expect(run.status == 0, "\(line.1): \(run.error)")
    }
    #expect(try directory.directory.text(of: "regions.csv").split(separator: "\n").count > 10)
  }

  @Test("The changelog begins with the version that the command says")
  func changelogVersion() throws {
    let run = try CommandRun(["--version"])
    let version = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    let heading = try #require(
      try MarkdownPage("CHANGELOG.md").text.split(separator: "\n").first { $0.hasPrefix("## ") })
    let isReleased = !version.hasSuffix("-dev")
    let number = isReleased ? version : String(version.dropLast("-dev".count))
    #expect(heading == "## \(number)\(isReleased ? "" : " (unreleased)")")
  }

  @Test("Every file and heading that a document links to exists")
  func links() throws {
    var pages = ["README.md", "CONTRIBUTING.md", "Sources/README.md", "CHANGELOG.md"]
    for folder in ["docs", "Sources/pipeline/pipeline.docc"] {
      pages += try FileManager.default.contentsOfDirectory(atPath: "\(projectDirectory)/\(folder)")
        .filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
    }
    var count = 0
    for path in pages {
      let page = try MarkdownPage(path)
      let folder = URL(fileURLWithPath: "\(projectDirectory)/\(path)").deletingLastPathComponent()
      for link in page.links {
        count += 1
        let target =
          link.file.isEmpty ? "\(projectDirectory)/\(path)" : folder.appending(path: link.file).standardized.path
        #expect(FileManager.default.fileExists(atPath: target), "\(path): \(link.file)")
        guard !link.heading.isEmpty else { continue }
        let headings =
          link.file.isEmpty
          ? page.headings : try MarkdownPage(String(target.dropFirst(projectDirectory.count + 1))).headings
        #expect(headings.contains(link.heading), "\(path): \(link.file)#\(link.heading)")
      }
    }
    #expect(count > 100)
  }
}
