import SurveyModel

/// How the answers in one column become small codes.
///
/// Code 0 is missing, 1 a valid text that no definition names, 2 and on the listed codes, after them the
/// not-applicable codes that are not among those, and last `unreadableCode`: something stands there that the codebook
/// or the type refuses.
public struct AnswerColumn: Sendable {
  /// A codebook of diagnoses has more than 65,536.
  public typealias Code = UInt32

  public static let missingCode: Code = 0
  public static let otherCode: Code = 1

  public let name: String
  /// The listed codes: a question's options, or the texts that conditions name.
  public let codes: [String]
  /// Select-many: the answer holds several codes.
  public let isSelection: Bool
  /// An answer that is not listed is rejected.
  public let refusesOthers: Bool
  public let number: NumberReading?
  public let isDate: Bool
  public let dateFormat: DateFormat
  public let notApplicable: [String]
  /// By code: whether it is a valid answer, or a not-applicable one.
  public let isValid: [Bool]
  public let isNotApplicable: [Bool]
  /// The code of an answer that cannot be read: the last one.
  public var unreadableCode: Code { Code(clamping: isValid.count - 1) }
  /// How many codes there are, from 0 to `unreadableCode`.
  public var codeCount: Int { isValid.count }
  /// Read for nothing but to count answers where the routing did not ask: what is wrong with it is not listed.
  public internal(set) var isForCounting = false
  /// How the table writes numbers, and how codes are told from each other.
  public let spelling: AnswerSpelling

  /// Texts that stand for no answer, also where they are listed.
  package let missingTexts: [String]
  let dictionary: ByteDictionary
  let codeByKey: [Code]
  /// Of a column of numbers: the missing codes that are numbers, too.
  let missingNumbers: ByteDictionary
  /// The codes that are numbers, by their number.
  private let keyByNumber: [Double: Int32]
  let separator: [UInt8]

  public enum NumberReading: Sendable { case any, integer }

  public init(
    name: String, codes: [String], isSelection: Bool = false, refusesOthers: Bool = false,
    number: NumberReading? = nil, isDate: Bool = false, dateFormat: DateFormat = .iso8601, missing: [String] = [""],
    notApplicable: [String] = [], spelling: AnswerSpelling = AnswerSpelling()
  ) {
    self.name = name
    self.codes = codes
    self.isSelection = isSelection
    self.refusesOthers = refusesOthers
    self.number = number
    self.isDate = isDate
    self.dateFormat = dateFormat
    self.notApplicable = notApplicable
    self.spelling = spelling
    separator = Array(spelling.separator.utf8)
    let known = notApplicable.isEmpty ? [] : Set(codes)
    let listed = codes + notApplicable.filter { !known.contains($0) }
    let notApplicable = Set(notApplicable)
    isNotApplicable = [false, false] + listed.map(notApplicable.contains) + [false]
    isValid = [false] + isNotApplicable[1..<isNotApplicable.count - 1].map { !$0 } + [false]
    var dictionary = ByteDictionary()
    var codeByKey: [Code] = []
    for (position, code) in listed.enumerated() {
      if dictionary.insert(code) == codeByKey.count { codeByKey.append(Code(clamping: position + 2)) }
    }
    // A missing code wins over a listed one: the analyst said that it is no answer.
    missingTexts = spelling.blankIsCode ? missing.filter { !$0.isEmpty } : missing + [""]
    for code in missingTexts {
      let key = Int(dictionary.insert(code))
      if key == codeByKey.count { codeByKey.append(Self.missingCode) } else { codeByKey[key] = Self.missingCode }
    }
    missingNumbers = ByteDictionary(
      number == nil ? [] : missing.filter { DecimalNumber.read(Array($0.utf8).span) != nil })
    self.dictionary = dictionary
    self.codeByKey = codeByKey
    var keyByNumber: [Double: Int32] = [:]
    // Texts that conditions name are no codes of a codebook; only the codes for no answer may be written otherwise.
    let numeric = refusesOthers ? listed + missingTexts : number == nil ? [] : notApplicable + missingTexts
    for code in numeric {
      guard let number = CodeNumber.read(code), keyByNumber[number] == nil else { continue }
      keyByNumber[number] = dictionary.number(of: code)
    }
    self.keyByNumber = keyByNumber
  }

  /// The code number of a listed or not-applicable text.
  public func number(of code: String) -> Code? {
    dictionary.number(of: code).map { codeByKey[Int($0)] }
  }

  /// The bit of an option in a selection.
  public func bit(of code: String) -> UInt64 {
    guard let number = number(of: code), number >= 2, number < 66 else { return 0 }
    return 1 << UInt64(number - 2)
  }

  /// The code of a text, as it is written or, where the codebook says so, of the same number.
  func code(of field: Span<UInt8>) -> Code? {
    if let key = dictionary.number(of: field) { return codeByKey[Int(key)] }
    return spelling.numericCodes ? sameNumber(field).map { codeByKey[Int($0)] } : nil
  }

  /// The code that a text is by its number alone, where the codebook says that this is enough.
  func codeOfNumber(_ field: Span<UInt8>) -> String? {
    guard spelling.numericCodes, !isSelection, dictionary.number(of: field) == nil else { return nil }
    return sameNumber(field).map { dictionary.key($0) }
  }

  /// The missing code that is a number, and that a text of a column of numbers is.
  func missingNumber(of field: Span<UInt8>) -> Int32? {
    if let exact = missingNumbers.number(of: field) { return exact }
    return codeOfNumber(field).flatMap { missingNumbers.number(of: $0) }
  }

  /// The code that is the same number as a text that is none as it is written.
  func lookAlike(_ field: Span<UInt8>) -> String? {
    guard !spelling.numericCodes, dictionary.number(of: field) == nil else { return nil }
    return sameNumber(field).map { dictionary.keys[Int($0)] }
  }

  /// The codes that are numbers, each with its number.
  package var codeNumbers: [(code: String, number: Double)] {
    keyByNumber.map { (dictionary.keys[Int($1)], $0) }.sorted { $0.number < $1.number }
  }

  private func sameNumber(_ field: Span<UInt8>) -> Int32? {
    guard !keyByNumber.isEmpty, let number = DecimalNumber.read(field, spelling.numbers),
      number.magnitude < CodeNumber.limit
    else { return nil }
    return keyByNumber[number]
  }
}

/// How the answers of a column are written.
public struct AnswerSpelling: Sendable, Equatable {
  /// Between the codes of a select-many answer.
  public var separator: String
  /// Spaces around these codes are ignored.
  public var trims: Bool
  /// A code that is a number may be written as another text of the same number.
  public var numericCodes: Bool
  public var numbers: NumberFormat
  /// A blank cell says that an option was not ticked.
  public var blankIsCode = false

  public init(
    separator: String = "|", trims: Bool = false, numericCodes: Bool = false, numbers: NumberFormat = .plain
  ) {
    self.separator = separator
    self.trims = trims
    self.numericCodes = numericCodes
    self.numbers = numbers
  }
}
