/// The questions of the survey of institutions, in the order of the columns.
///
/// `Pipelines/institutions/codebook.yaml` describes the same questions to the engine; a test holds the two together.
public enum InstitutionQuestion: Int, CaseIterable, Sendable {
  case mandate, team, staff, staffEnough, detection, methods, training, budget, clearingHouse, guidelines, partners

  static let count = 11

  /// The column.
  public var key: String {
    switch self {
    case .staffEnough: "staff_enough"
    case .clearingHouse: "clearing_house"
    default: "\(self)"
    }
  }

  /// The codes: of a scale from the least to the most, and behind them what is off the scale; of a select-many
  /// question in the order in which they are written. Empty for a number.
  public var codes: [String] {
    switch self {
    case .mandate: ["none", "shared", "full"]
    case .team, .staffEnough: ["no", "yes"]
    case .staff: []
    case .detection: ["no", "planned", "yes", "n/a"]
    case .methods: ["pcr", "sequencing", "immunoassay", "strip-test", "bioassay"]
    case .training: ["never", "occasional", "yearly"]
    case .budget: ["no", "partly", "yes"]
    case .clearingHouse: ["never", "sometimes", "often"]
    case .guidelines: ["no", "draft", "yes"]
    case .partners: ["ministries", "laboratories", "customs", "universities", "abroad"]
    }
  }

  public var isSelectMany: Bool { self == .methods || self == .partners }

  /// The code of a select-many answer that chose nothing; nil where every answer chooses something.
  public var denial: String? { self == .partners ? "none" : nil }

  /// Answers in a thousand that are left blank.
  ///
  /// Whoever leaves out a question does so by chance alone: the share is the same in every cell and whatever the answer
  /// would have been (missing completely at random), so that estimates aim at the population's percentages. A
  /// follow-up is blank where its gate is; whether the staff is enough is never blank of itself, because an indicator
  /// counts those without a team as "no", and a blank that only the others can leave would tip that balance. The
  /// mandate is never blank, because a count has no denominator that could make up for it.
  var blanksPerMille: Int {
    switch self {
    case .mandate, .staffEnough: 0
    case .team, .training: 30
    case .staff, .methods: 60
    default: 45
    }
  }

  /// How the score of an answer becomes an answer. The scores of a question have a standard deviation of about 280 in a
  /// stratum.
  ///
  /// - ease: the middle of the scores in cycle 2.
  /// - trend: what each later cycle adds.
  var character: (ease: Int, trend: Int) {
    switch self {
    case .mandate: (120, 30)
    case .team: (20, 40)
    case .staff: (60, 20)
    case .staffEnough: (-80, 10)
    case .detection: (0, 50)
    case .methods: (0, 15)
    case .training: (40, 25)
    case .budget: (60, -30)
    case .clearingHouse: (60, 35)
    case .guidelines: (-60, 60)
    case .partners: (-40, 20)
    }
  }

  /// Scores above which a scale takes its next step.
  @inline(__always)
  var cuts: (low: Int, high: Int) {
    switch self {
    case .mandate: (0, 220)
    case .team, .staffEnough: (0, .max)
    case .detection: (-90, 40)
    case .training: (-100, 150)
    case .budget: (-20, 200)
    case .clearingHouse: (-600, 120)
    case .guidelines: (0, 120)
    case .staff, .methods, .partners: (0, 0)
    }
  }

  /// How much easier each code of a select-many question is than the question.
  static let methodEase = [300, -60, 0, 60, -200]
  static let partnerEase = [100, 0, -150, 50, -120]
}

/// The answers of one institution in one cycle, all of them: what it would write had it left nothing out.
public struct InstitutionAnswers: Sendable, Equatable {
  /// By `InstitutionQuestion.rawValue`. A scale: the place of the code; select-many: a bit a code; a number: itself.
  /// A vector with room to spare, because it needs no memory of its own.
  var values = SIMD16<UInt16>()

  /// Stands for a question that the routing passed over.
  static let notAsked = UInt16.max
  /// Whether the institution can say anything on detection: the place of "n/a" among the codes.
  static let detectionDoesNotApply: UInt16 = 3

  /// The place of the code, a bit a chosen code, or the number; nil where the routing passed the question over.
  public subscript(question: InstitutionQuestion) -> Int? {
    let value = values[question.rawValue]
    return value == Self.notAsked ? nil : Int(value)
  }

  @inline(__always)
  func value(_ question: InstitutionQuestion) -> UInt16 { values[question.rawValue] }
}
