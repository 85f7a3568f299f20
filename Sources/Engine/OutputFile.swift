import Foundation

/// A file that the analyst named for one result.
public enum OutputFile {
  /// Writes it whole, in place of what stood there.
  ///
  /// - Throws: `EngineError.cannotWrite`.
  public static func write(_ bytes: [UInt8], to path: String) throws(EngineError) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .cannotWrite(path: path, reason: FileProblem.words(for: error))
    }
  }
}
