import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("A NAME is never a path")
struct PipelineNameTests {
  static let paths = [
    "../x", "/x", "", ".", "..", ".x", "a/b", "a\\b", "a b", "a\n", "a\0", "é", "~", "$HOME", "a;b", "*", "x/../y", "ａ",
    String(repeating: "a", count: 101),
  ]

  @Test("What could lead elsewhere is no name", arguments: paths)
  func badNames(name: String) throws {
    #expect(!DefinitionReader.isName(name))
    let directory = try TemporaryDirectory()
    try directory.write("", to: "x.yaml")
    let error = DefinitionError.badName(name, nil)
    #expect(throws: error) { try DefinitionReader(directory: directory.path(of: "sub")).cycle(named: name) }
    #expect(error.exitStatus == .usage)
  }

  @Test("Nor in a trend", arguments: ["previous", "baseline"], ["../x", "/x", "", ".x"])
  func trend(key: String, name: String) throws {
    let wrong = WrongDefinition.top("", "trend: {\(key): ‹\"\(name)\"}") { .badName(name, $0) }
    try wrong.check()
  }

  @Test(
    "Letters, digits, hyphen, underscore and dot make a name",
    arguments: ["a", "cycle-4", "NHANES_2009.2010", "a..b", "-", "_", "0", String(repeating: "a", count: 100)])
  func goodNames(name: String) throws {
    #expect(DefinitionReader.isName(name))
    var fixture = DefinitionFixture()
    fixture.change("p.yaml", "pipeline: p\n", to: "pipeline: \"\(name)\"\n")
    fixture.files["\(name).yaml"] = fixture.files["p.yaml"]
    let directory = try TemporaryDirectory()
    #expect(try fixture.write(into: directory).cycle(named: name).name == name)
  }

  @Test("A pipeline that is not there names the nearest that is")
  func noSuchPipeline() throws {
    let directory = try TemporaryDirectory()
    for name in ["cycle-2", "cycle-4", "nhanes"] { try directory.write("", to: "\(name).yaml") }
    let reader = DefinitionReader(directory: directory.path)
    let error = DefinitionError.noSuchPipeline(name: "cylce-4", directory: directory.path, nearest: "cycle-4")
    #expect(throws: error) { try reader.cycle(named: "cylce-4") }
    #expect(error.exitStatus == .missingInput)
    #expect(throws: DefinitionError.noSuchPipeline(name: "zzz", directory: directory.path, nearest: nil)) {
      try reader.cycle(named: "zzz")
    }
  }

  @Test("The list holds the pipelines of the directory in order, and nothing else")
  func names() throws {
    let directory = try TemporaryDirectory()
    let files = ["b.yaml", "a.yaml", "c-4.yaml", ".hidden.yaml", "no name.yaml", "a.yml", "read.me", "deep/d.yaml"]
    for name in files + ["B.yaml"] { try directory.write("", to: name) }
    #expect(try DefinitionReader(directory: directory.path).names() == ["B", "a", "b", "c-4"])
    let none = directory.path(of: "none")
    #expect(throws: DefinitionError.unreadable(file: none, reason: "there is no such directory", referredFrom: nil)) {
      try DefinitionReader(directory: none).names()
    }
  }

  @Test("The path of a pipeline is in the directory, with or without a slash at its end")
  func path() {
    #expect(DefinitionReader(directory: "Pipelines").path(of: "a") == "Pipelines/a.yaml")
    #expect(DefinitionReader(directory: "Pipelines/").path(of: "a") == "Pipelines/a.yaml")
  }

  @Test("A file that a definition names must be readable", arguments: ["codebook.yaml", "indicators.yaml"])
  func referredFiles(name: String) throws {
    let directory = try TemporaryDirectory()
    var fixture = DefinitionFixture()
    fixture.change("p.yaml", ": \(name)", to: ": ‹\(name)")
    fixture.files[name] = nil
    let reader = try fixture.write(into: directory)
    let place = fixture.mark(in: directory)
    let file = directory.path(of: name)
    let error = DefinitionError.unreadable(file: file, reason: "there is no such file", referredFrom: place)
    #expect(throws: error) { try reader.cycle(named: "p") }
    #expect(error.exitStatus == .missingInput && error.location == place)
    try directory.write([0x61, 0xFF, 0xFE], to: name)
    let reason = "it is not UTF-8 text"
    #expect(throws: DefinitionError.unreadable(file: file, reason: reason, referredFrom: place)) {
      try reader.cycle(named: "p")
    }
  }
}

