import OrderedCollections
import SurveyModel

/// One `NAME.yaml`, from its top-level keys to a checked `SurveyCycle`.
struct PipelineFile {
  static let keys = [
    "pipeline", "title", "cycle", "year", "reference-date", "period", "tables", "dimensions", "group-by", "design",
    "interval", "trend", "reliability", "min-cell", "max-rejected", "indicators",
  ]

  private let file: YAMLValue
  private let name: String
  private let texts: DefinitionTexts

  init(path: String, name: String) throws(DefinitionError) {
    var texts = DefinitionTexts()
    file = try texts.read(path)
    self.name = name
    self.texts = texts
  }

  func cycle() throws(DefinitionError) -> SurveyCycle {
    let fields = try file.fields("the pipeline", allowed: Self.keys)
    let declared = try fields.required("pipeline")
    let declaredName = try declared.text("`pipeline`")
    guard declaredName == name else {
      throw .conflict(
        declared.location, problem: "`pipeline: \(declaredName)` stands in a file named \(name).yaml",
        advice: "make the two names equal")
    }
    var files = texts
    let tables = try TablesReader(directory: file.directory).tables(try fields.required("tables"), files: &files)
    let dimensions = try DimensionsReader(directory: file.directory, tables: tables)
      .dimensions(fields["dimensions"], files: &files)

    var cycle = SurveyCycle(
      name: name, title: try fields.text("title") ?? name, cycle: try fields.text("cycle") ?? name,
      tables: tables, dimensions: dimensions, indicators: [])
    cycle.year = try fields.number("year")
    cycle.referenceDate = try fields.day("reference-date")
    if let period = try fields["period"]?.fields("`period`", allowed: ["from", "to"]) {
      cycle.periodFrom = try period.day("from")
      cycle.periodTo = try period.day("to")
    }
    cycle.groupings = try groupings(fields["group-by"], dimensions: dimensions)
    var populationCondition: YAMLValue?
    if let value = fields["design"] {
      let reader = DesignReader(tables: tables)
      (cycle.design, populationCondition) = try reader.design(value)
    }
    if let interval = fields["interval"] { cycle.interval = try self.interval(interval) }
    if let trend = fields["trend"] { cycle.trend = try self.trend(trend) }
    cycle.reliability = try fields.word("reliability") ?? .nchs
    if let cell = fields["min-cell"] {
      let number = try cell.number("value of `min-cell`")
      guard number >= 0, number == number.rounded(), number < 1e9 else {
        throw .badValue(
          cell.location, value: try cell.text("`min-cell`"), context: "value of `min-cell`",
          expected: "a whole number from 0", nearest: nil)
      }
      cycle.minimumCell = Int(number)
    }
    if let share = fields["max-rejected"] { cycle.maximumRejected = try self.share(share) }

    let indicatorsPath = file.path(beside: try fields.requiredPath("indicators"))
    let scope = ConditionScope(
      tables: Dictionary(uniqueKeysWithValues: tables.map { ($0.key, $0.value) }), table: SurveyCycle.responsesTable,
      keyColumns: keyColumns(cycle))
    cycle.indicators = try IndicatorReader(
      file: files.read(indicatorsPath, referredFrom: fields["indicators"]?.location),
      cycle: cycle.cycle, scope: scope
    ).indicators()
    if let populationCondition, case .register(let table, _) = cycle.design.population {
      let condition = try ConditionReader(scope: scope.inside(table)).condition(populationCondition)
      cycle.design.population = .register(table: table, condition: condition)
    }
    if let trend = fields["trend"] { try requireOverlap(in: cycle, at: trend) }
    try requireDates(of: cycle)
    try requireUseOfUnitWeight(in: cycle, at: fields["design"] ?? file)
    cycle.definitionFiles = files.paths
    cycle.definitionContents = files.contents
    return cycle
  }

  // MARK: - Parts

  private func groupings(
    _ value: YAMLValue?, dimensions: OrderedDictionary<String, Dimension>
  ) throws(DefinitionError) -> [[String]] {
    guard let value else { return [] }
    var result: [[String]] = []
    for grouping in try value.list("`group-by`") {
      var names: [String] = []
      for element in try grouping.texts("a grouping") {
        let name = try element.text("a dimension")
        guard dimensions[name] != nil else {
          throw .unknownDimension(
            element.location, name: name, nearest: NearestName.suggestion(for: name, among: dimensions.keys))
        }
        guard !names.contains(name) else {
          throw .conflict(
            element.location, problem: "the dimension \(name) stands twice in one grouping",
            advice: "keep one of the two")
        }
        names.append(name)
      }
      guard !names.isEmpty else {
        throw .wrongShape(
          grouping.location, context: "a grouping", expected: "a list of dimensions; the total is always there")
      }
      guard !result.contains(where: { Set($0) == Set(names) }) else {
        throw .conflict(
          grouping.location, problem: "the grouping \(names.joined(separator: " x ")) stands twice",
          advice: "keep one of the two")
      }
      result.append(names)
    }
    return result
  }

  private func interval(_ value: YAMLValue) throws(DefinitionError) -> IntervalRequest {
    let fields = try value.fields("`interval`", allowed: ["method", "level"])
    var request = IntervalRequest()
    request.method = try fields.word("method") ?? request.method
    if let level = fields["level"] {
      let number = try level.number("value of `level`")
      guard number > 0, number < 1 else {
        throw .badValue(
          level.location, value: try level.text("`level`"), context: "level", expected: "between 0 and 1, such as 0.95",
          nearest: nil)
      }
      request.level = number
    }
    return request
  }

