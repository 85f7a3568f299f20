extension DateFormat {
  /// What is wrong with a pattern, and what to write instead.
  public struct Problem: Error, Equatable {
    public var problem: String
    public var advice: String
  }

  /// Reads a pattern: `yyyy`, `MM` or `M`, `MMM` (Jan), `dd` or `d`, `HH` or `H`, `hh` or `h` with `a` (AM), `mm`, `ss`,
  /// `S` (a fraction), `X` (a zone); `[..]` may be left out; other characters stand for themselves, letters between
  /// single quotes.
  public init(pattern: String) throws(Problem) {
    var reader = PatternReader(characters: Array(pattern))
    let elements = try reader.elements(inside: false)
    try Self.check(elements, pattern)
    self.init(pattern: pattern, elements: elements)
  }

  /// Each may stand there or not, and a reader tries both: the ways to read a text double with every such part.
  public static let mostOptionals = 8

  private static func check(_ elements: [Element], _ pattern: String) throws(Problem) {
    func count(_ isMeant: (Element) -> Bool) -> Int { elements.count { isMeant($0) } }
    let years = count { $0 == .year }
    let months = count { if case .month = $0 { true } else { $0 == .monthName } }
    let days = count { if case .day = $0 { true } else { false } }
    guard years == 1, days == 1 else {
      throw Problem(
        problem: "the date format \"\(pattern)\" has \(years) years (yyyy) and \(days) days (dd or d)",
        advice: "write each once, as in dd/MM/yyyy")
    }
    guard months == 1 else {
      throw Problem(
        problem: "the date format \"\(pattern)\" has \(months) months",
        advice: "MM is the month and mm the minute: write the month once, as in dd/MM/yyyy")
    }
    let hours = count { if case .hour = $0 { true } else { false } }
    let halfDayHours = count { if case .halfDayHour = $0 { true } else { false } }
    let (halves, minutes, seconds) = (count { $0 == .half }, count { $0 == .minute }, count { $0 == .second })
    guard hours + halfDayHours <= 1, minutes <= hours + halfDayHours, seconds <= minutes, halves == halfDayHours,
      count({ $0 == .fraction }) <= seconds, count({ $0 == .zone }) <= minutes
    else {
      throw Problem(
        problem: "the time in the date format \"\(pattern)\" is not complete, or stands twice",
        advice: "write HH:mm, HH:mm:ss, or hh:mm a where AM or PM stands behind it")
    }
    for (element, next) in zip(elements, elements.dropFirst()) where element.isOpenEnded && next.startsWithDigit {
      throw Problem(
        problem: "the date format \"\(pattern)\" cannot tell where a number of one or two digits ends",
        advice: "write MM, dd and HH for numbers of two digits, or put something between")
    }
    let optionals = count { if case .optional = $0 { true } else { false } }
    guard optionals <= mostOptionals else {
      throw Problem(
        problem: "the date format \"\(pattern.shortened)\" has \(optionals) parts between [ and ]",
        advice: "write at most \(mostOptionals)")
    }
    var mayEnd = 0
    for (place, element) in elements.enumerated() {
      if case .optional(let count) = element { mayEnd = max(mayEnd, place + count) }
      let isDay =
        switch element {
        case .year, .month, .monthName, .day: true
        default: false
        }
      guard !isDay || place > mayEnd || mayEnd == 0 else {
        throw Problem(
          problem: "the date format \"\(pattern)\" allows dates without a day, a month or a year",
          advice: "put only the time between [ and ]")
      }
    }
  }

  private struct PatternReader {
    let characters: [Character]
    var place = 0

    init(characters: [Character]) { self.characters = characters }

    /// - Parameter isInside: Whether a `]` ends them.
    mutating func elements(inside isInside: Bool) throws(Problem) -> [Element] {
      var result: [Element] = []
      while place < characters.count {
        let character = characters[place]
        switch character {
        case "[":
          place += 1
          let inner = try elements(inside: true)
          result += [.optional(inner.count)] + inner
        case "]" where isInside:
          place += 1
          return result
        case "'":
          result.append(.text(Array(try quoted().utf8)))
        case _ where character.isASCII && character.isLetter:
          var count = 0
          while place < characters.count, characters[place] == character {
            count += 1
            place += 1
          }
          result.append(try element(character, count))
        case "]":
          throw Problem(
            problem: "the date format \"\(String(characters))\" has a ] without a [",
            advice: "put what may be missing between [ and ]")
        default:
          place += 1
          result.append(.text(Array(String(character).utf8)))
        }
      }
      guard !isInside else {
        throw Problem(
          problem: "the date format \"\(String(characters))\" has a [ without a ]",
          advice: "put what may be missing between [ and ]")
      }
      return result
    }

    private mutating func quoted() throws(Problem) -> String {
      guard let end = characters[(place + 1)...].firstIndex(of: "'"), end > place + 1 else {
        throw Problem(
          problem: "the date format \"\(String(characters))\" has a single quote that is not closed, or nothing in it",
          advice: "put letters that stand for themselves between single quotes, as in yyyy-MM-dd'T'HH:mm")
      }
      defer { place = end + 1 }
      return String(characters[(place + 1)..<end])
    }

    private func element(_ letter: Character, _ count: Int) throws(Problem) -> Element {
      switch (letter, count) {
      case ("y", 4): return .year
      case ("M", 1...2): return .month(isPadded: count == 2)
      case ("M", 3): return .monthName
      case ("d", 1...2): return .day(isPadded: count == 2)
      case ("H", 1...2): return .hour(isPadded: count == 2)
      case ("h", 1...2): return .halfDayHour(isPadded: count == 2)
      case ("a", 1): return .half
      case ("m", 2): return .minute
      case ("s", 2): return .second
      case ("S", _): return .fraction
      case ("X", 1...3): return .zone
      case ("y", 2), ("Y", 2):
        throw Problem(
          problem: "the date format \"\(String(characters))\" has years of two digits, which leave the century open",
          advice: "write the years with four digits in the file")
      default:
        throw Problem(
          problem: "the date format \"\(String(characters))\" has \"\(String(repeating: letter, count: count))\"",
          advice: "yyyy, MM, M, MMM, dd, d, HH, H, hh, h, mm, ss, S, a and X are known; "
            + "put other letters between single quotes")
      }
    }
  }
}
