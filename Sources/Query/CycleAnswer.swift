import Normalize
import SurveyModel

/// What an engine answered to the query of one cycle.
public struct CycleAnswer: Sendable {
  public let query: CycleQuery
  public var tables: [Table] = []

  public struct Table: Sendable {
    public var name: String
    /// One for each roll-up that the table's indicators use.
    public var sums: [RollUp: TableSums] = [:]
    public var accounting = RowAccounting()
    /// Rows and answers; an engine knows no lines: `line` is 0.
    public var rejections: [Rejection] = []
    public var superseded: [SupersededRow] = []
    /// Of columns with rejected answers.
    public var answers: [AnswerAccounting] = []
    /// With the numbers of their PSUs.
    var read: [RollUp: SumsReading.Read] = [:]
  }
}

/// Asks an engine for everything about one cycle.
public struct CycleAsking: Sendable {
  private let query: CycleQuery
  private let engine: any QueryEngine
  /// What the engine calls a file, as people call it.
  private let fileName: @Sendable (String) -> String

  public init(
    _ query: CycleQuery, engine: any QueryEngine, fileName: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.query = query
    self.engine = engine
    self.fileName = fileName
  }

  /// - Parameter rejected: Told what was rejected, also where the data as a whole is refused.
  /// - Throws: `QueryError`, `DataError`, and what the engine throws.
  public func answer(rejected: inout [Rejection]) async throws -> CycleAnswer {
    for view in query.views { try await engine.run(query.dialect.statement(view)) }
    var answer = CycleAnswer(query: query)
    let sizes = try await populationSizes()
    // As the embedded engine lists them: the responses first.
    for name in [SurveyCycle.responsesTable] + query.tableNames.dropLast() {
      guard let table = query.table(name) else { continue }
      answer.tables.append(try await self.answer(table, sizes: sizes, rejected: &rejected))
    }
    return answer
  }

  private func populationSizes() async throws -> [String: Double]? {
    guard let statement = query.populationSizes else { return nil }
    if case .register(let register, _) = query.cycle.design.population, let asked = query.undecidedPopulation,
      let row = try await rows(asked, 2).first, let unit = row.text(0)
    {
      throw DataError.unreadablePopulation(register: register, unit: unit, count: try row.count(1))
    }
    let parts = query.cycle.design.strata.count
    var sizes: [String: Double] = [:]
    for row in try await rows(statement, parts + 1) {
      let stratum = StratumName.joined((0..<parts).map { row.text($0) ?? "" })
      let units = try row.count(parts)
      if units > 0 { sizes[stratum, default: 0] += Double(units) }
    }
    return sizes
  }

  private func rows(_ statement: String, _ columns: Int) async throws -> [AnswerRow] {
    try await engine.rows(of: statement, columns: columns).map(AnswerRow.init)
  }

  // MARK: - One table

