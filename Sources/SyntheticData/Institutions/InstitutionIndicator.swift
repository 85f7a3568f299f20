/// The indicators whose true values go with the survey of institutions.
///
/// `Pipelines/institutions/indicators.yaml` says the same in conditions; a test runs the engine over a whole population
/// and compares.
enum InstitutionIndicator: Int, CaseIterable, Sendable {
  // By institution.
  case mandated, team, fivePeople, staffEnough, detection, twoMethods, training, budget, clearingHouse, guidelines
  case partnersAbroad, fullMandates
  // Rolled up to Parties.
  case mostTeams, anyLargeTeam, allOnClearingHouse

  /// As in the definitions.
  var id: String {
    switch self {
    case .mandated: "I.1"
    case .team: "I.2"
    case .fivePeople: "I.3"
    case .staffEnough: "I.4"
    case .detection: "I.5"
    case .twoMethods: "I.6"
    case .training: "I.7"
    case .budget: "I.8"
    case .clearingHouse: "I.9"
    case .guidelines: "I.10"
    case .partnersAbroad: "I.11"
    case .fullMandates: "I.12"
    case .mostTeams: "P.1"
    case .anyLargeTeam: "P.2"
    case .allOnClearingHouse: "P.3"
    }
  }

  static let byInstitution = allCases.filter { !$0.isRolledUp }
  static let byParty = allCases.filter(\.isRolledUp)

  /// A count instead of a percentage.
  var isCount: Bool { self == .fullMandates }
  var isRolledUp: Bool { rawValue > InstitutionIndicator.fullMandates.rawValue }

  /// Whether a Party is in the numerator, by how many of its institutions in the denominator are.
  func holds(yes: Int, of asked: Int) -> Bool {
    switch self {
    case .anyLargeTeam: yes > 0
    case .allOnClearingHouse: yes == asked
    default: 2 * yes > asked
    }
  }
}

/// For one institution: which indicators it is in the denominator of, and which of these in the numerator. A bit an
/// indicator, by raw value.
struct IndicatorVerdict: Equatable {
  private(set) var asked: UInt32 = 0
  private(set) var yes: UInt32 = 0

  init(_ answers: InstitutionAnswers) {
    let mandate = answers.value(.mandate)
    add(.mandated, yes: mandate >= 1)
    add(.fullMandates, yes: mandate == 2)
    let hasTeam = answers.value(.team) == 1
    add(.team, yes: hasTeam)
    add(.mostTeams, yes: hasTeam)
    add(.fivePeople, asked: hasTeam, yes: answers.value(.staff) >= 5)
    add(.anyLargeTeam, asked: hasTeam, yes: answers.value(.staff) >= 20)
    add(.staffEnough, yes: hasTeam && answers.value(.staffEnough) == 1)
    let detection = answers.value(.detection)
    let applies = detection != InstitutionAnswers.detectionDoesNotApply
    add(.detection, asked: applies, yes: detection == 2)
    add(.twoMethods, asked: detection == 2, yes: answers.value(.methods) & 0b11 == 0b11)
    add(.training, yes: answers.value(.training) == 2)
    add(.budget, yes: answers.value(.budget) >= 1)
    add(.clearingHouse, yes: answers.value(.clearingHouse) == 2)
    add(.allOnClearingHouse, yes: answers.value(.clearingHouse) >= 1)
    add(.guidelines, yes: answers.value(.guidelines) == 2)
    add(.partnersAbroad, yes: answers.value(.partners) & 0b10000 != 0)
  }

  @inline(__always)
  private mutating func add(_ indicator: InstitutionIndicator, asked isAsked: Bool = true, yes isYes: Bool) {
    let bit = UInt32(1) << UInt32(indicator.rawValue)
    if isAsked { asked |= bit }
    if isAsked && isYes { yes |= bit }
  }
}
