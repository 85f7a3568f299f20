import OrderedCollections

/// What kind of answer a question takes.
public enum AnswerType: String, Sendable, CaseIterable {
  case one, many, text, integer, number, date
}

/// One question of a questionnaire.
public struct Question: Sendable {
  public var key: String
  public var type: AnswerType
  /// The codes that `one` and `many` accept, in the questionnaire's order.
  public var options: [String]
  /// Words for option codes that do not speak for themselves.
  public var optionLabels: [String: String]
  /// The question is put only where this holds; nil: always.
  public var askedIf: Condition?
  public var section: String?
  public var label: String?
  public var isMandatory: Bool
  /// Codes that stand for "no answer" to this question; nil: those of the codebook.
  public var missing: [String]?
  /// Codes that stand for "not applicable" here; nil: those of the codebook.
  public var notApplicable: [String]?
  /// Codes that are numbers may be written as another text of the same number; nil: as the codebook says.
  public var numericCodes: Bool?
  /// One option of a select-many question that is made of columns: the question, the option, and what its codes say.
  public var part: Part?
  /// The same question in earlier cycles, by cycle name.
  public var comparesTo: OrderedDictionary<String, EarlierQuestion>

  public struct Part: Sendable, Equatable {
    public var question: String
    public var option: String
    /// A blank cell is no missing answer: the option was not ticked.
    public var blankIsUnticked: Bool

    public init(question: String, option: String, blankIsUnticked: Bool) {
      self.question = question
      self.option = option
      self.blankIsUnticked = blankIsUnticked
    }
  }

  public init(
    key: String, type: AnswerType, options: [String] = [], optionLabels: [String: String] = [:],
    askedIf: Condition? = nil, section: String? = nil, label: String? = nil, isMandatory: Bool = false,
    missing: [String]? = nil, notApplicable: [String]? = nil,
    comparesTo: OrderedDictionary<String, EarlierQuestion> = [:]
  ) {
    self.key = key
    self.type = type
    self.options = options
    self.optionLabels = optionLabels
    self.askedIf = askedIf
    self.section = section
    self.label = label
    self.isMandatory = isMandatory
    self.missing = missing
    self.notApplicable = notApplicable
    self.comparesTo = comparesTo
  }
}

/// Where a question stood in an earlier questionnaire, and how its codes were renamed since (old code to new code).
public struct EarlierQuestion: Sendable {
  public var key: String
  public var values: OrderedDictionary<String, String>

  public init(key: String, values: OrderedDictionary<String, String> = [:]) {
    self.key = key
    self.values = values
  }
}

/// The questions of one questionnaire and the codes that stand for "no answer".
public struct Codebook: Sendable {
  public var missing: [String]
  public var notApplicable: [String]
  public var questions: OrderedDictionary<String, Question>
  /// Codes that are numbers may be written as another text of the same number: `1.0` or `01` for `1`.
  public var numericCodes = false
  /// The select-many questions that are made of columns; `questions` has a question for each of their options.
  public var selections: OrderedDictionary<String, ColumnSelection> = [:]
  /// What stands where the routing asked nothing is read as routed out, and not used as an answer.
  public var ignoresRoutedOut = false

  public init(
    missing: [String] = [""], notApplicable: [String] = [], questions: OrderedDictionary<String, Question> = [:]
  ) {
    self.missing = missing
    self.notApplicable = notApplicable
    self.questions = questions
  }
  /// The codes that stand for "no answer" in a column: those of its question, or of the codebook.
  public func missingCodes(in column: String) -> [String] { questions[column]?.missing ?? missing }

  /// The codes that stand for "not applicable" in a column; none where it is no question.
  public func notApplicableCodes(in column: String) -> [String] {
    questions[column].map { $0.notApplicable ?? notApplicable } ?? []
  }

  /// Whether a code of a column that is a number may be written as another text of the same number: as its question
  /// says, or the codebook.
  public func hasNumericCodes(in column: String) -> Bool { questions[column]?.numericCodes ?? numericCodes }

  /// Whether some texts are no answers in a column: it is a question, and none of free text.
  public func checksAnswers(in column: String) -> Bool { questions[column].map { $0.type != .text } ?? false }

  /// The questions that a complete response answers, where they were asked.
  public var mandatoryQuestions: [Question] { questions.values.filter(\.isMandatory) }

  /// The routing that a condition reaches through `routed-out` and `complete`, all the way up.
  public func routing(behind condition: Condition) -> [Condition] {
    var found: [Condition] = []
    var seen: Set<String> = []
    func follow(_ question: String) {
      guard seen.insert(question).inserted, let asked = questions[question]?.askedIf else { return }
      found.append(asked)
      visit(asked)
      asked.namedQuestions.forEach(follow)
    }
    func visit(_ condition: Condition) {
      switch condition {
      case .routedOut(let question): follow(question)
      case .complete: mandatoryQuestions.forEach { follow($0.key) }
      case .any(let parts), .all(let parts): parts.forEach(visit)
      case .not(let part), .decided(let part): visit(part)
      default: break
      }
    }
    visit(condition)
    return found
  }
}
