import Foundation
import SurveyTestSupport
import Testing

extension FaultTests {
  /// A snapshot that is not what was written is never taken for the data.
  @Suite("A torn snapshot")
  struct SnapshotFaultTests {
    private static let calls = ["openat", "write", "pwrite64", "rename", "link", "unlink", "mkdir", "close"]

    /// Killed at every call on the folder of snapshots; the next run has the numbers of the data.
    @Test(.enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted }) func atEveryWriteTheNextRunIsRight() throws
    {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      let places = FaultPlaces(calls: Self.calls, folder: "/cache", count: FaultTests.places(6, long: .max))
      let met = try places.each(.kill) { tracer in
        try? FileManager.default.removeItem(atPath: scene.place("cache"))
        var command = scene.command
        command.starter = tracer.starter
        let status = try command.run(scene.arguments(.before)).status
        #expect(status == 0 || status == -SIGKILL)
        if status == 0 { #expect(scene.cached.contains { $0.hasSuffix(".columns") }) }
        try scene.succeed(.after)
        try scene.succeed(.before)
      }
      #expect(met >= FaultTests.places(4, long: 12))
      print("killed at \(met) different calls on the cache")
    }

    @Test func aFlippedOrShortenedSnapshotIsNotTrusted() throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      try scene.succeed(.before)
      let name = try #require(scene.cached.first { $0.hasSuffix(".columns") })
      let path = scene.place("cache/pipeline/\(name)")
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      var random = SeededGenerator(seed: 99)
      var told = 0
      let count = FaultTests.places(8, long: 200)
      for number in 0..<count {
        var bytes = whole
        switch number % 4 {
        case 0: bytes[Int.random(in: 0..<48, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1:
          let place = Int.random(in: 0..<bytes.count, using: &random)
          bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
        default:
          // A page that never reached the disk.
          let start = Int.random(in: 0..<bytes.count / 4096, using: &random) * 4096
          bytes.resetBytes(in: start..<min(start + 4096, bytes.count))
        }
        // In place: neither name nor owner tell.
        try bytes.write(to: URL(fileURLWithPath: path))
        let run = try scene.command.run(scene.arguments(.before))
        #expect(run.status == 0, "\(run.error), damage \(number)")
        #expect(try scene.wholeResults() == .before, "damage \(number)")
        if run.error.contains("damaged snapshot") { told += 1 }
        if number % 10 == 0 { try scene.succeed(.after) }
      }
      #expect(told > 0)
      print("damaged a snapshot \(count) times; \(told) were found while it was read")
    }

    /// A run does without where the cache or the temporary files find no room, or may not be written.
    @Test(
      .enabled(Comment(rawValue: Tracer.reason)) { Tracer.isPermitted },
      arguments: FaultTests.isLong ? ["ENOSPC", "EIO", "EDQUOT", "EACCES"] : ["ENOSPC"])
    func aCacheThatFailsIsDoneWithout(_ error: String) throws {
      let scene = try FaultScene(copies: FaultScene.copiesForSnapshot)
      let places = FaultPlaces(calls: Self.calls, folder: "/cache", count: FaultTests.places(4, long: .max))
      let met = try places.each(.error(error), where: { $0.name != "close" }) { tracer in
        try? FileManager.default.removeItem(atPath: scene.place("cache"))
        var command = scene.command
        command.starter = tracer.starter
        let run = try command.run(scene.arguments(.before))
        // The same number on another thread may have been a call on something else.
        guard try tracer.met.allSatisfy({ $0.text.contains("/cache") }) else { return }
        #expect(run.status == 0, "\(run.error)")
        try scene.succeed(.before)
        #expect(scene.cached.allSatisfy { $0 == "seeds" || $0.hasSuffix(".columns") }, "\(scene.cached)")
      }
      #expect(met >= FaultTests.places(2, long: 8))
      print("\(error) at \(met) different calls on the cache")
    }
  }
}
