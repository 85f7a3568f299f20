import Engine
import SurveyModel
import SurveyTestSupport
import Testing

/// Missing codes in design columns, and dates and times, by way of other engines.
extension QueryRunTests {
  private static let missingCodebook = """
    missing: ["", "NA", "99"]
    not-applicable: [na]
    questions:
      q1: {type: one, options: ["1", "2"]}
      q2: {type: one, options: ["1", "2"], missing: ["", "2."], not-applicable: []}
      age: {type: integer, missing: [""]}
      place: {type: text, missing: ["", "none"]}
      d: {type: date}

    """
  private static let missingIndicators = """
    - {id: A, title: First, numerator: {q1: "1"}}
    - {id: B, title: Second, numerator: {q2: "1"}}
    - {id: C, title: Old, numerator: {age: {at-least: 60}}}
    - {id: D, title: Early, numerator: {d: {on-or-before: 2024-03-02}}, denominator: {answered: d}}

    """

  private static func rows(_ generator: inout SeededGenerator, dates: [String]) -> [String] {
    func one(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
    return ["id,u,g,place,h,c,w,d,q1,q2,age"]
      + (0..<120).map { number in
        [
          one(["r\(number)", "r\(number)", "r\(number)", "NA"]), one(["u\(number % 40)", "u\(number % 40)", "99", ""]),
          one(["north", "south", "NA", ""]), one(["town", "NA", "none", "99"]), one(["1", "2", "NA", "3", "3"]),
          one(["1", "2", "3", "", "99"]), one(["1.5", "2", "0", "99", "", "NA", "x"]), one(dates),
          one(["1", "2", "99", "na", "3"]), one(["1", "2", "2.", "na"]), one(["61", "99", "98", "20", "NA", ""]),
        ].joined(separator: ",")
      }
  }

  @Test(arguments: TestedEngine.available, UInt64(1)...3)
  func missingCodesInTheDesign(engine: TestedEngine, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let rows = Self.rows(&generator, dates: ["2024-03-02T10:00", "2024-03-03", "NA", "", "02.03.2024", "2024-02-30"])
    for (number, more) in [
      "design: {weight: w, strata: [h], psu: c, lonely-psu: adjust}",
      "design: {weight: w, strata: [g, h], psu: place, lonely-psu: adjust}",
      "design: {strata: [h], population: {table: people}, lonely-psu: adjust}",
    ].enumerated() {
      let survey = try WrittenPipelines(
        [
          WrittenPipelines.Cycle(
            name: "s",
            definition: """
              tables:
                responses: {path: NAME.csv, codebook: codebook.yaml, respondent: id, unit: u}
                people: {path: people.csv, codebook: people.yaml, unit: u}
              dimensions:
                g: {column: g}
                place: {column: place}
                kind: {join: people, on: u, column: kind}
              group-by: [[g], [place], [kind], [g, place]]
              max-rejected: 100%
              \(more)
              """, rows: Self.onceEach(rows))
        ], indicators: Self.missingIndicators,
        files: [
          "codebook.yaml": Self.missingCodebook,
          "people.yaml": "missing: [\"\", \"x\"]\nquestions: {kind: {type: text, missing: [\"\", old]}}\n",
          "people.csv": "u,kind,h\n"
            + (0..<400).map { "u\($0),\(["new", "old", "", "x"][$0 % 4]),\(["1", "2", "x", "3"][$0 % 4])\n" }.joined(),
        ])
      try await compare("s", pipelines: survey.directory.path, engine, numbers: number == 2 ? 30 : 100)
    }
  }

  /// An engine knows no first of two rows with one key.
  private static func onceEach(_ rows: [String]) -> [String] {
    var seen: Set<Substring> = []
    return rows.filter { row in
      let id = row.prefix { $0 != "," }
      return id == "NA" || seen.insert(id).inserted
    }
  }

  /// Texts that each format reads and does not read.
  static let writtenDates: [(format: String?, texts: [String])] = [
    (
      nil,
      [
        "2024-03-02", "2024-03-02T00:00:00.000001", "2024-03-02T10:00+02:00", "2024-03-02T09:00Z", "2024-03-02 08:30",
        "2024-03-02T23:59:60", "2024-03-02T24:00", "2024-03-03T00:30+0100", "2024-03-01T23:30-05", "2024-02-29",
        "2023-02-29", "2024-03-02T24:01", "2024-03-02T10:00:00,5 +02:00", "0000-01-01", "2024-3-2", "20240302",
        "2024-03-02T10", "soon", "1999-12-31T23:59:59.999999999Z", "0001-01-01", "9999-12-31T23:59-12:00",
      ]
    ),
    (
      "dd/MM/yyyy[ HH:mm[:ss]]",
      ["02/03/2024", "02/03/2024 10:30", "02/03/2024 10:30:15", "2/3/2024", "31/02/2024", "02/13/2024"]
    ),
    (
      "M/d/yyyy h:mm a",
      ["3/2/2024 12:30 AM", "3/2/2024 12:30 pm", "12/31/2023 1:05 PM", "3/2/2024 0:30 AM", "03/02/2024 01:30 PM"]
    ),
    ("d. MMM yyyy", ["2. Mar 2024", "29. feb 2024", "30. Feb 2024", "2. Mrz 2024", "02. DEC 2023"]),
    ("yyyyMMdd'T'HHmmssX", ["20240302T100000Z", "20240302T100000+0530", "20240302T100000", "20241302T100000Z"]),
  ]

  /// Each text is a row of its own: its day decides, whether it is before or not.
  @Test(arguments: TestedEngine.available, writtenDates.indices)
  func writtenDays(engine: TestedEngine, number: Int) async throws {
    let (format, texts) = Self.writtenDates[number]
    let rows = texts.enumerated().map { "r\($0),\"\($1)\"" }
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, unit: id\(format.map { ", date-format: \"\($0)\"" } ?? "")}}
            dimensions: {id: {column: id}}
            group-by: [[id]]
            max-rejected: 100%
            """, rows: ["id,d"] + rows)
      ],
      indicators: """
        - {id: A, title: Before, numerator: {d: {before: 2024-03-02}}, denominator: {answered: d}}
        - {id: B, title: That day, numerator: {d: {on-or-before: 2024-03-02, on-or-after: 2024-03-02}}, denominator: {answered: d}}

