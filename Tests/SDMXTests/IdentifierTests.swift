import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SDMX

/// An identifier depends on its name alone, and no two names share one. What is written here may never change: series of
/// past deliveries would lose their keys.
struct IdentifierTests {
  @Test(arguments: [
    ("AFR", "AFR"), ("afr", "afr"), ("_U", "_U"), ("A.1(a)", "A$2E1$28a$29"), ("A_1", "A_1"), ("A.1", "A$2E1"),
    ("x y", "x$20y"), ("<10k", "$3C10k"), (">10k", "$3E10k"), ("北", "$E5$8C$97"), ("东", "$E4$B8$9C"), ("", "$"),
    ("-5", "$2D5"), ("5-9", "5-9"), ("@x", "$40x"), ("a@x", "a$40x"), ("$", "$24"), ("$2E", "$242E"),
    ("X_2", "X_2"), ("\u{0}", "$00"), ("\n", "$0A"), ("%2E", "$252E"), ("01", "01"), ("1", "1"),
    // The same sign to a reader, not the same code in a file.
    ("\u{E9}", "$C3$A9"), ("e\u{301}", "e$CC$81"),
  ]) func aCodeIsPercentEncodedWithADollar(_ name: String, _ id: String) {
    #expect(Identifier.code(name) == id)
    let decoded = id == "$" ? "" : id.replacingOccurrences(of: "$", with: "%").removingPercentEncoding
    #expect(decoded.map { Array($0.utf8) } == Array(name.utf8))
  }

  @Test(arguments: [
    ("sector", "SECTOR"), ("age_group", "AGE_GROUP"), ("age-group", "AGE-GROUP"), ("age group", "AGEx20GROUP"),
    ("2nd", "x32ND"), ("_a", "x5fA"), ("-a", "x2dA"), ("", "x"), ("straße", "STRAxc3x9fE"), ("strasse", "STRASSE"),
    ("Sex", "SEX"), ("x2e", "X2E"), (".", "x2e"), ("cycle-4", "CYCLE-4"),
  ]) func aComponentIsInCapitals(_ name: String, _ id: String) {
    #expect(Identifier.component(name) == id)
  }

  @Test func whatMeansSomethingElseIsEscaped() {
    #expect(Identifier.code("_T", reserved: ["_T"]) == "$5FT")
    #expect(Identifier.code("$5FT", reserved: ["_T"]) == "$245FT")
    #expect(DataStructure.member("_T") == "$5FT")
    #expect(DataStructure.member(nil) == "_T")
    #expect(DataStructure.member(Dimension.unknownMember) == "_U")
    #expect(Identifier.component("freq", reserved: Component.reservedIDs) == "x46REQ")
    #expect(Identifier.component("Freq", reserved: Component.reservedIDs) == "x46REQ")
    #expect(Identifier.component("x46req", reserved: Component.reservedIDs) == "X46REQ")
    for id in Component.reservedIDs { #expect(Identifier.component(id, reserved: Component.reservedIDs) != id) }
  }

  /// Short strings of few signs, so that some are almost the escapes of others.
  private static func randomNames(seed: UInt64, count: Int) -> [String] {
    let signs: [Character] = Array("$$$xX_-@.2EeFf5Tt0 ") + ["北", "东", "é", "\u{301}", "\u{1F600}", "\n", "\u{0}"]
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      String((0..<Int.random(in: 0...6, using: &random)).compactMap { _ in signs.randomElement(using: &random) })
    }
  }

  @Test(arguments: [1, 2, 3]) func noTwoCodesShareAnIdentifier(seed: UInt64) throws {
    var names: [String: [UInt8]] = [:]
    let allowed = try Regex("[A-Za-z0-9_@$-]+")
    for name in Self.randomNames(seed: seed, count: 20_000) + ["_T", "$5FT", "_U"] {
      let id = DataStructure.member(name)
      #expect(try allowed.wholeMatch(in: id) != nil)
      #expect(id != Dimension.totalMember)
      #expect(!id.hasPrefix("-") && !id.hasPrefix("@"))
      // By bytes: to Swift, two spellings of é are the same string.
      let bytes = Array(name.utf8)
      #expect(names.updateValue(bytes, forKey: id).map { $0 == bytes } ?? true, "\(id)")
    }
  }

  @Test(arguments: [4, 5, 6]) func componentsShareAnIdentifierOnlyWhereTheirLettersDifferInCase(seed: UInt64) throws {
    var names: [String: [UInt8]] = [:]
    let allowed = try Regex("[A-Za-z][A-Za-z0-9_-]*")
    for name in Self.randomNames(seed: seed, count: 20_000) + Component.reservedIDs {
      let id = Identifier.component(name, reserved: Component.reservedIDs)
      #expect(try allowed.wholeMatch(in: id) != nil)
      let folded = name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
      #expect(names.updateValue(folded, forKey: id).map { $0 == folded } ?? true, "\(id)")
    }
  }

  /// The results of a year in which the first dimension has these members.
  private func delivery(members: [String]) throws -> [String: String] {
    var results = SampleResults().results
    let row = try #require(results.estimates.first { $0.members[0] == "AFR" && $0.members[1] == nil })
    results.estimates = members.enumerated().map { number, member in
      var other = row
      other.members[0] = member
      other.estimate = Double(number)
      return other
    }
    results.trends = []
    results.slopes = []
    let rows = DataRows(try SDMXFiles(results)).rows(["MEASURE": "VALUE"])
    return Dictionary(
      zip(members, rows.map { $0["REF_AREA"] ?? "" }), uniquingKeysWith: { first, _ in first })
  }

  @Test func aMemberKeepsItsIdentifierFromYearToYear() throws {
    let years = [
      ["北", "<10k", "A_1"], ["东", ">10k", "A.1"], ["<10k", ">10k", "A(1)", "东", "北", "A_1_2", "X", "10k_2", "10k"],
    ]
    var ids: [String: String] = [:]
    for members in years {
      for (member, id) in try delivery(members: members) {
        #expect(ids.updateValue(id, forKey: member) ?? id == id, "\(member)")
      }
    }
    #expect(Set(ids.values).count == ids.count)
  }

  @Test func dimensionsThatDifferInCaseAloneAreRefused() {
    var results = SampleResults().results
    results.dimensions[0].name = "Sex"
    results.dimensions[1].name = "sex"
    #expect(throws: SDMXError.sharedDimension("SEX", "Sex", "sex")) { try SDMXFiles(results) }
    #expect(SDMXError.sharedDimension("SEX", "Sex", "sex").exitStatus == .badDefinition)
  }
}
