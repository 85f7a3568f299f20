import Ingest
import SurveyModel

/// Codes records as one worker does: all that can be said of a row without a look at the others. It remembers what it
/// has seen, so that what comes again costs a look-up.
public struct RowCoder: Sendable {
  private let plan: TablePlan
  private let keys: KeyPositions
  /// The names of the kept fields, by position.
  private let columnNames: [String]
  /// By position, the texts that stand for nothing.
  private let missing: [MissingTexts]
  private var answers: [ColumnCoder]
  private var dimensions: [MemberCoder?]
  private var strata: StratumCoder
  private var psus: PSUCoder?
  private var weights: WeightReader?
  private var unitWeights: WeightReader?
  private var replicates: [WeightReader]
  /// Where keys of other tables stand: they are not coded, but must be valid text as well.
  private let otherKeys: [Int]
  /// By answer column: answers differ, or it does not matter whether they do.
  private var varies: [Bool]
  /// One entry a row, used again and again.
  private var numbers: [Int32] = []

  /// - Parameter plan: Resolved against the header of the files.
  /// - Throws: `DataError.unresolved` where the plan lacks a column, a defect of the project.
  public init(plan: TablePlan) throws(DataError) {
    self.plan = plan
    let keys = KeyPositions(plan)
    self.keys = keys
    let names = plan.keyFields.sorted { $0.value < $1.value }.map(\.key)
    columnNames = names
    let missing = names.map { plan.table.missingTexts(of: $0) }
    self.missing = missing
    func weight(_ position: Int, mayBeNegative: Bool) -> WeightReader {
      WeightReader(
        position: position, column: names[position], missing: missing[position], mayBeNegative: mayBeNegative,
        format: plan.table.numbers)
    }
    var answers: [ColumnCoder] = []
    for column in plan.answers {
      guard let position = plan.keyFields[column.name] else {
        throw .unresolved(table: plan.table.name, name: column.name)
      }
      answers.append(ColumnCoder(column: column, position: position))
    }
    self.answers = answers
    varies = answers.map { !$0.column.refusesOthers || $0.column.isSelection || $0.column.isForCounting }
    dimensions = zip(plan.dimensions, keys.dimensions).map { dimension, position in
      guard let dimension, let position else { return nil }
      return MemberCoder(dimension, position: position, texts: NameTexts(names[position], of: plan))
    }
    strata = StratumCoder(
      plan.design?.strata ?? [], positions: keys.strata,
      texts: keys.strata.map { $0.map { NameTexts(names[$0], of: plan) } },
      allowsUnknown: plan.design?.allowsUnknownStratum ?? true)
    psus = plan.design?.psu.map {
      PSUCoder($0, position: keys.psu, texts: keys.psu.map { NameTexts(names[$0], of: plan) })
    }
    weights = keys.weight.map { weight($0, mayBeNegative: false) }
    unitWeights = keys.unitWeight.map { weight($0, mayBeNegative: false) }
    otherKeys = plan.keys.compactMap { plan.keyFields[$0] }
    replicates = keys.replicateWeights.map { weight($0, mayBeNegative: true) }
  }

