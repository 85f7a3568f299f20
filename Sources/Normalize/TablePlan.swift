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
    /// The columns with replicate weights, in the order of the header; empty until the plan is resolved.
    public internal(set) var replicateColumns: [String] = []

    public enum StratumPart: Sendable {
      case column(String)
      case dimension(Int)
    }

    public init(
      weight: String? = nil, strata: [StratumPart] = [], psu: StratumPart? = nil, populationColumn: String? = nil,
      population: PopulationRegister? = nil, unitWeight: String? = nil, replicates: ReplicateWeights? = nil
    ) {
      self.weight = weight
      self.strata = strata
      self.psu = psu
      self.populationColumn = populationColumn
      self.population = population
      self.unitWeight = unitWeight
      self.replicates = replicates
    }
  }

  public init(
    table: TableDefinition, needs: ColumnNeeds, dimensions: [DimensionPlan?] = [], design: DesignPlan? = nil
  ) {
    self.table = table
    self.dimensions = dimensions
    self.design = design
    answers = needs.columns
    keys = Array(needs.keys)
  }

  private var keys: [String]

  /// The names of every column that is read.
  var columnNames: [String] { answers.map(\.name) + keys + declaredNames }

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
      // `PWGTP*` also fits PWGTP, the weight that the replicates PWGTP1 to PWGTP80 belong to.
      let weights = [design?.weight, design?.unitWeight]
      let columns = header.names.filter { name in
        !weights.contains(name) && replicates.columns.contains { $0 == name || fnmatch($0, name, 0) == 0 }
      }
      guard columns.count > 1 else {
        throw DataError.noReplicateColumn(
          pattern: replicates.columns.joined(separator: ", "), SourceLocation(file: header.path, line: 1))
      }
      design?.replicateColumns = columns
    }
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
        LongPlan.Question(name: $0, takesSeveral: table.codebook?.questions[$0]?.type == .many)
      })
    for (place, name) in (columns.map(\.key) + questions).enumerated() { keyFields[name] = place }
    return kept
  }
}

/// Where the key columns of a table stand among the kept fields of a record.
struct KeyPositions: Sendable {
  var respondent: Int?
  var unit: Int?
  var submitted: Int?
  var weight: Int?
  var unitWeight: Int?
  var replicateWeights: [Int]
  var psu: Int?
  var population: Int?
  /// One for each dimension that the table has: its column, or the key of its join.
  var dimensions: [Int?]
  /// One for each part of the stratum that is a column.
  var strata: [Int?]

  init(_ plan: TablePlan) {
    func position(_ name: String?) -> Int? { name.flatMap { plan.keyFields[$0] } }
    respondent = position(plan.table.respondent)
    unit = position(plan.table.unit)
    submitted = position(plan.table.submitted)
    weight = position(plan.design?.weight)
    unitWeight = position(plan.design?.unitWeight)
    replicateWeights = (plan.design?.replicateColumns ?? []).compactMap(position)
    psu = if case .column(let name)? = plan.design?.psu { position(name) } else { nil }
    population = position(plan.design?.populationColumn)
    dimensions = plan.dimensions.map {
      switch $0 {
      case .column(let name), .join(let name, _): position(name)
      case nil: nil
      }
    }
    strata = (plan.design?.strata ?? []).map { if case .column(let name) = $0 { position(name) } else { nil } }
  }
}

/// The values of a register's column by the register's unit.
public struct JoinedValues: Sendable {
  public let register: String
  let units: ByteDictionary
  let values: [String]

  public init(register: String, pairs: [(unit: String, value: String)]) {
    self.register = register
    var units = ByteDictionary()
    var values: [String] = []
    for (unit, value) in pairs where units.insert(unit) == values.count { values.append(value) }
    self.units = units
    self.values = values
  }
}

/// A register that declares the population: its units, which of them belong, and how many a stratum has.
public struct PopulationRegister: Sendable {
  public let register: String
  let units: ByteDictionary
  let belongs: [Bool]
  /// Units that belong, by stratum name.
  public let sizes: [String: Double]
  /// The stratum of each unit that belongs.
  public let strataByUnit: [String: String]

  public init(register: String, units pairs: [(unit: String, stratum: String, belongs: Bool)]) {
    self.register = register
    var units = ByteDictionary()
    var belongs: [Bool] = []
    var sizes: [String: Double] = [:]
    var strata: [String: String] = [:]
    for (unit, stratum, isMember) in pairs where units.insert(unit) == belongs.count {
      belongs.append(isMember)
      if isMember {
        sizes[stratum, default: 0] += 1
        strata[unit] = stratum
      }
    }
    self.units = units
    self.belongs = belongs
    self.sizes = sizes
    strataByUnit = strata
  }
}
