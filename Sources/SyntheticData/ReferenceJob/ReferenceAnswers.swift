/// From 16 random bits to an answer, by tables that are made once.
///
/// The level of an answer is the sum of what its region, its sector and its PSU add to a question; for each of 64 levels
/// a question has its own shares. A table for each region, sector and PSU would be larger and say no more.
struct ReferenceAnswers: Sendable {
  static let levels = 64
  /// Places a question and level has in `cuts`.
  static let stride = 8

  let questions: [ReferenceQuestion]
  /// By question, level and place: for a choice the limits below which a draw is blank, the first code, the second; for
  /// an integer the limit of blanks and the factor that turns the rest into a number; for a text the limit of blanks
  /// and that of quoted texts. A draw is behind a limit where it is larger.
  let cuts: [UInt16]
  /// By region and question, and by sector and question: what they add to the level.
  let regionLeanings: [Int8]
  let sectorLeanings: [Int8]

  init(size: ReferenceJobSize, seed: UInt64) {
    questions = ReferenceQuestion.all(size.questions)
    cuts = questions.indices.flatMap { [questions] index in
      (0..<Self.levels).flatMap { Self.cuts(of: questions[index], index: index, level: $0 - Self.levels / 2) }
    }
    regionLeanings = Self.leanings(size.regions, size.questions, DrawKey(seed: seed, "reference regions"))
    sectorLeanings = Self.leanings(size.sectors, size.questions, DrawKey(seed: seed, "reference sectors"))
  }

  /// From -10 to 10 each, so that a level with its PSU is never further than 26 from 0.
  private static func leanings(_ members: Int, _ questions: Int, _ key: DrawKey) -> [Int8] {
    (0..<members).flatMap { member in
      (0..<questions).map { Int8(truncatingIfNeeded: key[member][$0].below(21) - 10) }
    }
  }

  /// Of a PSU, by two of its bits: -6, -2, 2 or 6.
  @inline(__always)
  static func psuLeaning(_ bits: UInt64) -> Int { Int(truncatingIfNeeded: bits & 3) * 4 - 6 }

  private static func cuts(of question: ReferenceQuestion, index: Int, level: Int) -> [UInt16] {
    let blanks = ReferenceQuestion.blanks(index)
    let answers = 65_536 - blanks
    var cuts = [blanks - 1]
    switch question.kind {
    case .choice:
      let shares = question.scale.shares(profile: question.profile, level: level)
      let all = shares.reduce(0, +)
      var sum = 0
      for share in shares.dropLast() {
        sum += share
        cuts.append(blanks + answers * sum / all - 1)
      }
    case .integer:
      // 0 to 55 at the lowest level, 0 to 999 at the highest.
      let numbers = min(1000, 536 + 15 * level)
      cuts.append(numbers * 65_536 / answers)
    case .text:
      cuts.append(blanks + answers / 10 - 1)
    }
    // No draw is larger than these.
    cuts += Array(repeating: 65_535, count: stride - cuts.count)
    return cuts.map { UInt16(truncatingIfNeeded: $0) }
  }
}
