import Foundation
import OrderedCollections
import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

/// The example of docs/definitions.md, with every key.
@Suite("Each key of a definition arrives where it belongs")
struct WholeDefinitionTests {
  let directory: TemporaryDirectory
  let cycle: SurveyCycle

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write(Self.pipeline, to: "Pipelines/cycle-4.yaml")
    try directory.write(Self.codebook, to: "Pipelines/cartagena/codebook-cycle-4.yaml")
    try directory.write(Self.indicators, to: "Pipelines/cartagena/indicators.yaml")
    try directory.write("AFR: Africa\nNO: \"Norway: alone\"\n\"5\": five\n", to: "Pipelines/cartagena/regions.yaml")
    try directory.write("env: Environment\nagri: Agriculture\n", to: "Pipelines/cartagena/sectors.yaml")
    cycle = try DefinitionReader(directory: directory.path(of: "Pipelines")).cycle(named: "cycle-4")
  }

  @Test("The cycle")
  func top() {
    #expect(cycle.name == "cycle-4")
    #expect(cycle.title == "Fourth national reports")
    #expect(cycle.cycle == "fourth")
    #expect(cycle.year == 2019.5)
    #expect(cycle.referenceDate == SurveyDate("2019-10-01"))
    #expect(cycle.periodFrom == SurveyDate("2015-11-01"))
    #expect(cycle.periodTo == SurveyDate("2019-09-30"))
    #expect(cycle.reliability == .none)
    #expect(cycle.minimumCell == 5)
    #expect(areClose(cycle.maximumRejected, 0.025))
    #expect(cycle.interval == IntervalRequest(method: .clopperPearson, level: 0.9))
  }

  @Test("The tables, with paths that start at the file")
  func tables() throws {
    let pipelines = directory.path(of: "Pipelines")
    #expect(cycle.tables.keys == ["responses", "parties", "bch-records", "answers"])
    let responses = try #require(cycle.tables["responses"])
    #expect(responses.name == "responses")
    #expect(
      responses.paths == [
        directory.path(of: "SampleData/cycle-4/responses.csv"), "/data/more.csv", "\(pipelines)/x*.csv",
      ])
    #expect(responses.layout == .wide)
    #expect(responses.respondent == "report_id")
    #expect(responses.unit == "party")
    #expect(responses.rollUp == .latest)
    #expect(responses.submitted == "submitted")
    #expect(responses.delimiter == 0x09)
    #expect(responses.quote == nil)
    #expect(responses.declaresDelimiter)
    #expect((responses.headerRows, responses.skippedRows, responses.encoding) == (3, 2, "Windows-1252"))
    #expect(!responses.joinsHeaderRows)
    let records = try #require(cycle.tables["bch-records"])
    #expect((records.headerRows, records.skippedRows, records.encoding) == (1, 0, nil) && !records.declaresDelimiter)
    #expect(responses.multipleSeparator == ";")
    #expect(responses.codebook?.questions.count == 6)
    let parties = try #require(cycle.tables["parties"])
    #expect(parties.paths == [directory.path(of: "SampleData/registers/parties.csv")])
    #expect(parties.unit == "iso3")
    #expect(parties.delimiter == UInt8(ascii: ";"))
    #expect(parties.quote == UInt8(ascii: "'"))
    #expect(parties.multipleSeparator == "|")
    #expect(parties.rollUp == .none && parties.codebook == nil && parties.respondent == nil && parties.submitted == nil)
    #expect(cycle.tables["bch-records"]?.quote == UInt8(ascii: "\""))
    #expect(
      cycle.tables["answers"]?.layout == .long(respondent: "report_id", question: "question", answer: "answer"))
  }

  /// What `..` leads to is decided by the file system, which a pattern has no answer for: its folder has.
  @Test("A pattern starts at the folder of the file, also behind a symbolic link")
  func patterns() throws {
    let place = try TemporaryDirectory()
    var fixture = DefinitionFixture()
    fixture.change("p.yaml", "r.csv", to: "[../data/*.csv, ../d?ta/../x.csv, ../none/*.csv, p*]")
    for (name, text) in fixture.files { try place.write(text, to: "far/away/pipelines/\(name)") }
    try place.write("", to: "far/away/data/r.csv")
    try FileManager.default.createSymbolicLink(
      atPath: place.path(of: "link"), withDestinationPath: "far/away/pipelines")
    func paths(_ directory: String) throws -> [String]? {
      try DefinitionReader(directory: place.path(of: directory)).cycle(named: "p").tables["responses"]?.paths
        .map { String($0.dropFirst(place.path.count + 1)) }
    }
    #expect(
      try paths("far/away/pipelines") == [
        "far/away/data/*.csv", "far/away/d?ta/../x.csv", "far/away/none/*.csv", "far/away/pipelines/p*",
      ])
    #expect(
      try paths("link") == ["link/../data/*.csv", "link/../d?ta/../x.csv", "none/*.csv", "link/p*"])
  }

  @Test("The dimensions, labels in the order of their file")
  func dimensions() throws {
    #expect(cycle.dimensions.keys == ["region", "sector", "income"])
    let region = try #require(cycle.dimensions["region"])
    #expect(region.labels == ["AFR": "Africa", "NO": "Norway: alone", "5": "five"])
    guard case .join("parties", ["responses": "party"], "iso3", "region") = region.source else {
      Issue.record("\(region.source)")
      return
    }
    let sector = try #require(cycle.dimensions["sector"])
    #expect(sector.labels?.keys == ["env", "agri"])
    guard case .column("sector") = sector.source else {
      Issue.record("\(sector.source)")
      return
    }
    let income = try #require(cycle.dimensions["income"])
    #expect(income.labels == nil)
    guard case .join("parties", [:], "party", "income") = income.source else {
      Issue.record("\(income.source)")
      return
    }
    #expect(cycle.groupings == [["region"], ["sector"], ["region", "sector"]])
  }

  @Test("The design")
  func design() throws {
    let design = cycle.design
    #expect(design.weight == "weight")
    #expect(design.strata == ["region", "size"])
    #expect(design.psu == "psu")
    #expect(design.unitWeight == "unit_weight")
    #expect(design.lonelyPSU == .average)
    guard case .register("parties", let condition)? = design.population else {
      Issue.record("\(String(describing: design.population))")
      return
    }
    #expect(condition == .date(column: "in_force", .atMost, .referenceDate))
  }

  @Test("The trend")
  func trend() {
    #expect(cycle.trend.previous == "cycle-3")
    #expect(cycle.trend.baseline == "cycle-2")
    #expect(cycle.trend.overlap == .newSamples)
    #expect(cycle.trend.adjust == .benjaminiHochberg)
    #expect(cycle.trend.slope == ["cycle-2", "cycle-3", "cycle-4"])
  }

  @Test("The codebook")
  func codebook() throws {
    let codebook = try #require(cycle.tables["responses"]?.codebook)
    #expect(codebook.missing == ["", "NA"])
    #expect(codebook.notApplicable == ["false.na"])
    #expect(codebook.questions.keys == ["Q014", "Q015", "Q029", "Q030", "Q020", "Q026_adq"])
    #expect(codebook.questions.values.map(\.key) == Array(codebook.questions.keys))
    #expect(codebook.questions.values.map(\.type) == [.one, .many, .one, .one, .text, .integer])
    let question = try #require(codebook.questions["Q014"])
    #expect(question.options == ["full", "partial", "none"])
    #expect(question.optionLabels == ["full": "Fully in place", "none": "None"])
    #expect(question.section == "Article2")
    #expect(question.label == "Measures: in place")
    #expect(question.isMandatory)
    #expect(question.askedIf == nil)
    #expect(question.comparesTo.keys == ["cycle-3", "cycle-2"])
    #expect(question.comparesTo["cycle-3"]?.key == "Q014")
    #expect(question.comparesTo["cycle-2"]?.key == "Q015")
    #expect(question.comparesTo["cycle-3"]?.values == ["fullFramwork": "full"])
    #expect(codebook.questions["Q030"]?.askedIf == .oneOf(column: "Q029", codes: ["true"]))
    #expect(codebook.questions["Q029"]?.isMandatory == false)
    #expect(codebook.mandatoryQuestions.map(\.key) == ["Q014"])
  }

  @Test("The indicators")
  func indicators() throws {
    #expect(cycle.indicators.map(\.id) == ["A.1(a)", "A.1(b)", "B.2(b)"])
    let first = cycle.indicators[0]
    #expect(first.title == "Measures in place to implement the Protocol")
    #expect(first.goal == "A.1")
    #expect(first.kind == .percentage)
    #expect(first.unit == "party")
    #expect(first.table == "responses")
    #expect(first.rollUp == .majority)
    #expect(first.comparability == [CyclePair(then: "cycle-3", now: "cycle-4"): "the scale gained a step"])
    #expect(first.note == "full and partial measures count, temporary ones do not")
    #expect(first.cycleNote == "this cycle only")
    let rule = try #require(first.rule.asked)
    #expect(rule.numerator == .oneOf(column: "Q014", codes: ["full", "partial"]))
    #expect(rule.denominator == .answered(["Q014"]))
    #expect(rule.eligible == nil)

    let second = cycle.indicators[1]
    guard case .notAsked("the fourth report had no such question") = second.rule else {
      Issue.record("\(second.rule)")
      return
    }
    #expect(second.kind == .count)
    #expect(second.unit == "row" && second.goal == nil && second.note == nil && second.cycleNote == nil)
    #expect(second.rollUp == nil && second.comparability == [:])

    let third = try #require(cycle.indicators[2].rule.asked)
    #expect(
      third.eligible
        == .related(
          RelatedCondition(
            table: "parties", here: "party", there: "iso3", condition: .oneOf(column: "star", codes: ["1"]))))
    #expect(third.numerator == .includesAll(column: "Q015", codes: ["laws", "rules"]))
    #expect(third.denominator == .decided(third.numerator))
  }

  @Test("Every file that was read is on record")
  func files() {
    let pipelines = directory.path(of: "Pipelines")
    #expect(
      Set(cycle.definitionFiles)
        == [
          "\(pipelines)/cycle-4.yaml", "\(pipelines)/cartagena/codebook-cycle-4.yaml",
          "\(pipelines)/cartagena/regions.yaml", "\(pipelines)/cartagena/sectors.yaml",
          "\(pipelines)/cartagena/indicators.yaml",
        ])
    #expect(Set(cycle.definitionFiles).count == cycle.definitionFiles.count)
  }

  static let pipeline = """
    pipeline: cycle-4
    title: Fourth national reports
    cycle: fourth
    year: 2019.5
    reference-date: 2019-10-01
    period: {from: 2015-11-01, to: 2019-09-30}
    tables:
      responses:                        # the table with the questionnaire answers
        path: [../SampleData/cycle-4/responses.csv, /data/more.csv, x*.csv]
        layout: wide
        codebook: cartagena/codebook-cycle-4.yaml
        respondent: report_id
        unit: party
        roll-up: latest
        submitted: submitted
        delimiter: "\\t"
        quote: none
        multiple-separator: ";"
        header-rows: 3
        skip-rows: 2
        encoding: Windows-1252
      parties: {path: ../SampleData/registers/parties.csv, unit: iso3, delimiter: ";", quote: "'"}
      bch-records: {path: bch-records.csv, unit: record_id}
      answers: {path: a.csv, layout: long, respondent: report_id, question: question, answer: answer}
    dimensions:
      region: {join: parties, on: {responses: party, default: iso3}, column: region, labels: cartagena/regions.yaml}
      sector: {column: sector, labels: cartagena/sectors.yaml}
      income: {join: parties, on: party, column: income}
    group-by: [[region], sector, [region, sector]]
    design:
      weight: weight
      strata: [region, size]
      psu: psu
      unit-weight: unit_weight
      population: {table: parties, where: {in_force: {on-or-before: reference-date}}}
      lonely-psu: average
    interval: {method: clopper-pearson, level: 0.90}
    trend:
      previous: cycle-3
      baseline: cycle-2
      overlap: none
      adjust: benjamini-hochberg
      slope: [cycle-2, cycle-3, cycle-4]
    reliability: none
    min-cell: 5
    max-rejected: 2.5%
    indicators: cartagena/indicators.yaml

    """

  static let codebook = """
    missing: ["", "NA"]
    not-applicable: [false.na]
    questions:
      Q014:
        type: one
        options: [full, partial, none]
        option-labels: {full: Fully in place, none: None}
        mandatory: true
        section: Article2
        label: "Measures: in place"
        compare-to: {cycle-3: Q014, cycle-2: Q015, values: {fullFramwork: full}}
      Q015: {type: many, options: [laws, rules, none]}
      Q029: {type: one, options: ["true", "false"], mandatory: false}
      Q030: {type: one, options: ["true", "true.some", "false"], asked-if: {Q029: ["true"]}}
      Q020: {type: text}
      Q026_adq: {type: integer}

    """

  static let indicators = """
    - id: A.1(a)
      title: Measures in place to implement the Protocol
      goal: A.1
      kind: percentage
      unit: party
      table: responses
      roll-up: majority
      per-cycle:
        third:
          numerator: {OTHER: [words, of, another, codebook]}
        fourth:
          numerator: {Q014: [full, partial]}
          denominator: {answered: Q014}
          note: this cycle only
        first: {not-asked: "the first report asked for texts, not for a status"}
      comparability: {cycle-3 -> cycle-4: "the scale gained a step"}
      note: full and partial measures count, temporary ones do not
    - id: A.1(b)
      title: Built into strategies
      kind: count
      per-cycle:
        fourth: {not-asked: the fourth report had no such question}
    - id: B.2(b)
      title: Both laws and rules
      eligible: {related: {table: parties, on: {here: party, there: iso3}, where: {star: "1"}}}
      numerator: {Q015: {includes-all: [laws, rules]}}

    """
}

