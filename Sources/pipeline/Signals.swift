import Dispatch
import SurveyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C and a request to terminate, as values in the structure of tasks: the run is cancelled and ends in order.
struct Signals: Sendable {
  private let stream: AsyncStream<ExitStatus>

  /// From here on no signal ends the process by itself.
  init() {
    let statuses = [(SIGINT, ExitStatus.interrupted), (SIGTERM, .terminated)]
    stream = AsyncStream { continuation in
      // A source may be cancelled from any thread (libdispatch), though its Swift type does not say so.
      nonisolated(unsafe) let sources = statuses.map { number, status in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { continuation.yield(status) }
        source.activate()
        return source
      }
      continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
    }
  }

  /// Suspends until SIGINT or SIGTERM arrives; nil when its task is cancelled first.
  func next() async -> ExitStatus? {
    for await status in stream { return status }
    return nil
  }
}
