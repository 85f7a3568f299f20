import SurveyModel
import Testing

@Suite("Names of strata")
struct StratumNameTests {
  static let parts = ["a", "", "x", " x ", "a x", "x b", "\"", "a\"b", "_U", "a x b"]

  @Test("No two strata have one name, and a name gives its parts back")
  func namesAreUnique() {
    var seen: [String: [String]] = [:]
    for first in Self.parts {
      for second in Self.parts {
        for third in Self.parts {
          let parts = [first, second, third]
          let name = StratumName.joined(parts)
          #expect(seen.updateValue(parts, forKey: name) == nil, "\(name)")
          #expect(StratumName.parts(of: name, count: 3) == parts, "\(name)")
        }
      }
    }
  }

  @Test("A stratum of one column is named as its value, whatever that is", arguments: parts)
  func onePart(part: String) {
    #expect(StratumName.joined([part]) == part)
    #expect(StratumName.parts(of: part, count: 1) == [part])
  }

  @Test("Plain parts are joined readably")
  func plain() {
    #expect(StratumName.joined(["WEOG", "health"]) == "WEOG x health")
  }
}
