/// What one part of a workbook, an XML file, holds, counted while it is written and again when it is read back.
struct PartContent: Equatable {
  /// An element of which parts have many without saying how many; the names are those of Office Open XML (ECMA-376).
  enum Element: String, CaseIterable {
    case cell = "c"
    case column = "col"
    case rule = "cfRule"
    case dataBarRule = "x14:cfRule"
    case series = "c:ser"
    case sheet
    case definedName
    case contentType = "Override"
    case relationship = "Relationship"
  }

  private var counts: [Element: Int] = [:]
  /// In UTF-8, of the texts of all cells, also where they are the same.
  var bytesOfText = 0

  /// 0 where there is none.
  subscript(_ element: Element) -> Int {
    get { counts[element, default: 0] }
    // Equal contents have equal counts, so none of them is 0.
    set { counts[element] = newValue == 0 ? nil : newValue }
  }
}

/// What a workbook was given: enough to notice that a piece of it is missing.
///
/// A stream of the C library loses whole buffers, each a block of the file system: 512 to 8,192 bytes. A piece of that
/// length, of a part that says something about the results, holds an element that is counted here, or one of which the
/// part itself says how many there are.
struct WorkbookContent: Equatable {
  /// In the order of the sheets.
  var sheets: [PartContent] = []
  /// In the order in which they were inserted.
  var charts: [PartContent] = []
  var definedNames = 0

  static let partOfContentTypes = "[Content_Types].xml"
  static let partOfSheets = "xl/workbook.xml"
  /// The texts of all cells; a workbook without any has no such part.
  static let partOfTexts = "xl/sharedStrings.xml"

  static func part(ofSheet position: Int) -> String { "xl/worksheets/sheet\(position + 1).xml" }

  static func part(ofChart position: Int) -> String { "xl/charts/chart\(position + 1).xml" }

  /// Whether the list of content types names a part, and a relationship leads to it. Parts that say how others belong
  /// together have a type by their ending.
  static func hasContentType(_ part: String) -> Bool { part != partOfContentTypes && !part.hasSuffix(".rels") }

  /// What each part with a list must hold.
  ///
  /// - Parameter names: Of all parts.
  func expected(among names: [String]) -> [(part: String, content: PartContent)] {
    var workbook = PartContent()
    workbook[.sheet] = sheets.count
    workbook[.definedName] = definedNames
    var contentTypes = PartContent()
    contentTypes[.contentType] = names.count(where: Self.hasContentType)
    return [(Self.partOfContentTypes, contentTypes), (Self.partOfSheets, workbook)]
      + sheets.enumerated().map { (Self.part(ofSheet: $0.offset), $0.element) }
      + charts.enumerated().map { (Self.part(ofChart: $0.offset), $0.element) }
  }
}
