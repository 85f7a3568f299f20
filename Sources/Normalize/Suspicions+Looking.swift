import Ingest
import SurveyModel

/// What rows hold that is read as it stands, but may have been meant otherwise. Nothing here changes a code.
extension Suspicions {
  /// How many weights of a morsel are looked at: a file that marks thousands does so from its first rows on.
  private static let weightsLookedAt = 4096

  /// Looks for numbers that were read as missing, beside the other numbers of the column.
  static func numbers(in batch: CodedBatch, _ index: Int, column: AnswerColumn, position: Int) -> Numbers? {
    guard column.missingNumbers.count > 0 else { return nil }
    let coded = batch.columns[index]
    let bytes = batch.records.bytes.span
    var found = Numbers()
    var counts = Array(repeating: 0, count: column.missingNumbers.count)
    for row in 0..<batch.rowCount where batch.used[row] {
      let number = coded.numbers[row]
      if !number.isNaN {
        found.smallest = min(found.smallest, number)
        found.largest = max(found.largest, number)
      } else if let code = column.missingNumber(
        of: bytes.extracting(batch.records.range(row: row, column: position)))
      {
        counts[Int(code)] += 1
      }
    }
    for (number, count) in counts.enumerated() where count > 0 {
      found.missing[column.missingNumbers.key(Int32(number))] = count
    }
    return found
  }

  /// Looks whether all answers of a column are the same.
  ///
  /// - Parameter asked: The rows that were asked; nil: all.
  static func single(in batch: CodedBatch, _ index: Int, column: AnswerColumn, asked: RowMask?) -> SingleAnswer {
    let coded = batch.columns[index]
    var found = SingleAnswer()
    for row in 0..<batch.rowCount where batch.used[row] && asked?[row] ?? true {
      let code = coded.wide.isEmpty ? AnswerColumn.Code(coded.narrow[row]) : coded.wide[row]
      guard code != AnswerColumn.missingCode else {
        found.blanks += 1
        continue
      }
      guard column.isValid[Int(code)] else { continue }
      if found.answers == 0 { found.code = code }
      guard found.code == code else { return .several }
      found.answers += 1
    }
    return found
  }

  /// Looks for weights whose mark may stand between thousands, or, where it is declared to stand there, may not.
  static func points(in batch: CodedBatch, _ position: Int, _ format: NumberFormat) -> Points {
    let bytes = batch.records.bytes.span
    var points = Points()
    // Weights as 1,204.5 have other forms as well; those that all are one group and one digit or a few may be 1.204.
    let isDeclared = format.thousands != nil
    let mark = isDeclared ? format.thousands?.lone : format.decimal.byte
    guard let mark else { return points }
    for row in 0..<min(batch.rowCount, Self.weightsLookedAt) {
      let field = bytes.extracting(batch.records.range(row: row, column: position))
      switch isLikeThousands(field, mark: mark) {
      case true?:
        points.likeThousands += 1
        if points.examples.count < 2 { points.add(example: batch.records.text(row: row, column: position)) }
      case false?: points.others += 1
      case nil: if isDeclared, !field.isEmpty { points.others += 1 }
      }
      // One other is enough to know.
      if points.others > 0 { break }
    }
    return points
  }

  /// Looks for names that a spreadsheet has taken for numbers.
  static func rounded(in batch: CodedBatch, _ position: Int) -> Rounded? {
    let bytes = batch.records.bytes.span
    var rounded = Rounded()
    for row in 0..<batch.rowCount {
      let range = batch.records.range(row: row, column: position)
      guard isRounded(bytes.extracting(range)) else { continue }
      rounded.rows += 1
      if rounded.example.isEmpty { rounded.example = batch.records.text(row: row, column: position) }
    }
    return rounded.rows > 0 ? rounded : nil
  }
}

extension NumberFormat.ThousandsMark {
  /// The byte of a mark that may stand before a fraction as well; nil for the others.
  fileprivate var lone: UInt8? { self == .point ? UInt8(ascii: ".") : self == .comma ? UInt8(ascii: ",") : nil }
}
