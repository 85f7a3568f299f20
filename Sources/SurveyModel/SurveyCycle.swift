import OrderedCollections

/// Everything that a pipeline definition says about one cycle of a survey: read, checked, and ready to run.
public struct SurveyCycle: Sendable {
  public var name: String
  public var title: String
  /// Which `per-cycle` entry of the indicators applies.
  public var cycle: String
  public var year: Double?
  public var referenceDate: SurveyDate?
  public var periodFrom: SurveyDate?
  public var periodTo: SurveyDate?
  public var tables: OrderedDictionary<String, TableDefinition>
  public var dimensions: OrderedDictionary<String, Dimension>
  /// Crossings of dimension names; the total is not among them and always there.
  public var groupings: [[String]]
  public var design: SampleDesign
  public var interval: IntervalRequest
  public var trend: TrendRequest
  public var reliability: ReliabilityStandard
  public var minimumCell: Int
  /// The largest share of a table's rows that may be rejected, between 0 and 1.
  public var maximumRejected: Double
  public var indicators: [Indicator]
  /// The years of other cycles of the directory, by the names that `per-cycle` uses; only where breaks are declared.
  public var yearsOfOthers: [String: Double] = [:]
  /// Every YAML file that was read, for the record of the run.
  public var definitionFiles: [String]
  /// Their bytes as they were read, by path.
  public var definitionContents: [String: [UInt8]] = [:]

  /// The name of the table with the questionnaire answers.
  public static let responsesTable = "responses"

  public init(
    name: String, title: String, cycle: String, year: Double? = nil, referenceDate: SurveyDate? = nil,
    periodFrom: SurveyDate? = nil, periodTo: SurveyDate? = nil, tables: OrderedDictionary<String, TableDefinition>,
    dimensions: OrderedDictionary<String, Dimension> = [:], groupings: [[String]] = [],
    design: SampleDesign = SampleDesign(), interval: IntervalRequest = IntervalRequest(),
    trend: TrendRequest = TrendRequest(), reliability: ReliabilityStandard = .nchs, minimumCell: Int = 0,
    maximumRejected: Double = 0.01, indicators: [Indicator], definitionFiles: [String] = []
  ) {
    self.name = name
    self.title = title
    self.cycle = cycle
    self.year = year
    self.referenceDate = referenceDate
    self.periodFrom = periodFrom
    self.periodTo = periodTo
    self.tables = tables
    self.dimensions = dimensions
    self.groupings = groupings
    self.design = design
    self.interval = interval
    self.trend = trend
    self.reliability = reliability
    self.minimumCell = minimumCell
    self.maximumRejected = maximumRejected
    self.indicators = indicators
    self.definitionFiles = definitionFiles
  }

  /// The key that could link the PSUs of this cycle with those of another by an id: `psu` or `unit`; nil where nothing
  /// does, or where replicate weights set the covariance to 0.
  public var linkingKey: String? {
    guard design.replicates == nil else { return nil }
    if design.psu != nil { return "psu" }
    return tables[Self.responsesTable]?.unit == nil ? nil : "unit"
  }

  /// Whether rows have weights that do not weigh the units of an indicator, since it rolls them up and units have none.
  ///
  /// In a census the weights of units come from the population.
  public func weightIsUnused(by indicator: Indicator) -> Bool {
    guard indicator.table == Self.responsesTable, indicator.rule.asked != nil, design.weight != nil else {
      return false
    }
    let rollUp = units(of: indicator).rollUp
    return rollUp.combinesRows && design.unitWeight == nil && !design.isCensus(after: rollUp)
      && design.replicates == nil
  }

  /// What an indicator counts: its own roll-up, or that of its table.
  public func units(of indicator: Indicator) -> UnitKind {
    UnitKind(table: indicator.table, rollUp: indicator.rollUp ?? tables[indicator.table]?.rollUp ?? .none)
  }

  /// How the responses are rolled up for their indicators.
  public var responsesRollUps: Set<RollUp> {
    Set(indicators.filter { $0.table == Self.responsesTable && $0.rule.asked != nil }.map { units(of: $0).rollUp })
  }

  /// A stratum of the design by its name, with the members that it fixes.
  ///
  /// - Parameter population: PSUs (or units, where each is its own PSU) in the population; nil where none is declared.
  public func stratum(_ name: String, population: Double?) -> Stratum {
    let names = Array(dimensions.keys)
    var members: [Int: String] = [:]
    for (part, source) in zip(StratumName.parts(of: name, count: design.strata.count), design.strata) {
      if let position = names.firstIndex(of: source) { members[position] = part }
    }
    return Stratum(name: name, population: population, members: members)
  }

