import SurveyModel

/// What makes the data as a whole unacceptable, beyond single rows and answers, which are rejected one by one.
public enum DataError: Failure, Equatable {
  case populationVaries(stratum: String, column: String, SourceLocation)
  /// - Parameter hint: What would read the value, to stand behind the sentence; empty where that cannot be told.
  case populationNotANumber(value: String, stratum: String, column: String, hint: String = "", SourceLocation)
  /// Rows that a roll-up combines disagree about what a unit has once: its stratum, its PSU, its weight.
  case unitVaries(unit: String, what: String, firstLine: Int, SourceLocation)
  /// Under `latest`, the date of one of a unit's rows, on the line that is the place, cannot be read.
  ///
  /// - Parameter others: Other dates of the table that cannot be read.
  case unreadableDate(unit: String, value: String, otherLine: Int, others: [String] = [], SourceLocation)
  /// A column with replicate weights, or a pattern, that nothing in the header fits.
  case noReplicateColumn(pattern: String, nearest: String?, SourceLocation)
  case tooFewReplicates(pattern: String, SourceLocation)
  case replicateCount(columns: Int, scales: Int, SourceLocation)
  /// A question that a condition names and no row of a long table without a codebook.
  case noSuchQuestion(table: String, name: String, nearest: String?)
  /// A value of a dimension that the results could not tell from all members together.
  case totalAsMember(table: String, dimension: String)
  case noUsedRow(table: String, read: Int)
  /// An unreadable answer decides whether units belong to the declared population.
  case unreadablePopulation(register: String, unit: String, count: Int)
  case tooManyAnswersRejected(table: String, AnswerAccounting, limit: Double)
  /// - Parameter cause: The most frequent reason, in words.
  case tooManyRejected(table: String, rejected: Int, read: Int, limit: Double, cause: String? = nil)
  case anyRejected(table: String, rows: Int, answers: Int)
  /// They are all remembered, so that none counts twice, and there is no memory for more.
  case tooManyRespondents(table: String, count: Int)
  /// A row is neither used nor accounted for otherwise: a defect of the project, not of the data.
  case unbalanced(table: String)
  /// A condition refers to a column that the plan does not read: a defect of the project, not of the data.
  case unresolved(table: String, name: String)
}

extension DataError {
  public var summary: String {
    switch self {
    case .populationVaries(let stratum, let column, _):
      "the population size in column \(column) varies within stratum \(stratum)"
    case .populationNotANumber(let value, let stratum, let column, let hint, _):
      "\"\(value)\" in column \(column) is no population size for stratum \(stratum)\(hint)"
    case .unitVaries(let unit, let what, let firstLine, _):
      "the \(what) of unit \(unit.withVisibleControls) differs from that of its row on line \(firstLine)"
    case .unreadableDate(let unit, let value, let otherLine, _, _):
      "unit \(unit.withVisibleControls) has another row on line \(otherLine), and which is the latest cannot be told: "
        + "\"\(value.withVisibleControls)\" is no date that can be read"
    case .noReplicateColumn(let pattern, let nearest, _):
      "no column of the header matches \"\(pattern)\", which is to hold replicate weights"
        + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .tooFewReplicates(let pattern, _):
      "the header has fewer than two columns that match \"\(pattern)\", which hold the replicate weights"
    case .replicateCount(let columns, let scales, _):
      "`rscales` has \(scales) factors, but \(columns) columns hold replicate weights"
    case .noSuchQuestion(let table, let name, let nearest):
      "no row of table \(table) answers the question \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .totalAsMember(let table, let dimension):
      "dimension \(dimension) has the value \"\(Dimension.totalMember)\" in table \(table), which stands for the total"
    case .unreadablePopulation(let register, let unit, let count):
      "an unreadable answer leaves open whether \(unit.withVisibleControls) of register \(register) belongs to the "
        + "population" + (count > 1 ? ", and so for \(count - 1) more" : "")
    case .noUsedRow(let table, let read):
      read == 0 ? "table \(table) has no row" : "no row of table \(table) can be used; \(read) were read"
    case .tooManyRejected(let table, let rejected, let read, let limit, _):
      "\(rejected) of \(read) rows of table \(table) were rejected, more than max-rejected \(Self.percent(limit))%"
    case .tooManyAnswersRejected(let table, let answers, let limit):
      "\(answers.problem(in: "table \(table)")), more than max-rejected \(Self.percent(limit))%"
        + (answers.question == nil ? ": \(answers.words)" : "")
    case .anyRejected(let table, let rows, let answers):
      "table \(table) has \(rows) rejected rows and \(answers) rejected answers, and --strict allows none"
    case .tooManyRespondents(let table, let count):
      "not enough memory to remember more than \(count) respondents of table \(table)"
    case .unbalanced(let table):
      "internal: the rows of table \(table) do not add up"
    case .unresolved(let table, let name):
      "internal: no plan for \"\(name)\" of table \(table)"
    }
  }

