import Ingest
import Snapshot

/// How the files of a table are read. No number depends on it.
struct ReadingOptions: Sendable {
  /// Morsels that are read at once.
  var threads = 1
  /// Data files of any size are hashed with SHA-256.
  var usesSHA256 = false
  /// Where column snapshots are kept; nil: nowhere.
  var cache: SnapshotCache?
  /// Bytes of a file that one worker reads at once; tests cut small files with it.
  var bytesPerMorsel = MorselFile.bytesPerMorsel
  /// Told what reading costs.
  var meter: StageMeter?

  /// Whether those who read morsels hash them: morsels are the pieces of a `PieceHash` then.
  var hashesMorsels: Bool { !usesSHA256 && bytesPerMorsel == MorselFile.bytesPerMorsel }
}