  /// Codes some records.
  public mutating func code(_ records: consuming RecordBatch) -> CodedMorsel {
    let records = records.inNormalForm().padded()
    let count = records.rowCount
    if numbers.count < count { numbers = Array(repeating: 0, count: count) }
    var rows = RowFates(count: count)
    var morsel = CodedMorsel(
      batch: CodedBatch(records: records, members: Array(repeating: [], count: dimensions.count)))
    // A row is rejected for the first of these reasons that it has.
    for position in [keys.respondent, keys.unit].compactMap(\.self) {
      refuseNameless(position, records, &rows, &morsel)
    }
    if let position = keys.unit { morsel.batch.units = hashes(position, records, &morsel) }
    morsel.batch.weights = read(&weights, records, &rows, &morsel) ?? Array(repeating: 1, count: count)
    morsel.batch.unitWeights = read(&unitWeights, records, &rows, &morsel) ?? []
    readReplicates(records, &rows, &morsel)
    readSubmissionDates(records, &morsel)
    var isInvalid = morsel.isInvalid
    for index in dimensions.indices {
      guard
        let refused = dimensions[index]?.code(records, into: &morsel.batch.members[index], invalid: &isInvalid)
      else { continue }
      for row in refused where rows.isUsed[row] {
        guard case .join(_, let joined) = plan.dimensions[index] else { continue }
        refuseUnknown(
          row, dimensions[index]?.position ?? 0, records, &rows, &morsel, in: joined.register, known: joined.units)
      }
    }
    placeInPopulation(records, &rows, &morsel)
    if let position = keys.respondent { morsel.respondents = hashes(position, records, &morsel) }
    place(records, &rows, &morsel, invalid: &isInvalid)
    if let position = keys.population { morsel.sizes = populationSizes(position, records, &morsel) }
    var finding = ColumnCoder.Finding()
    let allUsed = rows.usedCount == count
    morsel.batch.columns.reserveCapacity(answers.count)
    for index in answers.indices {
      morsel.batch.columns.append(
        answers[index].code(records, used: rows.isUsed, allUsed: allUsed, numbers: &numbers, finding: &finding))
    }
    morsel.answerRejections = finding.rejections
    morsel.batch.used = rows.isUsed
    for index in answers.indices {
      let name = answers[index].column.name
      if let points = answers[index].takePoints(), morsel.suspicions.points[name] == nil {
        morsel.suspicions.points[name] = points
      }
    }
    for (column, text, alike) in finding.alike { morsel.suspicions.alike[column, default: [:]][text] = alike }
    for (index, coder) in answers.enumerated() {
      let numbers = Suspicions.numbers(in: morsel.batch, index, column: coder.column, position: coder.position)
      morsel.suspicions.numbers[coder.column.name] = numbers
    }
    for position in [keys.weight, keys.unitWeight].compactMap(\.self) {
      morsel.suspicions.points[columnNames[position]] = Suspicions.points(
        in: morsel.batch, position, plan.table.numbers)
    }
    for position in Set([keys.respondent, keys.unit].compactMap(\.self)) {
      morsel.suspicions.rounded[columnNames[position]] = Suspicions.rounded(in: morsel.batch, position)
    }
    let routed = plan.routing?.apply(to: &morsel.batch, rejections: &morsel.answerRejections)
    morsel.standing = routed?.standing ?? []
    for index in answers.indices where !varies[index] {
      let single = Suspicions.single(
        in: morsel.batch, index, column: answers[index].column, asked: routed?.asked[index])
      morsel.suspicions.singles[answers[index].column.name] = single
      varies[index] = single.varies
    }
    if !isInvalid { isInvalid = otherKeys.contains { !isText($0, records) } }
    if finding.isInvalid || isInvalid { morsel.isInvalid = true }
    morsel.outsidePopulation = rows.outside
    takeNames(into: &morsel.names)
    return morsel
  }

  /// Which rows still count.
  struct RowFates {
    var isUsed: RowMask
    var usedCount: Int
    var outside = 0

    init(count: Int) {
      isUsed = RowMask(rowCount: count, all: true)
      usedCount = count
    }

    mutating func drop(_ row: Int) {
      isUsed[row] = false
      usedCount -= 1
    }
  }

  private mutating func takeNames(into names: inout CodedMorsel.NewNames) {
    names.members = dimensions.indices.map { dimensions[$0]?.takeNames() ?? [] }
    (names.stratumParts, names.strata) = strata.takeNames()
    if let new = psus?.takeNames() { (names.psuIDs, names.psus) = new }
  }

  // MARK: - Reasons to refuse a row

  private func refuseNameless(
    _ position: Int, _ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel
  ) {
    let missing = missing[position]
    for row in 0..<records.rowCount
    where rows.isUsed[row] && missing.contains(records.bytes.span.extracting(records.range(row: row, column: position)))
    {
      refuse(
        row, position, records, &rows, &morsel,
        RejectionReason.nameless(
          value: records.text(row: row, column: position), column: columnNames[position]))
    }
  }

