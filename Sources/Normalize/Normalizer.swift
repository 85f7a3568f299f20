import Ingest
import SurveyModel

/// Turns the records of one table into coded batches: decides row by row whether it counts, numbers strata, PSUs and
/// members, and codes the answers. The files of a table go through one normalizer, in their order.
///
/// What can be said of a row alone, a `RowCoder` says, and several of them work at once. What needs the rows before it
/// is said here, in the order of the file: whether a respondent came before, which number a PSU has, whether a stratum
/// declares one size.
///
/// A row is rejected, not an error, where it is misshapen, repeats a respondent, lacks a declared respondent or unit,
/// has an unusable weight, or speaks for a unit that a joined register does not know. An answer outside the codebook
/// becomes missing. Everything rejected is listed with its line.
public struct Normalizer: Sendable {
  public let plan: TablePlan
  /// Fields of the header, for messages.
  private let fieldCount: Int
  public private(set) var accounting = RowAccounting()
  public private(set) var rejections: [Rejection] = []
  /// By answer column of the plan: answers of used rows that are there, readable or not.
  public internal(set) var answersGiven: [Int] = []

  public private(set) var strata = NameNumbers()
  /// Keys are stratum number and PSU id: the same id in two strata is two PSUs.
  private var psuKeys = ByteDictionary()
  public private(set) var psus: [PrimarySamplingUnit] = []
  /// Member codes of each dimension.
  public private(set) var members: [NameNumbers]
  /// Population sizes by stratum number, where a column declares them.
  public private(set) var declaredSizes: [Double?] = []
  public private(set) var suspicions = Suspicions()
  /// By question that the plan counts, how many answers stand where the routing did not ask.
  public private(set) var standingAnswers: [Int] = []
  private var respondents = KeySet()
  private var units = KeySet()
  private var workers: [Int: WorkerNumbers] = [:]
  private var hints = UnitHints()
  private let keys: KeyPositions
  /// The names of the kept fields, by position.
  private let columnNames: [String]
  /// For records that come in their order.
  private var coder: RowCoder?

  /// - Parameters:
  ///   - plan: Resolved against the header of the files.
  ///   - fieldCount: How many columns the header has.
  public init(plan: TablePlan, fieldCount: Int) {
    self.plan = plan
    self.fieldCount = fieldCount
    keys = KeyPositions(plan)
    columnNames = plan.keyFields.sorted { $0.value < $1.value }.map(\.key)
    members = Array(repeating: NameNumbers(), count: plan.dimensions.count)
    if plan.design?.strata.isEmpty != false { _ = strata.number(of: "all") }
  }

  /// A normalizer that has read everything.
  public init(plan: TablePlan, finished: Numbering) {
    self.init(plan: plan, fieldCount: 0)
    accounting = finished.accounting
    rejections = finished.rejections
    answersGiven = finished.answersGiven
    strata = NameNumbers(finished.strata)
    psus = zip(finished.psuStrata, finished.psuIDs).map { PrimarySamplingUnit(stratum: Int($0), id: $1) }
    members = finished.members.map { NameNumbers($0) }
    declaredSizes = finished.declaredSizes
    suspicions = finished.suspicions
    standingAnswers = finished.standingAnswers
  }

  // MARK: - One batch after the other

  /// Codes records as they stand in a file.
  ///
  /// - Throws: `DataError` where a declared population size varies within a stratum or is no number.
  public mutating func normalize(_ records: borrowing RecordBatch) throws -> CodedBatch {
    try normalize(PivotedBatch(records: copy records, rejectedRows: [], rejectedAnswers: []))
  }

  /// Codes records that were put together from the rows of a long table.
  ///
  /// - Throws: `DataError` as above.
  public mutating func normalize(_ pivoted: PivotedBatch) throws -> CodedBatch {
    // The one coder is worker -1, beside those that work side by side.
    var coder = try coder ?? RowCoder(plan: plan)
    self.coder = nil
    let morsel = coder.code(pivoted.records)
    self.coder = coder
    suspicions.questions.merge(pivoted.unusedQuestions, uniquingKeysWith: +)
    return try merge(morsel, worker: -1, pivoted.rejectedRows, pivoted.rejectedAnswers)
  }

  // MARK: - In the order of the file

  /// Makes what a worker coded part of the table.
  ///
  /// - Parameters:
  ///   - morsel: The next records of the table.
  ///   - worker: Whose numbers they have.
  /// - Returns: The batch with the numbers of the table.
  /// - Throws: `DataError` where a declared population size varies within a stratum or is no number, or where there is no
  ///   memory for more respondents.
  public mutating func merge(_ morsel: consuming CodedMorsel, worker: Int) throws -> CodedBatch {
    try merge(morsel, worker: worker, [], [])
  }

