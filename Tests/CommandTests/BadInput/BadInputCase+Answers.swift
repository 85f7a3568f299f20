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
      "not a code of the codebook: it has a trailing no-break space (U+00A0); the code is \"full\""),
    rejectsAnswer(
      "a tab after", "plan", "full\t", "not a code of the codebook: it has a trailing tab; the code is \"full\""),
    rejectsAnswer("only spaces", "plan", "  ", "not a code of the codebook: only spaces"),
    rejectsAnswer(
      "a character without width", "plan", "full\u{200B}",
      "not a code of the codebook: it has a trailing invisible character (U+200B); the code is \"full\""),
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
    number("Roman", "XII"), number("a typographic minus", "\u{2212}5", ": its minus is U+2212; write a hyphen, -"),
    number("a fraction", "1\u{00BD}"),
    number("a currency", "\u{20AC}12"), number("per cent", "12%"), number("brackets for minus", "(12)"),
    number("a unit", "12 kg"), number("hexadecimal", "0x1F"), number("not a number", "NaN", Self.isNoAnswer("NaN")),
    number("infinite", "Infinity"),
    number("an exponent alone", "e5"), number("an exponent without digits", "1e"),
    number("a point alone", ".", Self.isNoAnswer(".")),
    number("a range", "5-10"),
    number(
      "an error of a spreadsheet", "#DIV/0!",
      "; this is an error value of a spreadsheet or of SPSS: "
        + "if it stands for no answer, write `missing: [\"\", \"#DIV/0!\"]` on the question"),
    rejectsAnswer("a space before a number", "budget", " 7", "not a number: it has a leading space"),
    rejectsAnswer("a part where whole numbers are asked for", "staff", "3.5", "not a whole number"),
  ]

  private static let dates: [BadInputCase] = [
    date("day first", "05/01/2024", reads: "`date-format: dd/MM/yyyy` or `MM/dd/yyyy`"),
    date("German", "5.1.2024", reads: "`date-format: d.M.yyyy`"),
    date("slashes", "2024/01/05", reads: "`date-format: yyyy/MM/dd`"),
    date("no zeros", "2024-1-5", reads: "`date-format: yyyy-M-d`"),
    date("no hyphens", "20240105", reads: "`date-format: yyyyMMdd`"),
    date(
      "two digits of a year", "24-01-05",
      advice: "years of two digits leave the century open: write four digits in the file, and name that form by "
        + "`date-format`"),
    date("with a time", "2024-01-05T10:00:00+25:00"),
    date("a week", "2024-W01-5"), date("a day of the year", "2024-005"),
    date(
      "a day of a spreadsheet", "45296",
      advice: "this is a day as Excel counts them: format the column as a date before saving it as CSV, and name that "
        + "form by `date-format`"),
    date("words", "5 January 2024"), date("a month of 13", "2024-13-01"), date("a month of 0", "2024-00-10"),
    date("a day of 0", "2024-01-00"), date("30 February", "2024-02-30"),
    date("29 February of a common year", "2023-02-29"),
    date("29 February 1900", "1900-02-29"), date("all zeros", "0000-00-00"),
    date("Japanese era", "\u{4EE4}\u{548C}6\u{5E74}1\u{6708}5\u{65E5}"),
    date("Persian digits", "\u{06F1}\u{06F4}\u{06F0}\u{06F2}-\u{06F1}\u{06F0}-\u{06F1}\u{06F5}"),
    date("Islamic", "23 Jumada II 1445"),
    date("Hebrew", "25 Tevet 5784"),
    date(
      "Buddhist, with its era", "5/1/2567 BE",
      advice: "the zone is a name: write an offset such as +02:00 in its place, or, where all rows have BE, "
        + "`date-format: \"d/M/yyyy' BE'\"` for the table"),
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

  private static func isNoAnswer(_ text: String) -> String {
    "; if it stands for no answer, write `missing: [\"\", \"\(text)\"]` on the question"
  }

  /// - Parameters:
  ///   - formats: Those that would read it.
  ///   - advice: What else to do.
  private static func date(
    _ name: String, _ value: String, reads formats: String? = nil, advice: String? = nil
  ) -> BadInputCase {
    let advice =
      advice ?? formats.map { "\($0) on the table reads it" }
      ?? "`date-format` on the table says how its dates are written"
    return rejectsAnswer("day: \(name)", "visited", value, "not a date written as yyyy-mm-dd; \(advice)")
  }
}
