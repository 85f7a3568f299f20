import SurveyModel

/// The query as people read and run it.
extension CycleQuery {
  /// Statements that end with a semicolon, line by line, with what they are for.
  public var script: [String] {
    var lines = [
      comment("\(cycle.name): \(cycle.title)"),
      comment(
        "The views lead from the files to what each indicator counts: 1 or 0 for its denominator (d) and its numerator (y)."
      ),
    ]
    if dialect == .postgresql {
      lines.append(
        comment("Every table is expected under its name, with a column of text for each column of its file."))
    }
    lines += [
      comment(
        "Checks stand between the views and the numbers: where a run would stop, one of them fails and says why."),
      comment("A run leaves out a breakdown by what varies within units: its members are null."),
    ]
    if let transaction = dialect.transaction {
      lines += [
        comment("In one transaction, nothing answers any more when a statement has failed."), "",
        transaction.start + ";",
      ]
    }
    let told = Dictionary(kinds.values.compactMap { $0.units.scriptView() }.map { ($0.name, $0) }) { first, _ in first }
    for view in views { lines += ["", dialect.statement(told[view.name] ?? view) + ";"] }
    for check in guards { lines += ["", comment("check of " + check.subject), check.statement(dialect) + ";"] }
    for name in tableNames {
      guard let table = table(name) else { continue }
      lines += ["", comment("\(name): how many rows count, by what is wrong with the others"), table.accounting + ";"]
    }
    for (kind, statement) in kinds.sorted(by: {
      ($0.key.table, $0.key.rollUp.rawValue) < ($1.key.table, $1.key.rollUp.rawValue)
    })
    where !statement.units.indicators.isEmpty {
      lines += ["", comment("\(kind.table), roll-up \(kind.rollUp.rawValue): the sums of")]
      for indicator in statement.units.indicators {
        lines.append(comment("  \(indicator): \(cycle.indicators[indicator].id) \(cycle.indicators[indicator].title)"))
      }
      lines.append(statement.text + ";")
      if let directions = statement.directions {
        lines += [
          "",
          comment("\(kind.table): the directions of replicate weights, whose rank is the degrees of freedom and one"),
          directions.text + ";",
        ]
      }
    }
    if let transaction = dialect.transaction { lines += ["", transaction.end + ";"] }
    return lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
  }

  /// On one line, whatever the text holds.
  private func comment(_ text: String) -> String {
    "-- "
      + String(text.unicodeScalars.map { $0.properties.generalCategory == .control || $0 == ";" ? " " : Character($0) })
  }
}
