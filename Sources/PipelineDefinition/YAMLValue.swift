import Foundation
import SurveyModel
import SystemPackage
import Yams

/// A node of a YAML file that knows where it stands. Scalars are text, exactly as written: `on`, `no`, `5` and
/// `2019-10-01` are those characters, because only the node's text is read, never Yams' resolver.
struct YAMLValue {
  let node: Node
  let file: String

  /// Bytes of the largest file that is read; definitions that people write have some thousand.
  private static let largestFile: Int64 = 16 << 20

  /// Some programs write it before UTF-8; it is no part of the text.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init(node: Node, file: String) {
    self.node = node
    self.file = file
  }

  /// Reads and composes a whole file.
  init(contentsOf file: String) throws(DefinitionError) {
    try self.init(try Self.bytes(of: file, referredFrom: nil), file: file, referredFrom: nil)
  }

  init(_ bytes: [UInt8], file: String, referredFrom: SourceLocation?) throws(DefinitionError) {
    let content = bytes.starts(with: Self.byteOrderMark) ? bytes[Self.byteOrderMark.count...] : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .unreadable(file: file, reason: "it is not UTF-8 text", referredFrom: referredFrom)
    }
    try self.init(text: text, file: file)
  }

  /// Looks before it reads: a device never ends, a pipe may never begin.
  ///
  /// - Parameter referredFrom: For messages.
  /// - Throws: `DefinitionError.unreadable` where the file cannot be opened or is none, `.readFailed` where the system
  ///   gives up later.
  static func bytes(of file: String, referredFrom: SourceLocation?) throws(DefinitionError) -> [UInt8] {
    func unreadable(_ reason: String) -> DefinitionError {
      .unreadable(file: file, reason: reason, referredFrom: referredFrom)
    }
    var isOpen = false
    do {
      let facts = try FilePath(file).stat()
      guard facts.type != .directory else { throw unreadable("it is a directory") }
      guard facts.type == .regular else { throw unreadable("it is not a file") }
      guard facts.size <= largestFile else { throw unreadable("it has more than \(largestFile >> 20) MB") }
      let descriptor = try FileDescriptor.open(FilePath(file), .readOnly)
      isOpen = true
      return try descriptor.closeAfter {
        try [UInt8](unsafeUninitializedCapacity: Int(facts.size)) { buffer, count in
          while count < buffer.count {
            let read = try descriptor.read(
              into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[count...])))
            if read == 0 { break }
            count += read
          }
        }
      }
    } catch let error as DefinitionError {
      throw error
    } catch {
      if isOpen { throw .readFailed(file: file, reason: "\(error)") }
      throw unreadable((error as? Errno) == .noSuchFileOrDirectory ? "there is no such file" : "\(error)")
    }
  }

  init(text: String, file: String) throws(DefinitionError) {
    try YAMLExtent.check(text, file: file)
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.translated(error, file: file)
    } catch {
      throw .syntax(SourceLocation(file: file), problem: "\(error)")
    }
    guard let node else {
      throw .wrongShape(SourceLocation(file: file), context: "the file", expected: "a YAML mapping, but it is empty")
    }
    self.init(node: node, file: file)
  }

  var location: SourceLocation {
    SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
  }

  /// The characters of a scalar, in the normal form in which answers are compared.
  func text(_ context: String) throws(DefinitionError) -> String { NormalForm.of(try characters(context)) }

  /// The characters of a scalar as they stand in the file.
  private func characters(_ context: String) throws(DefinitionError) -> String {
    guard case .scalar(let scalar) = node else {
      throw .wrongShape(location, context: context, expected: "a single value")
    }
    return scalar.string
  }

  var scalarText: String? {
    if case .scalar(let scalar) = node { NormalForm.of(scalar.string) } else { nil }
  }

  var isMapping: Bool { if case .mapping = node { true } else { false } }

  /// A list of values.
  func list(_ context: String) throws(DefinitionError) -> [YAMLValue] {
    guard case .sequence(let sequence) = node else {
      throw .wrongShape(location, context: context, expected: "a list, as in [a, b]")
    }
    return sequence.map { YAMLValue(node: $0, file: file) }
  }

  /// A list of texts; a single text counts as a list of one.
  func texts(_ context: String) throws(DefinitionError) -> [YAMLValue] {
    if case .scalar = node { return [self] }
    let values = try list(context)
    for value in values { _ = try value.text(context) }
    return values
  }

  /// The pairs of a mapping, in the order of the file.
  func pairs(_ context: String) throws(DefinitionError) -> [(key: YAMLValue, value: YAMLValue)] {
    guard case .mapping(let mapping) = node else {
      throw .wrongShape(location, context: context, expected: "a mapping, as in {key: value}")
    }
    var result: [(key: YAMLValue, value: YAMLValue)] = []
    // Yams tells 1 from "1"; as the characters that they are, they are the same.
    var seen: Set<String> = []
    for (key, value) in mapping {
      if case .scalar(let scalar) = key, !seen.insert(scalar.string).inserted {
        throw .duplicateKey(YAMLValue(node: key, file: file).location, key: scalar.string)
      }
      result.append((YAMLValue(node: key, file: file), YAMLValue(node: value, file: file)))
    }
    return result
  }

  /// A mapping whose keys are all known.
  func fields(_ context: String, allowed: [String]) throws(DefinitionError) -> YAMLFields {
    var values: [String: YAMLValue] = [:]
    for (key, value) in try pairs(context) {
      let name = try key.text("a key of \(context)")
      guard allowed.contains(name) else {
        throw .unknownKey(
          key.location, key: name, context: context, nearest: NearestName.suggestion(for: name, among: allowed))
      }
      values[name] = value
    }
    return YAMLFields(values: values, context: context, location: location)
  }

  private static func translated(_ error: YamlError, file: String) -> DefinitionError {
    switch error {
    case .duplicatedKeysInMapping(let duplicates, let context):
      return .duplicateKey(
        SourceLocation(file: file, line: context.mark.line, column: context.mark.column),
        key: duplicates.first ?? "")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return .syntax(SourceLocation(file: file, line: mark.line, column: mark.column), problem: problem)
    case .reader(let problem, _, _, _):
      return .syntax(SourceLocation(file: file), problem: problem)
    default:
      return .syntax(SourceLocation(file: file), problem: "\(error)")
    }
  }
}

