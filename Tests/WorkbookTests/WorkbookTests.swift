import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Workbook

@Suite("The workbook as openpyxl reads it")
struct WorkbookTests {
  @Test func sheetsThatAnAnalystExpects() throws {
    let book = try ReadWorkbook(of: SampleResults().results)
    #expect(
      book.names == ["Summary", "Estimates", "Trends", "By region", "By sector", "Definitions", "Data quality"])
    for name in ["Summary", "Estimates", "Trends", "By region", "By sector", "Definitions"] {
      let sheet = try #require(book.sheets[name])
      #expect(sheet.frozen != nil, "\(name)")
      #expect(sheet.filter != nil, "\(name)")
      #expect(sheet.widths.contains { $0 > 30 } || name == "Estimates" || name == "Trends", "\(name)")
    }
    #expect(book.created == "2023-11-14T22:13:20")
  }

  @Test func theSummaryHasRealPercentagesBarsAndAChartWithErrorBars() throws {
    let sheet = try #require(try ReadWorkbook(of: SampleResults().results).sheets["Summary"])
    #expect(sheet.cell("B6")?.value == .text("A.1"))
    #expect(sheet.cell("F6")?.value == .number(0.72))
    #expect(sheet.cell("F6")?.format == "0.0%")
    #expect(sheet.cell("G6")?.value == .number(0.6575))
    #expect(sheet.cell("H6")?.value == .number(0.7825))
    // In percentage points, with what is beyond chance.
    #expect(sheet.cell("J6")?.value.number.map { abs($0 - 6) < 1e-9 } == true)
    #expect(sheet.cell("L6")?.value.number.map { abs($0 - 12) < 1e-9 } == true)
    #expect(sheet.cell("M6")?.value == .text("▲ up"))
    // A count is no percentage.
    #expect(sheet.cell("F7")?.value == .number(60))
    #expect(sheet.cell("F7")?.format == "#,##0")
    #expect(sheet.cell("I8")?.value == .text("not asked"))
    #expect(sheet.bars == 2)
    #expect(sheet.charts.map(\.series) == [3])
    #expect(sheet.charts.map(\.errorBars) == [2])
  }

  @Test func everyRowOfTheFilesIsThereWithItsNumbers() throws {
    let results = SampleResults().results
    let book = try ReadWorkbook(of: results)
    let rows = try book.table("Estimates")
    let header = EstimateRow.header(dimensions: results.dimensionNames)
    let columns = header.indices.map { String(UnicodeScalar(UInt8(65 + $0))) }
    #expect(columns.map { rows[0][$0]?.text } == header)
    #expect(rows.count == results.estimates.count + 1)
    let place = try #require(header.firstIndex(of: "estimate"))
    for (row, cells) in zip(results.estimates, rows.dropFirst()) {
      let scale = row.indicator == "A.2" ? 1.0 : 100
      let read = cells[columns[place]]?.number.map { $0 * scale }
      #expect(abs((read ?? .infinity) - (row.estimate ?? .infinity)) < 1e-9 || (read == nil && row.estimate == nil))
      #expect(cells[columns[3]]?.text == (row.members[0] ?? "_T"))
    }
    #expect(try book.table("Trends").count == results.trends.count + 1)
  }

  @Test func flagsAreActedOnWherePeopleRead() throws {
    let rows = try ReadWorkbook(of: SampleResults().results).table("By region")
    #expect(rows[0]["D"] == .text("Total") && rows[0]["E"] == .text("Africa"))
    #expect(rows[1]["D"] == .number(0.72))
    #expect(rows[3]["D"] == .text("not asked"))
    let quality = try ReadWorkbook(of: SampleResults().results).table("Data quality")
    #expect(quality.contains { $0["A"] == .text("not-shown") && $0["B"] == .text(EstimateFlag.notShown.words) })
    #expect(quality.contains { $0["A"] == .text("now") && $0["C"] == .number(12) && $0["D"] == .number(10) })
    #expect(quality.contains { $0["B"] == .text("AFR") && $0["E"] == .number(0.75) })
  }

  @Test func numbersThatAreNotToBeShownAreOnNoSheetForPeople() throws {
    var results = SampleResults().results
    for index in results.estimates.indices where results.estimates[index].isTotal {
      results.estimates[index].flags = [.notShown]
    }
    let book = try ReadWorkbook(of: results)
    #expect(book.sheets["Summary"]?.cell("F6") == nil)
    #expect(book.sheets["Summary"]?.cell("I6")?.value == .text("–"))
    #expect(try book.table("By region")[1]["D"] == .text("–"))
  }

  @Test(arguments: SampleResults.hostileLabels.indices)
  func noLabelIsRunAsAFormula(index: Int) throws {
    let label = SampleResults.hostileLabels[index]
    let book = try ReadWorkbook(of: SampleResults(label: label).results)
    #expect(book.sheets.values.allSatisfy { $0.cells.allSatisfy { $0.type != "f" } })
    let title = try #require(book.sheets["Summary"]?.cell("C6")?.value.text)
    #expect(title.hasPrefix(String(label.withVisibleControls.prefix(3))))
  }

  @Test func aCellHoldsNoMoreThanExcelTakes() throws {
    let book = try ReadWorkbook(of: SampleResults(label: String(repeating: "🌍", count: 40_000)).results)
    let title = try #require(book.sheets["Summary"]?.cell("C6")?.value.text)
    #expect(title.utf16.count <= SheetWriter.longestText && title.hasSuffix("…"))
  }

  @Test func namesOfSheetsAreThoseThatExcelTakes() {
    #expect(SheetName.valid("By a/b:c?", besides: []) == "By a_b_c_")
    #expect(SheetName.valid("By Region", besides: ["by region"]) == "By Region 2")
    #expect(SheetName.valid(String(repeating: "x", count: 40), besides: []).count == 31)
    #expect(SheetName.valid("''", besides: []) == "Sheet")
    let long = String(repeating: "x", count: 31)
    #expect(SheetName.valid(long, besides: [long]) == String(repeating: "x", count: 29) + " 2")
  }

  @Test func theSameResultsGiveTheSameBytes() throws {
    let directory = try TemporaryDirectory()
    for name in ["a.xlsx", "b.xlsx"] {
      try ResultsWorkbook(SampleResults().results).write(to: "\(directory.path)/\(name)")
    }
    let files = ["a.xlsx", "b.xlsx"].map { FileManager.default.contents(atPath: "\(directory.path)/\($0)") }
    #expect(files[0] != nil && files[0] == files[1])
  }

  @Test func aPlaceThatCannotBeWrittenIsATypedError() throws {
    #expect(throws: WorkbookError.self) {
      try ResultsWorkbook(SampleResults().results).write(to: "/nonexistent/results.xlsx")
    }
  }

  @Test func anOfficeOpensItWithoutComplaint() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/results.xlsx"
    try ResultsWorkbook(SampleResults().results).write(to: path)
    let run = try ReaderRun(
      command: "/usr/bin/soffice",
      [
        "--headless", "-env:UserInstallation=file://\(directory.path)/profile", "--convert-to", "pdf", "--outdir",
        directory.path, path,
      ])
    #expect(run.status == 0)
    #expect(!run.error.lowercased().contains("error"), "\(run.error)")
    let pdf = FileManager.default.contents(atPath: "\(directory.path)/results.pdf")
    #expect(pdf?.starts(with: Data("%PDF".utf8)) == true)
  }
}
