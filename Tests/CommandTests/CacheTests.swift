import Foundation
import SurveyTestSupport
import Testing

/// Snapshots as an analyst meets them.
@Suite("The cache of the command")
struct CacheTests {
  /// A reference job of 5 MB, made once, in a directory of its own with a cache of its own.
  private struct Job {
    let directory: TemporaryDirectory

    init() throws {
      directory = try TemporaryDirectory()
      let run = try CommandRun(
        ["generate", "reference-job", "--responses", "3800", "--psus", "60", "--indicators", "12", "--output", "job"],
        in: directory.path)
      #expect(run.status == 0, "\(run.error)")
      #expect(try bytes("job/responses.csv") > 4 << 20)
      Thread.sleep(forTimeInterval: 0.1)
    }

    func bytes(_ name: String) throws -> Int {
      try #require(
        try FileManager.default.attributesOfItem(atPath: directory.path(of: name))[.size] as? Int)
    }

    func command(_ arguments: [String], cache: String? = nil) throws -> CommandRun {
      try CommandRun(
        arguments, in: directory.path, environment: ["XDG_CACHE_HOME": cache ?? directory.path(of: "cache")])
    }

    /// Runs the job, which must succeed.
    func run(_ options: [String] = [], to output: String, cache: String? = nil) throws -> CommandRun {
      let run = try command(
        ["run", "reference-job", "--pipelines", "job", "--output", output] + options, cache: cache)
      #expect(run.status == 0, "\(run.error)")
      return run
    }

    func results(_ output: String) throws -> [String] {
      try ["estimates.csv", "trends.csv", "slopes.csv", "rejected.csv"].map {
        try directory.text(of: "\(output)/\($0)")
      }
    }

    func inputs(_ output: String) throws -> [String] {
      try RunJSON(directory.text(of: "\(output)/run.json")).cycles.flatMap(\.tables).flatMap { table in
        ["\(table.rowsRead) \(table.rowsUsed) \(table.rowsRejected)"]
          + table.files.map { "\($0.path) \($0.bytes) \($0.hash) \($0.algorithm)" }
      }
    }

