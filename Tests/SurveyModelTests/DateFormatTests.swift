import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Dates and times as files write them")
struct DateFormatTests {
  private static let hour: Int64 = 3_600_000_000
  private static func midnight(_ day: String) throws -> Int64 {
    Int64(try #require(SurveyDate(day)).daysSinceEpoch) * 24 * hour
  }

  @Test(
    "ISO 8601: the written day, and the instant in hours since the midnight of 2024-03-02 in UTC",
    arguments: [
      ("2024-03-02", "2024-03-02", 0.0), ("2024-03-02T10:30", "2024-03-02", 10.5),
      ("2024-03-02 10:30", "2024-03-02", 10.5), ("2024-03-02t10:30:36", "2024-03-02", 10.51),
      ("2024-03-02T10:30:00.9", "2024-03-02", 10.50025), ("2024-03-02T10:30:00,900000", "2024-03-02", 10.50025),
      ("2024-03-02T10:30:00.9000009", "2024-03-02", 10.50025), ("2024-03-02T10:30Z", "2024-03-02", 10.5),
      ("2024-03-02T10:30:00z", "2024-03-02", 10.5), ("2024-03-02T10:30+02:00", "2024-03-02", 8.5),
      ("2024-03-02T10:30:00+0200", "2024-03-02", 8.5), ("2024-03-02T10:30:00.000+02", "2024-03-02", 8.5),
      ("2024-03-02 10:30:00 -0530", "2024-03-02", 16), ("2024-03-03T00:30+01:00", "2024-03-03", 23.5),
      ("2024-03-01T23:30-01:00", "2024-03-01", 0.5), ("2024-03-02T24:00", "2024-03-02", 24),
      ("2024-03-02T24:00:00.000Z", "2024-03-02", 24), ("2024-03-02T23:59:60Z", "2024-03-02", 24),
      ("2024-02-29T00:00Z", "2024-02-29", -48),
    ])
  func iso(text: String, day: String, hours: Double) throws {
    let moment = try #require(DateFormat.iso8601.read(text), "\(text)")
    #expect(moment.day == SurveyDate(day))
    #expect(moment.instant == (try Self.midnight("2024-03-02")) + Int64((hours * Double(Self.hour)).rounded()))
  }

  @Test(
    "Nothing else is a date",
    arguments: [
      "", " ", "24-03-02", "2024-3-2", "2024-02-30", "2023-02-29", "0000-01-01", "2024-13-01", "2024-00-10",
      "2024-03-02T", "2024-03-02T10", "2024-03-02T1030", "2024-03-02T10:3", "2024-03-02T25:00", "2024-03-02T24:01",
      "2024-03-02T24:00:00.1", "2024-03-02T10:60", "2024-03-02T10:30:61", "2024-03-02T10:30:00.",
      "2024-03-02T10:30:00+2", "2024-03-02T10:30:00+02:", "2024-03-02T10:30:00+02:60", "2024-03-02T10:30:00+24",
      "2024-03-02  10:30", "2024-03-02T10:30:00  Z", "2024-03-02Z", "2024-03-02 ", " 2024-03-02", "2024/03/02",
      "02/03/2024", "2024-03-02T10:30:00 UTC", "2024-03-02T10:30\n", "２０２４-03-02",
    ])
  func otherTexts(text: String) {
    #expect(DateFormat.iso8601.read(text) == nil)
  }

  @Test(
    "A pattern reads what it says and nothing else",
    arguments: [
      ("dd/MM/yyyy", "02/03/2024", "2024-03-02", 0.0), ("MM/dd/yyyy", "03/02/2024", "2024-03-02", 0),
      ("d.M.yyyy", "2.3.2024", "2024-03-02", 0), ("d.M.yyyy", "02.03.2024", "2024-03-02", 0),
      ("yyyyMMdd", "20240302", "2024-03-02", 0), ("dd-MMM-yyyy", "02-mAR-2024", "2024-03-02", 0),
      ("dd/MM/yyyy HH:mm", "02/03/2024 10:30", "2024-03-02", 10.5),
      ("dd/MM/yyyy[ HH:mm[:ss]]", "02/03/2024 10:30:36", "2024-03-02", 10.51),
      ("dd/MM/yyyy[ HH:mm[:ss]]", "02/03/2024", "2024-03-02", 0),
      ("M/d/yyyy h:mm:ss a", "3/2/2024 12:30:00 AM", "2024-03-02", 0.5),
      ("M/d/yyyy h:mm a", "3/2/2024 12:30 pm", "2024-03-02", 12.5),
      ("M/d/yyyy h:mm a", "3/2/2024 1:30 PM", "2024-03-02", 13.5),
      ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "2024-03-02T10:30:00.900+02:00", "2024-03-02", 8.50025),
      ("yyyy年M月d日", "2024年3月2日", "2024-03-02", 0),
    ])
  func patterns(pattern: String, text: String, day: String, hours: Double) throws {
    let moment = try #require(try DateFormat(pattern: pattern).read(text))
    #expect(moment.day == SurveyDate(day))
    #expect(moment.instant == (try Self.midnight("2024-03-02")) + Int64((hours * Double(Self.hour)).rounded()))
  }

