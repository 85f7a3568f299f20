import SurveyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process needs of its file descriptors before anything else opens one.
enum OpenFiles {
  /// Of a run with all formats and any number of threads, some nine; libdispatch ends a process that has none left
  /// without a word.
  private static let needed = 12

  /// Sees to it that no file that is opened later becomes standard input, output or error of a process that was
  /// started without them, and is written over by a message. Writing to them fails as before.
  static func holdStandardStreams() {
    for (stream, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(stream, F_GETFD) == -1 {
      // The lowest that is free, hence this one.
      _ = open("/dev/null", mode)
    }
  }

  /// Ends the process where it may open too few files.
  static func requireEnough() {
    var spare: [CInt] = []
    while spare.count < needed {
      let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { break }
      spare.append(file)
    }
    let reason = errno
    spare.forEach { close($0) }
    guard spare.count < needed, reason == EMFILE || reason == ENFILE else { return }
    Terminal.writeError(
      """
      error: too many open files: the command needs \(needed), and may open \(spare.count)
        allow more, as with `ulimit -n 64`
      """)
    exit(ExitStatus.inputOutput.rawValue)
  }
}
