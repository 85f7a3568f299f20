import SurveyModel

/// The files of a definition in the order in which it names them first. Each is read once, so that what is recorded of
/// a run is what it went by, whatever happens to the files meanwhile.
struct DefinitionTexts {
  private(set) var paths: [String] = []
  private(set) var contents: [String: [UInt8]] = [:]

  mutating func read(_ path: String, referredFrom: SourceLocation? = nil) throws(DefinitionError) -> YAMLValue {
    let bytes: [UInt8]
    if let known = contents[path] {
      bytes = known
    } else {
      bytes = try YAMLValue.bytes(of: path, referredFrom: referredFrom)
      paths.append(path)
      contents[path] = bytes
    }
    return try YAMLValue(bytes, file: path, referredFrom: referredFrom)
  }
}