  /// Takes note of what a worker's numbers stand for, and leaves its rows out: they are read in another way.
  public mutating func discard(_ morsel: CodedMorsel, worker: Int) {
    var numbers = workers.removeValue(forKey: worker) ?? WorkerNumbers(plan)
    numbers.learn(morsel.names, plan: plan)
    workers[worker] = numbers
  }

  private mutating func merge(
    _ morsel: consuming CodedMorsel, worker: Int, _ rejectedRows: [Rejection],
    _ rejectedAnswers: [(row: Int, Rejection)]
  ) throws -> CodedBatch {
    let names = morsel.names
    var numbers = workers.removeValue(forKey: worker) ?? WorkerNumbers(plan)
    numbers.learn(names, plan: plan)
    defer { workers[worker] = numbers }
    var rowRejections = morsel.rowRejections
    for unknown in morsel.unknownUnits {
      let value = rowRejections[unknown.rejection].1.value
      rowRejections[unknown.rejection].1.reason += hints.words(for: value, in: unknown.register, known: unknown.known)
    }
    var answerRejections = rejectedAnswers + morsel.answerRejections
    let (respondents, sizes, outside) = (morsel.respondents, morsel.sizes, morsel.outsidePopulation)
    let standing = morsel.standing
    var batch = morsel.batch
    let firstRejection = rejections.count
    rejections += RejectionReason.misshapen(in: batch.records, fieldCount: fieldCount) + rejectedRows
    let misshapen = rejections.count - firstRejection
    if let position = keys.respondent {
      let repeated = try Self.repeated(respondents, in: &self.respondents, where: batch.used, of: plan)
      reject(repeated, at: position, &batch, &rowRejections)
    }
    if plan.hasEachUnitOnce, let position = keys.unit {
      let repeated = try Self.repeated(batch.units, in: &units, where: batch.used, of: plan)
      reject(repeated, at: position, &batch, &rowRejections)
    }
    suspicions.merge(morsel.suspicions)
    suspicions.blank.merge(batch.records.blank)
    number(&batch, &numbers)
    if standingAnswers.isEmpty { standingAnswers = Array(repeating: 0, count: standing.count) }
    for (question, var rows) in standing.enumerated() {
      rows.formIntersection(batch.used)
      standingAnswers[question] += rows.count
    }
    if !sizes.isEmpty { try readPopulationSizes(sizes, batch) }
    countAnswers(batch)
    accounting.read += batch.rowCount + misshapen
    accounting.rejected += rowRejections.count + misshapen
    accounting.outsidePopulation += outside
    accounting.used += batch.rowCount - rowRejections.count - outside
    // As everywhere, the answers of a rejected row are not looked at.
    if !answerRejections.isEmpty { answerRejections.removeAll { !batch.used[$0.row] } }
    let shift = batch.records.lineShift
    rejections += (rowRejections + answerRejections).map { _, rejection in
      var rejection = rejection
      rejection.line += shift
      return rejection
    }
    sortRejections(from: firstRejection, files: batch.records.files)
    return batch
  }

  /// Puts all rejections in the order of the files and their lines: records of a long table come in another order.
  public mutating func sortRejections(files: [String]) { sortRejections(from: 0, files: files) }

