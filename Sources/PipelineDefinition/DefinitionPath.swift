import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension YAMLValue {
  /// The directory that relative paths of this file start at; empty for the working directory.
  var directory: String {
    guard let slash = file.lastIndex(of: "/") else { return "" }
    return String(file[...slash])
  }

  /// A path written in this file, as seen from the working directory.
  func path(beside relative: String) -> String { Self.path(relative, from: directory) }

  /// Relative paths start at the directory of the file that holds them. `Pipelines/../SampleData` becomes `SampleData`
  /// where that is the same place, which it need not be behind a symbolic link.
  ///
  /// The part of a pattern (`*`, `?`, `[..]`) from its first such name on stays as it is written.
  static func path(_ relative: String, from directory: String) -> String {
    // An engine beside this process may know other places: `s3a://bucket/responses.csv`.
    if relative.hasPrefix("/") || relative.contains("://") { return relative }
    let joined = directory + relative
    if resolved(joined) == nil, let first = joined.firstIndex(where: "*?[".contains),
      let slash = joined[..<first].lastIndex(of: "/")
    {
      let folder = tidied(String(joined[..<slash]))
      return (folder.isEmpty || folder == "." ? "" : folder + "/") + joined[joined.index(after: slash)...]
    }
    return tidied(joined)
  }

  private static func tidied(_ joined: String) -> String {
    let tidy = FilePath(joined).lexicallyNormalized().string
    return resolved(joined) == resolved(tidy) ? tidy : joined
  }

  /// The place that a path leads to; nil where there is nothing.
  private static func resolved(_ path: String) -> String? {
    guard let place = realpath(path, nil) else { return nil }
    defer { free(place) }
    return String(cString: place)
  }
}
