import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Workbook

@Suite("The workbook, as openpyxl reads it")
struct WorkbookTests {
  private let results = SampleResults().results

  @Test("has its sheets in order, frozen, filtered and dated by the run")
  func sheets() throws {
    let book = try ReadWorkbook(results)
    #expect(
      book.sheets.map(\.name) == [
        "Summary", "Estimates", "Trends", "Slopes", "By region", "By sector", "Definitions", "Data quality",
        "Chart data",
      ])
    #expect(book.title == "The cycle of 2019")
    #expect(book.created.hasPrefix("2023-11-14T22:13:20"))
    #expect(try book.sheet("Summary").frozen == "C5")
    for name in ["Estimates", "Trends", "Slopes", "Definitions"] {
      let sheet = try book.sheet(name)
      #expect(sheet.frozen == "C2")
      let filter = try #require(sheet.filter)
      #expect(filter.hasPrefix("A1:") && filter.hasSuffix("\(sheet.rows.count)"))
    }
    #expect(try book.sheet("By region").filter?.hasPrefix("A5:") == true)
  }

  @Test("holds every value of estimates.csv, percentages as true ones")
  func estimates() throws {
    let sheet = try ReadWorkbook(results).sheet("Estimates")
    try compare(sheet, results.estimates)
    let columns = EstimateRow.header(dimensions: results.dimensionNames)
    let value = try #require(columns.firstIndex(of: "estimate"))
    #expect(areClose(try #require(sheet.rows[1][value].number), 0.72))
    #expect(sheet.rows[1][value].format == "0.0%")
    let count = try #require(results.estimates.firstIndex { $0.indicator == "A.2" }) + 1
    #expect(sheet.rows[count][value].number == 60)
    #expect(sheet.rows[count][value].format == "#,##0")
  }

  @Test("holds every value of trends.csv and slopes.csv, changes as percentage points with their sign")
  func changes() throws {
    let book = try ReadWorkbook(results)
    let trends = try book.sheet("Trends")
    try compare(trends, results.trends)
    try compare(book.sheet("Slopes"), results.slopes)
    let delta = try #require(TrendRow.header(dimensions: results.dimensionNames).firstIndex(of: "delta"))
    #expect(areClose(try #require(trends.rows[1][delta].number), 6))
    #expect(trends.rows[1][delta].format == "+0.0;-0.0;0.0")
  }

  /// Every value of every row stands in its cell.
  private func compare<Row: ResultRow & IndicatorRow>(_ sheet: ReadSheet, _ rows: [Row]) throws {
    #expect(sheet.texts(0) == Row.header(dimensions: results.dimensionNames))
    try #require(sheet.rows.count == rows.count + 1)
    let before = Row.columnsBeforeDimensions
    for (row, cells) in zip(rows, sheet.rows.dropFirst()) {
      #expect(cells[before..<before + row.members.count].map(\.text) == row.members.map { $0 ?? "_T" })
      for (place, column) in Row.columns.enumerated() {
        let cell = cells[place < before ? place : place + row.members.count]
        switch column.value(row) {
        case .none: #expect(cell.text == nil && cell.number == nil)
        case .text(let text): #expect(cell.text == text)
        case .integer(let number): #expect(cell.number == Double(number))
        case .number(let number):
          let isPercentage = column.kind == .percent && row.indicator != "A.2"
          #expect(areClose(try #require(cell.number), isPercentage ? number / 100 : number))
        }
      }
    }
  }

  @Test("sums up each indicator under its goal: n, percentage, interval, changes with their marks")
  func summary() throws {
    let sheet = try ReadWorkbook(results).sheet("Summary")
    #expect(
      sheet.texts(3).prefix(8) == [
        "indicator", "", "n", "%", "95% interval", "", "change since 2015", "change since 2011",
      ])
    let goals = sheet.rows.compactMap { $0.first?.text }.filter { $0.hasPrefix("Goal") }
    #expect(goals == ["Goal A", "Goal B"])
    let percentage = try sheet.row("A.1")
    #expect(percentage[2].number == 90)
    #expect(areClose(try #require(percentage[3].number), 0.72))
    #expect(areClose(try #require(percentage[4].number), 0.6575))
    #expect(areClose(try #require(percentage[5].number), 0.7825))
    #expect(areClose(try #require(percentage[6].number), 6))
    #expect(percentage[6].format.hasPrefix("\"~+\"0.0_"))
    #expect(areClose(try #require(percentage[7].number), 12))
    #expect(percentage[7].format.hasPrefix("\"+\"0.0\" ▲\""))
    let count = try sheet.row("A.2")
    #expect(count[3].number == 60 && count[3].format == "#,##0" && count[4].text == "count")
    let notAsked = try sheet.row("B.1")
    #expect(notAsked[3].number == nil && notAsked[4].text == "not asked")
    #expect(
      sheet.texts.contains(
        "now: 12 responses read = 10 used + 1 superseded + 0 outside the population + 1 rejected"))
  }

  @Test("draws bars behind the percentages, and a chart with the intervals as error bars")
  func charts() throws {
    let book = try ReadWorkbook(results)
    let summary = try book.sheet("Summary")
    #expect(summary.rules == [ReadSheet.Rule(range: "D6", kind: "dataBar")])
    let chart = try #require(summary.charts.first)
    #expect(chart.kind == "BarChart" && chart.isStacked)
    #expect(chart.categories == "'Chart data'!$A$4:$A$4")
    #expect(chart.values == ["B", "C", "D"].map { "'Chart data'!$\($0)$4:$\($0)$4" })
    let whole = ReadSheet.Chart.ErrorBars(kind: "percentage", direction: "minus", size: 100)
    #expect(chart.errorBars == [whole, whole])
    let pieces = try book.sheet("Chart data").row("A.1  Measures in place").dropFirst().compactMap(\.number)
    #expect(zip(pieces, [0.6575, 0.0625, 0.0625]).allSatisfy { areClose($0, $1) })
  }

  @Test("has a table a dimension, which acts on the flags")
  func dimensions() throws {
    var results = results
    for place in results.estimates.indices where results.estimates[place].members == ["APA", nil] {
      results.estimates[place].flags = [.notShown]
    }
    let sheet = try ReadWorkbook(results).sheet("By region")
    #expect(
      sheet.texts(4) == [
        "indicator", "title", "All", "Africa", "Asia and the Pacific", "All", "Africa", "Asia and the Pacific",
      ])
    let row = try sheet.row("A.1")
    #expect(areClose(try #require(row[2].number), 0.72))
    #expect(areClose(try #require(row[3].number), 0.689))
    #expect(row[3].format == "0.0%\"*\"")
    #expect(row[4].text == "–")
    #expect(row[5...].map(\.number) == [90, 83, 76])
    #expect(try sheet.row("B.1")[2].text == "not asked")
  }

  @Test("says of an indicator without the dimension that it is not broken down by it, once")
  func missingBreakdown() throws {
    var results = results
    results.estimates.removeAll { $0.indicator == "A.2" && $0.members[0] != nil }
    results.estimates.removeAll { $0.indicator == "A.1" && $0.members == ["APA", nil] }
    results.estimates.removeAll { $0.indicator == "B.1" && $0.members[0] == "AFR" }
    let sheet = try ReadWorkbook(results).sheet("By region")
    #expect(try sheet.row("A.2")[3].text == "not broken down by region")
    #expect(try sheet.row("A.2").dropFirst(4).allSatisfy { $0.text == nil || $0.text?.isEmpty == true })
    #expect(try sheet.row("A.1")[4].text == "no data")
    #expect(try sheet.row("B.1")[2].text == "not asked")
    #expect(try sheet.row("B.1")[3].text == "not asked")
  }

  @Test("explains how each cycle computes each indicator")
  func definitions() throws {
    let sheet = try ReadWorkbook(results).sheet("Definitions")
    let rows = sheet.rows.map { row in row.map { $0.text ?? "" } }
    #expect(rows.contains(["A", "A.1", "Measures in place", "party", "", "note", "A note."]))
    #expect(
      rows.contains([
        "A", "A.1", "Measures in place", "party", "now", "counts as yes where", "Q1 “Are measures in place?” is yes",
      ]))
    #expect(
      rows.contains([
        "A", "A.1", "Measures in place", "party", "then to now", "compare with care", "the words changed",
      ]))
    #expect(sheet.texts.contains("not asked: the form had no such question"))
  }

  @Test("accounts for rows, strata, flags and columns")
  func quality() throws {
    let sheet = try ReadWorkbook(results).sheet("Data quality")
    let accounting = try #require(sheet.rows.first { $0[1].text == "responses" })
    #expect(accounting[2...].compactMap(\.number) == [12, 10, 1, 0, 1, 2])
    let stratum = try #require(sheet.rows.first { $0[1].text == "Africa" })
    #expect(stratum[2...].compactMap(\.number) == [6, 8, 0.75])
    for flag in EstimateFlag.allCases { #expect(sheet.texts.contains(flag.words)) }
    for column in EstimateRow.columns { #expect(sheet.texts.contains(column.meaning)) }
  }

  @Test("is the same bytes for the same results, and replaces what stood there")
  func sameBytes() throws {
    let directory = try TemporaryDirectory()
    let first = directory.path(of: "first.xlsx")
    let second = try directory.write("an older file", to: "second.xlsx")
    try ResultsWorkbook.write(results, to: first)
    try ResultsWorkbook.write(results, to: second)
    #expect(FileManager.default.contents(atPath: first) == FileManager.default.contents(atPath: second))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 2)
  }
}
