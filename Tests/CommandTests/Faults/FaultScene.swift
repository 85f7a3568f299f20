import Export
import Foundation
import SurveyTestSupport
import Testing

/// A survey in two versions whose results differ, with folders of its own for results, snapshots and temporary files.
final class FaultScene {
  enum Version: String, CaseIterable {
    case before = "Before"
    case after = "After"

    var other: Version { self == .before ? .after : .before }
  }

  let directory: TemporaryDirectory
  /// The SHA-256 of `estimates.csv` by version.
  private var estimates: [String: Version] = [:]
  /// Seconds that a run of both versions took undisturbed.
  private(set) var seconds = 0.0

  /// Copies of the eight rows that make data worth a snapshot.
  static let copiesForSnapshot = 12_000

  /// - Parameter copies: How often the eight rows stand in the data.
  init(copies: Int = 1, options: [String] = []) throws {
    var fixture = SurveyFixture()
    if copies > 1 { fixture = fixture.defining("respondent: id, ", "") }
    let block = fixture.rows.map { $0 + "\n" }.joined()
    fixture.responses = Array((fixture.header + "\n" + String(repeating: block, count: copies)).utf8)
    directory = try fixture.write()
    for version in Version.allCases {
      try directory.write(fixture.definition, to: "\(version.rawValue)/survey.yaml")
      try directory.write(fixture.codebook, to: "\(version.rawValue)/codebook.yaml")
      let indicators = fixture.indicators.replacingOccurrences(
        of: "{plan: [full, partial]}}", with: version == .before ? "{plan: [full, partial]}}" : "{plan: full}}")
      try directory.write(indicators, to: "\(version.rawValue)/indicators.yaml")
    }
    try FileManager.default.removeItem(atPath: directory.path(of: "Pipelines"))
    try FileManager.default.createDirectory(
      atPath: directory.path(of: "tmp"), withIntermediateDirectories: true)
    // Files that were just written leave no snapshot.
    Thread.sleep(forTimeInterval: 0.1)
    for version in Version.allCases {
      let start = Date()
      let run = try command.run(arguments(version, options, to: "known/\(version.rawValue)") + ["--no-cache"])
      seconds += Date().timeIntervalSince(start)
      try #require(run.status == 0, "\(run.error)")
      estimates[try hashes("known/\(version.rawValue)")["estimates.csv"] ?? ""] = version
    }
    try #require(estimates.count == 2)
    try requireTrueHashes("known/After")
  }

  var command: SpoiltCommand {
    SpoiltCommand(
      directory: directory.path,
      environment: ["XDG_CACHE_HOME": directory.path(of: "cache"), "TMPDIR": directory.path(of: "tmp")])
  }

  func arguments(_ version: Version, _ options: [String] = [], to output: String = "Output/survey") -> [String] {
    ["run", "survey", "--quiet", "--pipelines", version.rawValue, "--output", output] + options
  }

  /// Runs a version undisturbed: it must succeed, with its own results.
  func succeed(_ version: Version, _ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try command.run(arguments(version, options))
    #expect(run.status == 0, "\(run.error)", sourceLocation: sourceLocation)
    #expect(try wholeResults(sourceLocation: sourceLocation) == version, sourceLocation: sourceLocation)
  }

  // MARK: - What is there

  /// Whose results are in the output directory; they must be whole: the files that `run.json` names with the hashes
  /// that it names, and no others.
  ///
  /// - Returns: nil where there are none.
  func wholeResults(
    at output: String = "Output/survey", sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Version? {
    guard FileManager.default.fileExists(atPath: place(output)) else { return nil }
    let found = try hashes(output)
    let record = try RunJSON(text(of: "\(output)/run.json"))
    let named = Dictionary(uniqueKeysWithValues: record.outputs.map { ($0.path, $0.hash) })
    let others = found.filter { $0.key != "run.json" }
    #expect(others == named, sourceLocation: sourceLocation)
    let version = found["estimates.csv"].flatMap { estimates[$0] }
    #expect(version != nil, "estimates.csv is none of the two", sourceLocation: sourceLocation)
    #expect(
      record.definitions.allSatisfy { $0.path.contains("\(version?.rawValue ?? "")/") },
      "run.json is of another version", sourceLocation: sourceLocation)
    return version
  }

