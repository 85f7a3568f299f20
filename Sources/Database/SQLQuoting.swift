import GRDB

/// Names and texts inside the definition of a view, which takes no bound values. SQLite itself quotes them: GRDB's
/// `quotedDatabaseIdentifier` leaves a quote inside a name as it is, and dimensions are named by analysts.
extension Database {
  func quoted(name: String) throws -> String {
    try String.fetchOne(self, sql: "SELECT printf('\"%w\"', ?)", arguments: [name]) ?? ""
  }

  func quoted(text: String) throws -> String {
    try String.fetchOne(self, sql: "SELECT quote(?)", arguments: [text]) ?? ""
  }
}

/// Finds names that nothing else bears. SQLite does not tell apart small letters and capitals.
struct FreeNames {
  private var taken: Set<String>

  init(taken: some Sequence<String>) {
    self.taken = Set(taken.map { $0.lowercased() })
  }

  /// The name itself; with `_2`, `_3` and so on where it is taken.
  mutating func claim(_ name: String) -> String {
    var candidate = name
    var number = 1
    while !taken.insert(candidate.lowercased()).inserted {
      number += 1
      candidate = "\(name)_\(number)"
    }
    return candidate
  }
}
