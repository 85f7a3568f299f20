import Engine
import Foundation
import SurveyModel

/// What is said of the reading: for each cycle how much of its bytes, how many rows a second, and the seconds left.
struct ProgressText {
  /// By cycle.
  let states: [String: ReadProgress.State]
  /// Since the start.
  let seconds: Double

  /// - Parameter width: Columns that there are; nil: as many as it takes.
  func line(width: Int?) -> String {
    let cycles = states.sorted { $0.key < $1.key }
    let whole = cycles.map { "\($0.key) \(details(of: $0.value))" }.joined(separator: " | ")
    guard let width, whole.displayWidth > width else { return whole }
    // Shares alone, and the rest for all cycles together.
    let sum = cycles.reduce(into: ReadProgress.State()) { sum, cycle in
      sum.bytes += min(cycle.value.bytes, cycle.value.totalBytes)
      sum.totalBytes += cycle.value.totalBytes
      sum.rows += cycle.value.rows
    }
    let short = (cycles.map { "\($0.key) \(share(of: $0.value))" } + [details(of: sum)]).joined(separator: " | ")
    guard short.displayWidth > width else { return short }
    return details(of: sum).truncated(to: width)
  }

  private func details(of state: ReadProgress.State) -> String {
    var text = share(of: state) + String(format: " %.1f MB", Double(state.bytes) / 1e6)
    guard state.bytes < state.totalBytes, seconds > 0 else { return text }
    text += " \(Int(Double(state.rows) / seconds)) rows/s"
    if state.bytes > 0 {
      let left = seconds * Double(state.totalBytes - state.bytes) / Double(state.bytes)
      text += " \(left < 1e9 ? String(Int(left.rounded(.up))) : "many") s left"
    }
    return text
  }

  private func share(of state: ReadProgress.State) -> String {
    guard state.totalBytes > 0 else { return "0%" }
    return "\(min(100, Int(100 * Double(state.bytes) / Double(state.totalBytes))))%"
  }
}
