/// Records all of whose fields are empty, as spreadsheets leave them below the data. They are rows like others: who
/// answered nothing in a table without names leaves the same.
public struct BlankRecords: Sendable, Equatable {
  public var count = 0
  /// Where the first of them stands.
  public var file = ""
  public var line = 0

  public init() {}

  package mutating func add(line: Int, file: String) {
    if count == 0 { (self.file, self.line) = (file, line) }
    count += 1
  }

  /// - Parameter other: Of records that stand behind these.
  package mutating func merge(_ other: BlankRecords) {
    if count == 0 { (file, line) = (other.file, other.line) }
    count += other.count
  }
}
