import Ingest
import SurveyModel

/// Looks at each distinct field of a column once: whether a number in it may have been meant otherwise, or a text is
/// none of the codes that conditions name but looks like one. Nothing here changes a code.
struct ColumnLooks: Sendable {
  /// Longer texts are no codes with other spaces or zeros.
  private static let longest = 64

  /// Before a fraction; nil where the column holds no numbers, or the table declares both marks.
  private let mark: UInt8?
  /// By how they look, the codes of a column that takes other texts as well; empty for other columns.
  private let codes: [String: String]
  private var points: Suspicions.Points?
  /// By number of a field.
  private(set) var alike: [Int32: Suspicions.Alike] = [:]

  var isNeeded: Bool { mark != nil || !codes.isEmpty }

  /// Looks at nothing.
  init() {
    mark = nil
    codes = [:]
  }

  init(_ column: AnswerColumn) {
    let numbers = column.spelling.numbers
    mark = column.number != nil && numbers.thousands == nil && !column.isForCounting ? numbers.decimal.byte : nil
    let takesOthers =
      !column.isForCounting && !column.refusesOthers && column.number == nil && !column.isDate && !column.codes.isEmpty
    let named = takesOthers ? column.codes + column.notApplicable + column.missingTexts : []
    codes = Dictionary(
      named.filter { !$0.isEmpty && $0.utf8.count <= Self.longest }.map { (LookAlikes.folded($0), $0) }
    ) { first, _ in first }
  }

  mutating func look(at field: Span<UInt8>, _ answer: AnswerEncoder.Answer, number: Int) {
    if let mark {
      guard answer.problem == nil ? !answer.number.isNaN : answer.problem == .notAWholeNumber,
        let isLike = Suspicions.isLikeThousands(field, mark: mark)
      else { return }
      var points = points ?? Suspicions.Points()
      if isLike {
        if points.examples.count < 2 { points.add(example: FieldText.text(field)) }
      } else {
        points.others += 1
      }
      self.points = points
    } else if answer.code == AnswerColumn.otherCode, field.count <= Self.longest, FieldText.isValid(field),
      let code = codes[LookAlikes.folded(FieldText.text(field))]
    {
      alike[Int32(truncatingIfNeeded: number)] = Suspicions.Alike(code: code, rows: 0)
    }
  }

  mutating func takePoints() -> Suspicions.Points? {
    defer { points = nil }
    return points
  }

  /// Counts the rows of a batch that hold a text which looks like a code.
  func count(
    _ numbers: [Int32], _ records: RecordBatch, used: RowMask, column: String, position: Int,
    in finding: inout ColumnCoder.Finding
  ) {
    var rows: [Int32: (first: Int, count: Int)] = [:]
    for row in 0..<records.rowCount where used[row] && alike[numbers[row]] != nil {
      rows[numbers[row], default: (row, 0)].count += 1
    }
    for (number, found) in rows {
      guard let code = alike[number]?.code else { continue }
      finding.alike.append(
        (column, records.text(row: found.first, column: position), Suspicions.Alike(code: code, rows: found.count)))
    }
  }
}
