import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("What an unknown unit was likely meant to be")
struct UnitHintsTests {
  private func register(_ units: some Sequence<String>) -> ByteDictionary {
    var dictionary = ByteDictionary()
    for unit in units { _ = dictionary.insert(unit) }
    return dictionary
  }

  @Test("The nearest unit of the register that was asked for")
  func nearest() {
    var hints = UnitHints()
    let (parties, offices) = (register(["AUT", "DNK"]), register(["Berlin", "Vienna"]))
    #expect(hints.words(for: "AUX", in: "parties", known: parties) == "; did you mean \"AUT\"?")
    #expect(hints.words(for: "AUX", in: "parties", known: parties) == "; did you mean \"AUT\"?")
    #expect(hints.words(for: "Vienne", in: "offices", known: offices) == "; did you mean \"Vienna\"?")
    #expect(hints.words(for: "AUX", in: "offices", known: offices) == "")
  }

  @Test("Only the first different units get one, so that a wrong register does not take hours")
  func limit() {
    var hints = UnitHints()
    let known = register((0..<1_000).map { "unit-\($0)" })
    let found = (0..<1_000).map { hints.words(for: "Unit-\($0)x", in: "units", known: known) }
    #expect(found.prefix { !$0.isEmpty }.count == 200)
    #expect(found.dropFirst(200).allSatisfy { $0.isEmpty })
    // One that had a hint keeps it.
    #expect(hints.words(for: "Unit-7x", in: "units", known: known) == found[7])
  }

  @Test("A large register is not searched")
  func largeRegister() {
    var hints = UnitHints()
    #expect(hints.words(for: "unit-x", in: "units", known: register((0..<10_001).map { "unit-\($0)" })) == "")
  }
}
