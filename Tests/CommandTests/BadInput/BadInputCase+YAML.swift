import Foundation
import SurveyTestSupport

extension BadInputCase {
  /// Text that is no YAML, or YAML that is made to burst.
  static let yaml: [BadInputCase] = [
    text("a tab before a key", "2:1: this is not YAML: ", { $0.replacingOccurrences(of: "title:", with: "\ttitle:") }),
    text(
      "a list without an end", "10:1: this is not YAML: ", { $0.replacingOccurrences(of: "[region]", with: "[region") }),
    text(
      "a quote without an end", "14:1: this is not YAML: ",
      { $0.replacingOccurrences(of: "A small survey", with: "\"A small survey") }),
    text(
      "an alias of nothing", "2:8: this is not YAML: ", { $0.replacingOccurrences(of: "title: A", with: "title: *A") }),
    text("an alias of itself", "1:", { "x: &x [*x]\n" + $0 }),
    text("a wrong indentation", ":", { $0.replacingOccurrences(of: "  offices:", with: " offices:") }),
    text("a colon in a text", "2:", { $0.replacingOccurrences(of: "A small survey", with: "Survey: small") }),
    text("a control character", ":", { $0.replacingOccurrences(of: "A small", with: "A \u{7} small") }),
    text("NUL", ":", { $0.replacingOccurrences(of: "A small", with: "A \0 small") }),
    text("a version of YAML that does not exist", "1:", { "%YAML 9.9\n---\n" + $0 }),
    text("two documents", ":", { $0 + "---\n" + $0 }),
    text(
      "a binary value in place of a text", "3:7: ", { $0.replacingOccurrences(of: "2024", with: "!!binary aGVsbG8=") }),
    text(
      "an object of Python", "3:7: ",
      { $0.replacingOccurrences(of: "2024", with: "!!python/object/apply:os.system [\"true\"]") }),
    text("a merge key", "1:1: unknown key \"<<\"", { "<<: {title: x}\n" + $0 }),
    text("a key that is a list", "1:", { "? [a, b]\n: 1\n" + $0 }),
    text("aliases of aliases, 10 to the 12th", ":", saying: [burst], { bomb(levels: 12) + $0 }),
    text("aliases of mappings", ":", saying: [burst], { mappings(levels: 12) + $0 }),
    text("aliases of aliases as a key", ":", saying: [burst], { bomb(levels: 12) + "? *a11\n: 1\n" + $0 }),
    text("a chain of 100,000 aliases", ":", saying: [burst], { chain(100_000) + $0 }),
    text("5,000 brackets", "3:", { $0.replacingOccurrences(of: "2024", with: String(repeating: "[", count: 5_000)) }),
    text(
      "100,000 brackets with their ends", "3:",
      {
        $0.replacingOccurrences(
          of: "2024", with: String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
      }),
    text("100,000 hyphens", "1:", { String(repeating: "- ", count: 100_000) + "a\n" + $0 }),
    text(
      "mappings inside each other, 2,000 deep", "",
      { (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined() + $0 }),
    text(
      "brackets inside each other, 100 deep", ":",
      { "x: " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "\n" + $0 }),
    text("a key of 1 MB", "1:", { "? \(String(repeating: "k", count: 1 << 20))\n: 1\n" + $0 }),
    text(
      "a value of 1 MB", "3:7: ", { $0.replacingOccurrences(of: "2024", with: String(repeating: "2", count: 1 << 20)) }),
    text("100,000 keys", "1:1: unknown key", { (0..<100_000).map { "k\($0): 1\n" }.joined() + $0 }),
    text(
      "two million values", ":",
      { "x: [\(String(repeating: "1,", count: 2_000_000))]\n" + $0 }),
    .fails(
      "UTF-16", .definition, 66, at: "cannot read Pipelines/survey.yaml: ", ["UTF-8"],
      bytes { [0xFF, 0xFE] + Array(String(decoding: $0, as: UTF8.self).data(using: .utf16LittleEndian) ?? Data()) }),
    .fails(
      "Latin-1", .definition, 66, at: "cannot read Pipelines/survey.yaml: ", ["UTF-8"],
      bytes { $0 + [0x23, 0xE9, 0x0A] }),
    .fails(
      "bytes of any kind", .definition, 66, at: "cannot read Pipelines/survey.yaml: ", ["UTF-8"],
      bytes { _ in (0...255).map { UInt8(255 - $0) } }),
    .goesOn(
      "a byte order mark and CRLF", .definition, Accounting(),
      bytes {
        [0xEF, 0xBB, 0xBF]
          + Array(String(decoding: $0, as: UTF8.self).replacingOccurrences(of: "\n", with: "\r\n").utf8)
      }),
  ]

  private static let burst = "the file stands for more than 1000000 values here, or they are nested too deep"

  private static func text(
    _ name: String, _ place: String, saying words: [String] = [], _ change: @escaping @Sendable (String) -> String
  ) -> BadInputCase {
    .fails(
      name, .definition, 78, at: "Pipelines/survey.yaml" + (place.first?.isNumber == true ? ":" : "") + place, words,
      BadInputChange(fixture: { $0.definition = change($0.definition) }))
  }

  private static func bytes(_ change: @escaping @Sendable ([UInt8]) -> [UInt8]) -> BadInputChange {
    BadInputChange(files: {
      let name = "Pipelines/survey.yaml"
      try $0.write(change(Array(Data(contentsOf: URL(fileURLWithPath: $0.path(of: name))))), to: name)
    })
  }

  /// Ten times as many values a level.
  private static func bomb(levels: Int) -> String {
    "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
      + (1..<levels).map { "a\($0): &a\($0) [\(repeatElement("*a\($0 - 1)", count: 10).joined(separator: ", "))]\n" }
      .joined()
  }

  private static func mappings(levels: Int) -> String {
    "a0: &a0 {x: 1, y: 1}\n"
      + (1..<levels * 4).map { "a\($0): &a\($0) {x: *a\($0 - 1), y: *a\($0 - 1)}\n" }.joined()
  }

  private static func chain(_ length: Int) -> String {
    "a0: &a0 [x]\n" + (1..<length).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
  }
}
