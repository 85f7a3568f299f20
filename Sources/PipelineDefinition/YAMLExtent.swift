import CYaml
import SurveyModel

/// How many values a YAML file stands for where every alias is written out, and how deep they are nested.
///
/// libyaml's events tell that in one pass over the text. Yams copies what aliases stand for and hashes whole keys while
/// it composes, so that a few hundred bytes can keep it busy for years, and a long chain of aliases overflows the stack
/// when it is released: neither may reach it.
struct YAMLExtent {
  /// More values than any definition that people write; aliases count each time they are used.
  static let valueLimit = 1_000_000
  static let depthLimit = 64

  private let file: String
  /// What each anchor stands for.
  private var anchors: [String: Extent] = [:]
  private var open: [Collection] = []
  private var total = 0

  private struct Extent {
    var values: Int
    var depth: Int
  }

  /// A list or a mapping under way.
  private struct Collection {
    var anchor: String?
    var extent = Extent(values: 1, depth: 0)
    let isMapping: Bool
    var isKeyNext = true
  }

  /// - Throws: `DefinitionError.tooLarge`, or `.wrongShape` where a key is no single value. Text that is no YAML is
  ///   left to those who compose it.
  static func check(_ text: String, file: String) throws(DefinitionError) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else { return }
    defer { yaml_parser_delete(parser) }
    let bytes = Array(text.utf8)
    var extent = YAMLExtent(file: file)
    var failure: DefinitionError?
    bytes.withUnsafeBufferPointer { bytes in
      yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      do throws(DefinitionError) {
        try extent.readEvents(of: parser)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private init(file: String) { self.file = file }

  private mutating func readEvents(of parser: UnsafeMutablePointer<yaml_parser_t>) throws(DefinitionError) {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { return }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_STREAM_END_EVENT { return }
      try take(event)
    }
  }

  private mutating func take(_ event: yaml_event_t) throws(DefinitionError) {
    let location = SourceLocation(
      file: file, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    switch event.type {
    case YAML_SCALAR_EVENT:
      let extent = Extent(values: 1, depth: 0)
      if let name = Self.name(event.data.scalar.anchor) { anchors[name] = extent }
      try add(extent, at: location)
    case YAML_ALIAS_EVENT:
      // Yams says where an alias stands for nothing.
      let name = Self.name(event.data.alias.anchor) ?? ""
      try add(anchors[name] ?? Extent(values: 1, depth: 0), at: location)
    case YAML_SEQUENCE_START_EVENT:
      try begin(anchor: Self.name(event.data.sequence_start.anchor), isMapping: false, at: location)
    case YAML_MAPPING_START_EVENT:
      try begin(anchor: Self.name(event.data.mapping_start.anchor), isMapping: true, at: location)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      guard let ended = open.popLast() else { return }
      if let name = ended.anchor { anchors[name] = ended.extent }
      guard !open.isEmpty else { return }
      // Its values count already.
      enclose(ended.extent)
    default:
      return
    }
  }

  private mutating func begin(anchor: String?, isMapping: Bool, at location: SourceLocation) throws(DefinitionError) {
    try count(Extent(values: 1, depth: 0), at: location, isCollection: true)
    open.append(Collection(anchor: anchor, isMapping: isMapping))
  }

  private mutating func add(_ extent: Extent, at location: SourceLocation) throws(DefinitionError) {
    try count(extent, at: location)
    guard !open.isEmpty else { return }
    enclose(extent)
  }

  /// Takes note of one more value, whatever it stands for.
  private mutating func count(
    _ extent: Extent, at location: SourceLocation, isCollection: Bool = false
  ) throws(DefinitionError) {
    if let mapping = open.last, mapping.isMapping, mapping.isKeyNext, isCollection || extent.values > 1 {
      throw .wrongShape(location, context: "a key", expected: "a single value")
    }
    total += extent.values
    guard total <= Self.valueLimit, open.count + extent.depth <= Self.depthLimit else {
      throw .tooLarge(location, limit: Self.valueLimit)
    }
  }

  /// Makes a value part of the list or mapping under way.
  private mutating func enclose(_ extent: Extent) {
    let place = open.count - 1
    open[place].extent.values += extent.values
    open[place].extent.depth = max(open[place].extent.depth, extent.depth + 1)
    open[place].isKeyNext.toggle()
  }

  private static func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    anchor.map { String(cString: $0) }
  }
}