/// The values of a mapping by key, after unknown keys have been refused.
struct YAMLFields {
  let values: [String: YAMLValue]
  let context: String
  let location: SourceLocation

  subscript(key: String) -> YAMLValue? { values[key] }

  func required(_ key: String) throws(DefinitionError) -> YAMLValue {
    guard let value = values[key] else { throw .missingKey(location, key: key, context: context) }
    return value
  }

  func text(_ key: String) throws(DefinitionError) -> String? {
    guard let value = values[key] else { return nil }
    return try value.text("`\(key)`")
  }

  func requiredText(_ key: String) throws(DefinitionError) -> String {
    try required(key).text("`\(key)`")
  }

  func texts(_ key: String) throws(DefinitionError) -> [String] {
    guard let value = values[key] else { return [] }
    var texts: [String] = []
    for element in try value.texts("`\(key)`") { texts.append(try element.text("`\(key)`")) }
    return texts
  }

  /// The path of a file.
  func requiredPath(_ key: String) throws(DefinitionError) -> String { try required(key).filePath("`\(key)`") }

  /// One of the words of an enumeration.
  func word<Word: RawRepresentable & CaseIterable>(_ key: String) throws(DefinitionError) -> Word?
  where Word.RawValue == String {
    guard let value = values[key] else { return nil }
    let text = try value.text("`\(key)`")
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    throw .badValue(
      value.location, value: text, context: "value of `\(key)`", expected: "one of \(words.joined(separator: ", "))",
      nearest: NearestName.suggestion(for: text, among: words))
  }

  func number(_ key: String) throws(DefinitionError) -> Double? {
    guard let value = values[key] else { return nil }
    return try value.number("value of `\(key)`")
  }

  func day(_ key: String) throws(DefinitionError) -> SurveyDate? {
    guard let value = values[key] else { return nil }
    let text = try value.text("`\(key)`")
    guard let day = SurveyDate(text) else {
      throw .badValue(
        value.location, value: text, context: "value of `\(key)`", expected: "a day written as 2019-10-01",
        nearest: nil)
    }
    return day
  }
}

extension YAMLValue {
  func number(_ context: String) throws(DefinitionError) -> Double {
    let text = try text(context)
    // Swift would also read hexadecimal numbers.
    guard !text.contains(where: { $0 == "x" || $0 == "X" }), let number = Double(text), number.isFinite else {
      throw .badValue(location, value: text, context: context, expected: "a number", nearest: nil)
    }
    return number
  }

  /// A text that can be the path of a file: the system would end it at a NUL character, and take nothing for the folder
  /// that it starts at.
  func filePath(_ context: String) throws(DefinitionError) -> String {
    // A file system compares bytes.
    let text = try characters(context)
    guard !text.isEmpty, !text.utf8.contains(0) else {
      throw .badValue(
        location, value: text, context: "value of \(context)", expected: "the path of a file", nearest: nil)
    }
    return text
  }

  func truth(_ context: String) throws(DefinitionError) -> Bool {
    switch try text(context) {
    case "true": return true
    case "false": return false
    case let text:
      throw .badValue(location, value: text, context: context, expected: "true or false", nearest: nil)
    }
  }
}
