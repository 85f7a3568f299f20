import SurveyTestSupport

/// One row an answer: a response is the rows of a respondent, wherever they stand.
extension DamagedSurvey {
  /// A row of the file, and what will be listed of it.
  private struct LongRow {
    var fields: [String]
    var respondent: String?
    var listed: (column: String, scope: String)?
  }

  mutating func writeLong(_ rows: [Row]) {
    var rows = rows
    let header = ["id", "u", "h", "p", "w", "question", "answer", "note"]
    var perRespondent = rows.indices.map { longRows(of: &rows[$0]) }
    var lines: [LongRow] = []
    while let place = perRespondent.indices.filter({ !perRespondent[$0].isEmpty }).randomElement(using: &generator) {
      lines.append(perRespondent[place].removeFirst())
      if happens(oneIn: 25) { lines.append(stray()) }
    }
    var file = newFile()
    _ = append(header, to: &file)
    var seen: Set<String> = []
    var order: [String] = []
    for line in lines {
      let number = append(line.fields, to: &file)
      if let id = line.respondent, seen.insert(id).inserted { order.append(id) }
      guard let (column, scope) = line.listed else { continue }
      if scope == "answer" {
        reject(answer: column, file: "responses-0.csv", line: number)
      } else {
        if line.respondent == nil {
          responses.read += 1
          responses.rejected += 1
        }
        listed.append(Listed(file: "responses-0.csv", line: number, column: column, scope: scope))
      }
    }
    for row in rows {
      responses.read += 1
      switch row.fate {
      case .used: responses.used += 1
      case .superseded: responses.superseded += 1
      case .outside: responses.outside += 1
      case .rejected: responses.rejected += 1
      }
    }
    files["responses-0.csv"] = file.whole
    responseFiles = ["responses-0.csv"]
    // Responses come in the order in which their respondents come first.
    let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    writeClean(order.compactMap { byID[$0] })
  }

  /// A row that belongs to no respondent.
  private mutating func stray() -> LongRow {
    if Bool.random(using: &generator) {
      note(.noRespondent)
      return LongRow(fields: ["", "unit 0", "h0", "p0", "1", "q1", "1", ""], listed: ("id", "row"))
    }
    note(random(0..<2) == 0 ? .tooFewFields : .tooManyFields)
    return LongRow(fields: Array(repeating: "x", count: random(of: [3, 9])), listed: ("", "row"))
  }

  private mutating func longRows(of row: inout Row) -> [LongRow] {
    let key = [row.id, row.unit, row.stratum, row.psu, row.weight]
    let id = row.id
    func answer(_ question: String, _ text: String, listed: Bool = false) -> LongRow {
      LongRow(fields: key + [question, text], respondent: id, listed: listed ? (question, "answer") : nil)
    }
    var result: [LongRow] = []
    if !row.answer.isEmpty || happens(oneIn: 3) {
      result.append(answer("q1", row.answer, listed: row.badAnswers.contains("q1")))
      if !row.answer.isEmpty, row.badAnswers.isEmpty, row.fate == .used, happens(oneIn: 8) {
        note(.secondAnswer)
        result.append(answer("q1", "0", listed: true))
      }
    }
    if row.badAnswers.contains("q2") {
      result.append(answer("q2", row.choices.joined(separator: "|"), listed: true))
    } else {
      for choice in row.choices { result.append(answer("q2", choice)) }
    }
    if row.fate == .used, happens(oneIn: 10) {
      note(.strayQuestion)
      result.append(answer("q9", "1", listed: true))
    }
    if result.isEmpty { result.append(answer("q3", "")) }
    if case .rejected(let column) = row.fate {
      // What is wrong with a respondent is wrong in all of its rows: the first is listed.
      result[0].listed = (column, "row")
    } else if row.fate == .used, row.badAnswers.isEmpty, !result.contains(where: { $0.listed != nil }),
      layout.hasWeights, happens(oneIn: 8)
    {
      note(.contradiction)
      var other = answer("q3", "remark")
      other.fields[4] = "77"
      other.listed = ("w", "row")
      result.append(other)
      row.fate = .rejected(column: "w")
    }
    for place in result.indices { result[place].fields.append(remark()) }
    return result
  }
}