@Suite("What a terminal shows of a wrong definition")
struct DefinitionMessageTests {
  static let place = SourceLocation(file: "Pipelines/p.yaml", line: 3, column: 5)

  typealias Message = FailureReport<DefinitionError>

  @Test(
    "A message says what, where and what to do",
    arguments: [
      Message(
        .badName("../x", nil), "error: \"../x\" is not the name of a pipeline",
        "  a name has letters, digits, - _ and . only, and is never a path"),
      Message(
        .noSuchPipeline(name: "cylce-4", directory: "Pipelines", nearest: "cycle-4"),
        "error: there is no Pipelines/cylce-4.yaml; did you mean \"cycle-4\"?",
        "  `pipeline list` shows what there is; `--pipelines DIR` looks elsewhere"),
      Message(
        .unreadable(file: "codebook.yaml", reason: "there is no such file", referredFrom: place),
        "error: Pipelines/p.yaml:3:5: cannot read codebook.yaml: there is no such file"),
      Message(
        .readFailed(file: "codebook.yaml", reason: "Input/output error"),
        "error: reading codebook.yaml failed: Input/output error"),
      Message(.syntax(place, problem: "oops"), "error: Pipelines/p.yaml:3:5: this is not YAML: oops"),
      Message(
        .duplicateKey(place, key: "title"),
        "error: Pipelines/p.yaml:3:5: the key \"title\" stands twice in one mapping",
        "  keep one of the two"),
      Message(
        .unknownKey(place, key: "titel", context: "the pipeline", nearest: "title"),
        "error: Pipelines/p.yaml:3:5: unknown key \"titel\" in the pipeline; did you mean \"title\"?"),
      Message(
        .unknownKey(place, key: "zzz", context: "the pipeline", nearest: nil),
        "error: Pipelines/p.yaml:3:5: unknown key \"zzz\" in the pipeline"),
      Message(
        .missingKey(place, key: "path", context: "table more"),
        "error: Pipelines/p.yaml:3:5: table more lacks the key \"path\""),
      Message(
        .wrongShape(place, context: "`any`", expected: "a list, as in [a, b]"),
        "error: Pipelines/p.yaml:3:5: `any` must be a list, as in [a, b]"),
      Message(
        .badValue(
          place, value: "wilsen", context: "value of `method`", expected: "one of wilson, beta", nearest: "wilson"),
        "error: Pipelines/p.yaml:3:5: \"wilsen\" is no value of `method`: it must be one of wilson, beta; "
          + "did you mean \"wilson\"?"),
      Message(
        .unknownCode(place, code: "Yes", question: "Q1", nearest: "yes"),
        "error: Pipelines/p.yaml:3:5: \"Yes\" is not a code of question Q1; did you mean \"yes\"?",
        "  the codes of a question are listed in the codebook; codes are compared exactly, also in case"),
      Message(
        .noEntryForCycle(place, indicator: "A.1(a)", cycle: "cycle-4"),
        "error: Pipelines/p.yaml:3:5: indicator A.1(a) says nothing about cycle-4",
        "  add `cycle-4: {numerator: ...}` under `per-cycle`, or `cycle-4: {not-asked: \"the reason\"}`"),
      Message(
        .conflict(place, problem: "two things", advice: "keep one"), "error: Pipelines/p.yaml:3:5: two things",
        "  keep one"),
    ])
  func reports(message: Message) {
    #expect(message.error.report == message.text)
  }
}
