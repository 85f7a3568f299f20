import CExpat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What stands in one part of a workbook.
struct PartContent {
  /// Of a part that is a sheet.
  private(set) var sheet = SheetContent()
  /// Of the part with the texts that cells name by their number: the bytes of each, in UTF-8.
  private(set) var bytesOfSharedTexts: [Int] = []

  /// An element that has begun and not ended.
  private struct OpenElement {
    enum Kind { case cellOfText, sharedText, other }
    var kind = Kind.other
    var children = 0
    /// How many children it says that it has.
    var declared: Int?
  }

  private let sharedTexts: [Int]
  private var open: [OpenElement] = []
  /// What the characters belong to.
  private var reading = OpenElement.Kind.other
  /// Which text a cell names, digit by digit; nil before the first.
  private var textNumber: Int?
  private var isWhole = true

  /// Reads a part.
  ///
  /// - Parameter sharedTexts: The `bytesOfSharedTexts` that cells refer to.
  /// - Returns: nil where it is not XML, or where something that it speaks of is missing.
  init?(of name: String, in parts: borrowing WorkbookParts, sharedTexts: [Int] = []) {
    self.sharedTexts = sharedTexts
    guard let parser = XML_ParserCreate(nil) else { return nil }
    defer { XML_ParserFree(parser) }
    XML_SetElementHandler(
      parser,
      { content, name, attributes in
        guard let content, let name else { return }
        content.assumingMemoryBound(to: PartContent.self).pointee.begin(name, XMLAttributes(list: attributes))
      },
      { content, _ in content?.assumingMemoryBound(to: PartContent.self).pointee.end() })
    XML_SetCharacterDataHandler(parser) { content, bytes, count in
      content?.assumingMemoryBound(to: PartContent.self).pointee
        .add(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
    let isXML = withUnsafeMutablePointer(to: &self) { content in
      XML_SetUserData(parser, content)
      return parts.unpack(name) { piece, isLast in
        let bytes = piece.baseAddress?.assumingMemoryBound(to: XML_Char.self)
        return XML_Parse(parser, bytes, CInt(piece.count), isLast ? 1 : 0) == XML_STATUS_OK
      }
    }
    guard isXML, isWhole else { return nil }
  }

  // MARK: - What the parser meets

  private mutating func begin(_ name: UnsafePointer<XML_Char>, _ attributes: XMLAttributes) {
    if !open.isEmpty { open[open.count - 1].children += 1 }
    var element = OpenElement()
    switch String(cString: name) {
    case "c":
      sheet.cells += 1
      if attributes["t"] == "s" {
        element.kind = .cellOfText
        textNumber = nil
      }
    case "row", "v": break
    case "si":
      bytesOfSharedTexts.append(0)
      element.kind = .sharedText
    // Its `count` is that of the cells.
    case "sst": element.declared = attributes["uniqueCount"].flatMap { Int($0) }
    case "vt:vector": element.declared = attributes["size"].flatMap { Int($0) }
    case "c:ptCount": declarePoints(attributes["val"].flatMap { Int($0) })
    default: element.declared = attributes["count"].flatMap { Int($0) }
    }
    if element.kind != .other { reading = element.kind }
    open.append(element)
  }

  /// The points of a chart follow their number as its siblings.
  private mutating func declarePoints(_ count: Int?) {
    guard let count, !open.isEmpty else { return }
    open[open.count - 1].declared = open[open.count - 1].children + count
  }

  private mutating func end() {
    // The parser matches what begins and what ends.
    guard let element = open.popLast() else { return }
    if let declared = element.declared, declared != element.children { isWhole = false }
    guard element.kind != .other else { return }
    reading = .other
    guard element.kind == .cellOfText else { return }
    guard let textNumber, sharedTexts.indices.contains(textNumber) else {
      isWhole = false
      return
    }
    sheet.bytesOfText += sharedTexts[textNumber]
  }

  private mutating func add(_ characters: UnsafeRawBufferPointer) {
    switch reading {
    case .other: break
    case .sharedText: bytesOfSharedTexts[bytesOfSharedTexts.count - 1] += characters.count
    case .cellOfText:
      for character in characters {
        let digit = Int(character) - Int(UInt8(ascii: "0"))
        let (tens, overflow) = (textNumber ?? 0).multipliedReportingOverflow(by: 10)
        guard (0...9).contains(digit), !overflow else {
          isWhole = false
          return
        }
        textNumber = tens &+ digit
      }
    }
  }
}

/// The attributes of an element, as Expat hands them over: name, value, name, value, nil.
private struct XMLAttributes {
  let list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?

  subscript(wanted: String) -> String? {
    guard var next = list else { return nil }
    while let name = next[0], let value = next[1] {
      if strcmp(name, wanted) == 0 { return String(cString: value) }
      next += 2
    }
    return nil
  }
}
