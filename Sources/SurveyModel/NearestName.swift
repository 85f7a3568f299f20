/// Finds what the author of a misspelled name most likely meant.
public enum NearestName {
  /// The candidate with the smallest edit distance to `name`, if it is near enough to be a likely slip:
  /// at most a third of the longer word, and at least one edit is always forgiven.
  ///
  /// A text of more than `longestName` characters is no slip of a name, and comparing two such texts takes their lengths
  /// multiplied.
  public static func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
    guard isName(name) else { return nil }
    let wanted = Array(name.lowercased())
    var best: (name: String, distance: Int)?
    for candidate in candidates where isName(candidate) {
      let count = candidate.count
      let allowed = max(1, max(wanted.count, count) / 3)
      // As many edits are needed at least.
      let difference = abs(wanted.count - count)
      guard difference <= allowed, difference < best?.distance ?? .max else { continue }
      let distance = editDistance(wanted, Array(candidate.lowercased()))
      if distance <= allowed, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  private static let longestName = 200

  /// A character has a byte at least.
  private static func isName(_ text: String) -> Bool { text.utf8.count <= longestName }

  /// `"; did you mean \"x\"?"`, or nothing where no candidate is near.
  public static func hint(for name: String, among candidates: some Sequence<String>) -> String {
    suggestion(for: name, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// Edit distance with adjacent transpositions (Damerau 1964, the optimal string alignment form).
  static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int]()
    var last = Array(0...b.count)
    for i in 1...a.count {
      var current = [i]
      for j in 1...b.count {
        var cost = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }
}
