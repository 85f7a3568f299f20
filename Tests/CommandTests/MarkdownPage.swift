import Foundation
import SurveyTestSupport

/// A page of the documentation: what it shows, and where it leads.
struct MarkdownPage {
  /// Seen from the project's directory.
  let path: String
  let text: String
  private(set) var fences: [Fence] = []
  /// Everything but the fences.
  private(set) var prose = ""

  struct Fence {
    /// What stands behind the opening backticks; empty where nothing does.
    var language: String
    var content = ""
    /// The last line before it that is not empty.
    var introduction: String

    /// The file whose content it is: the last one that the introduction names.
    var file: String? {
      introduction.matches(of: /Pipelines\/[\w\/.-]+\.(?:yaml|csv)/).last.map { String($0.0) }
    }

    /// Whether it is added to the file.
    var isAppended: Bool { introduction.contains("Append") }

    /// What is typed, and what is printed then.
    var commands: [(line: String, output: String)] {
      var commands: [(line: String, output: String)] = []
      for line in content.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        if line.hasPrefix("$ ") {
          commands.append((String(line.dropFirst(2)), ""))
        } else if !commands.isEmpty {
          commands[commands.count - 1].output += line + "\n"
        }
      }
      return commands
    }
  }

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOfFile: "\(projectDirectory)/\(path)", encoding: .utf8)
    var open: Fence?
    var introduction = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let fence = open {
          fences.append(fence)
          open = nil
        } else {
          open = Fence(language: String(line.dropFirst(3)), introduction: introduction)
        }
      } else if open != nil {
        open?.content += line + "\n"
      } else {
        prose += line + "\n"
        if !line.isEmpty { introduction = String(line) }
      }
    }
  }

  /// The files that it leads to, with the heading if one is named. Other sites are left out.
  var links: [(file: String, heading: String)] {
    prose.matches(of: /\]\(([^)#\s]*)(?:#([^)\s]*))?\)/).filter { !$0.1.contains("://") }.map {
      (String($0.1), String($0.2 ?? ""))
    }
  }

  /// The headings as a code host names them in links.
  var headings: Set<String> {
    Set(
      prose.matches(of: /(?m)^#+ (.*)$/).map { heading in
        String(heading.1.lowercased().filter { $0.isLetter || $0.isNumber || "_- ".contains($0) })
          .replacingOccurrences(of: " ", with: "-")
      })
  }
}

/// A folder with the definitions and the sample data, in which what a page says is typed.
struct PageRun {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    for folder in ["Pipelines", "SampleData"] {
      try FileManager.default.copyItem(
        atPath: "\(projectDirectory)/\(folder)", toPath: directory.path(of: folder))
    }
  }

  /// Runs a line such as `pipeline export cycle-4 --indicator "A.1(a)"`.
  func run(_ line: String) throws -> CommandRun {
    let words = line.matches(of: /"([^"]*)"|\S+/).map { String($0.1 ?? $0.0) }
    guard words.first == "pipeline" else { throw NoCommand(line: line) }
    return try CommandRun(Array(words.dropFirst()), in: directory.path, environment: ["COLUMNS": "100"])
  }

  struct NoCommand: Error {
    var line: String
  }
}