    /// Names, with what tells a file that was written anew.
    var cached: [String: String] {
      let folder = directory.path(of: "cache/pipeline")
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return Dictionary(
        uniqueKeysWithValues: names.map {
          let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\($0)")
          let written = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
          return ($0, "\(attributes?[.systemFileNumber] ?? "") \(written)")
        })
    }
  }

  @Test func theSecondRunBeginsWithTheSnapshot() throws {
    let job = try Job()
    _ = try job.run(["--no-cache"], to: "plain")
    #expect(job.cached.isEmpty)
    let expected = try job.results("plain")
    #expect(expected[0].split(separator: "\n").count > 100)

    let cold = try job.run(["--threads", "2"], to: "cold")
    #expect(cold.error.withoutNotes.isEmpty)
    let cached = job.cached
    #expect(cached.count == 2 && cached.keys.contains("seeds"))
    #expect(cached.keys.contains { $0.hasSuffix(".columns") })
    // Another process, with the same seeds: it reads the snapshot and writes none.
    for threads in ["1", "3"] {
      let warm = try job.run(["--threads", threads], to: "warm")
      #expect(warm.error.withoutNotes.isEmpty)
      #expect(try job.results("warm") == expected)
      #expect(try job.inputs("warm") == job.inputs("plain"))
      #expect(job.cached == cached)
    }
    #expect(try job.results("cold") == expected)
    #expect(try job.inputs("cold") == job.inputs("plain"))
    // Without the cache it is neither used nor touched.
    _ = try job.run(["--no-cache"], to: "plain")
    #expect(try job.results("plain") == expected)
    #expect(job.cached == cached)
    _ = try job.run(["--sha256"], to: "plain")
    #expect(try job.results("plain") == expected)
    #expect(job.cached == cached)

    // MARK: list and clear
    let list = try job.command(["cache", "list"])
    #expect(list.status == 0 && list.error.withoutNotes.isEmpty)
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].contains("\(job.directory.path)/cache/pipeline: 1 snapshot, "))
    #expect(lines[1].hasSuffix("job/responses.csv"))
    let shown = try job.command(["cache", "clear", "--dry-run"])
    #expect(shown.status == 0 && shown.output.contains("1 snapshot would be removed, "))
    #expect(job.cached == cached)
    let cleared = try job.command(["cache", "clear"])
    #expect(cleared.status == 0 && cleared.output.contains("\n1 snapshot removed, "))
    #expect(cleared.output.contains("job/responses.csv\n"))
    #expect(!job.cached.keys.contains { $0.hasSuffix(".columns") })
    #expect(try job.command(["cache", "list"]).output.split(separator: "\n").count == 1)
    #expect(try job.command(["cache", "clear"]).output.hasPrefix("0 snapshots removed, 0.0 MB"))
  }

  @Test func clearLeavesTheSnapshotsOfOtherProjects() throws {
    let (job, other) = (try Job(), try Job())
    let cache = job.directory.path(of: "cache")
    _ = try job.run(to: "results")
    _ = try other.run(to: "results", cache: cache)
    #expect(job.cached.count == 3)
    // From the folder of the other one, whose data the list names, and which goes alone.
    let cleared = try other.command(["cache", "clear"], cache: cache)
    #expect(cleared.status == 0, "\(cleared.error)")
    let lines = cleared.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasSuffix("job/responses.csv"))
    #expect(
      lines[1].hasPrefix("1 snapshot removed, ") && lines[1].hasSuffix("; 1 snapshot of other data stays (--all)"))
    #expect(job.cached.count == 2)
    #expect(try job.command(["cache", "list"]).output.contains("\(job.directory.path)/"))
    let none = try job.command(["cache", "clear", "Pipelines", "nowhere"])
    #expect(none.output == "0 snapshots removed, 0.0 MB; 1 snapshot of other data stays (--all)\n")
    #expect(try job.command(["cache", "clear", "--all", "job"]).status == 64)
    let all = try other.command(["cache", "clear", "--all"], cache: cache)
    #expect(all.output.contains("\n1 snapshot removed, ") && !all.output.contains("other data"))
    #expect(job.cached.keys.sorted() == ["seeds"])
    // A file by its name.
    _ = try job.run(to: "results")
    #expect(
      try other.command(["cache", "clear", job.directory.path(of: "job/responses.csv")], cache: cache).output.contains(
        "\n1 snapshot removed, "))
  }

  /// It says so, removes it, and reads the data.
  @Test func aDamagedSnapshotIsNamed() throws {
    let job = try Job()
    _ = try job.run(to: "cold")
    let name = try #require(job.cached.keys.first { $0.hasSuffix(".columns") })
    let file = try #require(FileHandle(forUpdatingAtPath: job.directory.path(of: "cache/pipeline/\(name)")))
    try file.seek(toOffset: 5000)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: 5000)
    try file.write(contentsOf: [byte ^ 4])
    let before = job.cached[name]
    let run = try job.run(to: "warm")
    #expect(run.error.contains("a damaged snapshot of ") && run.error.contains("job/responses.csv was removed"))
    #expect(try job.results("warm") == job.results("cold"))
    #expect(job.cached[name] != nil && job.cached[name] != before)
    let again = try job.run(to: "warm")
    #expect(again.error.withoutNotes.isEmpty)
    #expect(try job.results("warm") == job.results("cold"))
  }

  @Test func aCacheThatCannotBeWrittenToIsDoneWithout() throws {
    let directory = try SurveyFixture().write()
    let environment = ["XDG_CACHE_HOME": "\(directory.path)/data/responses.csv"]
    let run = try CommandRun(["run", "survey"], in: directory.path, environment: environment)
    #expect(run.status == 0)
    #expect(run.error.withoutNotes.isEmpty)
    for command in ["list", "clear"] {
      #expect(try CommandRun(["cache", command], in: directory.path, environment: environment).status == 0)
    }
    #expect(try directory.text(of: "data/responses.csv") == SurveyFixture().responsesText)
  }

  @Test(.enabled(if: SmallDisk.isPermitted)) func aFullDiskLeavesNoSnapshot() throws {
    let job = try Job()
    _ = try job.run(["--no-cache"], to: "plain")
    let disk = try SmallDisk(kilobytes: 64)
    let run = try job.run(to: "full", cache: disk.path)
    #expect(run.error.withoutNotes.isEmpty)
    #expect(try job.results("full") == job.results("plain"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(disk.path)/pipeline") == ["seeds"])
  }

  @Test func smallDataLeavesNoSnapshot() throws {
    let directory = try SurveyFixture().write()
    let run = try CommandRun(
      ["run", "survey"], in: directory.path, environment: ["XDG_CACHE_HOME": directory.path(of: "cache")])
    #expect(run.status == 0)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path(of: "cache/pipeline"))) ?? []
    #expect(!names.contains { $0.hasSuffix(".columns") })
  }

  /// A register that others look units up in is hashed as it is asked for, too.
  @Test func everyFileIsHashedAsItIsAskedFor() throws {
    let directory = try SurveyFixture().write()
    // Above 64 MiB in a few long records of a column that nobody needs.
    let field = Data(repeating: UInt8(ascii: "x"), count: 12 << 20)
    for (name, count, text) in [("offices", 6, SurveyFixture().offices)] {
      let lines = text.split(separator: "\n").map(String.init)
      var bytes = Data((lines[0] + ",more\n").utf8)
      for (number, line) in lines.dropFirst().enumerated() {
        bytes += Data("\(line),".utf8) + (number < count ? field : Data()) + Data("\n".utf8)
      }
      try bytes.write(to: URL(fileURLWithPath: directory.path(of: "data/\(name).csv")))
    }
    for (options, expected) in [(["--sha256"], "SHA-256"), ([], "XXH3-128 of the XXH3-128 of each 1 MiB")] {
      let run = try CommandRun(["run", "survey", "--no-cache"] + options, in: directory.path)
      #expect(run.status == 0, "\(run.error)")
      let tables = try RunJSON(directory.text(of: "Output/survey/run.json")).cycles.flatMap(\.tables)
      let files = tables.flatMap(\.files)
      #expect(files.filter { $0.path.hasSuffix("offices.csv") }.map(\.algorithm) == [expected])
      #expect(files.filter { $0.path.hasSuffix("responses.csv") }.map(\.algorithm) == ["SHA-256"])
    }
  }
}
