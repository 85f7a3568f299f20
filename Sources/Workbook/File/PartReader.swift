import CExpat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one part of a workbook, owning a parser of Expat.
struct PartReader: ~Copyable {
  private let parser: XML_Parser
  /// The parser writes through this pointer while it is called.
  private let progress: UnsafeMutablePointer<PartProgress>

  /// - Parameter sharedTexts: The bytes of the texts that cells name by their index.
  /// - Returns: nil without memory.
  init?(sharedTexts: [Int] = []) {
    guard let parser = XML_ParserCreate(nil) else { return nil }
    self.parser = parser
    progress = .allocate(capacity: 1)
    progress.initialize(to: PartProgress(sharedTexts: sharedTexts))
    // The names are our own, so none collide on purpose: a fixed salt saves the wait for a random number.
    XML_SetHashSalt(parser, 1)
    XML_SetUserData(parser, progress)
    XML_SetElementHandler(
      parser,
      { progress, name, attributes in
        guard let progress, let name else { return }
        progress.assumingMemoryBound(to: PartProgress.self).pointee.begin(name, XMLAttributes(list: attributes))
      },
      { progress, _ in progress?.assumingMemoryBound(to: PartProgress.self).pointee.end() })
    XML_SetCharacterDataHandler(parser) { progress, bytes, count in
      progress?.assumingMemoryBound(to: PartProgress.self).pointee
        .add(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
  }

  deinit {
    XML_ParserFree(parser)
    progress.deinitialize(count: 1)
    progress.deallocate()
  }

  /// - Returns: Whether it is XML up to here.
  mutating func read(_ piece: UnsafeRawBufferPointer, isLast: Bool) -> Bool {
    let bytes = piece.baseAddress?.assumingMemoryBound(to: XML_Char.self)
    return XML_Parse(parser, bytes, CInt(piece.count), isLast ? 1 : 0) == XML_STATUS_OK
  }

  /// What the part holds, after the last piece, and the bytes of each text where it is the part with the texts; nil
  /// where something that the part speaks of is missing in it.
  var content: (part: PartContent, sharedTexts: [Int])? {
    progress.pointee.isWhole ? (progress.pointee.content, progress.pointee.textsOfPart) : nil
  }
}

/// How far a part is read.
private struct PartProgress {
  var content = PartContent()
  var textsOfPart: [Int] = []
  var isWhole = true

  /// An element that has begun and not ended.
  private struct OpenElement {
    var text = TextRole.none
    var children = 0
    /// How many children it says that it has.
    var declared: Int?
  }

  /// What characters mean.
  private enum TextRole { case sharedTextIndex, sharedText, none }

  private let sharedTexts: [Int]
  private var open: [OpenElement] = []
  private var reading = TextRole.none
  /// Which text a cell names, digit by digit; nil before the first.
  private var textIndex: Int?

  init(sharedTexts: [Int]) { self.sharedTexts = sharedTexts }

  mutating func begin(_ name: UnsafePointer<XML_Char>, _ attributes: XMLAttributes) {
    if !open.isEmpty { open[open.count - 1].children += 1 }
    let name = String(cString: name)
    if let element = PartContent.Element(rawValue: name) { content[element] += 1 }
    var element = OpenElement()
    switch name {
    case "c":
      if attributes["t"] == "s" {
        element.text = .sharedTextIndex
        textIndex = nil
      }
    // By far the most others; they declare nothing.
    case "v", "row": break
    case "si":
      textsOfPart.append(0)
      element.text = .sharedText
    // Its `count` is that of the cells.
    case "sst": element.declared = required(attributes["uniqueCount"])
    case "vt:vector": element.declared = required(attributes["size"])
    case "c:ptCount":
      // The points of a chart follow their number as its siblings.
      if let count = required(attributes["val"]), !open.isEmpty {
        open[open.count - 1].declared = open[open.count - 1].children + count
      }
    default: if let count = attributes["count"] { element.declared = required(count) }
    }
    if element.text != .none { reading = element.text }
    open.append(element)
  }

  private mutating func required(_ count: String?) -> Int? {
    if let count = count.flatMap({ Int32($0) }) { return Int(count) }
    isWhole = false
    return nil
  }

  mutating func end() {
    // The parser matches what begins and what ends.
    guard let element = open.popLast() else { return }
    if let declared = element.declared, declared != element.children { isWhole = false }
    guard element.text != .none else { return }
    reading = .none
    guard element.text == .sharedTextIndex else { return }
    guard let textIndex, sharedTexts.indices.contains(textIndex) else {
      isWhole = false
      return
    }
    content.bytesOfText += sharedTexts[textIndex]
  }

  mutating func add(_ characters: UnsafeRawBufferPointer) {
    switch reading {
    case .none: break
    case .sharedText: textsOfPart[textsOfPart.count - 1] += characters.count
    case .sharedTextIndex:
      for character in characters {
        let digit = Int(character) - Int(UInt8(ascii: "0"))
        let number = (textIndex ?? 0).multipliedReportingOverflow(by: 10)
        guard (0...9).contains(digit), !number.overflow else {
          isWhole = false
          return
        }
        // Wrapped, it is no index of a text.
        textIndex = number.partialValue &+ digit
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
