import SurveyTestSupport

extension BadInputCase {
  /// Answers that become missing: codes that are none, numbers as other countries write them, days of other calendars.
  static let answers: [BadInputCase] = codes + numbers + dates

  private static let codes: [BadInputCase] = [
    rejectsAnswer("no code", "plan", "zzzzzzzz", "not a code of the codebook"),
    rejectsAnswer("a slip", "plan", "fulll", "not a code of the codebook; the nearest code is \"full\""),
    rejectsAnswer(
      "another case", "plan", "FULL", "not a code of the codebook; the code is \"full\", which differs in letter case"),
    rejectsAnswer(
      "a space before", "plan", " full", "not a code of the codebook: it has a leading space; the code is \"full\""),
    rejectsAnswer(
      "a no-break space after", "plan", "full\u{A0}",
      "not a code of the codebook: it has a trailing space; the code is \"full\""),
    rejectsAnswer(
      "a tab after", "plan", "full\t", "not a code of the codebook: it has a trailing space; the code is \"full\""),
    rejectsAnswer("only spaces", "plan", "  ", "not a code of the codebook: only spaces"),
    rejectsAnswer(
      "a character without width", "plan", "full\u{200B}", "not a code of the codebook; the nearest code is \"full\""),
    rejectsAnswer(
      "a Cyrillic letter that looks Latin", "plan", "n\u{43E}ne",
      "not a code of the codebook; the nearest code is \"none\""),
    rejectsAnswer(
      "one code of several", "routes", "air|see", "\"see\" is not a code of the codebook; the nearest code is \"sea\""),
    rejectsAnswer("an empty code of several", "routes", "air||sea", "\"\" is not a code of the codebook"),
    rejectsAnswer(
      "another separator", "routes", "air;sea",
      "not a code of the codebook; set `multiple-separator: \";\"` for the table"),
    rejectsAnswer(
      "a space after the separator", "routes", "air| sea",
      "\" sea\" is not a code of the codebook: it has a leading space; the code is \"sea\": set "
        + "`multiple-trim: true` or `multiple-separator: \"| \"` for the table"),
  ]

  private static let numbers: [BadInputCase] = [
    number("a decimal comma", "10,5", ": it has a comma; set `decimal: \",\"` for the table"),
    number(
      "thousands with points", "1.234,5",
      ": it has a comma; set `decimal: \",\"` and `thousands: \".\"` for the table"),
    number("thousands with commas", "1,234.5", ": it has a comma; set `thousands: \",\"` for the table"),
    number("thousands with apostrophes", "1'234.5", ": it has an apostrophe; set `thousands: \"'\"` for the table"),
    number(
      "thousands with no-break spaces", "1\u{A0}234",
      ": it has a no-break space (U+00A0); set `thousands: \"\\u00A0\"` for the table"),
    number(
      "thousands with narrow spaces", "1\u{202F}234",
      ": it has a narrow no-break space (U+202F); set `thousands: \"\\u202F\"` for the table"),
    number("Indian grouping", "12,34,567"),
    number("Arabic digits", "\u{0661}\u{0662}"), number("Devanagari digits", "\u{0967}\u{0968}"),
    number("full-width digits", "\u{FF11}\u{FF12}"), number("an Arabic decimal separator", "1\u{066B}5"),
    number("Roman", "XII"), number("a typographic minus", "\u{2212}5"), number("a fraction", "1\u{00BD}"),
    number("a currency", "\u{20AC}12"), number("per cent", "12%"), number("brackets for minus", "(12)"),
    number("a unit", "12 kg"), number("hexadecimal", "0x1F"), number("not a number", "NaN"),
    number("infinite", "Infinity"),
    number("an exponent alone", "e5"), number("an exponent without digits", "1e"), number("a point alone", "."),
    number("a range", "5-10"), number("an error of a spreadsheet", "#DIV/0!"),
    rejectsAnswer("a space before a number", "budget", " 7", "not a number: it has a leading space"),
    rejectsAnswer("a part where whole numbers are asked for", "staff", "3.5", "not a whole number"),
  ]

  private static let dates: [BadInputCase] = [
    date("day first", "05/01/2024", reads: "`date-format: dd/MM/yyyy` or `MM/dd/yyyy`"),
    date("German", "5.1.2024", reads: "`date-format: d.M.yyyy`"),
    date("slashes", "2024/01/05", reads: "`date-format: yyyy/MM/dd`"),
    date("no zeros", "2024-1-5", reads: "`date-format: yyyy-M-d`"),
    date("no hyphens", "20240105", reads: "`date-format: yyyyMMdd`"), date("two digits of a year", "24-01-05"),
    date("with a time", "2024-01-05T10:00:00+25:00"),
    date("a week", "2024-W01-5"), date("a day of the year", "2024-005"), date("a day of a spreadsheet", "45296"),
    date("words", "5 January 2024"), date("a month of 13", "2024-13-01"), date("a month of 0", "2024-00-10"),
    date("a day of 0", "2024-01-00"), date("30 February", "2024-02-30"),
    date("29 February of a common year", "2023-02-29"),
    date("29 February 1900", "1900-02-29"), date("all zeros", "0000-00-00"),
    date("Japanese era", "\u{4EE4}\u{548C}6\u{5E74}1\u{6708}5\u{65E5}"),
    date("Persian digits", "\u{06F1}\u{06F4}\u{06F0}\u{06F2}-\u{06F1}\u{06F0}-\u{06F1}\u{06F5}"),
    date("Islamic", "23 Jumada II 1445"),
    date("Hebrew", "25 Tevet 5784"), date("Buddhist, with its era", "5/1/2567 BE"),
    date("full-width digits", "\u{FF12}024-01-05"),
    date("no-break hyphens", "2024\u{2011}01\u{2011}05"),
    date("five digits of a year", "12024-01-05"),
    rejectsAnswer(
      "a space after a day", "visited", "2024-01-05 ", "not a date written as yyyy-mm-dd: it has a trailing space"),
  ]

  /// - Parameter hint: What would read it.
  private static func number(_ name: String, _ value: String, _ hint: String = "") -> BadInputCase {
    rejectsAnswer("number: \(name)", "budget", value, "not a number" + hint)
  }

  /// - Parameter formats: Those that would read it.
  private static func date(_ name: String, _ value: String, reads formats: String? = nil) -> BadInputCase {
    let advice =
      formats.map { "\($0) on the table reads it" } ?? "`date-format` on the table says how its dates are written"
    return rejectsAnswer("day: \(name)", "visited", value, "not a date written as yyyy-mm-dd; \(advice)")
  }
}
