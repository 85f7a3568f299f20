import Foundation
import Ingest
import SurveyModel
import SurveyTestSupport

@testable import Normalize
@testable import Snapshot

/// A data file and a folder for its snapshots.
struct SnapshotFolder {
  let directory: TemporaryDirectory
  let data: String
  let cache: SnapshotCache

  init(limit: Int64 = 1 << 30) throws {
    directory = try TemporaryDirectory()
    data = try directory.write("id,Q1\n1,yes\n2,no\n", to: "data.csv")
    cache = SnapshotCache(folder: directory.path(of: "deep/er/cache"), limit: limit)
  }

  func key(_ paths: [String]? = nil, plan: TablePlan = Self.plan(), seed: UInt64 = 7) -> SnapshotKey? {
    SnapshotKey(paths: paths ?? [data], plan: plan, seed: seed)
  }

  static func plan(_ change: (inout TableDefinition) -> Void = { _ in }) -> TablePlan {
    var table = TableDefinition(name: "responses", paths: ["data.csv"], respondent: "id")
    change(&table)
    var needs = ColumnNeeds(table: table)
    needs.add(.oneOf(column: "Q1", codes: ["yes"]))
    return TablePlan(table: table, needs: needs)
  }

  static let files = [
    SnapshotDataFile(path: "data.csv", bytes: 17, hash: "00ff", algorithm: "SHA-256"),
    SnapshotDataFile(path: "ünd.csv", bytes: 1 << 50, hash: "", algorithm: "other"),
  ]

  static let finished = Normalizer(plan: plan(), finished: .example)

  /// Leaves a snapshot of these batches.
  @discardableResult
  func write(_ batches: [CodedBatch], _ key: SnapshotKey) -> Bool {
    guard let writer = cache.writer(key) else { return false }
    for batch in batches { writer.append(batch) }
    return writer.finish(Self.finished, files: Self.files)
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: cache.folder)) ?? []).sorted()
  }

  /// The place of the only snapshot.
  var place: String { "\(cache.folder)/\(names.first ?? "")" }

  static func batches(seed: UInt64, count: Int = 3, rows: Int? = nil) -> [CodedBatch] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in RandomBatch.make(&generator, rows: rows) }
  }
}

extension SnapshotReader {
  func all() throws(SnapshotDamage) -> [CodedBatch] {
    var batches: [CodedBatch] = []
    for number in 0..<batchCount { batches.append(try batch(number)) }
    return batches
  }
}
