import Normalize
import SurveyModel

/// The answers whose routing decides how they are read, in SQL: as `RoutingPass` reads them.
struct ReroutedAnswers {
  let plan: TablePlan
  let conditions: ConditionSQL

  private var dialect: Dialect { conditions.dialect }

  /// Whether the state of an answer is known only when its routing is.
  func includes(_ column: AnswerColumn) -> Bool { plan.table.codebook?.reroutes(column.name) == true }

  /// The states of these answers, layer by layer: each question after those that decide whether it is asked.
  ///
  /// - Throws: `QueryError.deepRouting`, `DataError.unresolved`.
  func layers() throws -> [[(name: String, expression: String)]] {
    guard let codebook = plan.table.codebook else { return [] }
    var levels: [String: Int] = [:]
    var layers: [[(name: String, expression: String)]] = []
    for name in codebook.inRoutingOrder(plan.answers.filter(includes).map(\.name)) {
      guard let asked = codebook.questions[name]?.askedIf, let notAsked = codebook.notAsked(name),
        let column = plan.answers.first(where: { $0.name == name })
      else { continue }
      guard let out = codebook.writingOutRouting(notAsked), let put = codebook.writingOutRouting(asked) else {
        throw QueryError.deepRouting(question: name, table: plan.table.name)
      }
      let written = dialect.identifier(Names.written(name))
      var cases = ""
      if column.spelling.blankIsCode {
        let isBlank = "\(dialect.identifier(Names.text(name))) = ''"
        let asked = try conditions.sql(put)
        cases += "WHEN \(isBlank) AND (\(asked)) IS NULL THEN 3 WHEN \(isBlank) AND NOT (\(asked)) THEN 0 "
      }
      if codebook.ignoresRoutedOut {
        let notAsked = try conditions.sql(out)
        cases += "WHEN \(notAsked) THEN 0 WHEN \(written) <> 0 AND (\(notAsked)) IS NULL THEN 3 "
      }
      let level = out.columns.union(put.columns).reduce(0) { max($0, (levels[$1] ?? -1) + 1) }
      levels[name] = level
      while layers.count <= level { layers.append([]) }
      layers[level].append(
        (Names.state(name), "CASE \(cases)ELSE \(written) END"))
    }
    return layers
  }
}
