/// The name of a stratum that several columns make: its parts joined by " x ". A part that could be taken for a joint
/// stands in quotes, so that no two strata have one name.
public enum StratumName {
  private static let joint = " x "

  public static func joined(_ parts: [String]) -> String {
    guard parts.count > 1 else { return parts.first ?? "all" }
    return parts.map { part in
      guard part.contains(" x") || part.contains("x ") || part.contains("\"") else { return part }
      return "\"" + part.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }.joined(separator: joint)
  }

  /// The parts of a name that `joined` made of so many.
  public static func parts(of name: String, count: Int) -> [String] {
    guard count > 1 else { return [name] }
    var parts: [String] = []
    var part = ""
    var rest = name[...]
    var isQuoted = false
    while let character = rest.first {
      if character == "\"" {
        if isQuoted, rest.hasPrefix("\"\"") {
          part.append("\"")
          rest = rest.dropFirst()
        } else {
          isQuoted.toggle()
        }
      } else if !isQuoted, rest.hasPrefix(joint) {
        parts.append(part)
        part = ""
        rest = rest.dropFirst(joint.count)
        continue
      } else {
        part.append(character)
      }
      rest = rest.dropFirst()
    }
    return parts + [part]
  }
}
