import SurveyModel

/// What goes wrong between this process and Spark.
public enum SparkError: Failure, Equatable {
  /// - Parameter places: Where it was looked for.
  case notInstalled(places: [String])
  case wrongVersion(String, home: String)
  case cannotStart(reason: String)
  /// It ended before it answered.
  case ended(reason: String)
  /// A statement failed.
  case failed(reason: String)
  case noSuchFile(path: String, table: String)
  case emptyFile(path: String)
  /// A path leads Spark to other files than it leads here.
  case otherFiles(path: String, table: String)
  case badSetting(String)
}

extension SparkError {
  /// The earliest release that has all that queries use: `EXECUTE IMMEDIATE` and `is_valid_utf8`.
  static let earliestVersion = 4

  public var location: SourceLocation? { nil }

  public var exitStatus: ExitStatus {
    switch self {
    case .notInstalled, .wrongVersion, .cannotStart, .ended, .failed: .engineUnavailable
    case .noSuchFile, .emptyFile, .otherFiles: .missingInput
    case .badSetting: .usage
    }
  }

  public var summary: String {
    switch self {
    case .notInstalled(let places): "no Spark in \(places.joined(separator: ", "))"
    case .wrongVersion(let version, let home): "Spark \(version) in \(home) is too old"
    case .cannotStart(let reason): "Spark could not be started: \(reason)"
    case .ended(let reason): "Spark ended before it answered: \(reason)"
    case .failed(let reason): "Spark could not run a query: \(reason)"
    case .noSuchFile(let path, let table): "Spark finds no file \(path) for table \(table)"
    case .emptyFile(let path): "\(path) is empty"
    case .otherFiles(let path, let table): "Spark reads or leaves out \(path), unlike this machine, for table \(table)"
    case .badSetting(let text): "\"\(text)\" is no setting of Spark"
    }
  }

  public var advice: String? {
    switch self {
    case .notInstalled: "install Spark 4 (`pip install pyspark` has all of it) and name it with --spark-home"
    case .wrongVersion: "queries need Spark \(Self.earliestVersion).0 or later"
    case .cannotStart, .ended: "see whether --master leads to a running cluster; the previous results are untouched"
    case .failed: "the previous results are untouched"
    case .noSuchFile: "paths must be reachable from the driver and from all workers"
    case .emptyFile: "a table begins with a header"
    case .otherFiles: "Spark leaves out names that begin with _ or ., and has patterns of its own with { and \\"
    case .badSetting: "write --spark-conf key=value"
    }
  }
}