  /// The day that a date reference of a condition stands for; nil where the definition declares none.
  public func day(_ reference: DateReference) -> SurveyDate? {
    switch reference {
    case .day(let day): day
    case .referenceDate: referenceDate
    case .periodFrom: periodFrom
    case .periodTo: periodTo
    }
  }
}

/// One table: the responses, or a register.
public struct TableDefinition: Sendable {
  public enum Layout: Sendable, Equatable {
    case wide
    case long(respondent: String, question: String, answer: String)
  }

  public var name: String
  /// Absolute or relative to the working directory.
  public var paths: [String]
  public var layout: Layout
  public var codebook: Codebook?
  public var respondent: String?
  public var unit: String?
  public var rollUp: RollUp
  public var submitted: String?
  public var delimiter: UInt8
  /// nil: quotes are ordinary characters.
  public var quote: UInt8?
  /// How the dates of the table are written.
  public var dateFormat = DateFormat.iso8601
  /// Whether the definition says which delimiter it is.
  public var declaresDelimiter = false
  /// The records that head a file: the names, then others that are skipped.
  public var headerRows = 1
  /// Whether all of them give the names of the columns, put together.
  public var joinsHeaderRows = false
  /// Physical lines above the header.
  public var skippedRows = 0
  /// The encoding of the files, as the definition calls it; nil: UTF-8, unless a byte order mark says otherwise.
  public var encoding: String?
  /// Between the codes of a select-many answer.
  public var multipleSeparator: String
  /// Whether spaces around these codes are ignored.
  public var multipleTrim = false
  public var numbers = NumberFormat.plain

  public init(
    name: String, paths: [String], layout: Layout = .wide, codebook: Codebook? = nil, respondent: String? = nil,
    unit: String? = nil, rollUp: RollUp = .none, submitted: String? = nil, delimiter: UInt8 = UInt8(ascii: ","),
    quote: UInt8? = UInt8(ascii: "\""), multipleSeparator: String = "|"
  ) {
    self.name = name
    self.paths = paths
    self.layout = layout
    self.codebook = codebook
    self.respondent = respondent
    self.unit = unit
    self.rollUp = rollUp
    self.submitted = submitted
    self.delimiter = delimiter
    self.quote = quote
    self.multipleSeparator = multipleSeparator
  }

  /// The codes that stand for "no answer" in a column, whether it is a question or something that the pipeline itself
  /// names: a dimension, a stratum, a PSU, a weight, a key.
  public func missingCodes(of column: String) -> [String] { codebook?.missingCodes(in: column) ?? [""] }

  /// Whether a code of a column that is a number, also one of its missing codes, may be written as another text of the
  /// same number.
  public func hasNumericCodes(in column: String) -> Bool { codebook?.hasNumericCodes(in: column) ?? false }
}

/// Something that results are broken down by.
public struct Dimension: Sendable {
  public enum Source: Sendable {
    case column(String)
    /// The value stands in `column` of `register`, found by the register's unit.
    case join(register: String, keys: [String: String], defaultKey: String?, column: String)
  }

  public var name: String
  public var source: Source
  /// Member codes and their labels in display order; nil: each code is its own label.
  public var labels: OrderedDictionary<String, String>?

  public init(name: String, source: Source, labels: OrderedDictionary<String, String>? = nil) {
    self.name = name
    self.source = source
    self.labels = labels
  }

  /// The member of rows whose value is empty, as in SDMX.
  public static let unknownMember = "_U"
  /// What the outputs print for "all members together", as in SDMX.
  public static let totalMember = "_T"

  /// The other columns of the results: a dimension of such a name would head a second column of it.
  public static let reservedNames: Set<String> = [
    "cycle", "indicator", "unit", "status", "n", "n_missing", "n_unreadable", "n_yes", "population", "estimate", "se",
    "ci_low", "ci_high", "level",
    "method", "df", "deff", "n_eff", "flag", "reason", "compare_to", "role", "basis", "n_then", "n_now", "n_matched",
    "n_linked",
    "then", "now", "delta", "p_value", "p_adjusted", "significance", "comparability", "cycles", "slope",
  ]
}
