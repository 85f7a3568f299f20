/// Why a record of a file is no row that counts.
public enum RowProblem: Sendable, Hashable {
  /// The names of the columns.
  case header
  /// Spark reads a record a line; these the embedded engine reads over several lines, or refuses with the file.
  case quotes, tooLong, zeroByte, notText
  case misshapen
  case nameless(column: String)
  case weight(column: String, mayBeNegative: Bool)
  case extremeWeight(column: String)
  case unknown(column: String, register: String)
  /// The rows of a respondent of a long table contradict each other.
  case contradiction(column: String)
  case outsidePopulation
  /// The row lacks a part of its stratum, or its PSU.
  ///
  /// - Parameter register: That a join takes it from, if any.
  case noStratum(part: Int, column: String, register: String?)
  case noPSU(column: String)

  public var column: String? {
    switch self {
    case .header, .quotes, .tooLong, .zeroByte, .notText, .misshapen, .outsidePopulation: nil
    case .nameless(let column), .weight(let column, _), .extremeWeight(let column), .unknown(let column, _),
      .contradiction(let column), .noStratum(_, let column, _), .noPSU(let column):
      column
    }
  }

  /// Whether the file as a whole cannot be read.
  public var refusesFile: Bool {
    switch self {
    case .quotes, .tooLong, .zeroByte, .notText: true
    default: false
    }
  }

  /// What is wrong with a file that cannot be read.
  var words: String {
    switch self {
    case .quotes: "a record has a quote inside of a field, or behind it, or one that is not closed"
    case .tooLong: "a record has more than 16 MB"
    case .zeroByte: "a NUL byte in a column that is used"
    case .notText: "a column that is used is not UTF-8"
    default: ""
    }
  }
}
