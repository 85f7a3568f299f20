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