  private func read(
    _ reader: inout WeightReader?, _ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel
  ) -> [Double]? {
    guard let position = reader?.position, let (weights, refused) = reader?.read(records, invalid: &morsel.isInvalid)
    else { return nil }
    for (row, reason) in refused where rows.isUsed[row] {
      refuse(row, position, records, &rows, &morsel, reason)
    }
    return weights
  }

  private mutating func readReplicates(
    _ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel
  ) {
    guard !replicates.isEmpty else { return }
    let count = replicates.count
    var weights = Array(repeating: 0.0, count: records.rowCount * count)
    var left: [(row: Int, replicate: Int)] = []
    // Some rows at a time, so that their weights, which lie row by row, stay in the cache.
    let rowsAtOnce = 16
    var span = weights.mutableSpan
    for first in stride(from: 0, to: records.rowCount, by: rowsAtOnce) {
      let rowRange = first..<min(first + rowsAtOnce, records.rowCount)
      for replicate in replicates.indices {
        let others = replicates[replicate].readShort(
          records, rows: rowRange, into: &span, stride: count, offset: replicate)
        for row in others { left.append((row, replicate)) }
      }
    }
    // A row is refused for the first of its replicates that is none.
    left.sort { ($0.row, $0.replicate) < ($1.row, $1.replicate) }
    for (row, replicate) in left {
      let reason = replicates[replicate].readOther(
        records, row: row, into: &weights[row * count + replicate], invalid: &morsel.isInvalid)
      guard let reason, rows.isUsed[row] else { continue }
      refuse(row, replicates[replicate].position, records, &rows, &morsel, reason)
    }
    morsel.batch.replicateWeights = weights
  }

  private func readSubmissionDates(_ records: RecordBatch, _ morsel: inout CodedMorsel) {
    guard let position = keys.submitted else { return }
    let missing = missing[position]
    let format = plan.table.dateFormat
    morsel.batch.submitted = (0..<records.rowCount).map { row in
      let field = records.bytes.span.extracting(records.range(row: row, column: position))
      guard !missing.contains(field) else { return SurveyMoment.none }
      return format.read(field)?.instant ?? SurveyMoment.unreadable
    }
  }

  /// Numbers strata and PSUs. A row that lacks a name of its PSU, or under a sample design of its stratum, is refused:
  /// all such rows would be taken for one PSU. So is one whose stratum is no answer of its question, in any design.
  private mutating func place(
    _ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel, invalid isInvalid: inout Bool
  ) {
    let members = morsel.batch.members
    let unknownMembers = dimensions.map { $0?.unknownMembers ?? [] }
    let unplacedMembers =
      plan.design?.allowsUnknownStratum == true ? dimensions.map { $0?.refusedMembers ?? [] } : unknownMembers
    let unplaced = strata.code(
      records, members: members, unplacedMembers: unplacedMembers, into: &morsel.batch.strata, invalid: &isInvalid)
    let nameless =
      psus?.code(
        records, strata: morsel.batch.strata, members: members, unknownMembers: unknownMembers,
        into: &morsel.batch.psus, invalid: &isInvalid) ?? []
    guard let design = plan.design else { return }
    for (part, lacking) in zip(design.strata, unplaced) {
      refuse(lacking, part, records, &rows, &morsel) { value, column, register, problem in
        RejectionReason.noStratum(value: value, column: column, register: register, problem: problem)
      }
    }
    guard let psu = design.psu else { return }
    refuse(nameless, psu, records, &rows, &morsel) { value, column, _, problem in
      RejectionReason.noPSU(value: value, column: column, problem: problem)
    }
  }

