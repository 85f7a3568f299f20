import Foundation

/// The files of a Spark that is installed on this machine.
struct SparkInstallation {
  let home: String
  let version: String

  /// Spark's own client, which reads SQL.
  var client: String { "\(home)/bin/spark-sql" }

  /// - Throws: `SparkError.notInstalled`, `.wrongVersion`.
  init(_ options: SparkOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws(SparkError)
  {
    var places: [String] = []
    if let home = options.home {
      places = [home]
    } else if let home = environment["SPARK_HOME"], !home.isEmpty {
      places = [home]
    } else {
      for folder in (environment["PATH"] ?? "").split(separator: ":") {
        let link = URL(fileURLWithPath: "\(folder)/spark-sql").resolvingSymlinksInPath()
        guard FileManager.default.isExecutableFile(atPath: link.path) else { continue }
        let bin = link.deletingLastPathComponent()
        places.append(bin.deletingLastPathComponent().path)
        // Python's package has its commands elsewhere.
        places += Self.packages(of: bin.deletingLastPathComponent().path)
      }
      guard !places.isEmpty else { throw .notInstalled(places: ["SPARK_HOME", "PATH"]) }
    }
    let found = places.lazy.compactMap { place in Self.version(in: place).map { (place, $0) } }.first
    guard let (home, version) = found else { throw .notInstalled(places: places) }
    guard let first = version.split(separator: ".").first.flatMap({ Int($0) }), first >= SparkError.earliestVersion
    else {
      throw .wrongVersion(version, home: home)
    }
    self.home = URL(fileURLWithPath: home).path
    self.version = version
  }

  private static func packages(of prefix: String) -> [String] {
    let folder = "\(prefix)/lib"
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      .map { "\(folder)/\($0)/site-packages/pyspark" }
  }

  /// As its core library is called: `spark-core_2.13-4.0.1.jar`.
  private static func version(in home: String) -> String? {
    guard FileManager.default.isExecutableFile(atPath: "\(home)/bin/spark-sql") else { return nil }
    let jars = (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/jars")) ?? []
    guard let core = jars.first(where: { $0.hasPrefix("spark-core_") && $0.hasSuffix(".jar") }) else { return nil }
    return core.dropLast(".jar".count).split(separator: "-").dropFirst(2).first.map(String.init)
  }
}
