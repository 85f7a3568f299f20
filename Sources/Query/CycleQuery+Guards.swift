import Normalize
import SurveyModel

/// What `CycleAsking` and a run look at between two statements, as statements of a script.
extension CycleQuery {
  var guards: [ScriptGuard] {
    let tables = tableNames.compactMap { table($0) }
    var guards = dialect == .spark ? tables.flatMap { [records(of: $0), headers(of: $0)] } : []
    if let population { guards.append(population) }
    for table in tables {
      guards += [questions(of: table), rows(of: table), answers(of: table), sizes(of: table)].compactMap(\.self)
      guards += keys(of: table)
    }
    let kinds = kinds.sorted { ($0.key.table, $0.key.rollUp.rawValue) < ($1.key.table, $1.key.rollUp.rawValue) }
    for (_, statement) in kinds {
      guards += [dates(of: statement.units), units(of: statement.units), members(of: statement)].compactMap(\.self)
    }
    return guards
  }

  private func text(_ words: String) -> String { dialect.literal(words) }

  private func name(_ table: TableQuery) -> String { table.plan.table.name }

  /// The first of some expressions whose condition holds.
  private func first(_ cases: [(condition: String, text: String)]) -> String {
    "CASE " + cases.map { "WHEN \($0.condition) THEN \($0.text)" }.joined(separator: " ") + " END"
  }

  private func any(_ conditions: [String]) -> String { conditions.map { "(\($0))" }.joined(separator: " OR ") }

  // MARK: - Files

  /// Where each record stands with its problem and its file.
  private func recordsView(of table: TableQuery) -> String { table.view(table.isLong ? "answers" : "rows") }

  private func records(of table: TableQuery) -> ScriptGuard {
    let refusing = table.problems.enumerated().filter { $0.element.refusesFile }
    let places = refusing.map { "\($0.offset)" }.joined(separator: ", ")
    return ScriptGuard(
      subject: "\(name(table)): records that Spark would read otherwise than the file is meant",
      query: """
        SELECT min(problem) AS problem, min(file) AS file FROM \(recordsView(of: table)) WHERE problem IN (\(places))
        """,
      condition: "problem IS NOT NULL",
      message: [
        "file", text(" of table \(name(table)): "),
        first(refusing.map { ("problem = \($0.offset)", text($0.element.words)) }),
        text(": run it with the embedded engine, which says where"),
      ])
  }

  private func headers(of table: TableQuery) -> ScriptGuard {
    let header = table.problems.firstIndex(of: .header) ?? 0
    return ScriptGuard(
      subject: "\(name(table)): files that do not begin with the header, or have it twice",
      query: """
        SELECT file, sum(CASE WHEN problem = \(header) THEN 1 ELSE 0 END) AS headers FROM \(recordsView(of: table))
        GROUP BY file
        """,
      condition: "headers <> 1",
      message: [
        "file", text(" of table \(name(table)) has the header of the others "), "headers",
        text(" times: all files of a table begin with the same header, byte by byte"),
      ])
  }

  // MARK: - The population

  private var population: ScriptGuard? {
    guard case .register(let register, _) = cycle.design.population, let query = undecidedPopulation else { return nil }
    return ScriptGuard(
      subject: "the population: units of which an unreadable answer leaves open whether they belong to it",
      query: query,
      condition: "units > 0",
      message: [
        text("an unreadable answer leaves open whether "), "unit",
        text(" of register \(register) belongs to the population (units so in all: "), "units",
        text("): correct the values that `pipeline check` lists, or the `where` of the population"),
      ])
  }

  // MARK: - Rows and answers

  /// Without a codebook, the lines of a long table say which questions there are.
  private func questions(of table: TableQuery) -> ScriptGuard? {
    guard table.isLong, let named = LongSource(table: table).namedQuestions else { return nil }
    let names = table.plan.longQuestions.map(\.name)
    let counts = names.enumerated().map { "count(CASE WHEN question = \(text($1)) THEN 1 END) AS named_\($0)" }
    return ScriptGuard(
      subject: "\(name(table)): questions that no row answers",
      query: "SELECT \(counts.joined(separator: ", ")) FROM (\n\(named.indented)\n) AS named",
      condition: any(names.indices.map { "named_\($0) = 0" }),
      message: [
        text("no row of table \(name(table)) answers the question "),
        first(names.enumerated().map { ("named_\($0) = 0", text($1)) }),
        text(": without a codebook the rows say which questions there are"),
      ])
  }

