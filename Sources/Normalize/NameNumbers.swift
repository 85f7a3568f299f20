/// Numbers the names of members or strata 0, 1, 2, ... in the order in which they come.
///
/// A name that is known by its bytes costs one look-up and no `String`. Two spellings of the same characters (é as one
/// code point or as two) are the same name, as everywhere else; the first spelling stays.
public struct NameNumbers: Sendable {
  public private(set) var names: [String] = []
  private var spellings = ByteDictionary()
  private var numberOfSpelling: [Int32] = []
  private var numberOfName: [String: Int32] = [:]

  public init() {}

  /// Names that have their numbers already.
  init(_ names: [String]) {
    for name in names { _ = number(of: name) }
  }

  mutating func number(of spelling: Span<UInt8>) -> Int32 {
    let known = Int(spellings.insert(spelling))
    if known < numberOfSpelling.count { return numberOfSpelling[known] }
    let name = spellings.key(Int32(known))
    let number = numberOfName[name] ?? Int32(names.count)
    if numberOfName[name] == nil {
      numberOfName[name] = number
      names.append(name)
    }
    numberOfSpelling.append(number)
    return number
  }

  mutating func number(of name: String) -> Int32 { number(of: Array(name.utf8).span) }
}
