import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Workbook

@Suite("Words that a spreadsheet might run or choke on")
struct HostileTests {
  @Test("are text in every sheet, and shown as they are", arguments: SampleResults.hostileLabels)
  func labels(_ label: String) throws {
    let book = try ReadWorkbook(SampleResults(label: label).results)
    #expect(book.sheets.allSatisfy { $0.formulas == 0 })
    let shown = ExcelText.cell(label)
    let title = try book.sheet("Summary").row("A.1")[1]
    #expect(title.type == "s" && title.text == shown)
    let region = try book.sheet("By region").rows[4][3]
    #expect(region.type == "s" && region.text == shown)
    #expect(try book.sheet("Definitions").rows[1][2].text == shown)
  }

  @Test("name sheets that Excel takes, each only once")
  func sheetNames() {
    var names = SheetNames()
    #expect(names.unique("By region") == "By region")
    #expect(names.unique("By Region") == "By Region (2)")
    #expect(names.unique("By a[b]c:d*e?f/g\\h") == "By a_b_c_d_e_f_g_h")
    #expect(names.unique("'quoted'") == "quoted")
    #expect(names.unique("") == "Sheet")
    #expect(names.unique(" ") == "Sheet (2)")
    let long = names.unique(String(repeating: "long ", count: 20))
    let other = names.unique(String(repeating: "long ", count: 20))
    #expect(long.utf16.count <= 31 && other.utf16.count <= 31 && long != other)
    #expect(other.hasSuffix("… (2)"))
    #expect(names.unique(String(repeating: "👩‍👩‍👧", count: 10)).utf16.count <= 31)
  }

  @Test("name a dimension whose sheet Excel takes")
  func dimensionName() throws {
    var results = SampleResults().results
    results.dimensions[0].name = "re[gi]on/\u{0}*?:'"
    results.dimensions[1].name = "RE[GI]ON/\u{0}*?:'"
    let names = try ReadWorkbook(results).sheets.map(\.name)
    #expect(names.contains { $0.hasPrefix("By re_gi_on") } && names.contains { $0.hasPrefix("By RE_GI_ON") })
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
  }

  @Test("lose what XML forbids visibly, and keep their lines")
  func forbidden() {
    #expect(ExcelText.cell("a\u{0}b\u{1B}c") == "a\\0b\\u{1B}c")
    #expect(ExcelText.cell("a\u{FFFE}b\u{FFFF}") == "a\\u{FFFE}b\\u{FFFF}")
    #expect(ExcelText.cell("line\nbreak") == "line\nbreak")
    #expect(ExcelText.cell("\u{202E}x") == "\\u{202E}x")
  }

  @Test("are not taken for Excel's own escapes")
  func escapes() throws {
    #expect(ExcelText.cell("_x0041_x0042_") == "_x005F_x0041_x005F_x0042_")
    #expect(ExcelText.cell("_x00_ max_x") == "_x00_ max_x")
    let book = try ReadWorkbook(SampleResults(label: "_x0041_").results)
    #expect(try book.sheet("Summary").row("A.1")[1].text == "_x0041_")
  }

  @Test("are cut where a cell ends")
  func length() throws {
    let text = String(repeating: "👍", count: 20_000)
    #expect(ExcelText.cell(text).utf16.count <= 32_767)
    #expect(ExcelText.cell(text).hasSuffix("👍…"))
    #expect(ExcelText.cell(String(repeating: "a", count: 32_767)).hasSuffix("a"))
    var results = SampleResults().results
    results.indicators[0].note = text
    #expect(try ReadWorkbook(results).sheet("Definitions").rows[1][6].text?.hasSuffix("👍…") == true)
  }

  @Test("and numbers that are none leave their cell empty")
  func notFinite() throws {
    var results = SampleResults().results
    results.estimates[0].designEffect = .infinity
    results.estimates[0].standardError = .nan
    let row = try ReadWorkbook(results).sheet("Estimates").rows[1]
    let header = EstimateRow.header(dimensions: results.dimensionNames)
    for name in ["deff", "se"] { #expect(row[try #require(header.firstIndex(of: name))].number == nil) }
  }
}
