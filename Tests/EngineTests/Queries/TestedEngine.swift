import Engine
import Foundation
import Spark

/// The engines that answer queries in tests.
enum TestedEngine: String, Sendable {
  case duckdb, postgresql, spark

  private static let sparkHome = ProcessInfo.processInfo.environment["PIPELINE_SPARK_HOME"]

  /// DuckDB and PostgreSQL, and Spark where it is installed for tests: `make test-spark`.
  static let available: [Self] =
    [.duckdb] + (PostgreSQLServer.isToBeThere ? [.postgresql] : []) + (sparkHome == nil ? [] : [.spark])

  var engine: any SumsEngine {
    switch self {
    case .duckdb: DuckDB()
    case .postgresql: PostgreSQL()
    case .spark:
      SparkEngine(
        SparkOptions(
          master: "local[2]", home: Self.sparkHome,
          settings: ["spark.sql.shuffle.partitions=2", "spark.driver.host=127.0.0.1"]))
    }
  }
}
