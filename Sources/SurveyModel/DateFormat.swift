/// How a table writes dates and times: ISO 8601, or a pattern such as `dd/MM/yyyy HH:mm`.
public struct DateFormat: Sendable, Hashable {
  /// As the definition writes it; nil for ISO 8601.
  public let pattern: String?
  public let elements: [Element]

  public enum Element: Sendable, Hashable {
    /// Four digits, from 0001.
    case year
    /// Two digits, or one or two.
    case month(isPadded: Bool)
    case day(isPadded: Bool)
    /// Jan to Dec, whatever the letter case.
    case monthName
    /// 00 to 24; 24 is the end of the day.
    case hour(isPadded: Bool)
    /// 1 to 12, with `half`.
    case halfDayHour(isPadded: Bool)
    /// AM or PM, whatever the letter case.
    case half
    case minute
    /// 60 is a leap second, the first moment of the next minute.
    case second
    /// One or more digits; those behind the sixth are cut off.
    case fraction
    /// `Z`, `+02`, `+0200` or `+02:00`.
    case zone
    /// One of these ASCII characters.
    case oneOf([UInt8])
    case text([UInt8])
    /// So many of the following elements may be left out, all together.
    case optional(Int)

    /// Whether it reads as many digits as there are, up to some.
    var isOpenEnded: Bool {
      switch self {
      case .month(false), .day(false), .hour(false), .halfDayHour(false), .fraction: true
      default: false
      }
    }

    var startsWithDigit: Bool {
      switch self {
      case .year, .month, .day, .hour, .halfDayHour, .minute, .second, .fraction: true
      case .text(let bytes): bytes.first.map { (0x30...0x39).contains($0) } ?? false
      default: false
      }
    }
  }

  init(pattern: String?, elements: [Element]) {
    self.pattern = pattern
    self.elements = elements
  }

  /// `2024-03-02`, `2024-03-02T10:00`, `2024-03-02 10:00:00.000+02:00`.
  public static let iso8601 = DateFormat(
    pattern: nil,
    elements: [
      .year, .text([0x2D]), .month(isPadded: true), .text([0x2D]), .day(isPadded: true), .optional(14),
      .oneOf([0x54, 0x74, 0x20]), .hour(isPadded: true), .text([0x3A]), .minute, .optional(5), .text([0x3A]), .second,
      .optional(2), .oneOf([0x2E, 0x2C]), .fraction, .optional(3), .optional(1), .text([0x20]), .zone,
    ])

  // MARK: - Reading

  /// - Returns: nil for anything else than a date of this form that the calendar has.
  public func read(_ bytes: Span<UInt8>) -> SurveyMoment? {
    if pattern == nil, bytes.count == 10 {
      return bytes.withUnsafeBufferPointer { SurveyDate(iso8601: $0) }.flatMap { day in
        day < Self.firstDay ? nil : SurveyMoment(day: day, instant: Int64(day.daysSinceEpoch) * Self.day)
      }
    }
    var fields = Fields()
    guard match(bytes, from: 0, element: 0, &fields) else { return nil }
    return fields.moment
  }

  public func read(_ text: String) -> SurveyMoment? { read(Array(text.utf8).span) }

  private static let day: Int64 = 86_400_000_000
  /// Years before the first are what programs write for no date.
  private static let firstDay = SurveyDate(daysSinceEpoch: -719_162)

  private struct Fields {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var isAfternoon: Bool?
    var minute = 0
    var second = 0
    var microsecond = 0
    var offsetMinutes = 0