  /// The results as a database hold what those of an undisturbed run hold, but for when it ran.
  func expectDatabase(of version: Version, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let tables = try ["known/\(version.rawValue)", "Output/survey"].map { folder in
      let run = try ProgramRun(
        "/usr/bin/sqlite3",
        [
          place("\(folder)/results.sqlite"),
          "PRAGMA integrity_check; PRAGMA foreign_key_check;", ".dump",
        ])
      #expect(run.status == 0, "\(run.error)", sourceLocation: sourceLocation)
      return run.output.split(separator: "\n").filter { !$0.hasPrefix("INSERT INTO runs ") }
    }
    #expect(tables[0].first == "ok" && tables[0].count > 50, sourceLocation: sourceLocation)
    #expect(tables[0] == tables[1], sourceLocation: sourceLocation)
  }

  /// The results as a workbook have the parts of those of an undisturbed run, each as long.
  func expectWorkbook(
    of version: Version, at output: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let lists = try ["known/\(version.rawValue)", output].map { folder in
      // SQLite reads zip files, too; a size is that of the unpacked part.
      let run = try ProgramRun(
        "/usr/bin/sqlite3", [":memory:", "SELECT name, sz FROM zipfile('\(place("\(folder)/results.xlsx"))')"])
      #expect(run.status == 0, "\(run.error)", sourceLocation: sourceLocation)
      return run.output
    }
    #expect(lists[0].contains("xl/workbook.xml|"), sourceLocation: sourceLocation)
    #expect(lists[0] == lists[1], sourceLocation: sourceLocation)
  }

  /// Nothing but results may lie where they are, and nothing among the temporary files.
  func expectNothingLeft(in parent: String = "Output", sourceLocation: SourceLocation = #_sourceLocation) throws {
    let beside = try FileManager.default.contentsOfDirectory(atPath: place(parent))
    #expect(Set(beside).isSubset(of: ["survey"]), "\(beside)", sourceLocation: sourceLocation)
    let temporary = try FileManager.default.contentsOfDirectory(atPath: place("tmp"))
    #expect(temporary.isEmpty, "\(temporary)", sourceLocation: sourceLocation)
  }

  /// Names of files in the folder of snapshots.
  var cached: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: place("cache/pipeline"))) ?? []).sorted()
  }

  func place(_ path: String) -> String { path.hasPrefix("/") ? path : directory.path(of: path) }

  func text(of path: String) throws -> String { try String(contentsOfFile: place(path), encoding: .utf8) }

  /// The SHA-256 of every file below a folder. The command's own code computes it, because that is quick;
  /// `requireTrueHashes` holds it against the system's.
  func hashes(_ folder: String) throws -> [String: String] {
    let root = place(folder)
    var hashes: [String: String] = [:]
    for case let name as String in try #require(FileManager.default.enumerator(atPath: root)) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder), !isFolder.boolValue
      else {
        continue
      }
      hashes[name] = FileHash.hash(of: Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)"))))
    }
    return hashes
  }

  /// Compares the hashes with those of the system's own program.
  private func requireTrueHashes(_ folder: String) throws {
    let run = try ProgramRun(
      "/usr/bin/env", ["find", ".", "-type", "f", "-exec", "sha256sum", "{}", "+"], in: place(folder))
    let lines = run.output.split(separator: "\n").map { (String($0.dropFirst(68)), String($0.prefix(64))) }
    try #require(try hashes(folder) == Dictionary(uniqueKeysWithValues: lines))
  }
}