@Suite("What a definition leaves out has the documented default")
struct DefaultsTests {
  @Test("A page of YAML is enough")
  func defaults() throws {
    let directory = try TemporaryDirectory()
    try directory.write("pipeline: p\ntables: {responses: {path: r.csv}}\nindicators: i.yaml\n", to: "p.yaml")
    try directory.write("- {id: x, title: X, numerator: {smokes: \"1\"}}\n", to: "i.yaml")
    let cycle = try DefinitionReader(directory: directory.path + "/").cycle(named: "p")
    #expect(cycle.title == "p" && cycle.cycle == "p")
    #expect(cycle.year == nil && cycle.referenceDate == nil && cycle.periodFrom == nil && cycle.periodTo == nil)
    #expect(cycle.dimensions.isEmpty && cycle.groupings.isEmpty)
    #expect(cycle.interval == IntervalRequest(method: .wilson, level: 0.95))
    #expect(cycle.reliability == .nchs && cycle.minimumCell == 0 && cycle.maximumRejected == 0.01)
    #expect(cycle.design.lonelyPSU == .fail && cycle.design.strata == [] && cycle.design.weight == nil)
    #expect(cycle.design.psu == nil && cycle.design.population == nil && cycle.design.replicates == nil)
    #expect(cycle.trend.overlap == nil && cycle.trend.adjust == .holm)
    #expect(cycle.design.degreesOfFreedom == .domain)
    #expect(cycle.trend.previous == nil && cycle.trend.baseline == nil && cycle.trend.slope == nil)
    let responses = try #require(cycle.tables["responses"])
    #expect(responses.layout == .wide && responses.rollUp == .none && responses.codebook == nil)
    #expect(responses.delimiter == UInt8(ascii: ",") && responses.quote == UInt8(ascii: "\""))
    #expect(responses.multipleSeparator == "|" && responses.missingCodes(of: "smokes") == [""])
    #expect(cycle.indicators[0].kind == .percentage && cycle.indicators[0].table == "responses")
    #expect(cycle.indicators[0].rule.asked?.denominator == .decided(.oneOf(column: "smokes", codes: ["1"])))
  }