  private func trend(_ value: YAMLValue) throws(DefinitionError) -> TrendRequest {
    let fields = try value.fields("`trend`", allowed: ["previous", "baseline", "overlap", "adjust", "slope"])
    var request = TrendRequest()
    for key in ["previous", "baseline"] {
      guard let other = fields[key] else { continue }
      let name = try other.text("`\(key)`")
      guard DefinitionReader.isName(name) else { throw .badName(name, other.location) }
      guard name != self.name else {
        throw .conflict(
          other.location, problem: "\(name) is compared with itself", advice: "name another pipeline, or leave it out")
      }
      if key == "previous" { request.previous = name } else { request.baseline = name }
    }
    request.overlap = try fields.word("overlap")
    request.adjust = try fields.word("adjust") ?? .holm
    if let slope = fields["slope"] {
      var names: [String] = []
      for value in try slope.texts("`slope`") {
        let name = try value.text("`slope`")
        guard DefinitionReader.isName(name) else { throw .badName(name, value.location) }
        guard !names.contains(name) else {
          throw .conflict(value.location, problem: "\(name) stands twice in `slope`", advice: "keep one of the two")
        }
        names.append(name)
      }
      guard names.count > 2 else {
        throw .conflict(
          slope.location, problem: "a slope needs three cycles or more, and \(names.count) are named",
          advice: "name more, or leave `slope` out: all cycles that run count then")
      }
      request.slope = names
    }
    return request
  }

  /// Cluster numbers that start anew in each wave look as if the same clusters were visited again.
  private func requireOverlap(in cycle: SurveyCycle, at value: YAMLValue) throws(DefinitionError) {
    let trend = cycle.trend
    guard trend.overlap == nil, trend.previous != nil || trend.baseline != nil || trend.slope != nil,
      let key = cycle.linkingKey
    else { return }
    throw .overlapUnknown(value.location, key: key)
  }

  /// A weight that no roll-up uses would be silently ignored.
  private func requireUseOfUnitWeight(in cycle: SurveyCycle, at value: YAMLValue) throws(DefinitionError) {
    guard cycle.design.unitWeight != nil,
      !cycle.indicators.contains(where: {
        $0.table == SurveyCycle.responsesTable && cycle.units(of: $0).rollUp.combinesRows
      })
    else { return }
    throw .conflict(
      value.location, problem: "`unit-weight` is declared, but no indicator rolls responses up by any, all or majority",
      advice: "leave it out, or declare a `roll-up`")
  }

  /// `1%` or `0.01`.
  private func share(_ value: YAMLValue) throws(DefinitionError) -> Double {
    let text = try value.text("`max-rejected`")
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text), number >= 0,
      number <= (isPercent ? 100 : 1)
    else {
      throw .badValue(
        value.location, value: text, context: "value of `max-rejected`", expected: "a share such as 1% or 0.01",
        nearest: nil)
    }
    return isPercent ? number / 100 : number
  }

  /// The columns that a pipeline uses beside its codebook's questions.
  private func keyColumns(_ cycle: SurveyCycle) -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for (name, table) in cycle.tables {
      var columns = Set([table.respondent, table.unit, table.submitted].compactMap(\.self))
      for dimension in cycle.dimensions.values {
        switch dimension.source {
        case .column(let column): columns.insert(column)
        case .join(_, let keys, let defaultKey, _):
          if let key = keys[name] ?? defaultKey { columns.insert(key) }
        }
      }
      if name == SurveyCycle.responsesTable {
        columns.formUnion(cycle.design.strata)
        columns.formUnion([cycle.design.weight, cycle.design.psu, cycle.design.unitWeight].compactMap(\.self))
        if case .column(let column) = cycle.design.population { columns.insert(column) }
      }
      result[name] = columns
    }
    return result
  }

  /// A word such as `reference-date` needs its day.
  private func requireDates(of cycle: SurveyCycle) throws(DefinitionError) {
    var missing: Set<String> = []
    func visit(_ condition: Condition) {
      switch condition {
      case .date(_, _, let reference) where cycle.day(reference) == nil:
        switch reference {
        case .referenceDate: missing.insert("reference-date")
        case .periodFrom: missing.insert("period: {from: ..}")
        case .periodTo: missing.insert("period: {to: ..}")
        case .day: break
        }
      case .any(let parts), .all(let parts): parts.forEach(visit)
      case .not(let part), .decided(let part): visit(part)
      case .related(let related): related.condition.map(visit)
      default: break
      }
    }
    for indicator in cycle.indicators {
      guard let rule = indicator.rule.asked else { continue }
      visit(rule.numerator)
      visit(rule.denominator)
      rule.eligible.map(visit)
    }
    if case .register(_, let condition?) = cycle.design.population { visit(condition) }
    for question in cycle.tables.values.flatMap({ Array(($0.codebook?.questions ?? [:]).values) }) {
      question.askedIf.map(visit)
    }
    if let key = missing.sorted().first {
      throw .conflict(
        file.location, problem: "a condition speaks of a day that the pipeline does not declare",
        advice: "add `\(key)`")
    }
  }
}
