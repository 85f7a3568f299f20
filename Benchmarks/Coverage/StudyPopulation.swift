/// A finite population of which it is known who says yes in either cycle.
struct StudyPopulation: Sendable {
  /// By cycle, by institution.
  let isYes: [[Bool]]

  var count: Int { isYes[0].count }

  /// The population percentage, on the 0..1 scale.
  func truth(_ cycle: StudyCycle) -> Double {
    Double(isYes[cycle.rawValue].count(where: \.self)) / Double(count)
  }

  /// - Parameters:
  ///   - parts: From each of these institutions' lists the ones at these places, one part behind the other.
  ///   - share: Who says yes in the earlier cycle, as a share of all: rounded to whole institutions. In the later one
  ///     they are half as many again.
  init(of parts: [(institutions: ScoredInstitutions, places: Range<Int>)], share: Double) {
    let count = parts.reduce(0) { $0 + $1.places.count }
    let yes = Int((share * Double(count)).rounded())
    isYes = StudyCycle.allCases.map { cycle in
      let scores = parts.flatMap { $0.institutions.scores[cycle.rawValue][$0.places] }
      let order = scores.indices.sorted { (scores[$0], $0) > (scores[$1], $1) }
      var isYes = Array(repeating: false, count: count)
      for place in order.prefix(cycle == .then ? yes : yes + (yes + 1) / 2) { isYes[place] = true }
      return isYes
    }
  }
}