  @Test("A codebook that does not say what is missing means the empty answer")
  func missing() throws {
    var fixture = DefinitionFixture()
    fixture.change("codebook.yaml", "missing: [\"\", \"NA\"]\nnot-applicable: [false.na]\n", to: "")
    let codebook = try #require(try fixture.cycle().tables["responses"]?.codebook)
    #expect(codebook.missing == [""] && codebook.notApplicable == [])
  }

  @Test(
    "The largest rejected share reads as a percentage or a fraction",
    arguments: [
      ("1%", 0.01), ("0.01", 0.01), ("100%", 1), ("1", 1), ("0", 0), ("0%", 0), ("2.5%", 0.025),
    ])
  func share(text: String, share: Double) throws {
    var fixture = DefinitionFixture()
    fixture.change("p.yaml", "pipeline: p\n", to: "pipeline: p\nmax-rejected: \(text)\n")
    #expect(areClose(try fixture.cycle().maximumRejected, share))
  }

  @Test("Each word of a choice is understood")
  func words() throws {
    func read(_ line: String) throws -> SurveyCycle {
      var fixture = DefinitionFixture()
      fixture.change("p.yaml", "pipeline: p\n", to: "pipeline: p\n\(line)\n")
      return try fixture.cycle()
    }
    let methods = [
      "wilson", "beta", "wald", "logit", "arcsine", "clopper-pearson", "agresti-coull", "jeffreys", "likelihood",
    ]
    for method in methods {
      #expect(try read("interval: {method: \(method)}").interval.method.rawValue == method)
    }
    for rule in ["fail", "certainty", "adjust", "average"] {
      #expect(try read("design: {lonely-psu: \(rule)}").design.lonelyPSU.rawValue == rule)
    }
    for rollUp in ["none", "latest", "any", "all", "majority"] {
      var fixture = DefinitionFixture()
      fixture.change("p.yaml", "unit: party\n", to: "unit: party\n    roll-up: \(rollUp)\n")
      #expect(try fixture.cycle().tables["responses"]?.rollUp.rawValue == rollUp)
    }
    for type in ReplicateType.allCases {
      let more = type == .fay ? ", fay: 0.3" : type == .jkn ? ", rscales: [0.5, 0.75]" : ""
      let line = "design: {weight: w, replicates: {columns: \"repw*\", type: \(type.rawValue), mse: true\(more)}}"
      let replicates = try read(line).design.replicates
      #expect(
        replicates
          == ReplicateWeights(
            columns: ["repw*"], type: type, fay: type == .fay ? 0.3 : 0, isAroundEstimate: true,
            replicateScales: type == .jkn ? [0.5, 0.75] : nil))
    }
    let overrides = "scale: 0.25, rscales: 2, df: 7"
    let replicates = try read(
      "design: {weight: w, replicates: {columns: [a, \"b?\"], type: brr, \(overrides)}}"
    ).design.replicates
    #expect(
      replicates
        == ReplicateWeights(columns: ["a", "b?"], type: .brr, scale: 0.25, replicateScales: [2], degreesOfFreedom: 7))
  }
}
