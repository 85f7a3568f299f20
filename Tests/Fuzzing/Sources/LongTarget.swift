import SurveyModel

@testable import Ingest
@testable import Normalize

/// Any bytes as the rows of a long table: whatever pieces it is read in, the records, their places and what is rejected
/// are those that dictionaries give.
///
/// The first bytes choose; a byte 0x1E begins the next file. The header is always there.
enum LongTarget {
  static let header = Array("a,other,q,w,id\n".utf8)
  /// The columns that the plan needs, by position in the header, and where each stands among those that are kept.
  static let kept = [0, 2, 3, 4]

  static func run(_ bytes: UnsafeRawBufferPointer) -> CInt {
    var supply = ByteSupply(bytes)
    let hasCodebook = supply.flag()
    let (seed, other) = (supply.byte(), supply.byte())
    let table = table(hasCodebook: hasCodebook)
    let files = supply.rest.split(separator: 0x1E, maxSplits: 3, omittingEmptySubsequences: false)
      .map { header + Array($0) }
    let paths = files.indices.map { Scratch.path(of: "f\($0).csv") }
    let one = LongReading(files, paths, table, seed: seed)
    let two = LongReading(files, paths, table, seed: other)
    requireEqual(one.pivoted, two.pivoted, "the same file in other pieces")
    requireEqual(one.rejections, two.rejections, "rejections of the same file in other pieces")
    requireEqual(one.accounting, two.accounting, "rows of the same file in other pieces")
    require(one.accounting.isBalanced, "rows got lost: \(one.accounting)")
    requireEqual(one.pivoted, NaivePivot.read(files, paths, hasCodebook: hasCodebook), "the pivot and dictionaries")
    return 0
  }

  static func table(hasCodebook: Bool) -> TableDefinition {
    var codebook = Codebook()
    codebook.missing = ["", "NA"]
    codebook.questions["one"] = Question(key: "one", type: .one, options: ["x", "y"])
    codebook.questions["many"] = Question(key: "many", type: .many, options: ["p", "q", "r"])
    codebook.questions["other"] = Question(key: "other", type: .text)
    var table = TableDefinition(
      name: "responses", paths: [], layout: .long(respondent: "id", question: "q", answer: "a"),
      codebook: hasCodebook ? codebook : nil, respondent: "id")
    table.multipleSeparator = ";"
    return table
  }
}

/// What rows became before they were coded.
enum PivotOutcome: Equatable {
  /// The weight, the key and the two answers of each record; where each of them stands; what was rejected.
  case pivoted(records: [[[UInt8]]], places: [[String]], rejected: [String])
  case refused(IngestError)
  case noSuchQuestion(String)
}

/// A long table as the engine reads it, its bytes in pieces.
struct LongReading {
  var pivoted = PivotOutcome.pivoted(records: [], places: [], rejected: [])
  var rejections: [Rejection] = []
  var accounting = RowAccounting()

  init(_ files: [[UInt8]], _ paths: [String], _ table: TableDefinition, seed: UInt8) {
    do {
      try read(files, paths, table, seed: seed)
    } catch let error as IngestError {
      pivoted = .refused(error)
    } catch DataError.noSuchQuestion(_, let name, _) {
      pivoted = .noSuchQuestion(name)
    } catch {
      found("another error: \(error)")
    }
  }

  private mutating func read(
    _ files: [[UInt8]], _ paths: [String], _ table: TableDefinition, seed: UInt8
  ) throws {
    var needs = ColumnNeeds(table: table)
    needs.add(.answered(["one", "many"]))
    var plan = TablePlan(table: table, needs: needs, design: TablePlan.DesignPlan(weight: "w"))
    let columns = try plan.resolve(
      Header(names: ["a", "other", "q", "w", "id"], path: paths[0], table: "responses"))
    requireEqual(columns, LongTarget.kept, "columns")
    guard var pivot = LongPivot(plan, fieldCount: 5) else { found("no long table") }
    for (bytes, path) in zip(files, paths) {
      var feed = try RecordFeed(RecordAssembler(path: path), table: "responses", format: CSVFormat())
      try bytes.withUnsafeBytes { bytes in
        for piece in ByteSupply(bytes).pieces(seed: seed) {
          try feed.take(piece, choose: { _ in columns }, body: { pivot.add($0) })
        }
      }
      try feed.finish(choose: { _ in columns }, body: { pivot.add($0) })
    }
    var normalizer = Normalizer(plan: plan, fieldCount: 5)
    var (records, places, rejected): ([[[UInt8]]], [[String]], [String]) = ([], [], [])
    func words(_ rejection: Rejection) -> String {
      "\(rejection.file):\(rejection.line) \(rejection.column) \(rejection.scope) [\(rejection.value)]"
    }
    try pivot.finish { batch in
      rejected += batch.rejectedRows.map(words)
      rejected += batch.rejectedAnswers.map { "\(records.count + $0.row) \(words($0.1))" }
      for row in 0..<batch.records.rowCount {
        records.append((0..<4).map { Array(batch.records.bytes[batch.records.range(row: row, column: $0)]) })
        places.append((0..<4).map { "\(batch.records.place(row: row, column: $0))" })
      }
      let coded = try normalizer.normalize(batch)
      require(coded.isConsistent, "lists that do not fit")
    }
    normalizer.sortRejections(files: paths)
    pivoted = .pivoted(records: records, places: places, rejected: rejected.sorted())
    rejections = normalizer.rejections
    accounting = normalizer.accounting
  }
}
