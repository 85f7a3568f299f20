/// A statement of a script that answers with no row, or fails with a message that says why: where the data is such that
/// a number of the script would not be the one of a run.
struct ScriptGuard {
  /// What it looks for, for the comment above it.
  var subject: String
  var query: String
  /// What must hold for no row of the query.
  var condition: String
  /// The message: expressions of the dialect, over the columns of the query, whose texts are put together.
  var message: [String]

  func statement(_ dialect: Dialect) -> String {
    dialect.failure("concat(\(message.joined(separator: ", ")))", where: condition, of: query)
  }
}

extension Dialect {
  /// A statement that fails with a text where a row of a query meets a condition.
  func failure(_ text: String, where condition: String, of query: String) -> String {
    let rows = "FROM (\n\(query.indented)\n) AS found WHERE \(condition)"
    switch self {
    case .spark: return "SELECT raise_error(\(text)) AS failed \(rows)"
    case .duckdb: return "SELECT error(\(text)) AS failed \(rows)"
    case .postgresql:
      // The mark must stand nowhere in what it encloses, and no line may end with a semicolon: people cut scripts there.
      var mark = "$check$"
      while (text + rows).contains(mark) { mark = mark.dropLast() + "_$" }
      return """
        DO \(mark) DECLARE text_of_failure text; BEGIN
        SELECT \(text) INTO text_of_failure
        \(rows) LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
        \(mark)
        """
    }
  }

  /// What opens a script and ends it: after a statement that fails, no other answers. Spark's client stops by itself.
  var transaction: (start: String, end: String)? { self == .spark ? nil : ("BEGIN TRANSACTION", "COMMIT") }
}
