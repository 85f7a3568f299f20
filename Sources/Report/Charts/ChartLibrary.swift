import Foundation

/// The JavaScript of Vega and Vega-Lite, which draws the charts. It is no part of this project: the PyPI package
/// vl-convert-python brings it, and `make` writes it where this looks.
public struct ChartLibrary: Sendable {
  public static let fileName = "vega-bundle.js"

  public let script: String

  public init(script: String) {
    self.script = script
  }

  /// - Throws: What Foundation says of a file that cannot be read.
  public init(path: String) throws {
    script = try String(contentsOfFile: path, encoding: .utf8)
  }

  /// The library where it is usually found: `$PIPELINE_SHARE`, `share/pipeline` beside the directory of the binary, or
  /// the virtual environment of the checkout; nil where it is nowhere.
  ///
  /// - Parameter binary: The path of the command.
  public static func installed(
    binary: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> ChartLibrary? {
    for directory in directories(binary: binary, environment: environment) {
      if let library = try? ChartLibrary(path: "\(directory)/\(fileName)") { return library }
    }
    return nil
  }

  /// The directories that are looked at, in order.
  static func directories(binary: String?, environment: [String: String]) -> [String] {
    var directories: [String] = []
    if let share = environment["PIPELINE_SHARE"], !share.isEmpty { directories.append(share) }
    guard let binary else { return directories }
    var place = URL(fileURLWithPath: binary).resolvingSymlinksInPath().deletingLastPathComponent()
    directories.append(place.deletingLastPathComponent().appending(path: "share/pipeline").path)
    while place.path != "/", place.lastPathComponent != ".build" { place.deleteLastPathComponent() }
    if place.lastPathComponent == ".build" {
      directories.append(place.appending(path: "exports-venv/share/pipeline").path)
    }
    return directories
  }
}

extension ChartLibrary {
  /// What to do where the library is missing.
  public static let installation =
    "The charts need Vega. Run `make run` in the checkout, or `pip install vl-convert-python` and "
    + "`python3 -c 'import vl_convert; print(vl_convert.javascript_bundle())' > DIR/\(fileName)`, and run the pipeline "
    + "again with PIPELINE_SHARE=DIR."
}
