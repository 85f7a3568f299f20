/// What a file may have meant where its dates cannot be read.
extension DateFormat {
  /// Texts that are looked at; more would not tell more.
  private static let mostTexts = 1000

  /// What to do about texts that this format does not read, in words.
  ///
  /// - Parameter texts: Distinct; the first one decides where no one way of writing fits all.
  public func remedy(for texts: some Collection<String>) -> String {
    let texts = Array(texts.prefix(Self.mostTexts))
    guard let first = texts.first else { return "" }
    let them = texts.count == 1 ? "it" : "them"
    if pattern != nil, texts.allSatisfy({ Self.iso8601.read($0) != nil }) {
      return "without `date-format` the table reads \(them), as ISO 8601"
    }
    let meant = Self.patterns(readingAll: texts)
    if let pattern = meant.first {
      let other = meant.count > 1 ? " or `\(meant[1])`" : ""
      return "`date-format: \(pattern)`\(other) on the table reads \(them)"
    }
    if let peculiarity = Self.peculiarity(of: texts) { return peculiarity }
    if texts.count > 1 {
      if let second = texts.first(where: { Self.patterns(readingAll: [first, $0]).isEmpty }),
        texts.allSatisfy({ !Self.patterns(reading: $0).isEmpty })
      {
        return "the dates are written in several ways, such as \"\(first)\" and \"\(second)\": write them in one, "
          + "which `date-format` names"
      }
      return remedy(for: [first])
    }
    return "`date-format` on the table says how its dates are written"
  }

  /// The patterns that read a text which this format does not; a day first and a month first if both do.
  public static func patterns(reading text: String) -> [String] { patterns(readingAll: [text]) }

  /// The patterns that read every one of some texts. Parts of a time that only some of them have stand between brackets.
  public static func patterns(readingAll texts: [String]) -> [String] {
    guard !texts.isEmpty, texts.allSatisfy({ $0.utf8.count <= 40 }) else { return [] }
    return (texts.count == 1 ? families : familiesOfSeveral).compactMap { family in
      family.first { format in texts.allSatisfy { format.read($0) != nil } }?.pattern
    }
  }

  private static let days = [
    ["dd/MM/yyyy", "d/M/yyyy"], ["MM/dd/yyyy", "M/d/yyyy"], ["dd.MM.yyyy", "d.M.yyyy"], ["dd-MM-yyyy", "d-M-yyyy"],
    ["MM-dd-yyyy", "M-d-yyyy"], ["yyyy/MM/dd", "yyyy/M/d"], ["yyyyMMdd"], ["yyyy-M-d"], ["dd-MMM-yyyy", "d-MMM-yyyy"],
    ["dd MMM yyyy", "d MMM yyyy"],
  ]
  private static let times = ["", " HH:mm", " HH:mm:ss", " H:mm", " H:mm:ss", " h:mm a", " h:mm:ss a"]
  private static let partsOfTimes = [
    " HH:mm[:ss]", "[ HH:mm]", "[ HH:mm[:ss]]", " H:mm[:ss]", "[ H:mm]", "[ H:mm[:ss]]", " h:mm[:ss] a", "[ h:mm a]",
    "[ h:mm[:ss] a]",
  ]

  /// Each a way to write days, with the widths and times that go with it; the first that reads a text is the one.
  private static let families = formats(days, times)
  private static let familiesOfSeveral = formats(days, times + partsOfTimes)

  private static func formats(_ days: [[String]], _ times: [String]) -> [[DateFormat]] {
    days.map { days in days.flatMap { day in times.compactMap { try? DateFormat(pattern: day + $0) } } }
  }

  // MARK: - Texts that no pattern reads

  private static func peculiarity(of texts: [String]) -> String? {
    if texts.allSatisfy(isSerialDay) {
      return "this is a day as Excel counts them: format the column as a date before saving it as CSV, and name that "
        + "form by `date-format`"
    }
    if texts.allSatisfy(hasShortYear) {
      return "years of two digits leave the century open: write four digits in the file, and name that form by "
        + "`date-format`"
    }
    return zoneName(of: texts)
  }

  /// 20000 is a day of 1954, 80000 one of 2119; a time is a fraction.
  private static func isSerialDay(_ text: String) -> Bool {
    let parts = text.split(whereSeparator: { $0 == "." || $0 == "," })
    guard (1...2).contains(parts.count),
      text.utf8.allSatisfy({ (0x2C...0x2E).contains($0) || (0x30...0x39).contains($0) }),
      parts[0].count == 5, let day = Int(parts[0])
    else { return false }
    return (20_000...80_000).contains(day)
  }

  /// 3/5/24, 05.03.24 14:31.
  private static func hasShortYear(_ text: String) -> Bool {
    let day = text.prefix { $0 != " " }
    let parts = day.split(omittingEmptySubsequences: false) { "/.-".contains($0) }
    return parts.count == 3 && parts.allSatisfy { (1...2).contains($0.count) && Int($0) != nil } && parts[2].count == 2
  }

  /// 2024-03-02 10:00:00 EET: a name, which says no offset.
  private static func zoneName(of texts: [String]) -> String? {
    guard let name = texts[0].split(separator: " ").last.map(String.init), isZoneName(name),
      texts.allSatisfy({ $0.hasSuffix(" " + name) })
    else { return nil }
    let heads = texts.map { String($0.dropLast(name.count + 1)) }
    let form = formats([["yyyy-MM-dd"]] + days, times).compactMap { family in
      family.first { format in heads.allSatisfy { format.read($0) != nil } }?.pattern
    }.first
    guard let form else { return nil }
    return "the zone is a name: write an offset such as +02:00 in its place, or, where all rows have "
      + "\(name), `date-format: \"\(form)' \(name)'\"` for the table"
  }

  private static func isZoneName(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 < 0x80 }), text != "AM", text != "PM" else { return false }
    let letters = text.prefix { $0.isUppercase }
    let rest = text.dropFirst(letters.count)
    return (2...5).contains(letters.count) && (rest.isEmpty || rest.first == "+" || rest.first == "-")
  }
}