  /// As people wrote it: 0.29 times 100 is not quite 29.
  package static func percent(_ share: Double) -> String { ((share * 1e12).rounded() / 1e10).shortestText }

  public var location: SourceLocation? {
    switch self {
    case .populationVaries(_, _, let location), .populationNotANumber(_, _, _, _, let location),
      .unitVaries(_, _, _, let location), .unreadableDate(_, _, _, _, let location),
      .noReplicateColumn(_, _, let location), .tooFewReplicates(_, let location),
      .replicateCount(_, _, let location):
      location
    default: nil
    }
  }

  public var advice: String? {
    switch self {
    case .populationVaries: "every row of a stratum must give the same number of PSUs"
    case .populationNotANumber: "give the number of PSUs in the stratum"
    case .unitVaries: "a roll-up by any, all or majority needs one stratum, PSU and weight for all rows of a unit"
    case .unreadableDate(_, let value, _, let others, _):
      switch DateFormat.patterns(readingAll: [value] + others.filter { $0 != value }) {
      case let patterns where patterns.isEmpty && !others.isEmpty:
        "correct the date, or " + DateFormat.iso8601.remedy(for: [value] + others.filter { $0 != value })
      case let patterns where patterns.isEmpty: "correct the date, or say by `date-format` how the table writes dates"
      case let patterns:
        "write " + patterns.prefix(2).map { "`date-format: \($0)`" }.joined(separator: " or ")
          + " for the table, or correct the date"
      }
    case .noReplicateColumn, .tooFewReplicates: "compare `replicates: {columns: ..}` with the header"
    case .replicateCount: "give one factor for each column, in the order of the header, or one for all"
    case .noSuchQuestion: "without a codebook the rows say which questions there are; with one, none need answer it"
    case .totalAsMember: "leave rows of totals out of the data, or give the value another name"
    case .unreadablePopulation: "correct the values that `pipeline check` lists, or the `where` of the population"
    case .noUsedRow: "see the list of rejected rows"
    case .tooManyAnswersRejected(_, let answers, _) where answers.question != nil: answers.remedy
    case .tooManyAnswersRejected(_, let answers, _):
      (answers.remedy.map { $0 + "; " } ?? "")
        + "correct the data, or list codes under `options` and what is no answer under `missing` of the question"
    case .tooManyRejected(_, _, _, _, let cause?): "\(cause); the list beside the output directory names every row"
    case .tooManyRejected, .anyRejected: "the list beside the output directory says which and why"
    case .tooManyRespondents: "allow more memory, some 48 bytes a respondent, or leave out `respondent` of the table"
    case .unbalanced, .unresolved: "please report this with the definition that caused it"
    }
  }

  /// The same with what other rows tell.
  package func considering(_ rejections: [Rejection]) -> DataError {
    guard case .unreadableDate(let unit, let value, let otherLine, _, let location) = self,
      let column = rejections.first(where: { $0.scope == .answer && $0.value == value })?.column
    else { return self }
    let others = Set(rejections.lazy.filter { $0.scope == .answer && $0.column == column }.map(\.value).prefix(1000))
    return .unreadableDate(
      unit: unit, value: value, otherLine: otherLine, others: others.filter { $0.contains { $0.isNumber } }.sorted(),
      location)
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .tooManyRespondents: .inputOutput
    default: .unacceptableData
    }
  }
}
