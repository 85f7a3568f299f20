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

/// A row that is left out, or an answer that is treated as missing.
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
