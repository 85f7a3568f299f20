import Foundation
import OrderedCollections
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Export

@Suite("The files of the results")
struct TablesTests {
  private static let rule = IndicatorRule(numerator: .answered(["Q"]), denominator: .answered(["Q"]))

  private static func cycle(
    id: String = "A.1", kind: Indicator.Kind = .percentage, unit: String = "party",
    dimensions: [String] = ["region", "sector"]
  ) -> SurveyCycle {
    SurveyCycle(
      name: "now", title: "Now", cycle: "now",
      tables: ["responses": TableDefinition(name: "responses", paths: ["r.csv"])],
      dimensions: OrderedDictionary(
        uniqueKeysWithValues: dimensions.map { ($0, Dimension(name: $0, source: .column($0))) }),
      indicators: [
        Indicator(id: id, title: "", kind: kind, unit: unit, table: "responses", rule: .asked(rule)),
        Indicator(id: "B", title: "", table: "responses", rule: .asked(rule)),
      ])
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func estimate() -> IndicatorEstimate {
    var estimate = IndicatorEstimate(status: .ok, n: 8, nYes: 2)
    estimate.population = 12
    estimate.value = 0.25
    estimate.standardError = 0.125
    estimate.interval = 0.0625...0.5
    estimate.level = 0.95
    estimate.method = "wilson"
    estimate.degreesOfFreedom = 7
    estimate.designEffect = 1.5
    estimate.effectiveSize = 5.25
    estimate.flags = [.partial, .reviewDF]
    estimate.reason = "no report from X, Y: covers 1 of 2 units"
    return estimate
  }

  private static func estimates(
    _ estimates: [IndicatorEstimate], of cycle: SurveyCycle = cycle(), members: [String?] = ["AFR", nil],
    columns: [String] = ["region", "sector"]
  ) -> [String] {
    let cell = Cell(members: members)
    let pairing = DimensionPairing(now: columns, then: Array(cycle.dimensions.keys))
    let rows = estimates.map {
      EstimateRow(
        CellEstimate(cycle: "now", indicator: 0, cell: cell, estimate: $0), of: cycle,
        members: pairing.now(of: cell)?.members ?? [])
    }
    return lines(ResultsTable(rows, dimensions: columns).bytes)
  }

  // MARK: - estimates.csv

  @Test func theColumnsOfEstimates() {
    #expect(
      Self.estimates([])[0]
        == "cycle,indicator,unit,region,sector,status,n,n_yes,n_missing,n_unreadable,population,estimate,se,ci_low,ci_high,"
        + "level,method,df,deff,n_eff,flag,reason"
    )
    #expect(Self.estimates([], columns: [])[0].hasPrefix("cycle,indicator,unit,status,n,"))
    #expect(Self.estimates([], columns: ["age"])[0].hasPrefix("cycle,indicator,unit,age,status,"))
  }

