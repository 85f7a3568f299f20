import Normalize
import SurveyModel

/// Puts the lines of a long table, one an answer, together into one record a respondent, as `LongPivot` does.
struct LongSource {
  let table: TableQuery

  private var dialect: Dialect { table.dialect }

  func views() -> [QueryView] {
    [
      QueryView(name: table.name("answers"), query: answers),
      QueryView(name: table.name("source"), query: source),
    ]
  }

  private var layout: (respondent: String, question: String, answer: String) {
    guard case .long(let respondent, let question, let answer) = table.plan.table.layout else { return ("", "", "") }
    return (respondent, question, answer)
  }

  private func text(_ column: String) -> String { dialect.identifier(Names.text(column)) }
  private var question: String { text(layout.question) }
  private var answer: String { text(layout.answer) }

  /// The lines, each with what is wrong with it.
  private var answers: String {
    let cases = table.lineProblems.map { "WHEN \($0.condition) THEN \($0.place)" }
    let problem = "CASE \(cases.joined(separator: " ")) END"
    return """
      SELECT *, \(problem) AS problem,
        \(isAnswer) AS is_answer
      FROM \(table.view("lines"))
      """
  }

  /// What stands for no answer depends on the question.
  private var isAnswer: String {
    var lists: [[String]: [String]] = [:]
    for (name, _, missing) in table.plan.longQuestions { lists[missing, default: []].append(name) }
    let cases = lists.sorted { $0.value[0] < $1.value[0] }.map { missing, names in
      "WHEN \(question) IN \(dialect.list(names)) THEN \(answer) NOT IN \(dialect.list(missing))"
    }
    let other = "\(answer) <> ''"
    return cases.isEmpty ? other : "CASE \(cases.joined(separator: " ")) ELSE \(other) END"
  }

  private var source: String {
    let plan = table.plan
    var columns = [
      "\(dialect.first("file", by: "place")) AS file", "min(place) AS place", "CAST(NULL AS INTEGER) AS fields",
    ]
    for column in plan.respondentColumns {
      let text = text(column)
      columns.append(
        column == layout.respondent ? text : "\(dialect.first(text, by: "place")) AS \(text)")
      if column != layout.respondent {
        columns.append("min(\(text)) <> max(\(text)) AS \(dialect.identifier("contradiction_" + column))")
      }
    }
    for (name, takesSeveral, _) in plan.longQuestions {
      let filter = "FILTER (WHERE is_answer AND \(question) = \(dialect.literal(name)))"
      let value =
        takesSeveral
        ? dialect.joined(answer, by: "place", separator: plan.table.multipleSeparator, filter)
        : "\(dialect.first(answer, by: "place", filter))"
      columns.append("coalesce(\(value), '') AS \(text(name))")
    }
    return """
      SELECT \(columns.joined(separator: ",\n  "))
      FROM \(table.view("answers")) WHERE problem IS NULL GROUP BY \(text(layout.respondent))
      """
  }

  /// Lines that are in no record: problem, file, fields, how many.
  var rejectedLines: String {
    """
    SELECT problem, file, fields, count(*) AS records FROM \(table.view("answers"))
    WHERE problem IS NOT NULL GROUP BY 1, 2, 3
    """
  }

  /// Answers of respondents that count which no record holds: 1 where the question was answered before, 2 where the
  /// codebook has no such question; file, question, value, how many.
  var rejectedAnswers: String {
    let single = table.plan.longQuestions.filter { !$0.takesSeveral }.map(\.name)
    let known = table.plan.table.codebook.map { Array($0.questions.keys) }
    let isSingle = single.isEmpty ? "FALSE" : "\(question) IN \(dialect.list(single))"
    let isStray =
      known.map { names in
        "NOT (\(question) = '' AND \(answer) = '')"
          + (names.isEmpty ? "" : " AND \(question) NOT IN \(dialect.list(names))")
      } ?? "FALSE"
    let respondent = text(layout.respondent)
    return """
      SELECT kind, file, question, answer, count(*) AS answers FROM (
        SELECT a.file, \(question) AS question, \(answer) AS answer,
          CASE WHEN is_answer AND \(isSingle) AND row_number() OVER (
            PARTITION BY a.\(respondent), \(question), is_answer ORDER BY a.place) > 1 THEN 1
            WHEN \(isStray) THEN 2 END AS kind
        FROM \(table.view("answers")) AS a
        JOIN (SELECT \(respondent) AS counted FROM \(table.view("rows")) WHERE problem IS NULL) AS r
          ON a.\(respondent) = counted
        WHERE a.problem IS NULL
      ) AS found WHERE kind IS NOT NULL GROUP BY 1, 2, 3, 4
      """
  }

  /// How many lines name each needed question; nil where the codebook says which questions there are.
  var namedQuestions: String? {
    let names = table.plan.longQuestions.map(\.name)
    guard table.plan.table.codebook == nil, !names.isEmpty else { return nil }
    return """
      SELECT \(question) AS question, count(*) AS lines FROM \(table.view("answers"))
      WHERE problem IS NULL AND \(question) IN \(dialect.list(names)) GROUP BY 1
      """
  }
}