    var moment: SurveyMoment? {
      guard year > 0, let day = SurveyDate(year: year, month: month, day: day) else { return nil }
      var hour = hour
      if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
      guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && microsecond == 0) else { return nil }
      let minutes = Int64(hour * 60 + minute - offsetMinutes)
      let seconds = minutes * 60 + Int64(second)
      return SurveyMoment(
        day: day, instant: Int64(day.daysSinceEpoch) * DateFormat.day + seconds * 1_000_000 + Int64(microsecond))
    }
  }

  /// Whether the elements from one on match all bytes from a place on.
  private func match(_ bytes: Span<UInt8>, from start: Int, element first: Int, _ fields: inout Fields) -> Bool {
    var (place, element) = (start, first)
    while element < elements.count {
      if case .optional(let count) = elements[element] {
        var tried = fields
        if match(bytes, from: place, element: element + 1, &tried) {
          fields = tried
          return true
        }
        element += 1 + count
        continue
      }
      guard take(elements[element], bytes, &place, &fields) else { return false }
      element += 1
    }
    return place == bytes.count
  }

  private func take(_ element: Element, _ bytes: Span<UInt8>, _ place: inout Int, _ fields: inout Fields) -> Bool {
    func width(_ isPadded: Bool) -> ClosedRange<Int> { isPadded ? 2...2 : 1...2 }
    switch element {
    case .year: return Self.number(bytes, &place, 4...4, 1...9999, into: &fields.year)
    case .month(let isPadded): return Self.number(bytes, &place, width(isPadded), 1...12, into: &fields.month)
    case .day(let isPadded): return Self.number(bytes, &place, width(isPadded), 1...31, into: &fields.day)
    case .hour(let isPadded): return Self.number(bytes, &place, width(isPadded), 0...24, into: &fields.hour)
    case .halfDayHour(let isPadded): return Self.number(bytes, &place, width(isPadded), 1...12, into: &fields.hour)
    case .minute: return Self.number(bytes, &place, 2...2, 0...59, into: &fields.minute)
    case .second: return Self.number(bytes, &place, 2...2, 0...60, into: &fields.second)
    case .monthName:
      guard let month = Self.next(of: Self.monthNames, in: bytes, at: place) else { return false }
      fields.month = month + 1
      place += 3
      return true
    case .half:
      guard let half = Self.next(of: Self.halves, in: bytes, at: place) else { return false }
      fields.isAfternoon = half == 1
      place += 2
      return true
    case .fraction:
      let start = place
      var unit = 100_000
      fields.microsecond = 0
      while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
        fields.microsecond += Int(bytes[place] - 0x30) * unit
        unit /= 10
        place += 1
      }
      return place > start
    case .zone:
      guard place < bytes.count else { return false }
      let sign = bytes[place]
      place += 1
      if sign == 0x5A || sign == 0x7A { return true }
      guard sign == 0x2B || sign == 0x2D else { return false }
      var (hours, minutes) = (0, 0)
      guard Self.number(bytes, &place, 2...2, 0...23, into: &hours) else { return false }
      if place < bytes.count {
        let isSeparated = bytes[place] == 0x3A
        if isSeparated { place += 1 }
        if isSeparated || (0x30...0x39).contains(bytes[place]) {
          guard Self.number(bytes, &place, 2...2, 0...59, into: &minutes) else { return false }
        }
      }
      fields.offsetMinutes = (hours * 60 + minutes) * (sign == 0x2D ? -1 : 1)
      return true
    case .oneOf(let choices):
      guard place < bytes.count, choices.contains(bytes[place]) else { return false }
      place += 1
      return true
    case .text(let text):
      guard bytes.count - place >= text.count else { return false }
      for (offset, byte) in text.enumerated() where bytes[place + offset] != byte { return false }
      place += text.count
      return true
    case .optional: return false
    }
  }

  private static func number(
    _ bytes: Span<UInt8>, _ place: inout Int, _ digits: ClosedRange<Int>, _ range: ClosedRange<Int>,
    into field: inout Int
  ) -> Bool {
    let start = place
    field = 0
    while place < bytes.count, place - start < digits.upperBound, (0x30...0x39).contains(bytes[place]) {
      field = field * 10 + Int(bytes[place] - 0x30)
      place += 1
    }
    return place - start >= digits.lowerBound && range.contains(field)
  }

  /// Which of some words of lower case stands next, in any letter case.
  private static func next(of words: [String], in bytes: Span<UInt8>, at place: Int) -> Int? {
    search: for (number, word) in words.enumerated() where bytes.count - place >= word.utf8.count {
      for (offset, letter) in word.utf8.enumerated() where bytes[place + offset] | 0x20 != letter { continue search }
      return number
    }
    return nil
  }

  /// In lower case.
  public static let monthNames = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  public static let halves = ["am", "pm"]
}
