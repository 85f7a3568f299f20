import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Workbook

@Suite("A workbook that cannot be")
struct RefusalTests {
  @Test(
    "says what Excel takes",
    arguments: [
      FailureReport(
        WorkbookError.tooManyRows(sheet: "Estimates", rows: 1_048_577),
        "error: the sheet \"Estimates\" would have 1048577 rows; Excel takes 1048576",
        "  ask for fewer indicators or breakdowns, or for a format other than xlsx"),
      FailureReport(
        WorkbookError.tooManyColumns(sheet: "By district", columns: 20_000),
        "error: the sheet \"By district\" would have 20000 columns; Excel takes 16384",
        "  ask for fewer indicators or breakdowns, or for a format other than xlsx"),
    ])
  func limits(_ expected: FailureReport<WorkbookError>) {
    #expect(expected.error.report == expected.text)
    #expect(expected.error.exitStatus == .cannotCreateOutput)
  }

  @Test("has more rows or columns than a sheet")
  func size() throws {
    try SheetLimits.check(rows: 1_048_576, columns: 16_384, sheet: "Estimates")
    #expect(throws: WorkbookError.tooManyRows(sheet: "Estimates", rows: 1_048_577)) {
      try SheetLimits.check(rows: 1_048_577, columns: 3, sheet: "Estimates")
    }
    #expect(throws: WorkbookError.tooManyColumns(sheet: "By region", columns: 16_385)) {
      try SheetLimits.check(rows: 1, columns: 16_385, sheet: "By region")
    }
  }

  @Test("leaves nothing behind, and what stood there as it was")
  func wide() throws {
    var results = SampleResults().results
    let members = (0..<8_200).map { "member \($0)" }
    let first = results.dimensions[0].members[0]
    results.dimensions[0].members = members.map { code in
      var member = first
      member.code = code
      return member
    }
    let row = results.estimates[0]
    results.estimates = members.map { member in
      var copy = row
      copy.members = [member, nil]
      return copy
    }
    let directory = try TemporaryDirectory()
    let path = try directory.write("an older file", to: "results.xlsx")
    #expect(throws: WorkbookError.tooManyColumns(sheet: "By region", columns: 16_404)) {
      try ResultsWorkbook.write(results, to: path)
    }
    #expect(try directory.text(of: "results.xlsx") == "an older file")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["results.xlsx"])
  }

  @Test("cannot stand where it should")
  func place() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path(of: "missing/results.xlsx")
    #expect(throws: WorkbookError.cannotCreate(path: path, reason: "No such file or directory")) {
      try ResultsWorkbook.write(SampleResults().results, to: path)
    }
  }
}