  /// In the order of the file, whatever was found first.
  private mutating func sortRejections(from first: Int, files: [String]) {
    guard rejections.count > first + 1, !isInOrder(from: first) else { return }
    let places = Dictionary(files.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let sorted = rejections[first...].enumerated()
      .map { (file: places[$0.element.file] ?? 0, offset: $0.offset, rejection: $0.element) }
      .sorted { ($0.file, $0.rejection.line, $0.offset) < ($1.file, $1.rejection.line, $1.offset) }
    rejections.replaceSubrange(first..., with: sorted.map(\.rejection))
  }

  /// Whether the rejections are those of one file, line by line: mostly they are, and there may be millions.
  private func isInOrder(from first: Int) -> Bool {
    let (file, list) = (rejections[first].file, rejections[first...])
    return zip(list, list.dropFirst()).allSatisfy { $0.line <= $1.line && $1.file == file }
  }

  /// The rows whose key came before.
  ///
  /// A method of the type: one of the value would hold a copy of it meanwhile, so that all keys were copied, too.
  private static func repeated(
    _ hashes: [UInt128], in known: inout KeySet, where used: RowMask, of plan: TablePlan
  ) throws(DataError) -> [Int] {
    guard !hashes.isEmpty else { return [] }
    do {
      return try known.insert(hashes, where: used)
    } catch {
      throw .tooManyRespondents(table: plan.table.name, count: error.count)
    }
  }

  /// The first row with a key stays.
  private func reject(
    _ repeated: [Int], at position: Int, _ batch: inout CodedBatch, _ rowRejections: inout [(row: Int, Rejection)]
  ) {
    for row in repeated {
      batch.used[row] = false
      let place = batch.records.place(row: row, column: position)
      rowRejections.append(
        (
          row,
          Rejection(
            file: place.file, line: place.line - batch.records.lineShift, column: columnNames[position], scope: .row,
            reason: "a row with this key came before; the first stays",
            value: batch.records.text(row: row, column: position))
        ))
    }
  }

  // MARK: - Numbers of the table

  /// Puts the numbers of the table in place of the worker's. A name gets its number from the first row that counts.
  private mutating func number(_ batch: inout CodedBatch, _ numbers: inout WorkerNumbers) {
    let used = batch.used
    for index in plan.dimensions.indices where plan.dimensions[index] != nil {
      let names = numbers.members[index].names
      Self.renumber(&batch.members[index], used, &numbers.members[index].numbers) { local in
        members[index].number(of: names[Int(local)])
      }
    }
    guard plan.design != nil else { return }
    var stratumNumbers = numbers.stratumNumbers
    Self.renumber(&batch.strata, used, &stratumNumbers) { local in
      strata.number(of: stratumName(numbers.strata[Int(local)], numbers))
    }
    numbers.stratumNumbers = stratumNumbers
    guard let part = plan.design?.psu else { return }
    var psuNumbers: [Int32] = []
    swap(&psuNumbers, &numbers.psuNumbers)
    defer { swap(&psuNumbers, &numbers.psuNumbers) }
    Self.renumber(&batch.psus, used, &psuNumbers) { local in
      let psu = numbers.psus[Int(local)]
      let stratum = numbers.stratumNumbers[Int(psu.stratum)]
      let id =
        switch part {
        case .column: numbers.psuIDs[Int(psu.id)]
        case .dimension(let dimension): members[dimension].names[Int(numbers.members[dimension].numbers[Int(psu.id)])]
        }
      return psuNumber(stratum: stratum, id: id)
    }
  }

  @inline(__always)
  private static func renumber(
    _ rows: inout [Int32], _ used: RowMask, _ numbers: inout [Int32], assign: (Int32) -> Int32
  ) {
    let isWhole = used.count == rows.count
    var start = 0
    while start < rows.count {
      start = translate(&rows, from: start, used, isWhole: isWhole, numbers)
      guard start < rows.count else { return }
      numbers[Int(rows[start])] = assign(rows[start])
    }
  }

  /// Translates rows up to one whose number has no place in the table yet.
  private static func translate(
    _ rows: inout [Int32], from start: Int, _ used: RowMask, isWhole: Bool, _ numbers: [Int32]
  ) -> Int {
    var span = rows.mutableSpan
    let numbers = numbers.span
    for row in start..<span.count {
      guard isWhole || used[row] else {
        span[unchecked: row] = 0
        continue
      }
      // A worker tells every number that it gives.
      let number = numbers[unchecked: Int(span[unchecked: row])]
      if number < 0 { return row }
      span[unchecked: row] = number
    }
    return span.count
  }

  private func stratumName(_ parts: [Int32], _ numbers: WorkerNumbers) -> String {
    guard let design = plan.design, !design.strata.isEmpty else { return "all" }
    return StratumName.joined(
      zip(design.strata, parts).enumerated().map { index, part in
        switch part.0 {
        case .column: numbers.stratumParts[index][Int(part.1)]
        case .dimension(let dimension):
          members[dimension].names[Int(numbers.members[dimension].numbers[Int(part.1)])]
        }
      })
  }

  private mutating func psuNumber(stratum: Int32, id: String) -> Int32 {
    let key = withUnsafeBytes(of: stratum) { Array($0) } + Array(id.utf8)
    let number = psuKeys.insert(key.span)
    if Int(number) == psus.count { psus.append(PrimarySamplingUnit(stratum: Int(stratum), id: id)) }
    return number
  }

  // MARK: - Declared sizes

  private mutating func readPopulationSizes(_ sizes: [Double], _ batch: CodedBatch) throws(DataError) {
    while declaredSizes.count < strata.names.count { declaredSizes.append(nil) }
    var known = declaredSizes.map { $0 ?? -1 }
    for row in 0..<batch.rowCount where batch.used[row] {
      let stratum = Int(batch.strata[row])
      let size = sizes[row]
      if known[stratum] == size { continue }
      guard known[stratum] < 0, !size.isNaN else { throw sizeError(row, batch, isNumber: !size.isNaN) }
      known[stratum] = size
      declaredSizes[stratum] = size
    }
  }

  private func sizeError(_ row: Int, _ batch: CodedBatch, isNumber: Bool) -> DataError {
    let column = plan.design?.populationColumn ?? ""
    let position = keys.population ?? 0
    let place = batch.records.place(row: row, column: position)
    let location = SourceLocation(file: place.file, line: place.line)
    let stratum = strata.names[Int(batch.strata[row])]
    return isNumber
      ? .populationVaries(stratum: stratum, column: column, location)
      : .populationNotANumber(
        value: batch.records.text(row: row, column: position), stratum: stratum, column: column,
        hint: NumberHint.words(for: batch.records.text(row: row, column: position), plan.table.numbers), location)
  }
}
