import SurveyModel

/// Dates and times in SQL, as `DateFormat` reads them.
extension Dialect {
  /// A day that the calendar has, as yyyy-mm-dd; null for what the format does not read. Such texts are in the order of
  /// their days.
  func day(_ text: String, _ format: DateFormat) -> String {
    let form = DateForm(format)
    let (year, month, day) = (part(text, form, .year), month(text, form), part(text, form, .day))
    let isISO = format.pattern == nil
    let found = isISO ? "substr(\(text), 1, 10)" : "concat(\(year), '-', \(month), '-', \(padded(day)))"
    let (foundYear, foundMonth) = (isISO ? "substr(\(text), 1, 4)" : year, isISO ? "substr(\(text), 6, 2)" : month)
    let foundDay = isISO ? "substr(\(text), 9, 2)" : padded(day)
    let number = "CAST(\(foundYear) AS int)"
    let isLeap = "(\(number) % 4 = 0 AND \(number) % 100 <> 0) OR \(number) % 400 = 0"
    let last =
      "CASE WHEN \(foundMonth) = '02' THEN CASE WHEN \(isLeap) THEN '29' ELSE '28' END "
      + "WHEN \(foundMonth) IN ('04', '06', '09', '11') THEN '30' ELSE '31' END"
    // Nested, so that nothing is cast before its form is known.
    return "CASE WHEN \(matches(text, form.pattern)) THEN "
      + "CASE WHEN \(foundYear) <> '0000' AND \(foundDay) <= \(last) AND \(endsDay(text, form, format)) THEN \(found) END END"
  }

  /// The instant in microseconds since 1970-01-01T00:00Z; null where there is no day.
  func instant(_ text: String, _ format: DateFormat) -> String {
    let form = DateForm(format)
    let day = day(text, format)
    let days =
      switch self {
      case .spark: "CAST(unix_date(CAST(\(day) AS DATE)) AS BIGINT)"
      case .duckdb: "CAST(CAST(\(day) AS DATE) - DATE '1970-01-01' AS BIGINT)"
      case .postgresql: "CAST(CAST(\(day) AS date) - DATE '1970-01-01' AS bigint)"
      }
    func number(_ field: DateForm.Field) -> String {
      !form.fields.contains(field) ? "0" : "CAST(concat('0', \(part(text, form, field))) AS bigint)"
    }
    var hour = number(.hour)
    if form.fields.contains(.half) {
      let half = "lower(\(part(text, form, .half)))"
      hour = "(\(hour) % 12 + CASE WHEN \(half) = 'pm' THEN 12 ELSE 0 END)"
    }
    var offset = "0"
    if form.fields.contains(.zoneSign) {
      let sign = "CASE WHEN \(part(text, form, .zoneSign)) = '-' THEN -1 ELSE 1 END"
      offset = "(\(sign) * (\(number(.zoneHours)) * 60 + \(number(.zoneMinutes))))"
    }
    let fraction =
      !form.fields.contains(.fraction)
      ? "0" : "CAST(substr(concat(\(part(text, form, .fraction)), '000000'), 1, 6) AS bigint)"
    // The parts are cast where the whole was read only.
    return "CASE WHEN (\(day)) IS NOT NULL THEN ((\(days) * 1440 + \(hour) * 60 + \(number(.minute)) - \(offset)) * 60 "
      + "+ \(number(.second))) * 1000000 + \(fraction) END"
  }

  /// Before every instant.
  var noInstant: String { "CAST('-9000000000000000000' AS bigint)" }

  /// 24:00 is the end of a day; later there is none.
  private func endsDay(_ text: String, _ form: DateForm, _ format: DateFormat) -> String {
    guard form.fields.contains(.hour), !form.fields.contains(.half) else { return "TRUE" }
    var rest = [part(text, form, .minute)]
    if form.fields.contains(.second) { rest.append(part(text, form, .second)) }
    if form.fields.contains(.fraction) { rest.append(part(text, form, .fraction)) }
    let isShort = format.pattern == nil ? "length(\(text)) = 10 OR " : ""
    return
      "(\(isShort)\(part(text, form, .hour)) <> '24' OR replace(concat(\(rest.joined(separator: ", "))), '0', '') = '')"
  }

  private func padded(_ number: String) -> String { "lpad(\(number), 2, '0')" }

