import Ingest

/// What a table holds that is read as it stands, but may have been meant otherwise: numbers that are missing codes,
/// weights with a point that may mark thousands, ids that a spreadsheet has rounded.
public struct Suspicions: Sendable, Equatable {
  /// The answers of a numeric column some of whose missing codes are numbers.
  public struct Numbers: Sendable, Equatable {
    public var smallest = Double.infinity
    public var largest = -Double.infinity
    /// How many answers were read as missing, by code.
    public var missing: [String: Int] = [:]

    public init() {}
  }

  /// The weights of a column that have a point.
  public struct Points: Sendable, Equatable {
    /// One to three digits, a point, three digits, as in 1.204.
    public var likeThousands = 0
    public var others = 0
    public var example = ""

    public init() {}
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

  /// By column.
  public var singles: [String: SingleAnswer] = [:]
  public var numbers: [String: Numbers] = [:]
  public var points: [String: Points] = [:]
  public var rounded: [String: Rounded] = [:]
  /// Records that are no rows.
  public var blank = BlankRecords()

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
      if mine.example.isEmpty { mine.example = theirs.example }
      points[column] = mine
    }
    for (column, theirs) in other.rounded {
      var mine = rounded[column] ?? Rounded()
      mine.rows += theirs.rows
      if mine.example.isEmpty { mine.example = theirs.example }
      rounded[column] = mine
    }
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

  /// Whether a number with a point could have it between thousands: 1.204, but not 0.204. nil where it has no point.
  static func isLikeThousands(_ number: Span<UInt8>) -> Bool? {
    var point: Int?
    for index in number.indices where number[index] == 0x2E { point = index }
    guard let point else { return nil }
    guard (1...3).contains(point), number.count == point + 4, number[0] != 0x30 else { return false }
    for index in number.indices where index != point && !(0x30...0x39).contains(number[index]) { return false }
    return true
  }
}
