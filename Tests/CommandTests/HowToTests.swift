import Foundation
import SurveyTestSupport
import Testing

@Suite("The how-to pages work as they are written")
struct HowToTests {
  private static let catalog = "Sources/pipeline/pipeline.docc"

  private static let readers = ["r": "/usr/bin/Rscript", "python": ReaderRun.python]

  /// Writes its files, types its commands, runs its R and Python, all in one folder and in the order of the page.
  @Test(
    "Commands and code print what the page shows",
    arguments: [
      "RunYourOwnSurvey", "AddAnIndicator", "ExportABreakdown", "ReadTheResults", "WhenYourFileLooksDifferent",
    ])
  func pages(name: String) throws {
    let page = try MarkdownPage("\(Self.catalog)/\(name).md")
    let run = try PageRun()
    var commands = 0
    var language = ""
    var code: [String: String] = [:]
    var shown: [String: String] = [:]
    for fence in page.fences {
      if Self.readers.keys.contains(fence.language) {
        language = fence.language
        code[language, default: ""] += fence.content
      } else if fence.language == "text" {
        shown[language, default: ""] += fence.content
      } else if fence.language == "console" {
        for command in fence.commands {
          commands += 1
          let result = try run.run(command.line)
          // What a failure says is part of the page; a warning, such as of missing charts, is not.
          #expect(result.output + (result.status == 0 ? "" : result.error) == command.output, "\(command.line)")
        }
      } else {
        try write(fence, in: run.directory)
      }
    }
    #expect(commands > 0)
    for (language, code) in code {
      let reader = try #require(Self.readers[language])
      let script = try run.directory.write(code, to: "page.\(language)")
      let result = try ReaderRun(command: reader, [script], in: run.directory.path)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output == shown[language])
    }
  }

  /// A file of the page is new, or added to, or the one that the project has.
  private func write(_ fence: MarkdownPage.Fence, in directory: TemporaryDirectory) throws {
    let file = try #require(fence.file, "no file is named for\n\(fence.content)")
    let old = try? directory.text(of: file)
    if fence.isAppended {
      try directory.write(try #require(old) + "\n" + fence.content, to: file)
    } else if let old {
      #expect(fence.content == old, "\(file)")
    } else {
      try directory.write(fence.content, to: file)
    }
  }

  @Test("The first page leads to every other")
  func firstPage() throws {
    let links = try MarkdownPage("\(Self.catalog)/pipeline.md").links.map(\.file)
    let pages = try FileManager.default.contentsOfDirectory(atPath: "\(projectDirectory)/\(Self.catalog)")
      .filter { $0 != "pipeline.md" }
    #expect(pages.count == 5)
    for page in pages { #expect(links.contains(page)) }
  }
}
