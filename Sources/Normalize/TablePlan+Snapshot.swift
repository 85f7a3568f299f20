import SurveyModel

extension TablePlan {
  /// Whether rows are asked for more than their codes: their text, as a key of another table. A snapshot has none.
  public var readsText: Bool { !keys.isEmpty }

  /// Everything that decides how a row is coded, in words. Two plans with the same description make the same codes of
  /// the same file.
  public var snapshotDescription: String {
    var parts = ["snapshot of codes 3", table.name, "\(table.delimiter) \(String(describing: table.quote))"]
    func list(_ name: String, _ texts: [String]) { parts.append("\(name) \(texts.map { $0.debugDescription })") }
    list("keys", [table.respondent, table.unit, table.submitted].map { $0 ?? "" })
    if hasEachUnitOnce { parts.append("each unit once") }
    list("missing", table.codebook?.missing ?? [""])
    for question in table.codebook?.questions.values.map({ $0 }) ?? [] {
      if let missing = question.missing { list("missing", [question.key] + missing) }
    }
    list("numeric", Set(columnNames).filter(table.hasNumericCodes).sorted())
    list("dates", [table.dateFormat.pattern ?? ""])
    parts.append("\(table.declaresDelimiter) \(table.headerRows) \(table.skippedRows)")
    if table.joinsHeaderRows { parts.append("names of all header rows") }
    if let encoding = table.encoding { list("encoding", [encoding]) }
    list("numbers", [table.numbers.decimal.rawValue, table.numbers.thousands?.rawValue ?? ""])
    if let routing {
      list("routing", [routing.description] + routing.counted.map { "\($0.question) \($0.isGateBlank)" })
    }
    for answer in answers {
      list(
        "answer",
        [answer.name, "\(answer.isSelection)", "\(answer.refusesOthers)", "\(String(describing: answer.number))"]
          + ["\(answer.isDate)", answer.spelling.separator, "\(answer.spelling.trims)"]
          + ["\(answer.spelling.numericCodes)", "\(answer.spelling.blankIsCode)"])
      list("codes", answer.codes)
      list("missing", answer.missingTexts)
      list("not applicable", answer.notApplicable)
    }
    for dimension in dimensions {
      switch dimension {
      case nil: parts.append("no dimension")
      case .column(let name): list("dimension", [name])
      case .join(let key, let joined):
        list("join", [key, joined.register])
        list("units", joined.units.keys)
        list("values", joined.valueNumbers.map { joined.distinctValues[Int($0)] })
      }
    }
    guard let design else { return parts.joined(separator: "\n") }
    list("weights", [design.weight ?? "", design.unitWeight ?? "", design.populationColumn ?? ""])
    list("replicates", design.replicateColumns)
    parts.append("unknown stratum \(design.allowsUnknownStratum)")
    for part in design.strata + [design.psu].compactMap(\.self) { parts.append("part \(part)") }
    parts.append(design.psu == nil ? "rows are PSUs" : "PSUs by column")
    if let population = design.population {
      list("population", [population.register])
      list("members", population.units.keys)
      list("belong", population.belongs.map { "\($0)" })
    }
    return parts.joined(separator: "\n")
  }
}