  /// Refuses rows that lack a part of their place in the design.
  private func refuse(
    _ lacking: [Int], _ part: TablePlan.DesignPlan.StratumPart, _ records: RecordBatch, _ rows: inout RowFates,
    _ morsel: inout CodedMorsel,
    reason: (_ value: String, _ column: String, _ register: String?, _ problem: String) -> String
  ) {
    guard !lacking.isEmpty else { return }
    var position: Int?
    var register: String?
    switch part {
    case .column(let name): position = plan.keyFields[name]
    case .dimension(let dimension):
      position = keys.dimensions[dimension]
      if case .join(_, let joined) = plan.dimensions[dimension] { register = joined.register }
    }
    guard let position else { return }
    let column = columnNames[position]
    let question = register == nil ? plan.namingQuestion(column) : nil
    for row in lacking where rows.isUsed[row] {
      let value = records.text(row: row, column: position)
      let problem = question.map { RejectionReason.words(refusing: value, in: $0) } ?? ""
      refuse(row, position, records, &rows, &morsel, reason(value, column, register, problem))
    }
  }

  /// A unit that is unknown is a slip; a known one may still lie outside the population.
  private func placeInPopulation(_ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel) {
    guard let population = plan.design?.population, let position = keys.unit else { return }
    for row in 0..<records.rowCount where rows.isUsed[row] {
      let field = records.bytes.span.extracting(records.range(row: row, column: position))
      guard let number = population.units.number(of: field) else {
        refuseUnknown(
          row, position, records, &rows, &morsel, in: population.register, known: population.units)
        continue
      }
      guard !population.belongs[Int(number)] else { continue }
      rows.drop(row)
      rows.outside += 1
    }
  }

  private func refuseUnknown(
    _ row: Int, _ position: Int, _ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel,
    in register: String, known: ByteDictionary
  ) {
    // One text for all of them: there may be millions.
    let last = morsel.unknownUnits.last
    let words = last?.register == register ? last?.words ?? "" : "unknown in register \(register)"
    refuse(row, position, records, &rows, &morsel, words)
    morsel.unknownUnits.append(
      CodedMorsel.UnknownUnit(
        rejection: morsel.rowRejections.count - 1, register: register, words: words, known: known))
  }

  private func refuse(
    _ row: Int, _ position: Int, _ records: RecordBatch, _ rows: inout RowFates, _ morsel: inout CodedMorsel,
    _ reason: String
  ) {
    rows.drop(row)
    morsel.rowRejections.append((row, rejection(row, position, records, reason)))
  }

  /// A row of the table that is left out because of one of its fields.
  private func rejection(_ row: Int, _ position: Int, _ records: RecordBatch, _ reason: String) -> Rejection {
    let place = records.place(row: row, column: position)
    return Rejection(
      file: place.file, line: place.line, column: columnNames[position], scope: .row, reason: reason,
      value: records.text(row: row, column: position))
  }

  // MARK: - Keys and sizes

  private func hashes(_ position: Int, _ records: RecordBatch, _ morsel: inout CodedMorsel) -> [UInt128] {
    var isInvalid = false
    let bytes = records.bytes.span
    let result = (0..<records.rowCount).map { row in
      let field = bytes.extracting(unchecked: records.range(row: row, column: position))
      if !FieldText.isPlain(field), !FieldText.isValid(field) { isInvalid = true }
      return KeyHash.wide(field)
    }
    if isInvalid { morsel.isInvalid = true }
    return result
  }

  private func isText(_ position: Int, _ records: RecordBatch) -> Bool {
    let bytes = records.bytes.span
    return (0..<records.rowCount).allSatisfy { row in
      let field = bytes.extracting(unchecked: records.range(row: row, column: position))
      return FieldText.isPlain(field) || FieldText.isValid(field)
    }
  }

  private func populationSizes(_ position: Int, _ records: RecordBatch, _ morsel: inout CodedMorsel) -> [Double] {
    var isInvalid = false
    let numbers = plan.table.numbers
    let result = (0..<records.rowCount).map { row in
      let field = records.bytes.span.extracting(unchecked: records.range(row: row, column: position))
      guard let size = DecimalNumber.read(field, numbers), size > 0, size <= 1e15 else {
        if !FieldText.isValid(field) { isInvalid = true }
        return Double.nan
      }
      return size
    }
    if isInvalid { morsel.isInvalid = true }
    return result
  }
}
