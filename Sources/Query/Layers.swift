/// A query that grows layer by layer: each adds columns whose expressions may use those of the layers below. All SQL
/// has it, where not all lets a column use another of the same list.
struct Layers {
  private let dialect: Dialect
  private(set) var text: String
  private var count = 0

  /// - Parameter base: A whole query.
  init(_ dialect: Dialect, _ base: String) {
    self.dialect = dialect
    text = base
  }

  /// Leaves some columns and no others.
  mutating func leave(_ columns: [String]) {
    count += 1
    let list = columns.map(dialect.identifier).joined(separator: ",\n  ")
    text = "SELECT \(list)\nFROM (\n\(text.indented)\n) AS layer_\(count)"
  }

  /// - Parameter joins: Further tables of the layer, as they stand after `FROM`.
  mutating func add(_ columns: [(name: String, expression: String)], joins: [String] = []) {
    guard !columns.isEmpty || !joins.isEmpty else { return }
    count += 1
    let list = ["*"] + columns.map { "\($0.expression) AS \(dialect.identifier($0.name))" }
    let tables = ["(\n\(text.indented)\n) AS layer_\(count)"] + joins
    text = "SELECT \(list.joined(separator: ",\n  "))\nFROM \(tables.joined(separator: "\n"))"
  }
}

extension String {
  var indented: String {
    var result: [UInt8] = [0x20, 0x20]
    // A line break within quotes belongs to a name or a text.
    var open: UInt8?
    for byte in utf8 {
      result.append(byte)
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
        if open == nil { open = byte } else if open == byte { open = nil }
      case UInt8(ascii: "\n") where open == nil: result += [0x20, 0x20]
      default: break
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