  private func answer(
    _ table: TableQuery, sizes: [String: Double]?, rejected: inout [Rejection]
  ) async throws -> CycleAnswer.Table {
    let name = table.plan.table.name
    var result = CycleAnswer.Table(name: name)
    var accounting: [AnswerRow]?
    // The roll-up that carries the accounting first: what is wrong with a file as a whole comes before all else.
    let kinds = query.kinds.filter { $0.key.table == name }
      .sorted {
        ($0.value.carriesAccounting ? 0 : 1, $0.key.rollUp.rawValue) < (
          $1.value.carriesAccounting ? 0 : 1, $1.key.rollUp.rawValue
        )
      }
    var answers:
      [(kind: UnitKind, statement: SumsStatement, groupings: [[Int]], varying: [Int: String], rows: [AnswerRow])] = []
    for (kind, statement) in kinds {
      if !statement.carriesAccounting, accounting == nil {
        accounting = try await rows(table.accounting, 4)
        try check(accounting ?? [], table, records: 2)
      }
      let varying = try await varying(statement.units)
      guard let statement = query.statement(kind, without: Set(varying.keys)) else { continue }
      let rows = try await rows(statement.text, statement.width)
      if statement.carriesAccounting {
        accounting = rows
        try check(rows, table, records: 3)
      }
      answers.append((kind, statement, query.groupings(of: statement.units, without: Set(varying.keys)), varying, rows))
    }
    try await account(for: accounting ?? [], carried: kinds.first?.value.carriesAccounting == true, table, &result)
    rejected += result.rejections
    try await checkKeys(table)
    for (_, statement, _, _, _) in answers {
      guard let query = statement.units.unreadableDate, let row = try await self.rows(query, 2).first else { continue }
      throw QueryError.unreadableDate(unit: row.text(0) ?? "", value: row.text(1) ?? "", table: name)
    }
    for (kind, statement, groupings, varying, rows) in answers {
      var reading = SumsReading(
        query: query, statement: statement, groupings: groupings, design: query.design(of: statement.units),
        sizes: table.plan.design == nil ? nil : sizes)
      if let statement = query.declaredSizes(of: statement.units) {
        reading.declared = try await self.rows(
          statement, table.plan.design.map { $0.strata.count + SumsStatement.sizes.count } ?? 0)
      }
      if let directions = statement.directions {
        reading.directions = try await self.rows(directions.text, directions.width)
      }
      var read = try reading.sums(of: rows)
      read.sums.dimensions.subtract(varying.keys)
      read.sums.varyingDimensions = varying
      result.read[kind.rollUp] = read
      result.sums[kind.rollUp] = read.sums
    }
    if table.plan.table.rollUp == .latest, let units = query.kinds[UnitKind(table: name, rollUp: .latest)]?.units {
      for row in try await rows(units.superseded, 3) {
        let superseded = SupersededRow(file: fileName(row.text(0) ?? ""), line: 0, unit: row.text(1) ?? "")
        result.superseded += Array(repeating: superseded, count: try row.count(2))
      }
      result.superseded.sort { ($0.file, $0.unit) < ($1.file, $1.unit) }
    }
    result.accounting.superseded = result.superseded.count
    result.accounting.used -= result.superseded.count
    return result
  }

  /// What a roll-up finds that must not vary, or the dimensions that do.
  private func varying(_ units: UnitsQuery) async throws -> [Int: String] {
    guard let statement = units.varying,
      let row = try await rows(statement, units.constant.count + units.dimensions.count).first
    else { return [:] }
    let constant = units.constant
    for (place, (_, words)) in constant.enumerated() {
      if let unit = row.text(place) {
        throw QueryError.unitVaries(unit: unit, what: words, table: units.table.plan.table.name)
      }
    }
    var varying: [Int: String] = [:]
    for (place, dimension) in units.dimensions.enumerated() {
      if let unit = row.text(constant.count + place) { varying[dimension] = unit }
    }
    return varying
  }

  private func checkKeys(_ table: TableQuery) async throws {
    for (what, _, statement) in table.repeatedKeys {
      guard let row = try await rows(statement, 2).first, let key = row.text(0) else { continue }
      throw QueryError.repeatedKey(key, what: what, count: try row.count(1), table: table.plan.table.name)
    }
  }

  // MARK: - Accounting

  /// Whether every file could be read: each begins with the header of the table, which stands in none twice.
  private func check(_ accounting: [AnswerRow], _ table: TableQuery, records: Int) throws {
    guard !table.isLong else { return }
    try check(
      accounting.compactMap { row in
        try row.text(0).map { _ in (try row.count(0), row.text(1) ?? "", try row.count(records)) }
      },
      table)
  }

  private func check(_ found: [(problem: Int, file: String, records: Int)], _ table: TableQuery) throws {
    let name = table.plan.table.name
    var headers: [String: Int] = [:]
    for (problem, file, records) in found {
      let problem = table.problems[problem]
      if problem.refusesFile { throw QueryError.unreadable(file: fileName(file), problem: problem, table: name) }
      if problem == .header { headers[file, default: 0] += records }
    }
    guard query.dialect == .spark else { return }
    if let (file, _) = headers.first(where: { $0.value > 1 }) {
      throw QueryError.repeatedHeader(file: fileName(file), table: name)
    }
    for file in table.source.files where headers[file] == nil {
      throw QueryError.otherHeader(file: fileName(file), table: name)
    }
  }

