import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// A system that reads and writes a few bytes at a time, and interrupts every other call.
  ///
  /// A small library stands before the system's; strace cannot shorten a call without losing what it did not write.
  @Suite("Short and interrupted calls")
  struct ShortCallsTests {
    private static let source = """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <errno.h>
      #include <stdlib.h>
      #include <sys/types.h>
      #include <unistd.h>

      static size_t shorter(size_t count) {
        size_t most = (size_t)atol(getenv("MOST_BYTES"));
        return count < most ? count : most;
      }

      static int interrupts(void) {
        static _Thread_local unsigned calls;
        if (!getenv("INTERRUPTS") || ++calls % 2 == 0) return 0;
        errno = EINTR;
        return 1;
      }

      #define CALL(result, name, parameters, arguments) \\
        result name parameters { \\
          static result (*real) parameters; \\
          if (!real) real = (result (*) parameters)dlsym(RTLD_NEXT, #name); \\
          if (interrupts()) return -1; \\
          return real arguments; \\
        }

      CALL(ssize_t, read, (int file, void *bytes, size_t count), (file, bytes, shorter(count)))
      CALL(ssize_t, write, (int file, const void *bytes, size_t count), (file, bytes, shorter(count)))
      CALL(ssize_t, pread, (int file, void *bytes, size_t count, off_t at), (file, bytes, shorter(count), at))
      CALL(ssize_t, pread64, (int file, void *bytes, size_t count, off_t at), (file, bytes, shorter(count), at))
      CALL(ssize_t, pwrite, (int file, const void *bytes, size_t count, off_t at), (file, bytes, shorter(count), at))
      CALL(ssize_t, pwrite64, (int file, const void *bytes, size_t count, off_t at), (file, bytes, shorter(count), at))

      """

    private static let compiler = ["cc", "clang", "gcc"].first { FaultTests.succeeds($0, "--version") }

    @Test(.enabled("there is no C compiler") { compiler != nil }, arguments: [13, 1000], [true, false])
    func allArriveWhole(mostBytes: Int, interrupted: Bool) throws {
      // What libraries write for us is not interrupted: they would give up.
      let options = ["--format", interrupted ? "sqlite,xlsx" : "all"]
      let scene = try FaultScene(copies: mostBytes > 100 ? FaultScene.copiesForSnapshot : 20, options: options)
      try scene.directory.write(Self.source, to: "calls.c")
      let build = try ProgramRun(
        "/usr/bin/env",
        [try #require(Self.compiler), "-shared", "-fPIC", "-O1", "-o", "calls.so", "calls.c", "-ldl"],
        in: scene.directory.path)
      try #require(build.status == 0, "\(build.error)")
      var command = scene.command
      command.environment["LD_PRELOAD"] = scene.place("calls.so")
      if interrupted { command.environment["INTERRUPTS"] = "1" }
      command.environment["MOST_BYTES"] = "\(mostBytes)"
      // The second run of a version reads the snapshot that the first one left.
      for version in [FaultScene.Version.before, .after, .before] {
        let run = try command.run(scene.arguments(version, options))
        #expect(run.status == 0, "\(run.error)")
        #expect(try scene.wholeResults() == version)
        try scene.expectNothingLeft()
      }
      #expect(mostBytes < 100 || scene.cached.contains { $0.hasSuffix(".columns") })
    }
  }
}