  private var limit: String { dialect.double(cycle.maximumRejected * (1 + 1e-12)) }
  private var limitWords: String { "more than max-rejected \(DataError.percent(cycle.maximumRejected))%" }

  private func rows(of table: TableQuery) -> ScriptGuard {
    let header = table.problems.firstIndex(of: .header) ?? 0
    let none = [header] + (table.problems.firstIndex(of: .outsidePopulation).map { [$0] } ?? [])
    let lines =
      table.isLong ? "\nUNION ALL\nSELECT problem FROM \(table.view("answers")) WHERE problem IS NOT NULL" : ""
    let isUnused = name(table) == SurveyCycle.responsesTable
    return ScriptGuard(
      subject: "\(name(table)): too many rejected rows",
      query: """
        SELECT count(CASE WHEN problem IS NULL THEN 1 END) AS counted,
          count(CASE WHEN problem NOT IN (\(none.map(String.init).joined(separator: ", "))) THEN 1 END) AS rejected,
          count(CASE WHEN problem IS NULL OR problem <> \(header) THEN 1 END) AS records
        FROM (
        \("SELECT problem FROM \(table.view("rows"))\(lines)".indented)
        ) AS records
        """,
      condition: "rejected > \(limit) * records" + (isUnused ? " OR counted = 0" : ""),
      message: [
        "rejected", text(" of "), "records",
        first([
          ("rejected > \(limit) * records", text(" rows of table \(name(table)) were rejected, \(limitWords)")),
          ("counted = 0", text(" rows of table \(name(table)) were rejected, and none of the others counts")),
        ]), text(": `pipeline check` lists them"),
      ])
  }

  private func answers(of table: TableQuery) -> ScriptGuard? {
    let columns = table.plan.answers.map(\.name)
    guard !columns.isEmpty else { return nil }
    let counts = columns.enumerated().map { place, column in
      "count(CASE WHEN \(dialect.identifier(Names.state(column))) <> 0 THEN 1 END) AS given_\(place),\n  "
        + "count(CASE WHEN \(dialect.identifier(Names.refused(column))) THEN 1 END) AS refused_\(place)"
    }
    var query = "SELECT \(counts.joined(separator: ",\n  "))\nFROM \(table.view("rows")) WHERE problem IS NULL"
    var refused = columns.indices.map { "refused_\($0)" }
    if table.isLong {
      // Answers of a question that was answered before are rejected as well.
      let again = columns.enumerated().map { place, column in
        "sum(CASE WHEN kind = 1 AND question = \(text(column)) THEN answers ELSE 0 END) AS again_\(place)"
      }
      query = """
        SELECT * FROM (
        \(query.indented)
        ) AS given CROSS JOIN (
          SELECT \(again.joined(separator: ", ")) FROM (
        \(LongSource(table: table).rejectedAnswers.indented.indented)
          ) AS repeated
        ) AS again
        """
      refused = columns.indices.map { "(refused_\($0) + coalesce(again_\($0), 0))" }
    }
    let isAbove = columns.indices.map { "\(refused[$0]) > \(limit) * given_\($0)" }
    return ScriptGuard(
      subject: "\(name(table)): columns with too many answers that cannot be read", query: query,
      condition: any(isAbove),
      message: [
        first(
          columns.enumerated().map { place, column in
            let words = text(" answers in column \(column)")
            return (isAbove[place], "concat(\(refused[place]), \(text(" of ")), given_\(place), \(words))")
          }),
        text(" of table \(name(table)) cannot be read, \(limitWords): `pipeline check` says which"),
      ])
  }

