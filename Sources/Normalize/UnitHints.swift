import SurveyModel

/// Which unit of a register was likely meant by one that it does not know.
///
/// A name is compared with every unit of the register. Where the wrong register is joined, every row has an unknown
/// unit, so only the first of them get a hint. Rows are asked about in the order of the file: which ones these are does
/// not depend on who reads what.
struct UnitHints: Sendable {
  /// Different unknown units that get a hint.
  private static let limit = 200
  /// Units of the largest register that is searched.
  private static let largestRegister = 10_000

  private var registers: [String: Register] = [:]

  private struct Register {
    var units: [String]
    var words: [String: String] = [:]
  }

  /// `"; did you mean \"x\"?"`, or nothing.
  mutating func words(for value: String, in register: String, known: ByteDictionary) -> String {
    guard known.count <= Self.largestRegister else { return "" }
    if let words = registers[register]?.words[value] { return words }
    var entry = registers[register] ?? Register(units: known.keys)
    guard entry.words.count < Self.limit else { return "" }
    let words = NearestName.hint(for: value, among: entry.units)
    entry.words[value] = words
    registers[register] = entry
    return words
  }
}
