import SurveyModel
import Testing

@Suite("A day of the calendar")
struct SurveyDateTests {
  /// Counts the days one by one, as one would on a wall calendar; nothing of the source's arithmetic is used.
  @Test("Every day of four centuries reads, counts one more than the day before, and writes itself back")
  func roundTrip() throws {
    var expected = try #require(SurveyDate("1799-12-31")).daysSinceEpoch
    var wrong: [String] = []
    for year in 1800...2199 {
      for month in 1...12 {
        for day in 1...lastDay(of: month, in: year) {
          expected += 1
          let text = isoText(year, month, day)
          let date = SurveyDate(text)
          if date?.daysSinceEpoch != expected || date?.description != text
            || date != SurveyDate(year: year, month: month, day: day)
          {
            wrong.append(text)
          }
        }
      }
    }
    #expect(wrong == [])
  }

  @Test(
    "Days far from today have the numbers that other calendars give them",
    arguments: [
      // Python: (datetime.date(...) - datetime.date(1970, 1, 1)).days
      ("0001-01-01", -719_162), ("1582-10-15", -141_427), ("1900-03-01", -25_508), ("1969-12-31", -1),
      ("1970-01-01", 0), ("2000-02-29", 11_016), ("2019-10-01", 18_170), ("2038-01-19", 24_855),
      ("9999-12-31", 2_932_896),
    ])
  func knownNumbers(text: String, number: Int32) throws {
    let date = try #require(SurveyDate(text))
    #expect(date.daysSinceEpoch == number)
    #expect(SurveyDate(daysSinceEpoch: number).description == text)
  }

  @Test("The first and last years of the calendar round trip", arguments: [0...5, 9995...9999])
  func ends(years: ClosedRange<Int>) {
    var previous: SurveyDate?
    for year in years {
      for month in 1...12 {
        for day in 1...lastDay(of: month, in: year) {
          let date = SurveyDate(year: year, month: month, day: day)
          #expect(date?.description == isoText(year, month, day))
          if let previous, let date { #expect(previous.adding(days: 1) == date && previous < date) }
          previous = date
        }
      }
    }
  }

  @Test("A day is read exactly where a wall calendar has it", arguments: [0, 1899, 1900, 1999, 2000, 2023, 2024, 2100])
  func impossibleDays(year: Int) {
    for month in -1...14 {
      for day in -1...33 {
        let exists = (1...12).contains(month) && day >= 1 && day <= lastDay(of: month, in: year)
        #expect((SurveyDate(year: year, month: month, day: day) != nil) == exists, "\(year) \(month) \(day)")
        if (0...99).contains(month), (0...99).contains(day) {
          #expect((SurveyDate(isoText(year, month, day)) != nil) == exists, "\(isoText(year, month, day))")
        }
      }
    }
  }

  @Test("Years outside four digits are none", arguments: [-1, 10_000, .max, .min])
  func yearsOutside(year: Int) {
    #expect(SurveyDate(year: year, month: 1, day: 1) == nil)
  }

  @Test(
    "Only yyyy-mm-dd in ASCII digits is a date",
    arguments: [
      "", " ", "2019", "2019-10", "2019-10-1", "2019-1-01", "19-10-01", "2019-10-011", "02019-10-01", "2019/10/01",
      "2019-10/01", "2019.10.01", "20191001", "01-10-2019", " 2019-10-01", "2019-10-01 ", "2019-10-01\n",
      "2019-10-01T00:00", "+019-10-01", "-019-10-01", "2019--1-01", "2019-10--1", "2019-+1-01", "2o19-10-01",
      "２０１９-10-01", "2019‐10‐01", "2019-1٠-01", "reference-date", "0x19-10-01", "2019-10-01\0",
    ])
  func otherTexts(text: String) {
    #expect(SurveyDate(text) == nil)
  }

  private func lastDay(of month: Int, in year: Int) -> Int {
    if month == 2 { return isLeap(year) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  private func isLeap(_ year: Int) -> Bool {
    if year % 400 == 0 { return true }
    if year % 100 == 0 { return false }
    return year % 4 == 0
  }

  private func isoText(_ year: Int, _ month: Int, _ day: Int) -> String {
    func digits(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: width - text.count) + text
    }
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
  }
}
