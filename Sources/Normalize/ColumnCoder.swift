import Ingest
import SurveyModel

/// Turns the fields of one answer column into codes, whatever its type. What a field means is worked out once for each
/// distinct field and looked up afterwards; a column with very many distinct fields is worked out field by field.
struct ColumnCoder: Sendable {
  /// Distinct fields that are remembered.
  private static let remembered = 4096

  let column: AnswerColumn
  let position: Int
  private let encoder: AnswerEncoder
  private let isNarrow: Bool
  private var fields = FieldDictionary(limit: remembered)
  /// By number of a distinct field, what it means.
  private var answers: [AnswerEncoder.Answer] = []
  private var narrowCodes: [UInt8] = []
  /// Some distinct field is not text, or has a problem.
  private var hasInvalid = false
  private var hasProblem = false
  private var isValid: [Bool] = []
  private var looks: ColumnLooks

  init(column: AnswerColumn, position: Int) {
    self.column = column
    self.position = position
    encoder = AnswerEncoder(column: column)
    isNarrow = column.isValid.count <= 256
    looks = ColumnLooks(column)
  }

  /// What coding a column found beside the codes.
  struct Finding {
    /// Some field is no valid UTF-8, or holds a NUL.
    var isInvalid = false
    var rejections: [(row: Int, Rejection)] = []
    /// Texts that look like a code of their column.
    var alike: [(column: String, text: String, Suspicions.Alike)] = []
  }

  /// What new fields say of the marks in them since the last time.
  mutating func takePoints() -> Suspicions.Points? { looks.takePoints() }

  /// - Parameters:
  ///   - records: With padding and places.
  ///   - used: The rows that count: the answers of others stay missing and are not judged.
  ///   - numbers: Scratch, one entry a row.
  mutating func code(
    _ records: RecordBatch, used: RowMask, allUsed: Bool, numbers: inout [Int32], finding: inout Finding
  ) -> CodedColumn {
    let (encoder, isNarrow) = (encoder, isNarrow)
    var (answers, narrowCodes, isValid) = (self.answers, self.narrowCodes, self.isValid)
    (self.answers, self.narrowCodes, self.isValid) = ([], [], [])
    var (hasProblem, hasInvalid) = (hasProblem, hasInvalid)
    var looks = looks
    self.looks = ColumnLooks()
    fields.number(records, column: position, into: &numbers) { _, field in
      let answer = encoder.answer(field)
      answers.append(answer)
      if isNarrow { narrowCodes.append(UInt8(truncatingIfNeeded: answer.code)) }
      isValid.append(FieldText.isValid(field))
      if answer.problem != nil { hasProblem = true }
      if isValid.last == false { hasInvalid = true }
      if looks.isNeeded { looks.look(at: field, answer, number: answers.count - 1) }
    }
    self.looks = looks
    (self.answers, self.narrowCodes, self.isValid) = (answers, narrowCodes, isValid)
    (self.hasProblem, self.hasInvalid) = (hasProblem, hasInvalid)
    var coded = CodedColumn()
    let count = records.rowCount
    if isNarrow {
      coded.narrow = look(numbers, count, narrowCodes, missing: 0)
    } else {
      coded.wide = (0..<count).map { numbers[$0] < 0 ? 0 : answers[Int(numbers[$0])].code }
    }
    if column.isSelection { coded.selections = look(numbers, count, answers.map(\.selection), missing: 0) }
    if column.number != nil { coded.numbers = look(numbers, count, answers.map(\.number), missing: .nan) }
    if column.isDate { coded.days = look(numbers, count, answers.map(\.day), missing: CodedColumn.noDay) }
    if !looks.alike.isEmpty {
      looks.count(numbers, records, used: used, column: column.name, position: position, in: &finding)
    }
    let isFull = fields.count >= Self.remembered
    if hasProblem || hasInvalid || isFull || !allUsed {
      mend(&coded, records, used: used, numbers: numbers, mayBeUnknown: isFull, finding: &finding)
    }
    return coded
  }

  @inline(__always)
  private func look<Value>(_ numbers: [Int32], _ count: Int, _ values: [Value], missing: Value) -> [Value] {
    let numbers = numbers.span
    return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      values.withUnsafeBufferPointer { values in
        for row in 0..<count {
          let number = Int(numbers[unchecked: row])
          buffer.initializeElement(at: row, to: number < 0 ? missing : values[number])
        }
      }
      filled = count
    }
  }

  /// What the look-up could not do: fields that are not remembered, rows that do not count, and problems.
  private func mend(
    _ coded: inout CodedColumn, _ records: RecordBatch, used: RowMask, numbers: [Int32], mayBeUnknown: Bool,
    finding: inout Finding
  ) {
    for row in 0..<records.rowCount {
      let number = Int(numbers[row])
      guard used[row] else {
        let field = records.bytes.span.extracting(records.range(row: row, column: position))
        if !FieldText.isValid(field) { finding.isInvalid = true }
        set(AnswerEncoder.Answer(), row, &coded)
        continue
      }
      var problem: AnswerEncoder.Problem?
      if number >= 0 {
        if !isValid[number] { finding.isInvalid = true }
        problem = answers[number].problem
      } else {
        let field = records.bytes.span.extracting(records.range(row: row, column: position))
        if !FieldText.isValid(field) { finding.isInvalid = true }
        let answer = encoder.answer(field)
        set(answer, row, &coded)
        problem = answer.problem
      }
      if let problem {
        coded.hasUnreadable = true
        if !column.isForCounting { finding.rejections.append((row, rejection(problem, row, records))) }
      }
    }
  }

  private func set(_ answer: AnswerEncoder.Answer, _ row: Int, _ coded: inout CodedColumn) {
    if isNarrow { coded.narrow[row] = UInt8(truncatingIfNeeded: answer.code) } else { coded.wide[row] = answer.code }
    if column.isSelection { coded.selections[row] = answer.selection }
    if column.number != nil { coded.numbers[row] = answer.number }
    if column.isDate { coded.days[row] = answer.day }
  }

  private func rejection(_ problem: AnswerEncoder.Problem, _ row: Int, _ records: RecordBatch) -> Rejection {
    let text = records.text(row: row, column: position)
    let place = records.place(row: row, column: position)
    return Rejection(
      file: place.file, line: place.line, column: column.name, scope: .answer,
      reason: RejectionReason.words(for: problem, value: text, column: column), value: text)
  }
}
