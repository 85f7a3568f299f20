import OrderedCollections
import SurveyModel

/// Collects which columns of a table some conditions read, and how, following routing and completeness into the
/// codebook.
public struct ColumnNeeds: Sendable {
  private struct Facets {
    var literals: OrderedSet<String> = []
    var isNumber = false
    var isDate = false
  }

  private let table: TableDefinition
  private var facets: OrderedDictionary<String, Facets> = [:]
  /// Questions whose routing is here: many ways may lead to one.
  private var routed: Set<String> = []
  /// Columns whose raw bytes are needed as keys of other tables.
  public private(set) var keys: OrderedSet<String> = []
  /// Columns that are read to count answers where the routing did not ask, if the file has them.
  private(set) var countingOnly: Set<String> = []

  public init(table: TableDefinition) {
    self.table = table
    // The date that decides which row is the latest is read as a date, so that a wrong one is listed.
    if let submitted = table.submitted { facets[submitted] = Facets(isDate: true) }
  }

  public mutating func add(_ condition: Condition) {
    switch condition {
    case .oneOf(let column, let codes), .includesAll(let column, let codes):
      facets[column, default: Facets()].literals.formUnion(codes)
    case .answered(let columns):
      for column in columns { add(question: column) }
    case .routedOut(let column):
      addRouting(of: column)
    case .number(let column, _, _):
      facets[column, default: Facets()].isNumber = true
    case .date(let column, _, _):
      facets[column, default: Facets()].isDate = true
    case .empty(let column, _):
      add(question: column)
    case .any(let parts), .all(let parts):
      for part in parts { add(part) }
    case .not(let part), .decided(let part):
      add(part)
    case .related(let related):
      keys.append(related.here)
    case .complete:
      for question in table.codebook?.mandatoryQuestions ?? [] {
        add(question: question.key)
        if let condition = question.askedIf { add(condition) }
      }
    }
  }

  /// The raw bytes of a column are needed.
  public mutating func add(key: String) { keys.append(key) }

  /// A column is read for whether it is answered.
  public mutating func add(question: String) {
    facets[question, default: Facets()].literals.formUnion([])
  }

  /// A question and, all the way up, the questions that decide whether it is asked.
  public mutating func addRouting(of question: String) {
    add(question: question)
    guard let condition = table.codebook?.questions[question]?.askedIf, routed.insert(question).inserted else { return }
    add(condition)
    for gate in condition.namedQuestions { addRouting(of: gate) }
  }

  /// Adds the routing that decides how answers are read.
  mutating func followRouting() {
    for name in facets.keys where table.codebook?.reroutes(name) == true { addRouting(of: name) }
  }

  /// Adds the routing of all questions that are read, to count the answers where it did not ask.
  mutating func countRoutedOut() {
    guard let codebook = table.codebook else { return }
    let known = Set(facets.keys)
    for name in known.sorted() where !codebook.routingLooksElsewhere(name) { addRouting(of: name) }
    countingOnly = Set(facets.keys).subtracting(known)
  }

  public var columns: [AnswerColumn] {
    facets.map { name, facets in
      let question = table.codebook?.questions[name]
      let type = question?.type ?? .text
      let isCoded = type == .one || type == .many
      var column = AnswerColumn(
        name: name, codes: isCoded ? question?.options ?? [] : Array(facets.literals), isSelection: type == .many,
        refusesOthers: isCoded,
        number: type == .integer ? .integer : type == .number || (type == .text && facets.isNumber) ? .any : nil,
        isDate: type == .date || (type == .text && facets.isDate), dateFormat: table.dateFormat,
        missing: table.missingCodes(of: name), notApplicable: table.codebook?.notApplicableCodes(in: name) ?? [],
        spelling: table.spelling(of: question))
      column.isForCounting = countingOnly.contains(name)
      return column
    }
  }
}

extension TableDefinition {
  /// How the answers to a question are written; nil: a column that is no question.
  func spelling(of question: Question?) -> AnswerSpelling {
    var spelling = AnswerSpelling(
      separator: multipleSeparator, trims: multipleTrim,
      numericCodes: question.map { $0.numericCodes ?? codebook?.numericCodes ?? false } ?? false, numbers: numbers)
    spelling.blankIsCode = question?.part?.blankIsUnticked ?? false
    return spelling
  }
}
