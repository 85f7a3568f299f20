/// What a sheet holds: enough to notice that a piece of it is missing.
struct SheetContent: Equatable {
  var cells = 0
  /// In UTF-8, of the texts of all cells, also where they are the same.
  var bytesOfText = 0
}

/// A workbook read back: whether everything stands in it.
enum WrittenWorkbook {
  /// Every part must be XML from its first byte to its last, with as many elements as it says that it has, and every
  /// sheet must have its cells and their texts.
  ///
  /// - Parameter sheets: What was written, in the order of the sheets.
  /// - Returns: The name of a part that is damaged or missing; nil where none is.
  static func firstIncompletePart(of path: String, _ sheets: [SheetContent]) -> String? {
    let contents = "[Content_Types].xml"
    guard let parts = WorkbookParts(path: path), let names = parts.names else { return contents }
    var expected: [String: SheetContent] = [:]
    for (position, content) in sheets.enumerated() { expected["xl/worksheets/sheet\(position + 1).xml"] = content }
    guard names.contains(contents) else { return contents }
    if let missing = expected.keys.filter({ !names.contains($0) }).min() { return missing }

    // The texts of all cells stand in a part of their own; a workbook without any has no such part.
    let texts = "xl/sharedStrings.xml"
    var shared: [Int] = []
    if names.contains(texts) {
      guard let content = PartContent(of: texts, in: parts) else { return texts }
      shared = content.bytesOfSharedTexts
    }
    for name in names where name != texts {
      guard let content = PartContent(of: name, in: parts, sharedTexts: shared) else { return name }
      if let written = expected[name], written != content.sheet { return name }
    }
    return nil
  }
}
