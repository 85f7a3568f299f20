import ArgumentParser
import Engine

enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  case auto, plain, off
}

/// Shows on standard error how far the reading has come: one line that redraws on a terminal, a line every few seconds
/// in the plain style, nothing where neither is wanted.
struct ProgressLine {
  let progress: ReadProgress
  let redraws: Bool

  init?(_ style: ProgressStyle, progress: ReadProgress, isQuiet: Bool) {
    switch style {
    case .off: return nil
    case .auto where isQuiet || !Terminal.errorIsTerminal: return nil
    case .auto, .plain: break
    }
    self.progress = progress
    redraws = style == .auto
  }

  /// Runs until its task is cancelled.
  func show() async {
    let started = ContinuousClock.now
    var hasDrawn = false
    while !Task.isCancelled {
      try? await Task.sleep(for: redraws ? .milliseconds(200) : .seconds(3))
      if Task.isCancelled { break }
      let text = ProgressText(
        states: progress.current, seconds: (ContinuousClock.now - started) / .seconds(1)
      ).line(width: redraws ? Terminal.errorWidth : nil)
      if redraws {
        Terminal.writeRawError("\r\u{1B}[K\(text)")
        hasDrawn = true
      } else {
        Terminal.writeError(text)
      }
    }
    if hasDrawn { Terminal.writeRawError("\r\u{1B}[K") }
  }
}
