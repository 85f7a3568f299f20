import Ingest
import SurveyModel

/// Puts the rows of a long table, one an answer, together into records, one a respondent, in the order in which the
/// respondents come first. The rows of a respondent may stand anywhere, also in several files.
///
/// Only what the plan needs is kept: the bytes of the needed answers and columns, and where they stood. A row whose
/// answer is missing says no more than that its respondent is there.
public struct LongPivot: Sendable {
  private let plan: LongPlan
  private let table: TableDefinition
  /// The needed questions in their order, after them the others of the codebook.
  private let questionNames: ByteDictionary
  /// By needed question.
  private let missing: [ByteDictionary]
  /// Of the respondent's column.
  private let namelessTexts: MissingTexts
  private let fieldCount: Int

  private var files: [String] = []
  private var respondents = ByteDictionary()
  /// By respondent, where its first row stands.
  private var places: [RecordBatch.FieldPlace] = []
  /// By respondent and column, the values of its first row.
  private var columns = ByteLog()
  private var answers = AnswerLog()
  private var rejectedRows: [Rejection] = []
  private var blank = BlankRecords()
  /// Respondents whose rows contradict each other.
  private var contradictions: [Int32: Rejection] = [:]
  /// By respondent, answers to questions that the codebook does not list.
  private var strays: [Int32: [Rejection]] = [:]
  private var hints: [String: String] = [:]
  /// Without a codebook the rows say which questions there are: by needed question whether any row names it, and the
  /// names of the others.
  private var isFound: [Bool]
  private var others = ByteDictionary()
  /// By number of another name, how many rows have it.
  private var otherRows: [Int] = []

  /// - Parameters:
  ///   - plan: Resolved against the header; nil where its table is not long.
  ///   - fieldCount: How many columns the header has.
  public init?(_ plan: TablePlan, fieldCount: Int) {
    guard let long = plan.long else { return nil }
    self.plan = long
    self.fieldCount = fieldCount
    table = plan.table
    isFound = Array(repeating: plan.table.codebook != nil, count: long.questions.count)
    questionNames = ByteDictionary(
      long.questions.map(\.name) + (plan.table.codebook.map { Array($0.questions.keys) } ?? []))
    missing = long.questions.map { ByteDictionary($0.missing) }
    let respondent = long.columns.first { $0.field == long.respondent }
    namelessTexts = respondent.map { plan.table.missingTexts(of: $0.name) } ?? MissingTexts()
  }

  /// Takes in some rows of a file; the files come one after the other.
  public mutating func add(_ rows: borrowing RecordBatch) {
    let rows = (copy rows).inNormalForm()
    if let file = rows.files.first, files.last != file { files.append(file) }
    let file = Int32(files.count - 1)
    rejectedRows += RejectionReason.misshapen(in: rows, fieldCount: fieldCount)
    blank.merge(rows.blank)
    for row in 0..<rows.rowCount {
      add(row, of: rows, place: RecordBatch.FieldPlace(file: file, line: rows.lines[row]))
    }
  }

  private mutating func add(_ row: Int, of rows: RecordBatch, place: RecordBatch.FieldPlace) {
    let bytes = rows.bytes.span
    let key = bytes.extracting(rows.range(row: row, column: plan.respondent))
    guard !namelessTexts.contains(key) else {
      let value = rows.text(row: row, column: plan.respondent)
      rejectedRows.append(
        rejection(
          place, column: respondentName, scope: .row,
          reason: RejectionReason.nameless(value: value, column: respondentName), value: value))
      return
    }
    let respondent = respondents.insert(key)
    if Int(respondent) == places.count {
      places.append(place)
      for column in plan.columns { columns.append(rows.bytes[rows.range(row: row, column: column.field)]) }
    } else {
      compare(row, of: rows, respondent: respondent, place: place)
    }
    let answer = rows.range(row: row, column: plan.answer)
    let name = rows.range(row: row, column: plan.question)
    if let question = questionNames.number(of: bytes.extracting(name)) {
      guard question < plan.questions.count else { return }
      isFound[Int(question)] = true
      guard missing[Int(question)].number(of: bytes.extracting(answer)) == nil else { return }
      answers.append(rows.bytes[answer], respondent: respondent, question: question, place: place)
    } else if table.codebook == nil {
      let other = Int(others.insert(bytes.extracting(name)))
      if other == otherRows.count { otherRows.append(1) } else { otherRows[other] += 1 }
    } else if !(name.isEmpty && answer.isEmpty) {
      let question = rows.text(row: row, column: plan.question)
      strays[respondent, default: []].append(
        rejection(
          place, column: question, scope: .answer, reason: words(forUnknown: question),
          value: rows.text(row: row, column: plan.answer)))
    }
  }