  @Test(
    "Texts that a pattern does not read",
    arguments: [
      ("dd/MM/yyyy", "2024-03-02"), ("dd/MM/yyyy", "2/3/2024"), ("dd/MM/yyyy", "30/02/2024"),
      ("dd/MM/yyyy", "02/03/24"),
      ("dd/MM/yyyy", "02/13/2024"), ("dd/MM/yyyy", "02/03/2024 10:30"), ("d/M/yyyy", "/3/2024"),
      ("d/M/yyyy", "2/3/0000"),
      ("yyyyMMdd", "2024-03-02"), ("dd-MMM-yyyy", "02-Mae-2024"), ("h:mm a dd/MM/yyyy", "13:00 PM 02/03/2024"),
      ("h:mm a dd/MM/yyyy", "0:00 AM 02/03/2024"), ("dd/MM/yyyy HH:mm", "02/03/2024 24:01"),
    ])
  func unread(pattern: String, text: String) throws {
    #expect(try DateFormat(pattern: pattern).read(text) == nil)
  }

  @Test(
    "A pattern that could mean two days is none",
    arguments: [
      "dd/mm/yyyy", "dd/MM/yy", "DD/MM/YYYY", "MM/yyyy", "dd/MM", "", "d/M/yyyy d", "Mdyyyy", "dMMyyyy",
      "dd/MM/yyyy hh:mm",
      "dd/MM/yyyy HH:mm a", "dd/MM/yyyy mm", "dd/MM/yyyy HH:ss", "[dd/]MM/yyyy", "dd/MM/yyyy[ HH:mm", "dd/MM/yyyy]",
      "dd/MM/yyyy 'T", "EEE dd/MM/yyyy", "dd/MM/yyyy HH:mm.S",
    ])
  func wrongPatterns(pattern: String) {
    #expect(throws: DateFormat.Problem.self) { try DateFormat(pattern: pattern) }
  }

  /// What a pattern reads, it reads as Foundation does; a text of one pattern is read by another only if that writes
  /// the same text for the same day.
  @Test func randomMomentsAsFoundationWritesThem() throws {
    let patterns = [
      "dd/MM/yyyy", "MM/dd/yyyy HH:mm", "d.M.yyyy H:mm:ss", "yyyyMMdd", "dd-MMM-yyyy", "yyyy-MM-dd HH:mm:ss.SSS",
      "h:mm:ss a M/d/yyyy", "yyyy-MM-dd'T'HH:mm:ssXXX",
    ]
    var generator = SeededGenerator(seed: 20)
    for pattern in patterns {
      let format = try DateFormat(pattern: pattern)
      let formatter = DateFormatter()
      formatter.locale = Foundation.Locale(identifier: "en_US_POSIX")
      formatter.dateFormat = pattern
      formatter.timeZone = TimeZone(secondsFromGMT: pattern.contains("X") ? 5 * 3600 + 1800 : 0)
      for _ in 0..<200 {
        let seconds = Int.random(in: -2_000_000_000...4_000_000_000, using: &generator)
        let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
        let moment = try #require(format.read(text), "\(pattern) \(text)")
        let again = try #require(formatter.date(from: text))
        #expect(moment.instant == Int64(again.timeIntervalSince1970) * 1_000_000, "\(pattern) \(text)")
      }
    }
  }

  @Test(
    "What a file may have meant",
    arguments: [
      ("21/02/2023", ["dd/MM/yyyy"]), ("02/21/2023", ["MM/dd/yyyy"]), ("1/2/2023", ["d/M/yyyy", "M/d/yyyy"]),
      ("2/21/2023 1:05 PM", ["M/d/yyyy h:mm a"]), ("21.02.2023 10:00", ["dd.MM.yyyy HH:mm"]),
      ("20230221", ["yyyyMMdd"]),
      ("soon", []), ("21/02/23", []),
    ])
  func meant(text: String, patterns: [String]) {
    #expect(DateFormat.patterns(reading: text) == patterns)
  }

  /// Each part doubles the ways to read a text.
  @Test func aPatternHasFewPartsThatMayBeLeftOut() throws {
    let most = String(repeating: "[ ]", count: DateFormat.mostOptionals)
    #expect(try DateFormat(pattern: "yyyy-MM-dd" + most).read("2024-03-02   ") != nil)
    for parts in [most + "[ ]", String(repeating: "[ ", count: 50) + String(repeating: "]", count: 50)] {
      #expect(throws: DateFormat.Problem.self) { try DateFormat(pattern: "yyyy-MM-dd" + parts) }
    }
  }
}
