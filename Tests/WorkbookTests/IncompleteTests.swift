import Export
import Foundation
import SurveyModel
import SurveyTestSupport
import Testing

@testable import Workbook

/// Cut by `Tests/Readers/cut-workbook.py`; faults of the disk itself are met by `DiskFaultTests`.
@Suite("A workbook that is not whole")
struct IncompleteTests {
  /// A workbook, and what it was given.
  private struct Scene {
    let directory: TemporaryDirectory
    let path: String
    let content: WorkbookContent

    init(_ results: Results = SampleResults().results) throws {
      directory = try TemporaryDirectory()
      path = directory.path(of: "results.xlsx")
      let file = try ResultsWorkbook.filled(results, for: path)
      content = file.content
      try file.close()
    }

    func firstIncomplete(_ name: String = "results.xlsx") -> String? {
      WorkbookParts.firstIncomplete(of: directory.path(of: name), holding: content)
    }
  }

  @Test("holds as many cells and letters as openpyxl counts")
  func contents() throws {
    let read = try ReadWorkbook(SampleResults().results)
    let content = try Scene().content
    #expect(read.sheets.count == content.sheets.count)
    for (sheet, written) in zip(read.sheets, content.sheets) {
      let texts = sheet.rows.joined().compactMap(\.text)
      #expect(texts.reduce(0) { $0 + $1.utf8.count } == written.bytesOfText, "\(sheet.name)")
      let values = sheet.rows.joined().count { $0.text != nil || $0.number != nil }
      // Blank cells have a format only.
      #expect(values > 0 && written[.cell] >= values, "\(sheet.name)")
      #expect(written[.rule] == sheet.rules.count, "\(sheet.name)")
    }
  }

  /// Results of which different parts of the workbook become long.
  enum Shape: CaseIterable {
    case small, manyBars, manyIndicators, manyMembers, manyDimensions, longTexts
  }

  private static func results(_ shape: Shape) -> Results {
    var results = SampleResults().results
    switch shape {
    case .small: break
    case .manyBars, .manyIndicators:
      let (indicator, rows) = (results.indicators[0], results.estimates)
      let ids = (0..<(shape == .manyBars ? 50 : 120)).map { "X.\($0)" }
      results.indicators = ids.map { id in
        var copy = indicator
        copy.id = id
        return copy
      }
      results.estimates = ids.flatMap { id in
        rows.filter { $0.cycle == rows[0].cycle && $0.indicator == indicator.id }.map { row in
          var copy = row
          copy.indicator = id
          return copy
        }
      }
    case .manyMembers:
      let (member, row) = (results.dimensions[0].members[0], results.estimates[0])
      let codes = (0..<100).map { "M\($0)" }
      results.dimensions[0].members = codes.map { code in
        var copy = member
        copy.code = code
        return copy
      }
      results.estimates = codes.map { code in
        var copy = row
        copy.members = [code, nil]
        return copy
      }
    case .manyDimensions:
      let (dimension, row, count) = (results.dimensions[0], results.estimates[0], 40)
      results.dimensions = (0..<count).map { number in
        var copy = dimension
        copy.name = "dimension \(number)"
        return copy
      }
      results.estimates = (0..<count).map { number in
        var copy = row
        copy.members = [String?](repeating: nil, count: count)
        copy.members[number] = dimension.members[0].code
        return copy
      }
      results.trends = []
      results.slopes = []
    case .longTexts:
      for position in results.indicators.indices {
        results.indicators[position].title = String(repeating: "a long title \(position) ", count: 500)
      }
    }
    return results
  }

  private func expectIncomplete(_ shape: Shape, cut: String, atLeast least: Int) throws {
    let scene = try Scene(Self.results(shape))
    #expect(scene.firstIncomplete() == nil)
    let run = try ReaderRun(script: "cut-workbook.py", [scene.path, scene.directory.path, cut])
    try #require(run.status == 0, "\(run.error)")
    let parts = run.output.split(separator: "\n").map(String.init)
    #expect(parts.count > least)
    for (number, part) in parts.enumerated() {
      #expect(scene.firstIncomplete("\(number).xlsx") == part, "\(number)")
    }
  }

  @Test("lacks a buffer of a part, wherever it stood", arguments: Shape.allCases)
  func buffers(_ shape: Shape) throws {
    try expectIncomplete(shape, cut: "4096", atLeast: 60)
  }

  @Test("lacks a buffer of a file system with other blocks", arguments: [512, 1024, 8192])
  func buffersOfLength(_ bytes: Int) throws {
    try expectIncomplete(.small, cut: "\(bytes)", atLeast: 30)
  }

  @Test("lacks a piece without which it is as well-formed as before", arguments: [Shape.small, .manyBars])
  func repeats(_ shape: Shape) throws {
    try expectIncomplete(shape, cut: "repeats", atLeast: 50)
  }