  /// The month as two digits.
  private func month(_ text: String, _ form: DateForm) -> String {
    guard form.hasMonthName else { return padded(part(text, form, .month)) }
    let name = "lower(\(part(text, form, .month)))"
    let cases = DateFormat.monthNames.enumerated().map { number, month in
      "WHEN '\(month)' THEN '\(number < 9 ? "0" : "")\(number + 1)'"
    }
    return "CASE \(name) \(cases.joined(separator: " ")) END"
  }

  /// A part of a text that matches a form; the empty text where the part may be missing and is.
  private func part(_ text: String, _ form: DateForm, _ field: DateForm.Field) -> String {
    guard form.fields.contains(field) else { return "''" }
    // One group a pattern: DuckDB counts up to nine.
    let pattern = form.pattern(capturing: field)
    return switch self {
    case .spark, .duckdb: "regexp_extract(\(text), \(literal("\\A(?:\(pattern))\\z")), 1)"
    case .postgresql: "coalesce((regexp_match(\(text), \(literal("^(?:\(pattern))$"))))[1], '')"
    }
  }
}

/// A date format as a regular expression.
struct DateForm {
  enum Field: Hashable { case year, month, day, hour, half, minute, second, fraction, zoneSign, zoneHours, zoneMinutes }

  private(set) var fields: Set<Field> = []
  private(set) var hasMonthName = false
  private var pieces: [(field: Field?, form: String)] = []

  init(_ format: DateFormat) {
    add(format.elements[...])
  }

  var pattern: String { pattern(capturing: nil) }

  /// The expression, with one field as its only numbered group.
  func pattern(capturing captured: Field?) -> String {
    pieces.map { field, form in
      field == nil ? form : field == captured ? "(\(form))" : "(?:\(form))"
    }.joined()
  }

  private mutating func add(_ elements: ArraySlice<DateFormat.Element>) {
    var rest = elements
    while let element = rest.popFirst() {
      if case .optional(let count) = element {
        add("(?:")
        add(rest.prefix(count))
        add(")?")
        rest = rest.dropFirst(count)
      } else {
        add(element)
      }
    }
  }

  private mutating func group(_ field: Field, _ form: String) {
    fields.insert(field)
    pieces.append((field, form))
  }

  private mutating func add(_ form: String) { pieces.append((nil, form)) }

  private mutating func add(_ element: DateFormat.Element) {
    switch element {
    case .year: group(.year, "[0-9]{4}")
    case .month(let isPadded): group(.month, isPadded ? "0[1-9]|1[0-2]" : "0?[1-9]|1[0-2]")
    case .day(let isPadded): group(.day, isPadded ? "0[1-9]|[12][0-9]|3[01]" : "0?[1-9]|[12][0-9]|3[01]")
    case .monthName:
      hasMonthName = true
      group(.month, DateFormat.monthNames.map(Self.anyCase).joined(separator: "|"))
    case .hour(let isPadded): group(.hour, isPadded ? "[01][0-9]|2[0-4]" : "[0-9]|[01][0-9]|2[0-4]")
    case .halfDayHour(let isPadded): group(.hour, isPadded ? "0[1-9]|1[0-2]" : "0?[1-9]|1[0-2]")
    case .half: group(.half, DateFormat.halves.map(Self.anyCase).joined(separator: "|"))
    case .minute: group(.minute, "[0-5][0-9]")
    case .second: group(.second, "[0-5][0-9]|60")
    case .fraction: group(.fraction, "[0-9]+")
    case .zone:
      add("(?:[Zz]|")
      group(.zoneSign, "[+-]")
      group(.zoneHours, "[01][0-9]|2[0-3]")
      add("(?::?")
      group(.zoneMinutes, "[0-5][0-9]")
      add(")?)")
    case .oneOf(let choices): add("[" + choices.map { String(UnicodeScalar($0)) }.joined() + "]")
    case .text(let bytes): add(String(decoding: bytes, as: UTF8.self).map(Self.escaped).joined())
    case .optional: break
    }
  }

  private static func anyCase(_ word: String) -> String { word.map { "[\($0.uppercased())\($0)]" }.joined() }

  /// A character as all dialects write it in a pattern.
  private static func escaped(_ character: Character) -> String {
    ".^$*+?()[]{}|\\".contains(character) ? "\\\(character)" : String(character)
  }
}
