import SurveyModel
import Testing

@Suite("Breaks in a series")
struct SeriesBreaksTests {
  private static func breaks(
    _ pairs: [(String, String)], years: [String: Double], cautions: [(String, String)] = []
  ) -> SeriesBreaks {
    var indicator = Indicator(
      id: "A", title: "", table: "responses", rule: .notAsked(reason: ""),
      comparability: Dictionary(uniqueKeysWithValues: cautions.map { (CyclePair(then: $0.0, now: $0.1), "care") }))
    indicator.breaks = Dictionary(uniqueKeysWithValues: pairs.map { (CyclePair(then: $0.0, now: $0.1), "new frame") })
    return SeriesBreaks(
      [indicator],
      cycles: years.map { name, year in
        SurveyCycle(name: "n-\(name)", title: "", cycle: name, year: year, tables: [:], indicators: [])
      })
  }

  @Test func aBreakStandsInEverySpanThatHoldsIt() {
    let years = ["a": 2001.0, "b": 2005, "c": 2009, "d": 2013]
    let breaks = Self.breaks([("b", "c")], years: years)
    for (then, now, isBroken) in [
      ("a", "b", false), ("b", "c", true), ("c", "d", false), ("a", "c", true), ("a", "d", true), ("b", "d", true),
      // The other way round as well.
      ("d", "a", true), ("d", "c", false), ("c", "c", false),
    ] {
      #expect((breaks.reason(between: then, and: now) != nil) == isBroken, "\(then) to \(now)")
    }
    #expect(breaks.reason(between: "a", and: "d") == "break b -> c: new frame")
    // A change within a wider break does not hold all of it.
    let wide = Self.breaks([("a", "d")], years: years)
    #expect(wide.reason(between: "b", and: "c") == nil && wide.reason(between: "a", and: "c") == nil)
    #expect(wide.reason(between: "a", and: "d") != nil)
  }

  @Test func withoutYearsPairsAndThenNumbersOrderCycles() {
    #expect(Self.breaks([("cycle-3", "cycle-4")], years: [:]).reason(between: "cycle-2", and: "cycle-4") != nil)
    #expect(Self.breaks([("cycle-2", "cycle-3")], years: [:]).reason(between: "cycle-3", and: "cycle-4") == nil)
    #expect(Self.breaks([("cycle-9", "cycle-10")], years: [:]).reason(between: "cycle-8", and: "cycle-10") != nil)
    let chain = [("spring", "summer"), ("summer", "autumn"), ("autumn", "winter")]
    let breaks = Self.breaks([("autumn", "winter")], years: [:], cautions: chain)
    #expect(breaks.reason(between: "spring", and: "winter") != nil)
    #expect(breaks.reason(between: "spring", and: "autumn") == nil)
    // Nothing tells: no change rather than a wrong one.
    #expect(Self.breaks([("x", "now")], years: ["then": 1, "now": 2]).reason(between: "then", and: "now") != nil)
    #expect(Self.breaks([], years: [:]).reason(between: "a", and: "b") == nil)
  }
}