        """)
    try await compare("s", pipelines: survey.directory.path, engine, numbers: 10)
  }

  /// Two rows a unit, for every pair of texts that can be read: which is the latest says their instants.
  @Test(arguments: TestedEngine.available, writtenDates.indices)
  func writtenInstants(engine: TestedEngine, number: Int) async throws {
    let (pattern, texts) = Self.writtenDates[number]
    let format = try pattern.map { pattern throws(DateFormat.Problem) in try DateFormat(pattern: pattern) } ?? .iso8601
    let read = texts.filter { format.read($0) != nil } + [""]
    var rows: [String] = []
    var latest: [String] = []
    for one in read {
      for other in read {
        let unit = "u\(latest.count)"
        rows += ["\(unit),\"\(one)\",1", "\(unit),\"\(other)\",2"]
        let instants = [one, other].map { format.read($0)?.instant ?? SurveyMoment.none }
        latest.append(instants[0] > instants[1] ? "100" : "0")
      }
    }
    let survey = try WrittenPipelines(
      [
        WrittenPipelines.Cycle(
          name: "s",
          definition: """
            tables: {responses: {path: NAME.csv, unit: u, submitted: d, roll-up: latest\(pattern.map { ", date-format: \"\($0)\"" } ?? "")}}
            dimensions: {u: {column: u}}
            group-by: [[u]]
            """, rows: ["u,d,q1"] + rows)
      ], indicators: "- {id: A, title: First, numerator: {q1: \"1\"}}\n")
    try await compare("s", pipelines: survey.directory.path, engine, numbers: 5)
    let results = try await survey.run("s")
    for (unit, expected) in latest.enumerated() {
      let row = results.estimates.rows.first { $0["u"] == "u\(unit)" }
      #expect(row?["estimate"] == expected, "\(rows[2 * unit]) \(rows[2 * unit + 1])")
    }
  }

  @Test(arguments: [nil, TestedEngine.duckdb])
  func aDateThatCannotBeReadMayBeTheLatest(engine: TestedEngine?) async throws {
    for rows in [["a,02/03/2024,1", "a,2024-03-01,2"], ["a,,1", "b,x,2", "a,2024-03-01,1", "a,02/03/2024,2"]] {
      let survey = try WrittenPipelines(
        [
          WrittenPipelines.Cycle(
            name: "s",
            definition: """
              tables: {responses: {path: NAME.csv, unit: u, submitted: d, roll-up: latest}}
              max-rejected: 100%
              """, rows: ["u,d,q1"] + rows)
        ], indicators: "- {id: A, title: First, numerator: {q1: \"1\"}}\n")
      var options = RunOptions(pipelines: survey.directory.path, output: survey.directory.path(of: "out"))
      options.engine = engine?.engine
      await #expect {
        _ = try await PipelineRun(name: "s", options: options).run()
      } throws: { error in
        guard let failure = error as? any Failure else { return false }
        return failure.exitStatus == .unacceptableData && failure.report.contains("unit a has")
          && failure.report.contains("\"02/03/2024\" is no date that can be read")
          && failure.report.contains("date-format")
      }
    }
  }
}
