/// When a data file was last changed: what `run.json` says of files that another engine reads, in place of a hash.
enum FileModification {
  /// What `run.json` calls it.
  static let algorithm = "modification-time"
}
