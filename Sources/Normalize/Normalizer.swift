import Ingest
import SurveyModel

/// Turns the records of one table into coded batches: decides row by row whether it counts, numbers strata, PSUs and
/// members, and codes the answers. The files of a table go through one normalizer, in their order.
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

  public private(set) var strata = NameNumbers()
  /// Strata by the bytes of their parts, so that no name is made for a row of a known stratum.
  private var stratumKeys = ByteDictionary()
  private var stratumOfKey: [Int32] = []
  private var scratch: [UInt8] = []
  /// Keys are stratum number and PSU id: the same id in two strata is two PSUs.
  private var psuKeys = ByteDictionary()
  public private(set) var psus: [PrimarySamplingUnit] = []
  /// Member codes of each dimension.
  public private(set) var members: [NameNumbers]
  /// Population sizes by stratum number, where a column declares them.
  public private(set) var declaredSizes: [Double?] = []
  private var respondents: Set<UInt128> = []
  private let keys: KeyPositions
  /// The names of the kept fields, by position.
  private let columnNames: [String]

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

  /// Codes records as they stand in a file.
  ///
  /// - Throws: `DataError` where a declared population size varies within a stratum or is no number.
  public mutating func normalize(_ records: borrowing RecordBatch) throws -> CodedBatch {
    try normalize(
      PivotedBatch(
        records: copy records, rejectedRows: RejectionReason.misshapen(in: records, fieldCount: fieldCount),
        rejectedAnswers: []))
  }

  /// Codes records that were put together from the rows of a long table.
  ///
  /// - Throws: `DataError` as above.
  public mutating func normalize(_ pivoted: PivotedBatch) throws -> CodedBatch {
    let records = pivoted.records
    let firstRejection = rejections.count
    accounting.read += records.rowCount + pivoted.rejectedRows.count
    accounting.rejected += pivoted.rejectedRows.count
    rejections += pivoted.rejectedRows
    var batch = CodedBatch(
      records: records, used: RowMask(rowCount: records.rowCount), columns: [],
      weights: Array(repeating: 1, count: records.rowCount), strata: Array(repeating: 0, count: records.rowCount),
      psus: [], members: plan.dimensions.map { $0 == nil ? [] : Array(repeating: 0, count: records.rowCount) },
      units: [], submitted: [])
    if plan.design?.psu != nil { batch.psus = Array(repeating: 0, count: records.rowCount) }
    if keys.unitWeight != nil { batch.unitWeights = Array(repeating: 1, count: records.rowCount) }
    batch.replicateWeights = Array(repeating: 0, count: records.rowCount * keys.replicateWeights.count)
    if plan.table.unit != nil { batch.units = Array(repeating: 0, count: records.rowCount) }
    if plan.table.submitted != nil { batch.submitted = Array(repeating: .min, count: records.rowCount) }
    for row in 0..<records.rowCount {
      switch try take(row: row, of: &batch) {
      case .used:
        batch.used[row] = true
        accounting.used += 1
      case .outsidePopulation: accounting.outsidePopulation += 1
      case .rejected: accounting.rejected += 1
      }
    }
    // As everywhere, the answers of a rejected row are not looked at.
    var answerRejections = pivoted.rejectedAnswers.filter { batch.used[$0.row] }
    for column in plan.answers {
      guard let position = plan.keyFields[column.name] else {
        throw DataError.unresolved(table: plan.table.name, name: column.name)
      }
      batch.columns.append(
        AnswerEncoder(column: column, position: position)
          .encode(batch.records, rows: batch.used, rejections: &answerRejections))
    }
    rejections += answerRejections.map(\.1)
    sortRejections(from: firstRejection, files: records.files)
    return batch
  }

  /// Puts all rejections in the order of the files and their lines: records of a long table come in another order.
  public mutating func sortRejections(files: [String]) { sortRejections(from: 0, files: files) }

  /// In the order of the file, whatever was found first.
  private mutating func sortRejections(from first: Int, files: [String]) {
    guard rejections.count > first + 1 else { return }
    let places = Dictionary(files.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    let sorted = rejections[first...].enumerated()
      .map { (file: places[$0.element.file] ?? 0, offset: $0.offset, rejection: $0.element) }
      .sorted { ($0.file, $0.rejection.line, $0.offset) < ($1.file, $1.rejection.line, $1.offset) }
    rejections.replaceSubrange(first..., with: sorted.map(\.rejection))
  }

  private enum Fate { case used, rejected, outsidePopulation }

  private mutating func take(row: Int, of batch: inout CodedBatch) throws -> Fate {
    let records = batch.records
    let bytes = records.bytes.span
    for position in [keys.respondent, keys.unit].compactMap(\.self)
    where records.range(row: row, column: position).isEmpty {
      return reject(row, records, position, RejectionReason.nameless)
    }
    if let position = keys.unit {
      batch.units[row] = KeyHash.wide(bytes.extracting(records.range(row: row, column: position)))
    }
    if let position = keys.weight {
      guard let weight = number(row, position, records), weight >= 0 else {
        return reject(row, records, position, "the weight must be a number from 0")
      }
      guard Self.canBeSquared(weight) else { return reject(row, records, position, RejectionReason.extremeWeight) }
      batch.weights[row] = weight
    }
    if let position = keys.unitWeight {
      guard let weight = number(row, position, records), weight >= 0 else {
        return reject(row, records, position, "the weight must be a number from 0")
      }
      guard Self.canBeSquared(weight) else { return reject(row, records, position, RejectionReason.extremeWeight) }
      batch.unitWeights[row] = weight
    }
    // A replicate weight may be 0 or negative.
    for (replicate, position) in keys.replicateWeights.enumerated() {
      guard let weight = number(row, position, records) else {
        return reject(row, records, position, "the replicate weight must be a number")
      }
      guard Self.canBeSquared(weight) else { return reject(row, records, position, RejectionReason.extremeWeight) }
      batch.replicateWeights[row * keys.replicateWeights.count + replicate] = weight
    }
    readSubmissionDate(row: row, of: &batch)
    // Joined registers first: an unknown unit is a slip, a known one may still lie outside the population.
    for case (.join(_, let joined)?, let position?) in zip(plan.dimensions, keys.dimensions) {
      let range = records.range(row: row, column: position)
      if !range.isEmpty, joined.units.number(of: bytes.extracting(range)) == nil {
        return reject(row, records, position, unknown(in: joined.register, known: joined.units))
      }
    }
    if let population = plan.design?.population, let position = keys.unit {
      let field = bytes.extracting(records.range(row: row, column: position))
      guard let number = population.units.number(of: field) else {
        return reject(row, records, position, unknown(in: population.register, known: population.units))
      }
      guard population.belongs[Int(number)] else { return .outsidePopulation }
    }
    if let position = keys.respondent {
      let key = KeyHash.wide(bytes.extracting(records.range(row: row, column: position)))
      guard respondents.insert(key).inserted else {
        return reject(row, records, position, "a row with this key came before; the first stays")
      }
    }
    for index in plan.dimensions.indices {
      if let number = member(row: row, dimension: index, of: records) { batch.members[index][row] = number }
    }
    if let design = plan.design { try place(row: row, design: design, batch: &batch) }
    return .used
  }

  private func number(_ row: Int, _ position: Int, _ records: RecordBatch) -> Double? {
    AnswerEncoder.number(records.bytes.span.extracting(records.range(row: row, column: position)))
  }

  /// Whether sums of squares of such weights, and their quotients, stay within what a Double holds.
  private static func canBeSquared(_ weight: Double) -> Bool {
    weight == 0 || (1e-100...1e100).contains(weight.magnitude)
  }

  private func readSubmissionDate(row: Int, of batch: inout CodedBatch) {
    guard let position = keys.submitted else { return }
    let range = batch.records.range(row: row, column: position)
    if let day = AnswerEncoder.day(batch.records.bytes.span.extracting(range)) {
      batch.submitted[row] = day.daysSinceEpoch
    }
  }

  private mutating func member(row: Int, dimension index: Int, of records: RecordBatch) -> Int32? {
    guard let dimension = plan.dimensions[index], let position = keys.dimensions[index] else { return nil }
    let value = records.bytes.span.extracting(records.range(row: row, column: position))
    switch dimension {
    case .column:
      return value.isEmpty ? members[index].number(of: Dimension.unknownMember) : members[index].number(of: value)
    case .join(_, let joined):
      guard let number = joined.units.number(of: value), !joined.values[Int(number)].isEmpty else {
        return members[index].number(of: Dimension.unknownMember)
      }
      return members[index].number(of: joined.values[Int(number)])
    }
  }

  /// Finds the stratum, the PSU and the declared population size of a row.
  private mutating func place(row: Int, design: TablePlan.DesignPlan, batch: inout CodedBatch) throws {
    let records = batch.records
    let stratum = design.strata.isEmpty ? 0 : stratum(row: row, design: design, batch: batch)
    batch.strata[row] = stratum
    if let part = design.psu {
      var key = takeScratch()
      withUnsafeBytes(of: stratum) { key.append(contentsOf: $0) }
      switch part {
      case .column:
        if let position = keys.psu { key.append(contentsOf: records.bytes[records.range(row: row, column: position)]) }
      case .dimension(let index):
        key.append(contentsOf: members[index].names[Int(batch.members[index][row])].utf8)
      }
      let psu = psuKeys.insert(key.span)
      if Int(psu) == psus.count {
        let id = String(decoding: key.dropFirst(MemoryLayout.size(ofValue: stratum)), as: UTF8.self)
        psus.append(PrimarySamplingUnit(stratum: Int(stratum), id: id))
      }
      batch.psus[row] = psu
      scratch = key
    }
    if let position = keys.population {
      try readPopulationSize(row: row, position: position, stratum: stratum, records: records)
    }
  }

  /// The number of the row's stratum. A stratum is found by the bytes of its parts; its name is made once.
  private mutating func stratum(row: Int, design: TablePlan.DesignPlan, batch: CodedBatch) -> Int32 {
    var bytes = takeScratch()
    for (part, position) in zip(design.strata, keys.strata) {
      switch part {
      case .column:
        guard let position else { continue }
        let range = batch.records.range(row: row, column: position)
        withUnsafeBytes(of: Int32(range.count)) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: batch.records.bytes[range])
      case .dimension(let index):
        withUnsafeBytes(of: batch.members[index][row]) { bytes.append(contentsOf: $0) }
      }
    }
    let key = Int(stratumKeys.insert(bytes.span))
    scratch = bytes
    if key < stratumOfKey.count { return stratumOfKey[key] }
    let names = zip(design.strata, keys.strata).map { part, position -> String in
      switch part {
      case .column:
        let text = position.map { batch.records.text(row: row, column: $0) } ?? ""
        return text.isEmpty ? Dimension.unknownMember : text
      case .dimension(let index):
        return members[index].names[Int(batch.members[index][row])]
      }
    }
    stratumOfKey.append(strata.number(of: StratumName.joined(names)))
    return stratumOfKey[key]
  }

  /// The scratch buffer, emptied and owned by the caller, who gives it back: no allocation a row.
  private mutating func takeScratch() -> [UInt8] {
    var bytes: [UInt8] = []
    swap(&bytes, &scratch)
    bytes.removeAll(keepingCapacity: true)
    return bytes
  }

  private mutating func readPopulationSize(row: Int, position: Int, stratum: Int32, records: RecordBatch) throws {
    let column = plan.design?.populationColumn ?? ""
    let place = records.place(row: row, column: position)
    let location = SourceLocation(file: place.file, line: place.line)
    let field = records.bytes.span.extracting(records.range(row: row, column: position))
    guard let size = AnswerEncoder.number(field), size > 0, size <= 1e15 else {
      throw DataError.populationNotANumber(
        value: records.text(row: row, column: position), stratum: strata.names[Int(stratum)], column: column, location)
    }
    while declaredSizes.count <= Int(stratum) { declaredSizes.append(nil) }
    if let known = declaredSizes[Int(stratum)], known != size {
      throw DataError.populationVaries(stratum: strata.names[Int(stratum)], column: column, location)
    }
    declaredSizes[Int(stratum)] = size
  }

  private func unknown(in register: String, known: ByteDictionary) -> (String) -> String {
    { value in "unknown in register \(register)" + NearestName.hint(for: value, among: known.keys) }
  }

  private mutating func reject(_ row: Int, _ records: RecordBatch, _ position: Int, _ reason: String) -> Fate {
    reject(row, records, position) { _ in reason }
  }

  private mutating func reject(
    _ row: Int, _ records: RecordBatch, _ position: Int, _ reason: (String) -> String
  ) -> Fate {
    let value = records.text(row: row, column: position)
    let place = records.place(row: row, column: position)
    rejections.append(
      Rejection(
        file: place.file, line: place.line, column: columnNames[position], scope: .row, reason: reason(value),
        value: value))
    return .rejected
  }
}