  @Test("lacks a cell, a column, a rule, a letter of a text")
  func contentsThatDiffer() throws {
    let scene = try Scene()
    let texts = WorkbookContent.partOfTexts
    func firstIncomplete(_ change: (inout WorkbookContent) -> Void) -> String? {
      var content = scene.content
      change(&content)
      return WorkbookParts.firstIncomplete(of: scene.path, holding: content)
    }
    for position in scene.content.sheets.indices {
      let part = WorkbookContent.part(ofSheet: position)
      for element in [PartContent.Element.cell, .column, .rule, .dataBarRule] {
        #expect(firstIncomplete { $0.sheets[position][element] += 1 } == part, "\(element)")
      }
      #expect(firstIncomplete { $0.sheets[position].bytesOfText += 1 } == texts)
    }
    #expect(firstIncomplete { $0.charts[0][.series] += 1 } == "xl/charts/chart1.xml")
    #expect(firstIncomplete { $0.definedNames += 1 } == "xl/workbook.xml")
    #expect(firstIncomplete { $0.sheets.removeLast() } == "xl/workbook.xml")
    let next = WorkbookContent.part(ofSheet: scene.content.sheets.count)
    #expect(firstIncomplete { $0.sheets.append(PartContent()) } == next)
    #expect(firstIncomplete { $0.charts.append(PartContent()) } == "xl/charts/chart2.xml")
  }

  /// libxlsxwriter is kept from printing; others are not, even where several workbooks end at once.
  @Test("leaves standard error to others")
  func standardError() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try Scene() } }
      try await group.waitForAll()
    }
    let directory = try TemporaryDirectory()
    let file = open(directory.path(of: "error"), O_WRONLY | O_CREAT, 0o600)
    let usual = dup(STDERR_FILENO)
    try #require(file >= 0 && usual >= 0)
    dup2(file, STDERR_FILENO)
    perror("printed by another")
    dup2(usual, STDERR_FILENO)
    close(file)
    close(usual)
    #expect(try directory.text(of: "error").contains("printed by another"))
  }

  @Test("ends early, or is no zip file")
  func archive() throws {
    let scene = try Scene()
    let whole = try Data(contentsOf: URL(fileURLWithPath: scene.path))
    for count in stride(from: 0, to: whole.count, by: 509) {
      try whole.prefix(count).write(to: URL(fileURLWithPath: scene.path))
      #expect(scene.firstIncomplete() != nil, "\(count) of \(whole.count) bytes")
    }
  }

  @Test("has a byte that is not the one that was written")
  func checksums() throws {
    let scene = try Scene()
    let whole = try Data(contentsOf: URL(fileURLWithPath: scene.path))
    // A part stands behind its name.
    let part = try #require(whole.range(of: Data("xl/worksheets/sheet1.xml".utf8))).upperBound
    for place in part + 64..<part + 80 {
      var damaged = whole
      damaged[place] ^= 1
      try damaged.write(to: URL(fileURLWithPath: scene.path))
      #expect(scene.firstIncomplete() == "xl/worksheets/sheet1.xml", "byte \(place)")
    }
  }

  /// The list of parts stands at the end of a zip file; what it says is not believed where it cannot be.
  @Test("has a damaged list of its parts")
  func listOfParts() throws {
    let scene = try Scene()
    let whole = try Data(contentsOf: URL(fileURLWithPath: scene.path))
    let list = try #require(whole.range(of: Data([0x50, 0x4B, 0x01, 0x02]))).lowerBound
    for place in list..<min(list + 46, whole.count) {
      for bits: UInt8 in [0xFF, 0x80, 0x01] {
        var damaged = whole
        damaged[place] ^= bits
        try damaged.write(to: URL(fileURLWithPath: scene.path))
        // Some of its fields are of no consequence, as the time: what is asked is that nothing is read outside of it,
        // which Address Sanitizer tells.
        _ = scene.firstIncomplete()
      }
    }
    // The length of the first name, which says where the next part is described.
    var damaged = whole
    damaged[list + 29] ^= 1
    try damaged.write(to: URL(fileURLWithPath: scene.path))
    #expect(scene.firstIncomplete() == "[Content_Types].xml")
  }

  @Test("is made of parts that speak of what they lack")
  func declarations() {
    func isWhole(_ text: String) -> Bool {
      guard var reader = PartReader() else { return false }
      let isXML = Array(text.utf8).withUnsafeBytes { reader.read($0, isLast: true) }
      return isXML && reader.content != nil
    }
    #expect(isWhole("<fonts count=\"2\"><font/><font/></fonts>"))
    #expect(isWhole("<c:numCache><c:formatCode/><c:ptCount val=\"1\"/><c:pt/></c:numCache>"))
    for text in [
      "", "<fonts>", "<fonts count=\"2\"><font/></fonts>", "<fonts count=\"x\"><font/></fonts>", "<sst count=\"1\"/>",
      "<sst uniqueCount=\"2\"><si/></sst>", "<vt:vector size=\"1\"/>", "<a><c:ptCount/></a>",
      "<a><c:ptCount val=\"2\"/><c:pt/></a>", "<a><c:ptCount val=\"9223372036854775807\"/></a>",
      "<c t=\"s\"><v>0</v></c>", "<c t=\"s\"/>", "<c t=\"s\"><v>99999999999999999999</v></c>",
      "<c t=\"s\"><v>one</v></c>",
    ] { #expect(!isWhole(text), "\(text)") }
  }

  @Test("is none where an estimate is no number")
  func notFinite() throws {
    var results = SampleResults().results
    for position in results.estimates.indices { results.estimates[position].upper = .infinity }
    results.estimates[0].estimate = .nan
    _ = try Scene(results)
  }
}
