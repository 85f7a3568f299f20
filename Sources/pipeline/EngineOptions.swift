import ArgumentParser
import Engine
import Spark

/// Who adds up: this process, or Apache Spark.
struct EngineOptions: ParsableArguments {
  enum Choice: String, ExpressibleByArgument, CaseIterable { case local, spark }

  @Option(help: "Who reads and adds up the data: local (this process) or spark (Apache Spark 4).")
  var engine = Choice.local

  @Option(
    help: ArgumentHelp(
      "With --engine spark: the cluster, such as local[2], spark://host:7077 or yarn. (default: Spark's own setting)",
      valueName: "url"))
  var master: String?

  @Option(
    name: .customLong("spark-home"),
    help: ArgumentHelp(
      "With --engine spark: where it is installed. (default: SPARK_HOME, or the spark-sql of the PATH)",
      valueName: "dir"))
  var sparkHome: String?

  @Option(
    name: .customLong("spark-conf"),
    help: ArgumentHelp("With --engine spark: a setting of Spark; may be given several times.", valueName: "key=value"))
  var sparkSettings: [String] = []

  /// What is wrong with the combination of options.
  var problem: String? {
    guard engine == .local, master != nil || sparkHome != nil || !sparkSettings.isEmpty else { return nil }
    return "--master, --spark-home and --spark-conf go with --engine spark"
  }

  var sumsEngine: (any SumsEngine)? {
    switch engine {
    case .local: nil
    case .spark: SparkEngine(SparkOptions(master: master, home: sparkHome, settings: sparkSettings))
    }
  }
}
