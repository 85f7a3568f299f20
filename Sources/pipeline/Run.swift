import ArgumentParser
import Dispatch
import Engine
import Foundation
import Locks
import Logging
import SurveyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `pipeline run NAME`
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a pipeline and those that its trends need; show the summary and write the results.")

  @Argument(help: "The pipeline: NAME reads NAME.yaml in the directory of definitions.")
  var name: String

  @OptionGroup var directory: DirectoryOption

  @Option(help: "The directory of the results; it is replaced as a whole. (default: Output/NAME)")
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Beside the CSV files: \(OutputFormat.forRuns.map(\.rawValue).joined(separator: ", ")), separated by commas, or all.",
      valueName: "list"))
  var format = FormatList()

  @Option(
    help: ArgumentHelp(
      "Also add the run to this SQLite file, where runs of this and other pipelines add up.", valueName: "file"))
  var database: String?

  @Option(
    name: .customLong("check-against"),
    help: ArgumentHelp(
      """
      Compare every number with these earlier results and fail, leaving the results in place, if one differs. What \
      those were asked for (--by, --indicator, --method, --level) is asked for again.
      """, valueName: "dir"))
  var checkAgainst: String?

  @OptionGroup var results: ResultOptions

  @Option(help: "How many cycles, and pieces of a cycle, are read side by side.")
  var threads: Int = min(ProcessInfo.processInfo.activeProcessorCount, Self.mostThreads)

  /// Each takes a few MB.
  private static let mostThreads = 1024

  @Flag(name: .customLong("no-cache"), help: "Read the data itself, and leave no snapshot of its columns.")
  var usesNoCache = false

  @Flag(name: .customLong("sha256"), help: "Hash data files of any size with SHA-256 for run.json.")
  var usesSHA256 = false

  @OptionGroup var engine: EngineOptions

  @Flag(help: "Fail if any row or answer is rejected.")
  var strict = false

  @Flag(help: "Show on standard error what each stage took, its throughput, and the most memory in use.")
  var timings = false

  @Flag(help: "Say on standard error what is being done.")
  var verbose = false

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  @Flag(help: "Print the summary as JSON, and nothing else, on standard output.")
  var json = false

  @Option(help: "Progress on standard error: auto (only on a terminal), plain, or off.")
  var progress = ProgressStyle.auto

  func validate() throws {
    guard (1...Self.mostThreads).contains(threads) else {
      throw ValidationError("--threads must be a number from 1 to \(Self.mostThreads)")
    }
    if let problem = engine.problem { throw ValidationError(problem) }
    if quiet && json { throw ValidationError("--quiet and --json exclude each other") }
  }

  private enum Event: Sendable {
    case finished(RunOutcome)
    case failed(any Error)
    case signal(ExitStatus)
    case other
  }

  /// How long a run that is asked to stop is waited for: all that people take for "at once".
  private static let patience = DispatchTimeInterval.milliseconds(700)

  func run() async throws {
    if verbose {
      LoggingSystem.bootstrap { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = .debug
        return handler
      }
    }
    let progress = ReadProgress()
    let meter = timings ? StageMeter() : nil
    var options = RunOptions(
      pipelines: directory.pipelines, output: output,
      groupings: results.groupings, indicators: results.indicator, method: results.method, level: results.level,
      threads: threads, strict: strict, progress: progress)
    options.usesSHA256 = usesSHA256
    options.formats = format.formats
    options.database = database
    options.meter = meter
    options.engine = engine.sumsEngine
    if let checkAgainst {
      options.checkAgainst = checkAgainst
      options.adopt(try reportingFailures { try PastRun(directory: checkAgainst) }.record.options)
    }
    if !usesNoCache { options.cache = Snapshots.cache() }
    let stop = RunStop()
    options.stop = stop
    let signals = Signals()
    let run = PipelineRun(name: name, options: options)
    let line = ProgressLine(self.progress, progress: progress, isQuiet: quiet)
    let event = await withTaskGroup(of: Event.self) { group in
      group.addTask {
        do { return .finished(try await run.run()) } catch { return .failed(error) }
      }
      group.addTask { await signals.next().map(Event.signal) ?? .other }
      if let line {
        group.addTask {
          await line.show()
          return .other
        }
      }
      var result = Event.other
      var end: DispatchWorkItem?
      for await event in group {
        switch (event, result) {
        case (.other, _): continue
        case (.signal(let status), .other) where stop.request():
          result = event
          end = endWithoutWaiting(status, stop)
        // Too late: the results are in place, or being moved there.
        case (.signal, _): break
        // The run ends by itself when it is cancelled; what it says then matters less than the signal.
        case (_, .signal): continue
        default: result = event
        }
        group.cancelAll()
      }
      end?.cancel()
      return result
    }
    switch event {
    case .finished(let outcome): try reportingFailures { try show(outcome, meter: meter) }
    case .failed(let error): throw Terminal.exitCode(for: error)
    case .signal(let status):
      Self.sayStopped()
      throw ExitCode(status.rawValue)
    case .other: break
    }
  }

  private static let isStoppedSaid = Mutex(false)

  /// A run can end by itself at the moment when it is no longer waited for: then both want to say so.
  private static func sayStopped() {
    isStoppedSaid.withLock { isSaid in
      if !isSaid { Terminal.writeError("stopped; the previous results are untouched") }
      isSaid = true
    }
  }

  /// Ends the process in the middle of a step that cannot be stopped, unless the run ends before.
  private func endWithoutWaiting(_ status: ExitStatus, _ stop: RunStop) -> DispatchWorkItem {
    let item = DispatchWorkItem {
      stop.removeLeftovers()
      Self.sayStopped()
      _exit(status.rawValue)
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience, execute: item)
    return item
  }

  private func show(_ outcome: RunOutcome, meter: StageMeter?) throws {
    for format in format.formats {
      if let warning = format.warning { Terminal.writeError("warning: \(warning)") }
    }
    if !quiet {
      for accounting in outcome.accounting {
        let cycle = outcome.accounting.count > 1 ? "\(accounting.cycle): " : ""
        for standing in accounting.standing { Terminal.writeError(cycle + standing.words) }
      }
    }
    if let meter {
      for line in TimingsTable(outcome: outcome, meter: meter).lines { Terminal.writeError(line) }
    }
    if json {
      if let text = try SummaryJSON(outcome)?.text() { try Terminal.print(text) }
    } else if !quiet {
      for line in SummaryTable(outcome: outcome).lines(width: Terminal.width) { try Terminal.print(line) }
    }
  }
}
