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
