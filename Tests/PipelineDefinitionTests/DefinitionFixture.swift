import PipelineDefinition
import SurveyModel
import SurveyTestSupport

/// A small definition that is right; each test changes the part it speaks of.
struct DefinitionFixture {
  var files = [
    "p.yaml": """
    pipeline: p
    tables:
      responses:
        path: r.csv
        codebook: codebook.yaml
        unit: party
        submitted: submitted
      parties: {path: parties.csv, unit: iso3}
    dimensions:
      region: {column: region}
    group-by: [[region]]
    indicators: indicators.yaml

    """,
    "codebook.yaml": """
    missing: ["", "NA"]
    not-applicable: [false.na]
    questions:
      Q1: {type: one, options: [yes, no, maybe]}
      Q2: {type: many, options: [alpha, beta, gamma]}
      Q3: {type: integer}
      Q4: {type: date}
      Q5: {type: one, options: ["true", "false"], asked-if: {Q1: yes}}
      Q6: {type: text}
      Q7: {type: number}

    """,
    "indicators.yaml": """
    - id: I1
      title: First
      numerator: {Q1: yes}

    """,
  ]

  /// - Parameter change: `‹` may stand in the new text, to mark the place of an error.
  mutating func change(_ file: String, _ old: String, to new: String) {
    precondition(files[file]?.ranges(of: old).count == 1, "\"\(old)\" does not stand once in \(file)")
    files[file] = files[file]?.replacing(old, with: new)
  }

  /// Writes the files and reads the pipeline.
  func cycle() throws -> SurveyCycle {
    let directory = try TemporaryDirectory()
    return try write(into: directory).cycle(named: "p")
  }

  /// Writes the files without their marks.
  func write(into directory: TemporaryDirectory) throws -> DefinitionReader {
    for (name, text) in files { try directory.write(text.replacing("‹", with: ""), to: name) }
    return DefinitionReader(directory: directory.path)
  }

  /// Where the mark stands: line and column counted in characters from 1.
  func mark(in directory: TemporaryDirectory) -> SourceLocation? {
    for (name, text) in files {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        guard let place = line.firstIndex(of: "‹") else { continue }
        return SourceLocation(
          file: directory.path(of: name), line: index + 1, column: line.distance(from: line.startIndex, to: place) + 1)
      }
    }
    return nil
  }
}
