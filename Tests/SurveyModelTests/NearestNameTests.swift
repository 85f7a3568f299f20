import SurveyTestSupport
import Testing

@testable import SurveyModel

@Suite("The name that was probably meant")
struct NearestNameTests {
  @Test(
    "A likely slip finds its name",
    arguments: [
      ("titel", "title"),  // two neighbours exchanged
      ("indicator", "indicators"), ("ttile", "title"), ("Numerator", "numerator"), ("NUMERATOR", "numerator"),
      ("denomnator", "denominator"), ("uint", "unit"), ("min_cell", "min-cell"), ("groupby", "group-by"),
      ("period", "period"),
    ])
  func slips(written: String, meant: String) {
    let keys = ["title", "indicators", "numerator", "denominator", "unit", "min-cell", "group-by", "period"]
    #expect(NearestName.suggestion(for: written, among: keys) == meant)
  }

  @Test("What is far from every name finds none", arguments: ["", "zzz", "pipelinesofoil", "numbers"])
  func strangers(written: String) {
    #expect(NearestName.suggestion(for: written, among: ["title", "numerator", "eligible"]) == nil)
    #expect(NearestName.hint(for: written, among: ["title", "numerator", "eligible"]) == "")
  }

  @Test("What is too long to be a slip is not compared", .limit(minutes: 1))
  func longNames() {
    let long = String(repeating: "a", count: 200_000)
    #expect(NearestName.suggestion(for: long, among: [long + "b"]) == nil)
    #expect(NearestName.suggestion(for: "title", among: [long, "titel"]) == "titel")
  }

  @Test("A third of the longer word may differ, and one letter always")
  func threshold() {
    #expect(NearestName.suggestion(for: "ab", among: ["ax"]) == "ax")
    #expect(NearestName.suggestion(for: "ab", among: ["xy"]) == nil)
    #expect(NearestName.suggestion(for: "abcdef", among: ["abcdxy"]) == "abcdxy")
    #expect(NearestName.suggestion(for: "abcdef", among: ["abcxyz"]) == nil)
    #expect(NearestName.suggestion(for: "abcdefghi", among: ["abcdefxyz"]) == "abcdefxyz")
    #expect(NearestName.suggestion(for: "abcdefgh", among: ["abcdexyz"]) == nil)
  }

  /// Comparing two texts of a million characters would take a million times a million steps.
  @Test("What is longer than any name finds none, and is none", .limit(minutes: 1))
  func longTexts() {
    let long = String(repeating: "a", count: 1_000_000)
    #expect(NearestName.suggestion(for: long, among: [long + "b", "title"]) == nil)
    #expect(NearestName.suggestion(for: "titel", among: [long, "title"]) == "title")
    #expect(
      NearestName.suggestion(for: String(repeating: "é", count: 50), among: [String(repeating: "é", count: 49)]) != nil)
  }

  @Test("Of two names equally near the first is suggested, of others the nearest")
  func choice() {
    #expect(NearestName.suggestion(for: "Q015", among: ["Q014", "Q016"]) == "Q014")
    #expect(NearestName.suggestion(for: "Q015", among: ["Q016", "Q014"]) == "Q016")
    #expect(NearestName.suggestion(for: "fullInPlac", among: ["fullInPlate", "fullInPlace"]) == "fullInPlace")
    #expect(NearestName.suggestion(for: "a", among: [String]()) == nil)
  }

  @Test("The hint quotes the name")
  func hint() {
    #expect(NearestName.hint(for: "titel", among: ["title"]) == "; did you mean \"title\"?")
  }

  @Test("Letters count as readers see them: a combined accent is one")
  func characters() {
    #expect(NearestName.editDistance(Array("e\u{301}t\u{E9}"), Array("\u{E9}te\u{301}")) == 0)
    #expect(NearestName.editDistance(Array("🇸🇰"), Array("🇸🇮")) == 1)
  }

  /// Two roads to one number: the table against the recursion of the definition.
  @Test("The distance is the recursive definition's, for 500 random pairs", arguments: [UInt64(7)])
  func recursion(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let a = word(&generator)
      let b = word(&generator)
      let distance = NearestName.editDistance(a, b)
      #expect(distance == recursiveDistance(a[...], b[...]), "\(String(a)) \(String(b))")
      #expect(distance == NearestName.editDistance(b, a))
      #expect((distance == 0) == (a == b))
      #expect(distance >= abs(a.count - b.count) && distance <= max(a.count, b.count))
    }
  }

  private func word(_ generator: inout SeededGenerator) -> [Character] {
    (0..<Int.random(in: 0...6, using: &generator)).map { _ in "abc".randomElement(using: &generator) ?? "a" }
  }

  private func recursiveDistance(_ a: ArraySlice<Character>, _ b: ArraySlice<Character>) -> Int {
    guard let lastA = a.last, let lastB = b.last else { return max(a.count, b.count) }
    var best = recursiveDistance(a.dropLast(), b.dropLast()) + (lastA == lastB ? 0 : 1)
    best = min(best, recursiveDistance(a.dropLast(), b) + 1, recursiveDistance(a, b.dropLast()) + 1)
    if a.count > 1, b.count > 1, a.dropLast().last == lastB, b.dropLast().last == lastA {
      best = min(best, recursiveDistance(a.dropLast(2), b.dropLast(2)) + 1)
    }
    return best
  }
}
