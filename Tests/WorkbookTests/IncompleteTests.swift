import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Workbook

/// Cut by `Tests/Readers/cut-workbook.py`; faults of the disk itself are met by `DiskFaultTests`.
@Suite("A workbook that is not whole")
struct IncompleteTests {
  private let directory: TemporaryDirectory
  private let path: String
  /// As counted in the workbook itself, which `ResultsWorkbook` has compared with what it wrote.
  private let sheets: [SheetContent]

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path(of: "results.xlsx")
    try ResultsWorkbook.write(SampleResults().results, to: path)
    let texts = try Self.content("xl/sharedStrings.xml", of: path).bytesOfSharedTexts
    var sheets: [SheetContent] = []
    for number in 1...9 {
      sheets.append(try Self.content("xl/worksheets/sheet\(number).xml", of: path, texts).sheet)
    }
    self.sheets = sheets
  }

  private static func content(_ part: String, of path: String, _ texts: [Int] = []) throws -> PartContent {
    guard let parts = WorkbookParts(path: path), let content = PartContent(of: part, in: parts, sharedTexts: texts)
    else { throw NoSuchPart(name: part) }
    return content
  }

  private struct NoSuchPart: Error {
    var name: String
  }

  @Test("has as many cells and letters as openpyxl counts")
  func contents() throws {
    let read = try ReadWorkbook(SampleResults().results)
    #expect(read.sheets.count == sheets.count)
    for (sheet, content) in zip(read.sheets, sheets) {
      let texts = sheet.rows.joined().compactMap(\.text)
      #expect(texts.reduce(0) { $0 + $1.utf8.count } == content.bytesOfText, "\(sheet.name)")
      let values = sheet.rows.joined().count { $0.text != nil || $0.number != nil }
      // Blank cells have a format only.
      #expect(values > 0 && content.cells >= values, "\(sheet.name)")
    }
  }

  @Test("lacks a piece of a part, wherever it stood")
  func pieces() throws {
    #expect(WrittenWorkbook.firstIncompletePart(of: path, sheets) == nil)
    let run = try ReaderRun(script: "cut-workbook.py", [path, directory.path])
    try #require(run.status == 0, "\(run.error)")
    let parts = run.output.split(separator: "\n").map(String.init)
    #expect(parts.count > 30)
    for (number, part) in parts.enumerated() {
      let found = WrittenWorkbook.firstIncompletePart(of: directory.path(of: "\(number).xlsx"), sheets)
      #expect(found == part, "\(number)")
    }
  }

  @Test("lacks a row, a cell, a letter of a text")
  func contentsThatDiffer() {
    for position in sheets.indices {
      for change: (inout SheetContent) -> Void in [{ $0.cells += 1 }, { $0.cells -= 1 }, { $0.bytesOfText += 1 }] {
        var written = sheets
        change(&written[position])
        let found = WrittenWorkbook.firstIncompletePart(of: path, written)
        #expect(found == "xl/worksheets/sheet\(position + 1).xml")
      }
    }
    let more = WrittenWorkbook.firstIncompletePart(of: path, sheets + [SheetContent()])
    #expect(more == "xl/worksheets/sheet10.xml")
  }

  @Test("ends early, or is no zip file")
  func archive() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in stride(from: 0, to: whole.count, by: 509) {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(WrittenWorkbook.firstIncompletePart(of: path, sheets) != nil, "\(count) of \(whole.count) bytes")
    }
  }

  @Test("has a byte that is not the one that was written")
  func checksums() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    // A part stands behind its name.
    let part = try #require(whole.range(of: Data("xl/worksheets/sheet1.xml".utf8))).upperBound
    for place in part + 64..<part + 80 {
      var damaged = whole
      damaged[place] ^= 1
      try damaged.write(to: URL(fileURLWithPath: path))
      #expect(WrittenWorkbook.firstIncompletePart(of: path, sheets) == "xl/worksheets/sheet1.xml", "byte \(place)")
    }
  }
}