  @Test func aRowOfEstimates() {
    #expect(
      Self.estimates([Self.estimate()])[1]
        == "now,A.1,party,AFR,_T,ok,8,2,0,0,12,25,12.5,6.25,50,0.95,wilson,7,1.5,5.25,partial review-df,"
        + "\"no report from X, Y: covers 1 of 2 units\""
    )
  }

  @Test func valuesThatDoNotExistAreEmpty() {
    var estimate = IndicatorEstimate(status: .ok, n: 3, nYes: 1)
    estimate.value = 1.0 / 3
    #expect(Self.estimates([estimate])[1] == "now,A.1,party,AFR,_T,ok,3,1,0,0,,33.33333333333333,,,,,,,,,,")
  }

  @Test func noDataHasItsZeroAndNotAskedHasNone() {
    let rows = Self.estimates([
      IndicatorEstimate(status: .noData, reason: "no row in the denominator"),
      IndicatorEstimate(status: .notAsked, reason: "not in this form"),
    ])
    #expect(rows[1] == "now,A.1,party,AFR,_T,no-data,0,0,0,0,,,,,,,,,,,,no row in the denominator")
    #expect(rows[2] == "now,A.1,party,AFR,_T,not-asked,,,,,,,,,,,,,,,,not in this form")
  }

  @Test func countsAreNotMultipliedByAHundred() {
    var estimate = IndicatorEstimate(status: .ok, n: 9, nYes: 4)
    estimate.value = 4
    #expect(
      Self.estimates([estimate], of: Self.cycle(kind: .count))[1] == "now,A.1,party,AFR,_T,ok,9,4,0,0,,4,,,,,,,,,,")
  }

  @Test func aCycleWithoutADimensionHasTotalsThere() {
    let rows = Self.estimates(
      [Self.estimate()], of: Self.cycle(dimensions: ["sector"]), members: ["health"])
    #expect(rows[1].hasPrefix("now,A.1,party,_T,health,ok,"))
  }

  @Test func theFilterChoosesRowsAndNothingElse() {
    let rows = { (ids: Set<String>) in
      Results.rows([Self.trend()], of: Self.cycle(), filter: ResultsFilter(indicators: ids), digits: ResultDigits([]))
    }
    #expect(rows([]).count == 1)
    #expect(rows(["A.1"]) == rows([]))
    #expect(rows(["B"]).isEmpty)
  }

  @Test func labelsThatLookLikeFormulasAreText() {
    let rows = Self.estimates(
      [Self.estimate()], of: Self.cycle(unit: "=unit()"), members: ["@region", "-5"])
    #expect(rows[1].hasPrefix("now,A.1,'=unit(),'@region,-5,ok,"))
  }

  @Test func indicatorsThatLookLikeFormulasAreText() {
    let rows = Self.estimates([Self.estimate()], of: Self.cycle(id: "=HYPERLINK(1)"))
    #expect(rows[1].hasPrefix("now,'=HYPERLINK(1),party,"))
  }

  // MARK: - trends.csv

  private static func trend() -> CellTrend {
    var row = CellTrend(
      cycle: "now", compareTo: "then", role: .previous, basis: .matched, indicator: 0,
      cell: Cell(members: [nil, "health"]), status: .ok)
    row.nThen = 10
    row.nNow = 11
    row.nMatched = 9
    row.nLinked = 7
    row.then = 0.5
    row.now = 0.25
    row.delta = -0.25
    row.standardError = 0.125
    row.interval = -0.5...0
    row.degreesOfFreedom = 8
    row.pValue = 0.0625
    row.adjustedPValue = 0.125
    row.significance = .noChange
    row.comparability = "the scale, it gained a step"
    row.reason = "=reason"
    return row
  }

  private static func trends(_ rows: [CellTrend], of cycle: SurveyCycle = cycle()) -> [String] {
    lines(
      ResultsTable(
        Results.rows(rows, of: cycle, filter: ResultsFilter(), digits: ResultDigits([])),
        dimensions: Array(cycle.dimensions.keys)
      ).bytes)
  }

  /// Where small cells are suppressed: one decimal, two significant digits, also of numbers that no power of 10 scales,
  /// and no -0. Counts are rounded where rows have weights alone.
  @Test(arguments: [
    (Indicator.Kind.percentage, false, "12.3,45.7,0"), (.count, false, "1234,4567,-4"), (.count, true, "1230,4570,-4"),
  ])
  func fewDigits(_ kind: Indicator.Kind, _ isWeighted: Bool, _ shares: String) {
    var cycle = Self.cycle(kind: kind)
    cycle.minimumCell = 5
    cycle.design.weight = isWeighted ? "w" : nil
    var row = Self.trend()
    (row.then, row.now, row.delta) = kind == .count ? (1234, 4567, -4) : (0.12345, 0.45678, -0.0004)
    row.standardError = 0.0012345
    row.interval = -0.98765...0.00049
    row.pValue = .leastNonzeroMagnitude
    row.adjustedPValue = 1.2345e-9
    let lines = Self.lines(
      ResultsTable(
        Results.rows([row], of: cycle, filter: ResultsFilter(), digits: ResultDigits([cycle])),
        dimensions: Array(cycle.dimensions.keys)
      ).bytes)
    #expect(lines[1].contains(",\(shares),0.12,-98.8,0,8,5e-324,1.2e-09,"), "\(lines[1])")
  }

  @Test func theColumnsOfTrends() {
    #expect(
      Self.trends([])[0]
        == "cycle,compare_to,role,basis,indicator,unit,region,sector,status,n_then,n_now,n_matched,n_linked,then,now,delta,"
        + "se,ci_low,ci_high,df,p_value,p_adjusted,significance,comparability,reason"
    )
  }

  @Test func aRowOfTrends() {
    #expect(
      Self.trends([Self.trend()])[1]
        == "now,then,previous,matched,A.1,party,_T,health,ok,10,11,9,7,50,25,-25,12.5,-50,0,8,0.0625,0.125,no-change,"
        + "\"the scale, it gained a step\",'=reason"
    )
  }

  @Test func aRowWithoutAChange() {
    var row = CellTrend(
      cycle: "now", compareTo: "then", role: .baseline, basis: .all, indicator: 0, cell: Cell(members: [nil, nil]),
      status: .notAsked)
    row.reason = "then: not asked"
    #expect(Self.trends([row])[1] == "now,then,baseline,all,A.1,party,_T,_T,not-asked,,,,,,,,,,,,,,,,then: not asked")
  }

  @Test func changesOfCountsAreCounts() {
    var row = Self.trend()
    row.then = 10
    row.now = 7
    row.delta = -3
    #expect(Self.trends([row], of: Self.cycle(kind: .count))[1].contains(",10,7,-3,"))
  }

  @Test func noDimensionMayBeCalledLikeAColumn() {
    let columns = EstimateRow.columns.map(\.name) + TrendRow.columns.map(\.name) + SlopeRow.columns.map(\.name)
    #expect(Dimension.reservedNames == Set(columns))
  }

  // MARK: - rejected.csv

  @Test func theRejectedTable() {
    var table = RejectedTable()
    table.append([
      Rejection(
        file: "data/r.csv", line: 7, column: "Q1", scope: .answer, reason: "not a code", value: "=cmd(\"x\")"),
      Rejection(file: "data/r.csv", line: 9, column: "", scope: .row, reason: "2 fields, but 3", value: "-1"),
    ])
    #expect(
      Self.lines(table.bytes) == [
        "file,line,column,scope,reason,value", "data/r.csv,7,Q1,answer,not a code,\"'=cmd(\"\"x\"\")\"",
        "data/r.csv,9,,row,\"2 fields, but 3\",-1", "",
      ])
    #expect(Self.lines(RejectedTable().bytes) == ["file,line,column,scope,reason,value", ""])
  }

  // MARK: - run.json

  @Test func theRecordOfARun() throws {
    var accounting = RowAccounting()
    accounting.read = 10
    accounting.used = 6
    accounting.superseded = 1
    accounting.outsidePopulation = 1
    accounting.rejected = 2
    let file = RunRecord.FileRecord(path: "data/r.csv", bytes: 3, hash: "abc")
    let other = RunRecord.FileRecord(path: "data/s.csv", bytes: 3, hash: "abc")
    let record = RunRecord(
      pipeline: "now", title: "Now", version: "1", started: Date(timeIntervalSince1970: 0),
      finished: Date(timeIntervalSince1970: 61), hostCores: 2,
      options: RunRecord.Options(
        indicators: [], groupings: nil, method: nil, level: nil, threads: 2, strict: false, engine: .local),
      definitions: [file],
      cycles: [
        RunRecord.CycleRecord(
          name: "now", role: "main",
          tables: [
            RunRecord.TableRecord(
              table: "responses", files: [file, other], accounting: accounting, answersRejected: 4,
              superseded: [
                SupersededRow(file: "data/s.csv", line: 2, unit: "C"),
                SupersededRow(file: "data/r.csv", line: 9, unit: "B"),
                SupersededRow(file: "data/r.csv", line: 3, unit: "A"),
              ])
          ], strata: [], isCensus: false, readSeconds: 0.5)
      ], outputs: [file], timings: ["estimate": 0.25])
    let bytes = try record.json()
    #expect(bytes.last == UInt8(ascii: "\n"))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(json["started"] as? String == "1970-01-01T00:00:00Z")
    #expect(json["finished"] as? String == "1970-01-01T00:01:01Z")
    #expect(json["host_cores"] as? Int == 2)
    let cycle = try #require((json["cycles"] as? [[String: Any]])?.first)
    let table = try #require((cycle["tables"] as? [[String: Any]])?.first)
    #expect(table["rows_read"] as? Int == 10)
    #expect(table["rows_used"] as? Int == 6)
    #expect(table["rows_superseded"] as? Int == 1)
    #expect(table["rows_outside_population"] as? Int == 1)
    #expect(table["rows_rejected"] as? Int == 2)
    #expect(table["answers_rejected"] as? Int == 4)
    #expect((table["superseded"] as? [[String: Any]])?.map { $0["line"] as? Int } == [3, 9, 2])
    #expect(
      (table["superseded"] as? [[String: Any]])?.map { $0["file"] as? String }
        == ["data/r.csv", "data/r.csv", "data/s.csv"])
    let files = try #require(table["files"] as? [[String: Any]])
    #expect(files[0]["path"] as? String == "data/r.csv")
    #expect(files[0]["algorithm"] as? String == "SHA-256")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("\\/"))
    #expect(try record.json() == bytes)
  }
}
