/// How a sample is drawn.
enum StudyDesign: String, CaseIterable, Sendable {
  /// Institutions by simple random sampling from a large population.
  case simpleRandom = "simple-random"
  /// Networks by simple random sampling, then institutions within each, from the same large population.
  case clustered
  /// Institutions by simple random sampling in four strata at unequal rates, from small populations whose sizes are
  /// declared: a census with non-response.
  case stratified
}

/// Which PSUs two cycles share.
enum Overlap: String, CaseIterable, Sendable {
  case full
  /// Half of them; more in a stratum of which more than two thirds are sampled.
  case partial
  case none

  /// PSUs of the later sample that are not in the earlier one.
  func fresh(of size: Int, population: Int) -> Int {
    switch self {
    case .full: 0
    case .partial: min(size / 2, population - size)
    case .none: size
    }
  }
}

/// One cell of the study: a design, a number of respondents, a percentage, and what is asked about it.
struct Scenario: Sendable, Equatable {
  var design: StudyDesign
  var size: Int
  /// The population's share in the earlier cycle.
  var share: Double
  /// nil: the percentage of one cycle, by every method. Otherwise the change between two cycles.
  var overlap: Overlap?

  static let sizes = [10, 30, 100, 1000]
  static let shares = [0.01, 0.05, 0.2, 0.5]

  /// All of them: the percentages, then the changes.
  static let all = ([nil] + Overlap.allCases).flatMap { overlap in
    StudyDesign.allCases.flatMap { design in
      sizes.flatMap { size in
        shares.map { Scenario(design: design, size: size, share: $0, overlap: overlap) }
      }
    }
  }

  /// What its random numbers are found by.
  var label: String { "\(design.rawValue) \(size) \(share) \(overlap?.rawValue ?? "one cycle")" }
}
