import OrderedCollections
import SurveyModel

/// Reads the `design` of a pipeline: how the rows of the responses table were sampled.
struct DesignReader {
  static let keys = ["weight", "strata", "psu", "unit-weight", "population", "lonely-psu", "replicates", "df"]
  static let replicateKeys = ["columns", "type", "fay", "mse", "scale", "rscales", "df"]

  let tables: OrderedDictionary<String, TableDefinition>

  /// - Returns: The design, and the condition of a population register, which is read when all tables are known.
  func design(_ value: YAMLValue) throws(DefinitionError) -> (SampleDesign, populationCondition: YAMLValue?) {
    let fields = try value.fields("`design`", allowed: Self.keys)
    var design = SampleDesign(
      weight: try fields.text("weight"), strata: try fields.texts("strata"), psu: try fields.text("psu"),
      unitWeight: try fields.text("unit-weight"))
    design.lonelyPSU = try fields.word("lonely-psu") ?? .fail
    design.degreesOfFreedom = try fields.word("df") ?? .domain
    var condition: YAMLValue?
    if let population = fields["population"] {
      (design.population, condition) = try self.population(population)
    }
    if let replicates = fields["replicates"] {
      guard design.population == nil else {
        throw .conflict(
          replicates.location, problem: "replicate weights and a population exclude each other",
          advice: "replicate weights carry the finite population correction already: leave `population` out")
      }
      guard design.strata.isEmpty, design.psu == nil else {
        throw .conflict(
          replicates.location, problem: "replicate weights stand beside strata or PSUs",
          advice: "replicate weights carry the strata and PSUs already: keep one of the two")
      }
      design.replicates = try self.replicates(replicates)
      guard design.weight != nil else { throw .missingKey(value.location, key: "weight", context: "`design`") }
    }
    return (design, condition)
  }

  private func population(
    _ value: YAMLValue
  ) throws(DefinitionError) -> (SampleDesign.Population, condition: YAMLValue?) {
    let fields = try value.fields("`population`", allowed: ["column", "table", "where"])
    if let column = try fields.text("column") {
      guard fields["table"] == nil, fields["where"] == nil else {
        throw .conflict(
          value.location, problem: "`population` names a column and a table", advice: "keep one of the two")
      }
      return (.column(column), nil)
    }
    let tableValue = try fields.required("table")
    let table = try tableValue.text("`table`")
    guard let definition = tables[table] else {
      throw .unknownTable(
        tableValue.location, name: table, nearest: NearestName.suggestion(for: table, among: tables.keys))
    }
    guard definition.unit != nil, tables[SurveyCycle.responsesTable]?.unit != nil else {
      throw .conflict(
        value.location, problem: "a population register needs to know whose rows are whose",
        advice: "declare `unit` for the tables \(SurveyCycle.responsesTable) and \(table)")
    }
    try definition.requireNoRollUp(at: tableValue.location)
    return (.register(table: table, condition: nil), fields["where"])
  }

  private func replicates(_ value: YAMLValue) throws(DefinitionError) -> ReplicateWeights {
    let fields = try value.fields("`replicates`", allowed: Self.replicateKeys)
    _ = try fields.required("columns")
    guard let type: ReplicateType = try fields.word("type") else {
      throw .missingKey(value.location, key: "type", context: "`replicates`")
    }
    var replicates = ReplicateWeights(columns: try fields.texts("columns"), type: type)
    replicates.isAroundEstimate = try fields["mse"]?.truth("value of `mse`") ?? false
    if let fay = fields["fay"] {
      guard type == .fay else {
        throw .conflict(
          fay.location, problem: "`fay` belongs to the type fay, not to \(type.rawValue)", advice: "leave it out")
      }
      replicates.fay = try number(fay, "fay", expected: "a number from 0 to below 1") { $0 >= 0 && $0 < 1 }
    } else if type == .fay {
      throw .missingKey(value.location, key: "fay", context: "`replicates`")
    }
    if let scale = fields["scale"] {
      replicates.scale = try number(scale, "scale", expected: "a number above 0, at most 1e100") {
        $0 > 0 && $0 <= 1e100
      }
    }
    if let scales = fields["rscales"] {
      var factors: [Double] = []
      for factor in try scales.texts("`rscales`") {
        factors.append(try number(factor, "rscales", expected: "a number from 0 to 1e100") { $0 >= 0 && $0 <= 1e100 })
      }
      guard factors.contains(where: { $0 > 0 }) else {
        throw .wrongShape(scales.location, context: "`rscales`", expected: "a number, or a list of numbers, above 0")
      }
      replicates.replicateScales = factors
    } else if type == .jkn {
      throw .missingKey(value.location, key: "rscales", context: "`replicates`")
    }
    if let df = fields["df"] {
      let number = try number(df, "df", expected: "a whole number from 1") { $0 >= 1 && $0 == $0.rounded() && $0 < 1e9 }
      replicates.degreesOfFreedom = Int(number)
    }
    return replicates
  }

  private func number(
    _ value: YAMLValue, _ key: String, expected: String, where isGood: (Double) -> Bool
  ) throws(DefinitionError) -> Double {
    let number = try value.number("value of `\(key)`")
    guard isGood(number) else {
      throw .badValue(
        value.location, value: try value.text("`\(key)`"), context: "value of `\(key)`", expected: expected,
        nearest: nil)
    }
    return number
  }
}
