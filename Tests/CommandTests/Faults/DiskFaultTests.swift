import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// The disk of the results is full, fails, or may not be written: status 73 or 74, and the previous results are there.
  @Suite("A disk that fails")
  struct DiskFaultTests {
    /// From a file system without a free page up to one with just enough.
    @Test(
      .enabled("mounting a file system of a few pages is not permitted here") { SmallDisk.isPermitted },
      arguments: [["--format", "all"], []])
    func ofEverySizeItIsEnoughOrFull(_ options: [String]) throws {
      let scene = try FaultScene(options: options)
      let needed = try scene.hashes("known/Before").keys.reduce(0) {
        $0
          + (try #require(
            try FileManager.default.attributesOfItem(atPath: scene.place("known/Before/\($1)"))[.size] as? Int))
      }
      // The previous results, and twice what the next ones need: SQLite's journal comes on top.
      let most = needed / 1024 * 3 + 256
      let step = FaultTests.isLong ? 4 : max(4, most / 8 / 4 * 4)
      var statuses: [Int32] = []
      for kilobytes in stride(from: 4, to: most + step, by: step) {
        let disk = try SmallDisk(kilobytes: kilobytes)
        let output = "\(disk.path)/survey"
        // Earlier results need room, too: from where there is enough for them, they must stay.
        let earlier = try scene.command.run(scene.arguments(.before, to: output))
        let present = try scene.wholeResults(at: output)
        #expect((earlier.status == 0) == (present == .before))
        let run = try scene.command.run(scene.arguments(.after, options, to: output))
        let status = try #require(run.status)
        statuses.append(status)
        if status == 0 {
          #expect(try scene.wholeResults(at: output) == .after)
          if !options.isEmpty { try scene.expectWorkbook(of: .after, at: output) }
        } else {
          #expect([73, 74].contains(status), "\(kilobytes) KB: \(run.error)")
          expectMessage(run.error, saying: [])
          #expect(run.error.contains("space") || run.error.contains("disk is full"), "\(run.error)")
          #expect(try scene.wholeResults(at: output) == present, "\(kilobytes) KB")
        }
        try scene.expectNothingLeft(in: disk.path)
      }
      #expect(statuses.contains(74) && statuses.last == 0, "\(statuses)")
      print("\(statuses.count) sizes of a disk \(options): \(statuses.filter { $0 != 0 }.count) too small")
    }

    /// Calls whose failure a run has to notice, or to do without.
    private static let calls = [
      "openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "mkdir",
      "mkdirat", "link", "flock", "newfstatat", "fstat", "unlink", "unlinkat", "rmdir",
    ]

    @Test(
      .enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted },
      arguments: FaultTests.isLong ? ["ENOSPC", "EIO", "EDQUOT", "EROFS"] : ["ENOSPC", "EIO"])
    func atEveryCallAFailureIsNoticed(_ error: String) throws {
      let options = ["--format", "all", "--no-cache"]
      let scene = try FaultScene(options: options)
      try scene.succeed(.before, options)
      var present: FaultScene.Version? = .before
      var (failed, done) = (0, 0)
      let places = FaultPlaces(
        calls: Self.calls, folder: "/Output", count: FaultTests.places(6, long: error == "EIO" ? .max : 100), last: 4)
      let met = try places.each(.error(error)) { tracer in
        var command = scene.command
        command.starter = tracer.starter
        let version = present?.other ?? .before
        let run = try command.run(scene.arguments(version, options))
        let met = try tracer.met
        let found = try scene.wholeResults()
        defer { present = found }
        if met.isEmpty {
          #expect(run.status == 0 && found == version, "\(String(describing: run.status)): \(run.error)")
          return
        }
        // Another thread may have been first with this number, at a call on something else.
        guard met.allSatisfy({ $0.text.contains("/Output") }) else {
          #expect(
            run.status.map { $0 >= 0 && $0 < 128 } == true, "\(String(describing: run.status)) \(met): \(run.error)")
          #expect(found == present || found == version, "\(met)")
          return
        }
        switch run.status {
        case 0:
          done += 1
          #expect(found == version, "\(met)")
          #expect(!met.contains(where: Self.mustBeNoticed), "\(met)")
          try scene.expectDatabase(of: version)
          try scene.expectWorkbook(of: version, at: "Output/survey")
        case 73, 74:
          failed += 1
          #expect(found == present, "\(met) \(run.error)")
          // Temporary files of libxlsxwriter have names that say nothing to an analyst.
          let isOfWorkbook = met.contains { $0.text.contains(/\/Output[^>"]*\/tmp\./) }
          expectMessage(run.error, saying: isOfWorkbook ? ["Output/survey/results.xlsx"] : [])
        default: Issue.record("status \(String(describing: run.status)) \(met): \(run.error)")
        }
      }
      try scene.succeed(present?.other ?? .before, options)
      try scene.expectNothingLeft()
      #expect(failed > 0 && met > FaultTests.places(5, long: 50))
      print("\(error) at \(met) different calls on the output: \(failed) runs failed, \(done) did without")
    }

    /// What is lost with the call are bytes of the results, or the step that puts them in place.
    private static func mustBeNoticed(_ call: Tracer.Call) -> Bool {
      // SQLite does without its journal once the pages are on the disk, and the tables of a new file are made once more
      // where that failed: what the file holds then is looked at. That it is on the disk, the run asks once more.
      let isOfSQLite = call.text.contains("-journal>") || call.text.contains(".sqlite>")
      return switch call.name {
      case "write", "pwrite64": !isOfSQLite
      case "rename", "renameat", "renameat2": true
      // Of the files; of the folder, SQLite does without, and the run asks again.
      case "fsync": call.text.contains(".partial/") && !call.text.contains("-journal>")
      case "fdatasync": call.text.contains(".partial/") && !isOfSQLite
      default: false
      }
    }

    /// In a mount namespace of its own.
    static let canMountPrivately = FaultTests.succeeds("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt")

    @Test(
      .enabled("no mount namespace of one's own is permitted here") { canMountPrivately }, arguments: [true, false])
    func anOutputOnAReadOnlyMountIs73(hasEarlierResults: Bool) throws {
      let scene = try FaultScene()
      if hasEarlierResults { try scene.succeed(.before) }
      try FileManager.default.createDirectory(atPath: scene.place("Output"), withIntermediateDirectories: true)
      var command = scene.command
      command.starter = [
        "unshare", "-m", "/bin/sh", "-c",
        "mount --bind Output Output && mount -o remount,ro,bind Output && exec \"$0\" \"$@\"",
      ]
      let run = try command.run(scene.arguments(.after))
      #expect(run.status == 73)
      expectMessage(run.error, saying: ["cannot create Output/survey", "ead-only file system"])
      #expect(try scene.wholeResults() == (hasEarlierResults ? .before : nil))
      try scene.expectNothingLeft()
    }
  }
}
