import Foundation
import SurveyTestSupport
import Testing

/// Columns of dimensions, strata, PSUs, weights and keys that are questions, by way of other engines.
extension QueryRunTests {
  private static let namesCodebook = """
    numeric-codes: NUMERIC
    missing: ["", "9", "NA"]
    not-applicable: ["88"]
    questions:
      g: {type: one, options: ["1", "2", "na"]}
      place: {type: integer, missing: ["", "98"]}
      topics: {type: many, options: [a, b]}
      h: {type: one, options: ["1", "2", "3"], missing: ["", "99"]}
      c: {type: number, numeric-codes: true}
      q1: {type: one, options: ["1", "2"]}

    """
  private static let namesIndicators = """
    - {id: A, title: First, numerator: {q1: "1"}}
    - {id: B, title: Region, numerator: {g: "1"}}
    - {id: C, title: Listed, numerator: {related: {table: people, on: {here: u, there: u}, where: {kind: "1"}}}}
    - {id: D, title: Kinds, table: people, numerator: {kind: "1"}}

    """

  private static func names(_ generator: inout SeededGenerator, mark: String) -> [String] {
    func one(_ list: [String]) -> String {
      list[Int.random(in: 0..<list.count, using: &generator)].replacingOccurrences(of: "#", with: mark)
    }
    return ["u;g;place;topics;h;c;w;q1"]
      + (0..<160).map { number in
        [
          one(["u\(number % 40)", "u\(number % 40)", "NA", "9", "9#0", ""]),
          one(["1", "1", "1#0", "01", "2", "2#00", "9", "9#0", "North", "7", "na", "88#0", "88", ""]),
          one(["1", "2", "2#0", "2#5", "x", "98", "98#0", "9"]), one(["a", "a|b", "b|x", "9", "9#0", ""]),
          one(["1", "1#0", "2", "3", "3#0", "4", "99", "99#0", "9", ""]),
          one(["1", "1#0", "2", "3", "9", "9#0", "x", ""]),
          one(["1#5", "2", "0", "9", "9#0", "9#00000000", "", "x", "-9"]),
          one(["1", "1#0", "2", "9#0", "3"]),
        ].joined(separator: ";")
      }
  }

  @Test(arguments: TestedEngine.available, [".", ","]) func namesThatAreQuestions(
    engine: TestedEngine, mark: String
  ) async throws {
    for (number, more) in [
      "design: {weight: w, strata: [g, h], psu: c, lonely-psu: adjust}",
      "design: {strata: [h], psu: g, lonely-psu: adjust}",
      "design: {strata: [h], population: {table: people}, lonely-psu: adjust}",
      "design: {weight: w, strata: [kind], psu: topics, lonely-psu: adjust}",
    ].enumerated() {
      for isNumeric in [true, false] {
        var generator = SeededGenerator(seed: UInt64(number))
        let people = (0..<60).map { unit in
          let kind = ["1", "1\(mark)0", "2", "x", "9", "9\(mark)0", ""][unit % 7]
          return "u\(unit);\(kind);\(["1", "1\(mark)0", "2", "3", "4"][unit % 5])\n"
        }
        let survey = try WrittenPipelines(
          [
            WrittenPipelines.Cycle(
              name: "s",
              definition: """
                tables:
                  responses: {path: NAME.csv, codebook: codebook.yaml, unit: u, delimiter: ";", decimal: "\(mark)"}
                  people: {path: people.csv, codebook: people.yaml, unit: u, delimiter: ";", decimal: "\(mark)"}
                dimensions:
                  g: {column: g}
                  place: {column: place}
                  topics: {column: topics}
                  kind: {join: people, on: u, column: kind}
                group-by: [[g], [place], [topics], [kind], [g, kind]]
                max-rejected: 100%
                \(more)
                """, rows: Self.names(&generator, mark: mark))
          ], indicators: Self.namesIndicators,
          files: [
            "codebook.yaml": Self.namesCodebook.replacingOccurrences(of: "NUMERIC", with: "\(isNumeric)"),
            "people.yaml": """
            numeric-codes: \(isNumeric)
            missing: ["", "9"]
            questions: {kind: {type: one, options: ["1", "2"]}, h: {type: one, options: ["1", "2", "3"]}}

            """,
            "people.csv": "u;kind;h\n" + people.joined() + "NA;1;1\n9\(mark)0;2;2\n",
          ])
        try await compare("s", pipelines: survey.directory.path, engine, numbers: 30)
      }
    }
  }
}
