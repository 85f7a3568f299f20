/// What runs queries: Spark, or a database in a test.
public protocol QueryEngine: Sendable {
  /// Runs a statement that answers nothing.
  func run(_ statement: String) async throws
  /// The rows of an answer in any order, each value as text.
  ///
  /// - Parameter columns: How many the answer has.
  func rows(of query: String, columns: Int) async throws -> [[String?]]
}

/// A row of an answer, column by column.
struct AnswerRow {
  private let values: [String?]

  init(_ values: [String?]) { self.values = values }

  func text(_ column: Int) -> String? { values.indices.contains(column) ? values[column] : nil }

  /// - Throws: `QueryError.badAnswer` where the column holds no whole number. A sum of no rows is null: 0.
  func count(_ column: Int) throws(QueryError) -> Int {
    guard let text = text(column) else { return 0 }
    // A sum of whole numbers may come as a decimal number.
    guard let number = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }) else { throw .badAnswer(text) }
    return number
  }

  /// - Throws: `QueryError.badAnswer` where the column holds no number.
  func number(_ column: Int) throws(QueryError) -> Double {
    guard let text = text(column) else { return 0 }
    guard let number = Double(text) else { throw .badAnswer(text) }
    return number
  }
}