  /// - Parameter carried: Whether the rows are those of a statement of sums.
  private func account(
    for accounting: [AnswerRow], carried: Bool, _ table: TableQuery, _ result: inout CycleAnswer.Table
  ) async throws {
    let (refusedColumn, recordsColumn) = carried ? (2, 3) : (3, 2)
    var refused = 0
    func count(_ problem: RowProblem?, _ records: Int) {
      switch problem {
      case .header: return
      case nil: result.accounting.used += records
      case .outsidePopulation: result.accounting.outsidePopulation += records
      default: result.accounting.rejected += records
      }
      result.accounting.read += records
    }
    for row in accounting {
      let problem = try row.text(0).map { _ in table.problems[try row.count(0)] }
      count(problem, try row.count(recordsColumn))
      if problem == nil { refused += try row.count(refusedColumn) }
    }
    let words = RejectionWords(table: table, units: try await units(for: table, accounting))
    var rejections: [Rejection] = []
    if table.isLong {
      let source = LongSource(table: table)
      let lines = try await rows(source.rejectedLines, 4)
      try check(lines.map { (try $0.count(0), $0.text(1) ?? "", try $0.count(3)) }, table)
      for row in lines {
        let problem = table.problems[try row.count(0)]
        let records = try row.count(3)
        count(problem, records)
        guard problem != .header else { continue }
        rejections += words.row(
          problem, file: fileName(row.text(1) ?? ""), fields: try row.count(2), value: "", records)
      }
      if let statement = source.namedQuestions {
        let named = Set(try await rows(statement, 2).compactMap { $0.text(0) })
        if let name = table.plan.longQuestions.first(where: { !named.contains($0.name) })?.name,
          result.accounting.read > 0
        {
          throw DataError.noSuchQuestion(table: table.plan.table.name, name: name, nearest: nil)
        }
      }
      for row in try await rows(source.rejectedAnswers, 5) {
        rejections += words.line(
          isRepeated: try row.count(0) == 1, file: fileName(row.text(1) ?? ""), question: row.text(2) ?? "",
          value: row.text(3) ?? "", try row.count(4))
      }
    }
    if result.accounting.rejected > 0 {
      for row in try await rows(table.rejectedRows, 5) {
        let problem = table.problems[try row.count(0)]
        guard problem != .header, problem != .outsidePopulation else { continue }
        rejections += words.row(
          problem, file: fileName(row.text(1) ?? ""), fields: try row.count(2), value: row.text(3) ?? "",
          try row.count(4))
      }
    }
    if refused > 0, let statement = table.rejectedAnswers {
      for row in try await rows(statement, 3) {
        let entry = (row.text(0) ?? "").split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard let place = entry.first.flatMap({ Int($0) }), table.plan.answers.indices.contains(place) else { continue }
        rejections += words.answer(
          table.plan.answers[place], file: fileName(row.text(1) ?? ""), value: entry.count > 1 ? String(entry[1]) : "",
          try row.count(2))
      }
    }
    if rejections.contains(where: { $0.scope == .answer }), !table.plan.answers.isEmpty,
      let row = try await rows(table.answersGiven, table.plan.answers.count).first
    {
      var given: [Int] = []
      for place in table.plan.answers.indices { given.append(try row.count(place)) }
      result.answers = Normalizer.accounting(of: rejections, given: given, columns: table.plan.answers)
    }
    result.rejections = rejections.sorted {
      ($0.file, $0.scope.rawValue, $0.column, $0.value, $0.reason) < (
        $1.file, $1.scope.rawValue, $1.column, $1.value, $1.reason
      )
    }
  }

  /// The units of registers in which rows have unknown ones, by register.
  private func units(for table: TableQuery, _ accounting: [AnswerRow]) async throws -> [String: [String]] {
    var units: [String: [String]] = [:]
    for row in accounting where row.text(0) != nil {
      guard case .unknown(_, let register) = table.problems[try row.count(0)], units[register] == nil,
        let other = query.table(register)
      else { continue }
      units[register] = try await engine.rows(of: other.units, columns: 1).compactMap { $0.first ?? nil }
    }
    return units
  }
}
