import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

/// A definition with one thing wrong; `‹` in the new text marks the place that the error must name.
struct WrongDefinition: Sendable, CustomTestStringConvertible {
  var what: String
  var file: String
  /// What is replaced; empty: the whole file.
  var old: String
  var new: String
  var error: @Sendable (SourceLocation) -> DefinitionError
  var testDescription: String { what }

  init(
    _ what: String, _ file: String, _ old: String, _ new: String,
    _ error: @escaping @Sendable (SourceLocation) -> DefinitionError
  ) {
    self.what = what
    self.file = file
    self.old = old
    self.new = new
    self.error = error
  }

  func check(in fixture: DefinitionFixture = DefinitionFixture()) throws {
    var fixture = fixture
    if old.isEmpty { fixture.files[file] = new } else { fixture.change(file, old, to: new) }
    let directory = try TemporaryDirectory()
    let reader = try fixture.write(into: directory)
    let expected = error(try #require(fixture.mark(in: directory)))
    #expect(throws: expected) { try reader.cycle(named: "p") }
    #expect(expected.exitStatus == .badDefinition)
  }

  /// A line more at the top of the pipeline.
  static func top(
    _ what: String, _ line: String, _ error: @escaping @Sendable (SourceLocation) -> DefinitionError
  ) -> Self {
    Self(what, "p.yaml", "pipeline: p\n", "pipeline: p\n\(line)\n", error)
  }

  /// One more table.
  static func table(
    _ what: String, _ body: String, _ error: @escaping @Sendable (SourceLocation) -> DefinitionError
  ) -> Self {
    let line = "  parties: {path: parties.csv, unit: iso3}"
    return Self(what, "p.yaml", line, "\(line)\n  more: \(body)", error)
  }

  /// One more question.
  static func question(
    _ what: String, _ body: String, _ error: @escaping @Sendable (SourceLocation) -> DefinitionError
  ) -> Self {
    Self(what, "codebook.yaml", "Q7: {type: number}", "Q7: {type: number}\n  \(body)", error)
  }

  /// Another numerator.
  static func condition(
    _ what: String, _ condition: String, _ error: @escaping @Sendable (SourceLocation) -> DefinitionError
  ) -> Self {
    Self(
      what, "indicators.yaml", "numerator: {Q1: yes}", "denominator: {answered: Q1}\n  numerator: \(condition)", error)
  }

  /// Another text in place of the first indicator.
  static func indicator(
    _ what: String, _ text: String, _ error: @escaping @Sendable (SourceLocation) -> DefinitionError
  ) -> Self {
    Self(what, "indicators.yaml", "- id: I1\n  title: First\n  numerator: {Q1: yes}\n", text, error)
  }
}
