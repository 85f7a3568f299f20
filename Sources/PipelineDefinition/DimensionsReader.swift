import OrderedCollections
import SurveyModel

/// Reads the `dimensions` of a pipeline and the label files they name.
struct DimensionsReader {
  let directory: String
  let tables: OrderedDictionary<String, TableDefinition>

  func dimensions(
    _ value: YAMLValue?, files: inout DefinitionTexts
  ) throws(DefinitionError) -> OrderedDictionary<String, Dimension> {
    var result: OrderedDictionary<String, Dimension> = [:]
    guard let value else { return result }
    for (key, body) in try value.pairs("`dimensions`") {
      let name = try key.text("a dimension")
      guard !Dimension.reservedNames.contains(name) else {
        throw .conflict(
          key.location, problem: "the results have a column \(name) already",
          advice: "give the dimension another name; `column` says what it reads")
      }
      let fields = try body.fields("dimension \(name)", allowed: ["column", "labels", "join", "on"])
      var dimension = Dimension(name: name, source: try source(fields))
      if let labels = fields["labels"] {
        let path = body.path(beside: try labels.filePath("`labels`"))
        dimension.labels = try self.labels(files.read(path, referredFrom: labels.location))
        try refuseMissingMember(of: dimension, at: labels)
      }
      result[name] = dimension
    }
    return result
  }

  /// A member that were a missing code would be counted among the unknown.
  private func refuseMissingMember(of dimension: Dimension, at value: YAMLValue) throws(DefinitionError) {
    let (name, column) =
      switch dimension.source {
      case .column(let column): (SurveyCycle.responsesTable, column)
      case .join(let register, _, _, let column): (register, column)
      }
    let missing = tables[name]?.missingCodes(of: column) ?? []
    guard let member = missing.first(where: { !$0.isEmpty && dimension.labels?[$0] != nil }) else { return }
    throw .conflict(
      value.location,
      problem: "\"\(member)\" is a member of dimension \(dimension.name) and a missing code of column \(column)",
      advice: "give the codebook of table \(name) a question \(column) with `missing: [\"\"]`, or leave the label out")
  }

  private func source(_ fields: YAMLFields) throws(DefinitionError) -> Dimension.Source {
    let column = try fields.requiredText("column")
    guard let join = fields["join"] else {
      if let on = fields["on"] {
        throw .conflict(on.location, problem: "`on` stands without `join`", advice: "name the register in `join`")
      }
      return .column(column)
    }
    let register = try join.text("`join`")
    guard let table = tables[register] else {
      throw .unknownTable(
        join.location, name: register, nearest: NearestName.suggestion(for: register, among: tables.keys))
    }
    guard table.unit != nil else {
      throw .conflict(
        join.location, problem: "the register \(register) is joined by its unit, which is not declared",
        advice: "declare `unit` for the table \(register)")
    }
    try table.requireNoRollUp(at: join.location)
    let on = try fields.required("on")
    if !on.isMapping {
      return .join(register: register, keys: [:], defaultKey: try on.text("`on`"), column: column)
    }
    var keys: [String: String] = [:]
    var defaultKey: String?
    for (key, value) in try on.pairs("`on`") {
      let table = try key.text("a table")
      let keyColumn = try value.text("a column")
      if table == "default" {
        defaultKey = keyColumn
      } else {
        guard tables[table] != nil else {
          throw .unknownTable(
            key.location, name: table,
            nearest: NearestName.suggestion(for: table, among: Array(tables.keys) + ["default"]))
        }
        keys[table] = keyColumn
      }
    }
    return .join(register: register, keys: keys, defaultKey: defaultKey, column: column)
  }

  private func labels(_ file: YAMLValue) throws(DefinitionError) -> OrderedDictionary<String, String> {
    var labels: OrderedDictionary<String, String> = [:]
    for (code, label) in try file.pairs("the labels") {
      let member = try code.text("a code")
      guard member != Dimension.totalMember else {
        throw .conflict(
          code.location, problem: "\(member) stands for the total in the results", advice: "give the code another name")
      }
      labels[member] = try label.text("a label")
    }
    return labels
  }
}

extension TableDefinition {
  /// Where others look units up, each must have one row.
  func requireNoRollUp(at location: SourceLocation) throws(DefinitionError) {
    guard rollUp == .none else {
      throw .conflict(
        location, problem: "units are looked up in table \(name), whose `roll-up` is \(rollUp.rawValue)",
        advice: "leave the roll-up out, and one row a unit in the file")
    }
  }
}