  /// The rows of a respondent must agree in every column that is needed; the first that does not is named.
  private mutating func compare(
    _ row: Int, of rows: RecordBatch, respondent: Int32, place: RecordBatch.FieldPlace
  ) {
    guard contradictions[respondent] == nil else { return }
    for (index, column) in plan.columns.enumerated() {
      let first = columns[Int(respondent) * plan.columns.count + index]
      let range = rows.range(row: row, column: column.field)
      guard !columns.bytes[first].elementsEqual(rows.bytes[range]) else { continue }
      let start = places[Int(respondent)]
      let line = start.file == place.file ? "line \(start.line)" : "\(files[Int(start.file)]):\(start.line)"
      contradictions[respondent] = rejection(
        place, column: column.name, scope: .row,
        reason: "column \(column.name) differs from \(line), where it is \"\(columns.text(first))\" for this "
          + "respondent; all rows of a respondent must agree",
        value: rows.text(row: row, column: column.field))
      return
    }
  }

  private mutating func words(forUnknown question: String) -> String {
    if let known = hints[question] { return known }
    let words = RejectionReason.unknownQuestion(question, among: table.codebook.map { Array($0.questions.keys) } ?? [])
    hints[question] = words
    return words
  }

  private var respondentName: String { plan.columns.first { $0.field == plan.respondent }?.name ?? "" }

  private func rejection(
    _ place: RecordBatch.FieldPlace, column: String, scope: Rejection.Scope, reason: String, value: String
  ) -> Rejection {
    Rejection(
      file: files[Int(place.file)], line: place.line, column: column, scope: scope, reason: reason, value: value)
  }

  // MARK: - Records

  /// How many fields a batch has at most, if it has more than one record.
  private static let fieldsPerBatch = 1 << 17

  /// Hands on the records, some at a time; the first batch carries the rows that are in no record.
  ///
  /// - Throws: `DataError.noSuchQuestion` where there is no codebook and no row names a needed question,
  ///   `CancellationError`, and what `body` throws.
  public consuming func finish(_ body: (PivotedBatch) throws -> Void) throws {
    if !places.isEmpty, let question = isFound.firstIndex(of: false) {
      let name = plan.questions[question].name
      throw DataError.noSuchQuestion(
        table: table.name, name: name, nearest: NearestName.suggestion(for: name, among: others.keys))
    }
    let grouped = answers.grouped(respondents: places.count)
    let width = plan.columns.count + plan.questions.count
    let rowsPerBatch = max(1, Self.fieldsPerBatch / max(1, width))
    var rejected = rejectedRows + contradictions.values
    var start = 0
    repeat {
      try Task.checkCancellation()
      let end = min(start + rowsPerBatch, places.count)
      var batch = PivotedBatch(
        records: RecordBatch(columnCount: width, files: files), rejectedRows: rejected, rejectedAnswers: [])
      rejected = []
      if start == 0 { (batch.records.blank, batch.unusedQuestions) = (blank, unusedQuestions) }
      for respondent in start..<end where contradictions[Int32(respondent)] == nil {
        append(respondent, answers: grouped[respondent], to: &batch)
      }
      try body(batch)
      start = end
    } while start < places.count
  }

