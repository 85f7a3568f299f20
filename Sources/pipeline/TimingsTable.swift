import Engine
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `run --timings` shows: wall-clock seconds by stage, what reading cost by cycle, and the memory.
struct TimingsTable {
  let outcome: RunOutcome
  let meter: StageMeter

  var lines: [String] {
    var lines = outcome.stageSeconds.map { "\(String(format: "%9.3f", $0.seconds)) s  \($0.stage)" }
    let readings = meter.current
    for cycle in outcome.estimates.map(\.cycle.name) {
      guard let stages = readings[cycle] else { continue }
      lines.append("\(cycle), seconds of all threads together:")
      for stage in StageMeter.Stage.allCases {
        guard let reading = stages[stage] else { continue }
        lines.append(line(stage, reading))
      }
    }
    lines.append("\(String(format: "%9.1f", Self.peakMegabytes)) MB the most memory in use")
    return lines
  }

  private func line(_ stage: StageMeter.Stage, _ reading: StageMeter.Reading) -> String {
    var text =
      String(format: "%9.3f", reading.seconds) + " s  "
      + stage.rawValue.padding(
        toLength: 10, withPad: " ", startingAt: 0)
    for (amount, unit) in [
      (Double(reading.bytes) / 1e6, "MB/s"), (Double(reading.rows) / 1e6, "million rows/s"),
      (Double(reading.fields) / 1e6, "million fields/s"),
    ] where amount > 0 && reading.seconds > 0 {
      text += String(format: " %9.2f ", amount / reading.seconds) + unit
    }
    return text
  }

  /// The high-water mark of the process.
  private static var peakMegabytes: Double {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6
    #else
      getrusage(CInt(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) * 1024 / 1e6
    #endif
  }
}
