/// A question of the reference job. Kind, scale and habits follow from its number alone, so that files of any seed have
/// about the same size.
struct ReferenceQuestion: Sendable {
  enum Kind: Sendable, Equatable {
    case choice, integer, text

    /// A sixth of the questions are texts, a ninth are integers; no number is both.
    init(number: Int) {
      self = number % 6 == 0 ? .text : number % 9 == 4 ? .integer : .choice
    }
  }

  let kind: Kind
  /// The column, such as `Q007`.
  let key: String
  /// The place among the questions of its kind.
  let place: Int

  /// All questions in the order of the columns.
  static func all(_ count: Int) -> [ReferenceQuestion] {
    var seen: [Kind: Int] = [:]
    return (0..<count).map { index in
      let kind = Kind(number: index + 1)
      defer { seen[kind, default: 0] += 1 }
      return ReferenceQuestion(
        kind: kind, key: numbered("Q", index + 1, of: count, digits: 3), place: seen[kind, default: 0])
    }
  }

  /// Of a single-choice question.
  var scale: ReferenceScale { ReferenceScale.all[place % ReferenceScale.all.count] }

  /// Of a single-choice question: which code is the most frequent.
  var profile: Int { place / ReferenceScale.all.count * 2 % 5 }

  /// Answers of 65,536 that are left out: a tenth to a fifth, 15 % on average.
  static func blanks(_ index: Int) -> Int { (4 + index * 7 % 5) * 1638 }
}

/// A letter and a number with leading zeros, as wide as the largest number wants.
func numbered(_ prefix: String, _ number: Int, of count: Int, digits: Int) -> String {
  let (text, width) = ("\(number)", max(digits, "\(count)".utf8.count))
  return prefix + String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// The codes of a single-choice question, from what is wished for down to its opposite.
struct ReferenceScale: Sendable {
  let codes: [String]
  /// How many codes from the first on an indicator counts.
  let good: Int

  /// The questions go through these in turn. At most five codes a scale, of at most fourteen bytes a code.
  static let all = [
    ReferenceScale(codes: ["yes", "no"], good: 1),
    ReferenceScale(codes: ["yes", "partly", "no"], good: 1),
    ReferenceScale(codes: ["full", "partial", "planned", "none"], good: 2),
    ReferenceScale(codes: ["always", "often", "sometimes", "rarely", "never"], good: 2),
    ReferenceScale(codes: ["national", "regional", "local", "none", "other"], good: 2),
    ReferenceScale(codes: ["implemented", "in-progress", "not-started", "no-answer"], good: 1),
  ]

  /// How often each code is chosen, as weights.
  ///
  /// - Parameters:
  ///   - profile: Where the most frequent code stands: 0 for the first to 4 for the last.
  ///   - level: From -32 to 31; a higher one moves answers towards the first code.
  func shares(profile: Int, level: Int) -> [Int] {
    let last = codes.count - 1
    return codes.indices.map { place in
      let peak = 20 * last - 4 * abs(4 * place - profile * last)
      return peak * (1024 + level * 28 * (last - 2 * place) / last)
    }
  }
}