  /// Without a codebook: the names that look like that of a needed question, and how many rows have them.
  private var unusedQuestions: [String: Int] {
    guard others.count > 0 else { return [:] }
    let needed = Set(plan.questions.map { LookAlikes.folded($0.name) })
    var rows: [String: Int] = [:]
    for (name, count) in zip(others.keys, otherRows) where needed.contains(LookAlikes.folded(name)) {
      rows[name] = count
    }
    return rows
  }

  private func append(_ respondent: Int, answers places: ArraySlice<Int>, to batch: inout PivotedBatch) {
    let row = batch.records.rowCount
    let first = self.places[respondent]
    for column in plan.columns.indices {
      batch.records.bytes += columns.bytes[columns[respondent * plan.columns.count + column]]
      batch.records.endField(first)
    }
    var rest = places
    for (question, column) in plan.questions.enumerated() {
      var place: RecordBatch.FieldPlace?
      while let next = rest.first, answers.questions[next] == question {
        rest.removeFirst()
        if place == nil {
          place = answers.places[next]
        } else if column.takesSeveral {
          batch.records.bytes += table.multipleSeparator.utf8
        } else {
          let value = answers.values.text(answers.values[next])
          batch.rejectedAnswers.append(
            (
              row,
              rejection(
                answers.places[next], column: column.name, scope: .answer, reason: RejectionReason.answeredBefore,
                value: value)
            ))
          continue
        }
        batch.records.bytes += answers.values.bytes[answers.values[next]]
      }
      batch.records.endField(place ?? first)
    }
    batch.records.lines.append(first.line)
    batch.records.fileNumbers.append(first.file)
    batch.records.rowCount += 1
    batch.rejectedAnswers += (strays[Int32(respondent)] ?? []).map { (row, $0) }
  }
}

extension RecordBatch {
  fileprivate mutating func endField(_ place: FieldPlace) {
    ends.append(bytes.count)
    fieldPlaces.append(place)
  }
}

/// Byte strings one after the other.
private struct ByteLog: Sendable {
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  mutating func append(_ value: ArraySlice<UInt8>) {
    bytes.append(contentsOf: value)
    ends.append(bytes.count)
  }

  /// Where a string stands in `bytes`.
  subscript(number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// The needed answers in the order of the files.
private struct AnswerLog: Sendable {
  private(set) var values = ByteLog()
  private(set) var questions: [Int32] = []
  private(set) var places: [RecordBatch.FieldPlace] = []
  private var respondents: [Int32] = []

  mutating func append(
    _ value: ArraySlice<UInt8>, respondent: Int32, question: Int32, place: RecordBatch.FieldPlace
  ) {
    values.append(value)
    respondents.append(respondent)
    questions.append(question)
    places.append(place)
  }

  /// By respondent, the numbers of its answers: by question, and within one in the order of the files.
  func grouped(respondents count: Int) -> Groups {
    var starts = Array(repeating: 0, count: count + 1)
    for respondent in respondents { starts[Int(respondent) + 1] += 1 }
    for respondent in 0..<count { starts[respondent + 1] += starts[respondent] }
    var next = starts
    var numbers = Array(repeating: 0, count: respondents.count)
    for (number, respondent) in respondents.enumerated() {
      numbers[next[Int(respondent)]] = number
      next[Int(respondent)] += 1
    }
    for respondent in 0..<count {
      numbers[starts[respondent]..<starts[respondent + 1]].sort { (questions[$0], $0) < (questions[$1], $1) }
    }
    return Groups(numbers: numbers, starts: starts)
  }

  struct Groups {
    let numbers: [Int]
    let starts: [Int]

    subscript(respondent: Int) -> ArraySlice<Int> { numbers[starts[respondent]..<starts[respondent + 1]] }
  }
}
