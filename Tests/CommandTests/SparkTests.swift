import Foundation
import SurveyTestSupport
import Testing

/// What the command says where Spark is not as it should be. Runs on a real Spark are `make test-spark`.
@Suite("Spark that is missing or broken")
struct SparkTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try SurveyFixture().write()
    try EarlierResults.write(to: directory, "Output/survey")
  }

  private func run(_ options: [String]) throws -> CommandRun {
    try CommandRun(["run", "survey", "--engine", "spark"] + options, in: directory.path)
  }

  /// A folder that looks like a Spark.
  ///
  /// - Parameter client: What its client does, as a script.
  private func install(version: String, client: String) throws -> String {
    try directory.write("", to: "spark/jars/spark-core_2.13-\(version).jar")
    try directory.write("#!/bin/sh\n\(client)\n", to: "spark/bin/spark-sql")
    let home = directory.path(of: "spark")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(home)/bin/spark-sql")
    return home
  }

  @Test func noSparkIs69() throws {
    let run = try run(["--spark-home", directory.path(of: "nowhere")])
    #expect(run.status == 69)
    expectMessage(run.error, saying: ["no Spark in \(directory.path(of: "nowhere"))", "pip install pyspark"])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  @Test func anOldSparkIs69() throws {
    let run = try run(["--spark-home", install(version: "3.5.1", client: "exit 0")])
    #expect(run.status == 69)
    expectMessage(run.error, saying: ["Spark 3.5.1 in", "too old", "4.0 or later"])
  }

  @Test func aClientThatEndsIs69() throws {
    let run = try run([
      "--spark-home",
      install(version: "4.0.0", client: "echo 'WARN nothing' >&2; echo 'Caused by: no route to host' >&2; exit 1"),
    ])
    #expect(run.status == 69)
    expectMessage(run.error, saying: ["Spark ended before it answered: Caused by: no route to host", "--master"])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  /// An answer that breaks off, or that is none.
  @Test func anAnswerThatIsNoneIs69() throws {
    let run = try run([
      "--spark-home",
      install(
        version: "4.0.0",
        client: """
          while read -r line; do
            case "$line" in
            source*)
              file=${line#source }; file=${file%;}
              word=$(sed -n "s/^SET \\([a-z0-9]*\\)[.]done=.*/\\1/p" "$file")
              number=$(sed -n "s/^SET [a-z0-9]*[.]done=\\([0-9]*\\).*/\\1/p" "$file")
              echo "$word[\\"half"
              printf '%s.done\\t%s\\n%s.over\\t%s\\n' "$word" "$number" "$word" "$number";;
            esac
          done
          """),
    ])
    #expect(run.status == 69)
    expectMessage(run.error, saying: ["its answer is incomplete"])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  /// A client that answers where the files of the first table are, and then ends.
  private func clientThatFinds(_ file: String) -> String {
    """
    read -r line; read -r over
    file=${line#source }; file=${file%;}
    word=$(sed -n "s/^SET \\([a-z0-9]*\\)[.]done=.*/\\1/p" "$file")
    exec 0<&-
    echo 'Caused by: the driver is gone' >&2
    printf '%s["file","file:\(file)","100","now"]\\n' "$word"
    printf '%s["text","code,region,member","0",null]\\n' "$word"
    printf '%s.done\\t1\\n%s.over\\t1\\n' "$word" "$word"
    sleep 2
    exit 1
    """
  }

  /// As where a name begins with _, which Spark leaves out.
  @Test func otherFilesThanHereAre66() throws {
    let client = clientThatFinds(directory.path(of: "data/other.csv"))
    let run = try run(["--spark-home", install(version: "4.0.0", client: client)])
    #expect(run.status == 66)
    expectMessage(run.error, saying: ["unlike this machine", "table offices", "begin with _ or ."])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  /// The next statement finds nobody who reads it: an error, not the end of this process.
  @Test func aClientThatEndsBetweenStatementsIs69() throws {
    let client = clientThatFinds(directory.path(of: "data/offices.csv"))
    let run = try run(["--spark-home", install(version: "4.0.0", client: client)])
    #expect(run.status == 69)
    expectMessage(run.error, saying: ["Spark ended before it answered", "the driver is gone"])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  /// Whoever stops the run stops Spark with it.
  ///
  /// - Parameter end: What the client does then; one that goes on is not waited for.
  @Test(arguments: ["exit 0", ""]) func stoppingTheRunStopsTheClient(end: String) throws {
    let (note, pid, temporary) = (
      directory.path(of: "ended"), directory.path(of: "pid"), directory.path(of: "temporary")
    )
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    let home = try install(
      version: "4.0.0",
      client: "trap 'echo stopped > \(note); \(end)' TERM; echo $$ > \(pid); while :; do sleep 0.1; done")
    let command = try StartedCommand(
      "/usr/bin/env",
      ["TMPDIR=\(temporary)", CommandRun.binary, "run", "survey", "--engine", "spark", "--spark-home", home],
      in: directory.path)
    #expect(command.waitForFile(pid))
    defer {
      if end.isEmpty,
        let number = (try? directory.text(of: "pid")).flatMap({ Int32($0.trimmingPrefix(" ").prefix { $0.isNumber }) })
      {
        kill(number, SIGKILL)
      }
    }
    command.send(SIGINT)
    #expect(command.status(within: 20 * Double(Sanitizer.patience)) == 130)
    for _ in 0..<100 * Sanitizer.patience where !FileManager.default.fileExists(atPath: note) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    #expect(FileManager.default.fileExists(atPath: note))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    try EarlierResults.expectUntouched(in: directory, "Output/survey", exist: true)
  }

  @Test(arguments: [
    ["run", "survey", "--master", "local[2]"], ["run", "survey", "--spark-conf", "a=b"],
    ["run", "survey", "--engine", "hadoop"], ["run", "survey", "--engine", "spark", "--spark-conf", "nothing"],
  ])
  func optionsThatDoNotFitAre64(_ arguments: [String]) throws {
    let home = try install(version: "4.0.0", client: "exit 0")
    let run = try CommandRun(
      arguments + (arguments.contains("spark") ? ["--spark-home", home] : []), in: directory.path)
    #expect(run.status == 64, "\(run.error)")
  }
}
