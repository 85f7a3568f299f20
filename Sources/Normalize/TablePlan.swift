import Ingest
import SurveyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is read of one table, resolved against its header.
public struct TablePlan: Sendable {
  public var table: TableDefinition
  public var answers: [AnswerColumn]
  /// For each dimension of the cycle, where this table has it; nil where it has not.
  public var dimensions: [DimensionPlan?]
  /// The strata, PSU, weight and population of the design; nil for registers.
  public var design: DesignPlan?
  /// Positions among the kept fields of a record, by column name.
  public var keyFields: [String: Int] = [:]
  /// Whether a second row of a unit is rejected, because other tables look units up.
  public var hasEachUnitOnce = false
  /// How the rows of a long table become records; nil for wide tables.
  public private(set) var long: LongPlan?

  public enum DimensionPlan: Sendable {
    case column(String)
    case join(key: String, JoinedValues)
  }

  public struct DesignPlan: Sendable {
    public var weight: String?
    public var strata: [StratumPart]
    /// A column or a dimension; nil: every row is its own PSU.
    public var psu: StratumPart?
    public var populationColumn: String?
    public var population: PopulationRegister?
    public var unitWeight: String?
    public var replicates: ReplicateWeights?
    /// Whether rows without a stratum are in one called `_U`; elsewhere they are rejected.
    public var allowsUnknownStratum: Bool
    /// The columns with replicate weights, in the order of the header; empty until the plan is resolved.
    public internal(set) var replicateColumns: [String] = []

    public enum StratumPart: Sendable {
      case column(String)
      case dimension(Int)
    }

    public init(
      weight: String? = nil, strata: [StratumPart] = [], psu: StratumPart? = nil, populationColumn: String? = nil,
      population: PopulationRegister? = nil, unitWeight: String? = nil, replicates: ReplicateWeights? = nil,
      allowsUnknownStratum: Bool = false
    ) {
      self.weight = weight
      self.strata = strata
      self.psu = psu
      self.populationColumn = populationColumn
      self.population = population
      self.unitWeight = unitWeight
      self.replicates = replicates
      self.allowsUnknownStratum = allowsUnknownStratum
    }
  }

  /// What becomes of answers that stand where the routing did not ask; nil: nothing.
  public var routing: RoutingPass?

  /// - Parameter countsRoutedOut: Whether columns are read that say which answers stand where the routing did not ask.
  public init(
    table: TableDefinition, needs: ColumnNeeds, dimensions: [DimensionPlan?] = [], design: DesignPlan? = nil,
    countsRoutedOut: Bool = false
  ) {
    var needs = needs
    // Columns that name something and are questions take their answers alone: what else stands there is listed.
    for name in Self.namingColumns(dimensions, design) where table.codebook?.checksAnswers(in: name) == true {
      needs.add(question: name)
    }
    needs.followRouting()
    if countsRoutedOut { needs.countRoutedOut() }
    self.table = table
    self.dimensions = dimensions
    self.design = design
    answers = needs.columns
    keys = Array(needs.keys)
  }

  /// The columns of members, strata and PSUs.
  private static func namingColumns(_ dimensions: [DimensionPlan?], _ design: DesignPlan?) -> [String] {
    var names: [String] = []
    for case .column(let name)? in dimensions { names.append(name) }
    for case .column(let name) in (design?.strata ?? []) + [design?.psu].compactMap(\.self) { names.append(name) }
    return names
  }

  /// The question that a column is which names something; nil where any text is a name.
  package func namingQuestion(_ column: String) -> AnswerColumn? {
    guard table.codebook?.checksAnswers(in: column) == true else { return nil }
    return answers.first { $0.name == column }
  }

  /// Columns whose bytes are keys of other tables.
  private(set) var keys: [String]

  /// The names of every column that is read.
  package var columnNames: [String] { answers.map(\.name) + keys + declaredNames }

  /// The columns that the pipeline itself names beside its conditions.
  private var declaredNames: [String] {
    var names = [table.respondent, table.unit, table.submitted].compactMap(\.self)
    for dimension in dimensions {
      switch dimension {
      case .column(let name), .join(let name, _): names.append(name)
      case nil: break
      }
    }
    if let design {
      names += [design.weight, design.populationColumn, design.unitWeight].compactMap(\.self)
      names += design.replicateColumns
      for case .column(let name) in design.strata + [design.psu].compactMap(\.self) { names.append(name) }
    }
    return names
  }

  /// Finds the columns in a header.
  ///
  /// - Returns: Their ascending positions in the file, without repetition.
  /// - Throws: `IngestError` where a column is missing or stands twice, `DataError.noReplicateColumn`.
  public mutating func resolve(_ header: Header) throws -> [Int] {
    if let replicates = design?.replicates {
      let columns = try columns(of: replicates, in: header)
      design?.replicateColumns = columns
    }
    if table.layout == .wide { answers.removeAll { $0.isForCounting && !header.contains($0.name) } }
    if case .long(let respondent, let question, let answer) = table.layout {
      return try resolveLong(header, respondent: respondent, question: question, answer: answer)
    }
    var positions: [String: Int] = [:]
    for name in columnNames where positions[name] == nil { positions[name] = try header.position(of: name) }
    let kept = positions.values.sorted()
    for (name, position) in positions {
      keyFields[name] = kept.firstIndex(of: position)
    }
    return kept
  }

