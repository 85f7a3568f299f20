/// Where the rows of a table went. Read = used + superseded + outside the population + rejected.
public struct RowAccounting: Sendable, Equatable {
  public var read = 0
  public var used = 0
  public var superseded = 0
  public var outsidePopulation = 0
  public var rejected = 0

  public init() {}

  public var isBalanced: Bool { read == used + superseded + outsidePopulation + rejected }
}

/// How many answers of one column were given, and how many of them cannot be read.
public struct AnswerAccounting: Sendable, Equatable {
  /// A refused text, and how often it stands there.
  public struct Refused: Sendable, Equatable {
    public var value: String
    public var count: Int

    public init(value: String, count: Int) {
      self.value = value
      self.count = count
    }
  }

  public var column: String
  /// Answers of used rows that are neither empty nor a missing code.
  public var given: Int
  public var rejected: Int
  /// The three most frequent refused texts, the most frequent first, ties by their bytes.
  public var mostFrequent: [Refused]
  /// What would read the most frequent one; nil: nothing that can be told from it.
  public var remedy: String?
  /// Of a long table: the column is a name that the codebook does not list, and looks like that of this question.
  public var question: String?

  public init(
    column: String, given: Int, rejected: Int, mostFrequent: [Refused], remedy: String?, question: String? = nil
  ) {
    self.question = question
    self.column = column
    self.given = given
    self.rejected = rejected
    self.mostFrequent = mostFrequent
    self.remedy = remedy
  }
}

/// A row that is left out, or an answer that cannot be read.
public struct Rejection: Sendable, Hashable {
  public enum Scope: String, Sendable { case row, answer }

  public var file: String
  /// The physical line on which the record starts.
  public var line: Int
  /// The header's name; empty where the whole row is meant.
  public var column: String
  public var scope: Scope
  public var reason: String
  public var value: String

  public init(file: String, line: Int, column: String, scope: Scope, reason: String, value: String) {
    self.file = file
    self.line = line
    self.column = column
    self.scope = scope
    self.reason = reason
    self.value = value
  }
}

/// A row that a later report of the same unit replaces.
public struct SupersededRow: Sendable, Equatable {
  public var file: String
  public var line: Int
  public var unit: String

  public init(file: String, line: Int, unit: String) {
    self.file = file
    self.line = line
    self.unit = unit
  }
}

extension AnswerAccounting {
  private static let longestValue = 40

  /// What is wrong with how many of how many answers.
  public func problem(in table: String) -> String {
    guard let question else {
      return "\(rejected) of \(given) answers in column \(column) of \(table) cannot be read"
    }
    return "\(rejected) of \(given) answers to question \(question) of \(table) stand under \"\(column)\", which its "
      + "codebook does not list"
  }

  /// The most frequent refused texts with their counts.
  public var words: String {
    mostFrequent.map { refused in
      let text = refused.value.withVisibleSpaces
      let shown = text.count > Self.longestValue ? text.prefix(Self.longestValue) + "…" : text[...]
      return "\"\(shown)\" \(refused.count)x"
    }.joined(separator: ", ")
  }
}
