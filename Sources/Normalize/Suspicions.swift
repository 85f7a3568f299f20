import Ingest

/// What a table holds that is read as it stands, but may have been meant otherwise: numbers that are missing codes, or
/// have a mark that may stand between thousands, ids that a spreadsheet has rounded, texts that look like a code.
public struct Suspicions: Sendable, Equatable {
  /// The answers of a numeric column some of whose missing codes are numbers.
  public struct Numbers: Sendable, Equatable {
    public var smallest = Double.infinity
    public var largest = -Double.infinity
    /// How many answers were read as missing, by code.
    public var missing: [String: Int] = [:]

    public init() {}
  }

  /// The numbers of a column that have a mark.
  public struct Points: Sendable, Equatable {
    /// Weights with one to three digits, the mark, three digits, as in 1.204; of answers, distinct texts are looked at.
    public var likeThousands = 0
    public var others = 0
    /// The first two distinct texts of that form.
    public var examples: [String] = []

    public init() {}

    /// Whether the mark may stand between thousands in every number that has it.
    public var isDoubtful: Bool { others == 0 && max(likeThousands, examples.count) > 1 }

    mutating func add(example: String) {
      if examples.count < 2, !examples.contains(example) { examples.append(example) }
    }
  }

  /// Names such as 3.26611E+18.
  public struct Rounded: Sendable, Equatable {
    public var rows = 0
    public var example = ""

    public init() {}
  }

  /// The answers of a question of one code, as long as all are the same.
  public struct SingleAnswer: Sendable, Equatable {
    public var code = AnswerColumn.missingCode
    public var answers = 0
    /// Rows that were asked and have no answer.
    public var blanks = 0
    /// There are several answers; nothing else is known then.
    public var varies = false

    public init() {}

    static var several: Self {
      var several = Self()
      several.varies = true
      return several
    }

    mutating func merge(_ other: Self) {
      guard !varies, !other.varies, answers == 0 || other.answers == 0 || code == other.code else {
        self = .several
        return
      }
      if answers == 0 { code = other.code }
      answers += other.answers
      blanks += other.blanks
    }
  }

  /// A text that is no code but looks like one.
  public struct Alike: Sendable, Equatable {
    public var code: String
    public var rows: Int

    public init(code: String, rows: Int) {
      self.code = code
      self.rows = rows
    }
  }

  /// By column.
  public var singles: [String: SingleAnswer] = [:]
  public var numbers: [String: Numbers] = [:]
  public var points: [String: Points] = [:]
  public var rounded: [String: Rounded] = [:]
  /// Rows without anything in them.
  public var blank = BlankRecords()
  /// By column whose codes only conditions name, by text.
  public var alike: [String: [String: Alike]] = [:]
  /// Rows of a long table without a codebook, by a name that looks like that of a question which conditions name.
  public var questions: [String: Int] = [:]

  public init() {}

  mutating func merge(_ other: Suspicions) {
    singles.merge(other.singles) { mine, theirs in
      var mine = mine
      mine.merge(theirs)
      return mine
    }
    for (column, theirs) in other.numbers {
      var mine = numbers[column] ?? Numbers()
      mine.smallest = min(mine.smallest, theirs.smallest)
      mine.largest = max(mine.largest, theirs.largest)
      mine.missing.merge(theirs.missing, uniquingKeysWith: +)
      numbers[column] = mine
    }
    for (column, theirs) in other.points {
      var mine = points[column] ?? Points()
      mine.likeThousands += theirs.likeThousands
      mine.others += theirs.others
      for example in theirs.examples { mine.add(example: example) }
      points[column] = mine
    }
    for (column, theirs) in other.rounded {
      var mine = rounded[column] ?? Rounded()
      mine.rows += theirs.rows
      if mine.example.isEmpty { mine.example = theirs.example }
      rounded[column] = mine
    }
    for (column, texts) in other.alike {
      for (text, theirs) in texts {
        alike[column, default: [:]][text, default: Alike(code: theirs.code, rows: 0)].rows += theirs.rows
      }
    }
    questions.merge(other.questions, uniquingKeysWith: +)
  }

  /// Whether a name looks like a large number that a spreadsheet wrote: digits, perhaps a point, E and an exponent.
  @inline(__always)
  public static func isRounded(_ name: Span<UInt8>) -> Bool {
    let count = name.count
    guard count >= 5, (0x30...0x39).contains(name[0]) else { return false }
    for exponent in 2...3 where count > exponent + 2 {
      let (sign, mark) = (name[count - exponent - 1], name[count - exponent - 2])
      if sign == 0x2B || sign == 0x2D, mark == 0x45 || mark == 0x65 {
        for index in 0..<count where index != count - exponent - 1 && index != count - exponent - 2 {
          let byte = name[index]
          guard (0x30...0x39).contains(byte) || ((byte == 0x2E || byte == 0x2C) && index == 1) else { return false }
        }
        return true
      }
    }
    return false
  }

  /// Whether a number with a mark could have it between thousands: 1.204, but not 0.204. nil where it has no such mark.
  static func isLikeThousands(_ number: Span<UInt8>, mark: UInt8 = UInt8(ascii: ".")) -> Bool? {
    var place: Int?
    for index in number.indices where number[index] == mark { place = index }
    guard let place else { return nil }
    let first = number[0] == UInt8(ascii: "-") || number[0] == UInt8(ascii: "+") ? 1 : 0
    guard (1...3).contains(place - first), number.count == place + 4, number[first] != UInt8(ascii: "0") else {
      return false
    }
    for index in first..<number.count where index != place && !(0x30...0x39).contains(number[index]) { return false }
    return true
  }
}
