import Engine
import Query
import SurveyTestSupport
import Testing

/// No name and no value of a definition or a file becomes SQL.
@Suite("Names and values in queries")
struct QuotingTests {
  static let hostile = [
    "it's", "a\"b", "a`b", "a``b\"\"c''d", "x'; DROP TABLE t; --", "/* no */", "a\\b", "a\\'b", "line\nline",
    "tab\tend",
    "${env:HOME}", "$1", "?", ":name", "%s", "{x}", "é", "e\u{301}", "'\u{301}", "\"\u{301}", "`\u{301}", "日本",
    "\u{1F600}", " ",
    "--", "#", "a;b", "\u{FEFF}x", "\u{2028}",
  ]

  @Test func duckDBGivesBackWhatWasQuoted() async throws {
    let engine = try DuckDBSession()
    for text in Self.hostile {
      let literal = Dialect.duckdb.literal(text)
      let name = Dialect.duckdb.identifier(text)
      let rows = try await engine.rows(
        of: "SELECT answer.\(name), \(literal) FROM (SELECT \(literal) AS \(name)) AS answer", columns: 2)
      #expect(rows == [[text, text]], "\(text.debugDescription)")
    }
  }

  @Test(.withPostgreSQL) func postgreSQLGivesBackWhatWasQuoted() async throws {
    let engine = try PostgreSQLSession()
    for text in Self.hostile {
      let literal = Dialect.postgresql.literal(text)
      let name = Dialect.postgresql.identifier(text)
      let rows = try await engine.rows(
        of: "SELECT answer.\(name), \(literal) FROM (SELECT \(literal) AS \(name)) AS answer", columns: 2)
      #expect(rows == [[text, text]], "\(text.debugDescription)")
    }
  }

  /// Spark's client looks for semicolons, comments and variables in whatever it reads.
  @Test func sparksLiteralsHoldNothingThatItsClientKnows() throws {
    for text in Self.hostile {
      let literal = Dialect.spark.literal(text)
      let inner = literal.dropFirst().dropLast()
      #expect(literal.first == "'" && literal.last == "'")
      #expect(inner.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(literal)")
      #expect(!inner.contains { "'\"`;$!*#".contains($0) }, "\(literal)")
      #expect(unescaped(String(inner)) == text)
    }
  }

  /// `\u0041` is A.
  private func unescaped(_ text: String) -> String {
    var units: [UInt16] = []
    var rest = text[...]
    while let character = rest.first {
      if rest.hasPrefix("\\u") {
        units.append(UInt16(rest.dropFirst(2).prefix(4), radix: 16) ?? 0)
        rest = rest.dropFirst(6)
      } else {
        units += Array(String(character).utf16)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: units, as: UTF16.self)
  }

  @Test func aNameOfAnyKindIsOneIdentifier() {
    #expect(Dialect.spark.identifier("a`b") == "`a``b`")
    #expect(Dialect.duckdb.identifier("a\"b") == "\"a\"\"b\"")
    #expect(Dialect.postgresql.identifier("\"\u{301}") == "\"\"\"\u{301}\"")
  }
}
