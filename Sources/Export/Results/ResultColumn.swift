import SurveyModel

/// One value of a table of results, as its files print it.
public enum ResultValue: Sendable, Equatable {
  /// A value that does not exist.
  case none
  case text(String)
  case integer(Int)
  case number(Double)
}

/// One column of a table of results: its name in every format, what its numbers are, and how to read and write it.
///
/// The list of a row type's columns is the only place that knows them; CSV, JSON, Excel and SQLite follow it.
public struct ResultColumn<Row: Sendable>: Sendable {
  public enum Kind: Sendable {
    /// One of the project's own words.
    case word
    /// Words of the definition or of the data: never to be run as a formula or read as markup.
    case text
    case count
    case number
    /// 0 to 100, or a count where the indicator is one.
    case percent
    /// Percentage points (a year), or the difference of two counts.
    case points
    /// Between 0 and 1.
    case probability
  }

  public let name: String
  public let kind: Kind
  /// What the column says, in one sentence without a trailing period.
  public let meaning: String
  /// The value of a row.
  public let value: @Sendable (Row) -> ResultValue
  /// Takes the text of a CSV file; false where it is no value of this column.
  let read: @Sendable (inout Row, String) -> Bool
}

// Closures, not key paths: reading through a key path took 1.5 microseconds a value, longer than computing it.
extension ResultColumn {
  typealias Get<Value> = @Sendable (Row) -> Value
  typealias Set<Value> = @Sendable (inout Row, Value) -> Void

  /// Words of the definition or of the data.
  static func text(_ name: String, _ get: @escaping Get<String>, _ set: @escaping Set<String>, _ meaning: String)
    -> Self
  {
    Self(name: name, kind: .text, meaning: meaning) { row in
      let text = get(row)
      return text.isEmpty ? .none : .text(text)
    } read: { row, text in
      set(&row, CSVDocument.original(of: text))
      return true
    }
  }

  /// One of a list of words, by its raw value.
  static func word<Word: RawRepresentable<String> & Sendable>(
    _ name: String, _ get: @escaping Get<Word>, _ set: @escaping Set<Word>, _ meaning: String
  ) -> Self {
    Self(name: name, kind: .word, meaning: meaning) { row in
      .text(get(row).rawValue)
    } read: { row, text in
      guard let word = Word(rawValue: text) else { return false }
      set(&row, word)
      return true
    }
  }

  static func word<Word: RawRepresentable<String> & Sendable>(
    _ name: String, _ get: @escaping Get<Word?>, _ set: @escaping Set<Word?>, _ meaning: String
  ) -> Self {
    Self(name: name, kind: .word, meaning: meaning) { row in
      get(row).map { .text($0.rawValue) } ?? .none
    } read: { row, text in
      let word = Word(rawValue: text)
      set(&row, word)
      return text.isEmpty || word != nil
    }
  }

  /// Some words of a list, separated by spaces.
  static func words<Word: RawRepresentable<String> & Sendable>(
    _ name: String, _ get: @escaping Get<[Word]>, _ set: @escaping Set<[Word]>, _ meaning: String
  ) -> Self {
    Self(name: name, kind: .word, meaning: meaning) { row in
      let words = get(row)
      return words.isEmpty ? .none : .text(words.map(\.rawValue).joined(separator: " "))
    } read: { row, text in
      let parts = text.split(separator: " ")
      let words = parts.compactMap { Word(rawValue: String($0)) }
      set(&row, words)
      return words.count == parts.count
    }
  }

  static func count(_ name: String, _ get: @escaping Get<Int?>, _ set: @escaping Set<Int?>, _ meaning: String) -> Self {
    Self(name: name, kind: .count, meaning: meaning) { row in
      get(row).map { .integer($0) } ?? .none
    } read: { row, text in
      let number = Int(text)
      set(&row, number)
      return text.isEmpty || number != nil
    }
  }

  static func number(
    _ name: String, _ kind: Kind, _ get: @escaping Get<Double?>, _ set: @escaping Set<Double?>, _ meaning: String
  ) -> Self {
    Self(name: name, kind: kind, meaning: meaning) { row in
      get(row).map { .number($0) } ?? .none
    } read: { row, text in
      let number = Double(text)
      set(&row, number)
      return text.isEmpty || number != nil
    }
  }
}

/// One row of a table of results.
public protocol ResultRow: Sendable, Equatable {
  /// A row without any value, to be filled from a file.
  init()
  /// All columns but those of the dimensions, which follow the column `unit`.
  static var columns: [ResultColumn<Self>] { get }
  /// One entry for each dimension of NAME, in order; nil: all members together.
  var members: [String?] { get set }
}

extension ResultRow {
  /// How many columns stand before those of the dimensions.
  public static var columnsBeforeDimensions: Int {
    (columns.firstIndex { $0.name == "unit" } ?? -1) + 1
  }

  /// The header of a table of such rows.
  public static func header(dimensions: [String]) -> [String] {
    let names = columns.map(\.name)
    let before = columnsBeforeDimensions
    return names[..<before] + dimensions + names[before...]
  }

  /// The positions of the dimensions that the row's cell fixes.
  public var grouping: [Int] { members.indices.filter { members[$0] != nil } }

  /// Whether the row speaks of everyone.
  public var isTotal: Bool { members.allSatisfy { $0 == nil } }
}