  private func keys(of table: TableQuery) -> [ScriptGuard] {
    table.repeatedKeys.map { what, column, statement in
      ScriptGuard(
        subject: "\(name(table)): \(what) that stand there twice", query: statement, condition: "keys > 0",
        message: [
          "keys", text(" \(what) of table \(name(table)) have several rows, among them \""), column,
          text("\": `pipeline check` lists them, and a query knows no first row that could stay"),
        ])
    }
  }

  // MARK: - Units

  private func dates(of units: UnitsQuery) -> ScriptGuard? {
    guard let query = units.unreadableDate else { return nil }
    return ScriptGuard(
      subject: "\(name(units.table)): units of which the latest row cannot be told", query: query,
      condition: "unit IS NOT NULL",
      message: [
        text("unit "), "unit",
        text(" has several rows in table \(name(units.table)), and which is the latest cannot be told: \""), "value",
        text("\" is no date that can be read: correct it, or say by `date-format` how the table writes dates"),
      ])
  }

  private func units(of units: UnitsQuery) -> ScriptGuard? {
    let constant = units.constant
    guard !constant.isEmpty else { return nil }
    let columns = constant.map { "min(CASE WHEN varies_\($0.column) THEN unit END) AS first_\($0.column)" }
    return ScriptGuard(
      subject: "\(name(units.table)), roll-up \(units.rollUp.rawValue): what must not vary within a unit",
      query: "SELECT \(columns.joined(separator: ", ")) FROM \(dialect.identifier(units.name))",
      condition: any(constant.map { "first_\($0.column) IS NOT NULL" }),
      message: [
        first(
          constant.map { column, words in
            ("first_\(column) IS NOT NULL", "concat(\(text("the \(words) of unit ")), first_\(column))")
          }),
        text(" differs between its rows in table \(name(units.table)): a unit has one stratum, one PSU and one weight"),
      ])
  }

  /// A population size that a column gives.
  private func sizes(of table: TableQuery) -> ScriptGuard? {
    guard let column = table.plan.design?.populationColumn else { return nil }
    let strata = cycle.design.strata.indices.map(Names.stratum)
    let columns = strata + SumsStatement.sizes.map { "\($0.expression) AS \($0.name)" }
    let groups = strata.isEmpty ? "" : " GROUP BY " + strata.joined(separator: ", ")
    let names = strata.isEmpty ? [text("all")] : Array(strata.map { [$0] }.joined(separator: [text(" / ")]))
    return ScriptGuard(
      subject: "\(name(table)): strata whose population size varies, or is no number",
      query:
        "SELECT \(columns.joined(separator: ", ")) FROM \(table.view("judged")) WHERE problem IS NULL\(groups)",
      condition: "unreadable_size IS NOT NULL OR least_size <> largest_size",
      message: [
        first([
          (
            "unreadable_size IS NOT NULL",
            "concat('\"', unreadable_size, \(text("\" in column \(column) is no population size for stratum ")))"
          ),
          ("TRUE", text("the population size in column \(column) varies within stratum ")),
        ])
      ] + names + [text(": every row of a stratum must give the same number of PSUs")])
  }

  private func members(of statement: SumsStatement) -> ScriptGuard? {
    guard !statement.dimensions.isEmpty else { return nil }
    let names = Array(cycle.dimensions.keys)
    let total = text(Dimension.totalMember)
    let columns = statement.dimensions.map {
      "count(CASE WHEN \(Names.member($0)) = \(total) THEN 1 END) AS total_\($0)"
    }
    let units = statement.units
    return ScriptGuard(
      subject: "\(name(units.table)), roll-up \(units.rollUp.rawValue): members that are called as the total",
      query: "SELECT \(columns.joined(separator: ", ")) FROM \(dialect.identifier(units.name)) WHERE problem IS NULL",
      condition: any(statement.dimensions.map { "total_\($0) > 0" }),
      message: [
        text("dimension "), first(statement.dimensions.map { ("total_\($0) > 0", text(names[$0])) }),
        text(
          " has the value \"\(Dimension.totalMember)\" in table \(name(units.table)), which stands for the total: "
            + "leave rows of totals out of the data"),
      ])
  }
}
