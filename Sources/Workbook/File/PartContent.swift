/// What one part of a workbook, an XML file, holds, counted while it is written and again when it is read back.
struct PartContent: Equatable {
  /// An element of which parts have many without saying how many; the names are those of Office Open XML (ECMA-376).
  enum Element: String, CaseIterable {
    case cell = "c"
    case column = "col"
    case rule = "cfRule"
    case ruleOfBars = "x14:cfRule"
    case sheet
    case definedName
    case typeOfPart = "Override"
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
/// A stream of the C library loses whole buffers, of some thousand bytes; every piece of a long part that is as long
/// holds an element that is counted here, or one of which the part itself says how many there are.
struct WorkbookContent: Equatable {
  /// In the order of the sheets.
  var sheets: [PartContent] = []
  var definedNames = 0

  static let partOfTypes = "[Content_Types].xml"
  static let partOfSheets = "xl/workbook.xml"
  /// The texts of all cells; a workbook without any has no such part.
  static let partOfTexts = "xl/sharedStrings.xml"

  static func part(ofSheet position: Int) -> String { "xl/worksheets/sheet\(position + 1).xml" }

  /// What parts with a list must hold, besides those of sheets.
  ///
  /// - Parameter names: Of all parts.
  func expected(among names: [String]) -> [(part: String, content: PartContent)] {
    var workbook = PartContent()
    workbook[.sheet] = sheets.count
    workbook[.definedName] = definedNames
    // Parts that say how others belong together have a type by their ending.
    var types = PartContent()
    types[.typeOfPart] = names.count { $0 != Self.partOfTypes && !$0.hasSuffix(".rels") }
    let parts = sheets.enumerated().map { (part: Self.part(ofSheet: $0.offset), content: $0.element) }
    return [(Self.partOfTypes, types), (Self.partOfSheets, workbook)] + parts
  }
}