  private func columns(of replicates: ReplicateWeights, in header: Header) throws(DataError) -> [String] {
    // `PWGTP*` also fits PWGTP, the weight that the replicates PWGTP1 to PWGTP80 belong to.
    let candidates = header.names.filter { ![design?.weight, design?.unitWeight].contains($0) }
    func isMeant(_ name: String, by pattern: String) -> Bool { pattern == name || fnmatch(pattern, name, 0) == 0 }
    let location = SourceLocation(file: header.path, line: header.line)
    for pattern in replicates.columns where !candidates.contains(where: { isMeant($0, by: pattern) }) {
      throw .noReplicateColumn(
        pattern: pattern, nearest: NearestName.suggestion(for: pattern, among: candidates), location)
    }
    let columns = candidates.filter { name in replicates.columns.contains { isMeant(name, by: $0) } }
    guard columns.count > 1 else {
      throw .tooFewReplicates(pattern: replicates.columns.joined(separator: ", "), location)
    }
    return columns
  }

  /// Of a long table: the columns that must be the same in all rows of a respondent.
  package var respondentColumns: [String] { long?.columns.map(\.name) ?? [] }

  /// Of a long table: the questions that are needed, and whether each row may hold another of the chosen codes.
  package var longQuestions: [(name: String, takesSeveral: Bool, missing: [String])] {
    long?.questions.map { ($0.name, $0.takesSeveral, $0.missing) } ?? []
  }

  /// What the pipeline names for itself is a column of the file; what only conditions name is a question. Keys of
  /// other tables are columns unless the codebook knows them as questions.
  private mutating func resolveLong(
    _ header: Header, respondent: String, question: String, answer: String
  ) throws(IngestError) -> [Int] {
    let isQuestion = { [table] name in table.codebook?.questions[name] != nil }
    var positions = [respondent: try header.position(of: respondent)]
    for name in declaredNames + keys.filter({ !isQuestion($0) }) where positions[name] == nil {
      positions[name] = try header.position(of: name)
    }
    var questions: [String] = []
    for name in answers.map(\.name) + keys where positions[name] == nil && !questions.contains(name) {
      questions.append(name)
    }
    let columns = positions.sorted { $0.value < $1.value }
    let (questionPlace, answerPlace) = (try header.position(of: question), try header.position(of: answer))
    let kept = Set(columns.map(\.value) + [questionPlace, answerPlace]).sorted()
    func place(_ position: Int) -> Int { kept.firstIndex(of: position) ?? 0 }
    long = LongPlan(
      respondent: place(positions[respondent] ?? 0), question: place(questionPlace), answer: place(answerPlace),
      columns: columns.map { LongPlan.Column(name: $0.key, field: place($0.value)) },
      questions: questions.map {
        LongPlan.Question(
          name: $0, takesSeveral: table.codebook?.questions[$0]?.type == .many,
          missing: table.missingCodes(of: $0) + [""])
      })
    for (place, name) in (columns.map(\.key) + questions).enumerated() { keyFields[name] = place }
    return kept
  }
}

extension TablePlan {
  /// Where a table has each dimension of a cycle: a column of its own, or a join by a key. A table that the definition
  /// names for a join must have the key; elsewhere the header decides.
  ///
  /// - Parameter joins: The values of joined registers, by dimension.
  package static func dimensions(
    of cycle: SurveyCycle, in header: Header, joins: [String: JoinedValues]
  ) -> [DimensionPlan?] {
    let isResponses = header.table == SurveyCycle.responsesTable
    return cycle.dimensions.values.map { dimension in
      switch dimension.source {
      case .column(let column):
        return isResponses || header.contains(column) ? .column(column) : nil
      case .join(let register, let keys, let defaultKey, let column):
        // The register itself needs no join: the value stands beside its unit.
        if register == header.table { return .column(column) }
        guard let values = joins[dimension.name] else { return nil }
        if let key = keys[header.table] { return .join(key: key, values) }
        guard let defaultKey else { return nil }
        return isResponses || header.contains(defaultKey) ? .join(key: defaultKey, values) : nil
      }
    }
  }
}

extension TablePlan.DesignPlan {
  /// What a cycle declares, before a population register is read.
  package init(_ cycle: SurveyCycle) {
    let design = cycle.design
    let names = Array(cycle.dimensions.keys)
    func part(_ name: String) -> StratumPart { names.firstIndex(of: name).map { .dimension($0) } ?? .column(name) }
    self.init(weight: design.weight, strata: design.strata.map(part), psu: design.psu.map(part))
    unitWeight = design.unitWeight
    replicates = design.replicates
    if case .column(let column) = design.population { populationColumn = column }
    allowsUnknownStratum = design.allowsUnknownStratum(after: cycle.responsesRollUps)
  }
}
