import Ingest
import SurveyModel
import SurveyTestSupport

@testable import Normalize

/// Batches of any shape that a plan can ask for.
enum RandomBatch {
  static func make(_ generator: inout SeededGenerator, rows: Int? = nil) -> CodedBatch {
    let rows = rows ?? [0, 1, 5, 63, 64, 65, 200].randomElement(using: &generator) ?? 1
    var batch = CodedBatch(
      rowCount: rows, used: used(&generator, rows), columns: columns(&generator, rows),
      weights: Bool.random(using: &generator)
        ? Array(repeating: 1, count: rows) : (0..<rows).map { _ in number(&generator) })
    func perhaps<Value>(_ make: () -> Value) -> [Value] {
      Bool.random(using: &generator) ? (0..<rows).map { _ in make() } : []
    }
    batch.unitWeights = perhaps { number(&generator) }
    if rows > 0, Bool.random(using: &generator) {
      batch.replicateWeights = (0..<rows * 3).map { _ in number(&generator) }
    }
    batch.strata = smalls(&generator, rows)
    if Bool.random(using: &generator) { batch.psus = smalls(&generator, rows) }
    batch.members = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      Bool.random(using: &generator) ? smalls(&generator, rows) : []
    }
    batch.units = perhaps { UInt128(generator.next()) << 64 | UInt128(generator.next()) }
    batch.submitted = perhaps { Int64(bitPattern: generator.next()) }
    return batch
  }

  private static func used(_ generator: inout SeededGenerator, _ rows: Int) -> RowMask {
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return RowMask(rowCount: rows, all: true)
    case 1: return RowMask(rowCount: rows)
    default: return RowMask(rowCount: rows) { _ in Bool.random(using: &generator) }
    }
  }

  private static func columns(_ generator: inout SeededGenerator, _ rows: Int) -> [CodedColumn] {
    (0..<Int.random(in: 0...5, using: &generator)).map { _ in
      var column = CodedColumn(codes: [])
      if Bool.random(using: &generator) {
        column.narrow = (0..<rows).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
      } else {
        column.wide = (0..<rows).map { _ in UInt32.random(in: 0 ... .max, using: &generator) }
      }
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: column.selections = (0..<rows).map { _ in generator.next() & 0xFF }
      case 1: column.selections = (0..<rows).map { _ in generator.next() & 0x1FF }
      case 2: column.selections = (0..<rows).map { _ in generator.next() }
      case 3: column.numbers = (0..<rows).map { _ in number(&generator) }
      default:
        let days: [Int32] = [CodedColumn.noDay, 0, -1, 20_000]
        column.days = (0..<rows).map { _ in days.randomElement(using: &generator) ?? 0 }
      }
      return column
    }
  }

  /// Numbers that take 0, 1, 2 or 4 bytes.
  private static func smalls(_ generator: inout SeededGenerator, _ rows: Int) -> [Int32] {
    let sizes: [Int32] = [0, 1, 255, 256, 65_535, 65_536, .max]
    let largest = sizes.randomElement(using: &generator) ?? 0
    return (0..<rows).map { _ in Int32.random(in: 0...largest, using: &generator) }
  }

  private static func number(_ generator: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return .nan
    case 1: return -0.0
    case 2: return 1
    default: return Double(bitPattern: generator.next())
    }
  }
}

/// Everything of a batch but its records, to the bit.
struct BatchBits: Equatable {
  var rowCount: Int
  var used: RowMask
  var columns: [[[UInt64]]]
  var weights: [[UInt64]]
  var numbers: [[Int32]]
  var units: [UInt128]
  var submitted: [Int64]

  init(_ batch: CodedBatch) {
    rowCount = batch.rowCount
    used = batch.used
    columns = batch.columns.map {
      [
        $0.narrow.map(UInt64.init), $0.wide.map(UInt64.init), $0.selections, $0.numbers.map(\.bitPattern),
        $0.days.map { UInt64(UInt32(bitPattern: $0)) },
      ]
    }
    weights = [batch.weights, batch.unitWeights, batch.replicateWeights].map { $0.map(\.bitPattern) }
    numbers = [batch.strata, batch.psus] + batch.members
    submitted = batch.submitted
    units = batch.units
  }
}

extension Normalizer.Numbering {
  /// With all that a table may have come to.
  static var example: Normalizer.Numbering {
    var numbering = Normalizer.Numbering()
    numbering.accounting.read = 12
    numbering.accounting.used = 7
    numbering.accounting.outsidePopulation = 3
    numbering.accounting.rejected = 2
    numbering.rejections = [
      Rejection(file: "a b/é.csv", line: 7, column: "Q1", scope: .answer, reason: "not a code", value: "x\"\n"),
      Rejection(file: "b.csv", line: 1 << 40, column: "", scope: .row, reason: "3 fields", value: ""),
    ]
    numbering.strata = ["north", "", "süd"]
    numbering.psuStrata = [0, 2, 2]
    numbering.psuIDs = ["1", "1", "zwei"]
    numbering.members = [["a", "b"], [], ["_U"]]
    numbering.declaredSizes = [nil, 12.5, 1e15]
    numbering.suspicions.numbers["age"] = Suspicions.Numbers()
    numbering.suspicions.numbers["staff"] = Suspicions.Numbers()
    numbering.suspicions.numbers["staff"]?.smallest = -3
    numbering.suspicions.numbers["staff"]?.missing = ["98": 2, "99": 1]
    numbering.suspicions.points["w"] = Suspicions.Points()
    numbering.suspicions.points["w"]?.likeThousands = 7
    numbering.suspicions.points["w"]?.examples = ["1.204", "2.310"]
    numbering.suspicions.alike["q"] = ["1.0": Suspicions.Alike(code: "1", rows: 5)]
    numbering.suspicions.questions["Q"] = 6
    numbering.suspicions.rounded["id"] = Suspicions.Rounded()
    numbering.suspicions.rounded["id"]?.rows = 4
    numbering.suspicions.rounded["id"]?.example = "3.26611E+18"
    return numbering
  }
}

func expectSame(_ a: Normalizer.Numbering, _ b: Normalizer.Numbering) -> Bool {
  a.accounting == b.accounting && a.rejections == b.rejections && a.strata == b.strata && a.psuStrata == b.psuStrata
    && a.psuIDs == b.psuIDs && a.members == b.members && a.declaredSizes == b.declaredSizes
    && a.suspicions == b.suspicions
}
