/// How Spark is reached.
public struct SparkOptions: Sendable {
  /// As Spark writes it: `local[2]`, `spark://host:7077`, `yarn`; nil: what Spark's own configuration says.
  public var master: String?
  /// Where Spark is installed; nil: `SPARK_HOME`, or beside the `spark-sql` of the `PATH`.
  public var home: String?
  /// Further settings, `key=value`.
  public var settings: [String]

  public init(master: String? = nil, home: String? = nil, settings: [String] = []) {
    self.master = master
    self.home = home
    self.settings = settings
  }

  /// Which Spark they lead to; nil where they lead to none that can be used.
  public var installedVersion: String? { try? SparkInstallation(self).version }
}
