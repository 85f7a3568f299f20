import SurveyModel

/// A code of a list: an identifier with the words that explain it.
protocol StandardCode: RawRepresentable<String>, CaseIterable, Sendable {
  var name: String { get }
}

/// How often the survey is made: from SDMX's CL_FREQ 2.1.
enum Frequency: String, StandardCode {
  case annual = "A"
  case biennial = "A2"
  case triennial = "A3"
  case quadrennial = "A4"
  case quinquennial = "A5"
  case decennial = "A10"
  case other = "_O"
  case unspecified = "_U"

  /// By the years between the cycles; a single cycle has no frequency.
  init(years: [Int]) {
    let years = years.sorted()
    let steps = Set(zip(years, years.dropFirst()).map { $1 - $0 })
    guard let step = steps.first else {
      self = .unspecified
      return
    }
    let known: [Int: Frequency] = [
      1: .annual, 2: .biennial, 3: .triennial, 4: .quadrennial, 5: .quinquennial, 10: .decennial,
    ]
    self = steps.count == 1 ? known[step] ?? .other : .other
  }

  var name: String {
    switch self {
    case .annual: "Annual"
    case .biennial: "Biennial"
    case .triennial: "Triennial"
    case .quadrennial: "Quadrennial"
    case .quinquennial: "Quinquennial"
    case .decennial: "Decennial"
    case .other: "Other"
    case .unspecified: "Unspecified"
    }
  }
}

/// What to know of an observation: from SDMX's CL_OBS_STATUS.
enum ObservationStatus: String, StandardCode {
  case normal = "A"
  case seriesBreak = "B"
  case definitionDiffers = "D"
  case notCollected = "L"
  case missing = "O"
  case suppressed = "Q"
  case lowReliability = "U"

  /// Why there is no estimate; nil where there is one.
  init?(missing status: EstimateStatus) {
    switch status {
    case .ok: return nil
    case .noData, .seriesBreak: self = .missing
    case .notAsked: self = .notCollected
    case .suppressed: self = .suppressed
    }
  }

  var name: String {
    switch self {
    case .normal: "Normal value"
    case .seriesBreak: "Time series break"
    case .definitionDiffers: "Definition differs"
    case .notCollected: "Missing value; data exist but were not collected"
    case .missing: "Missing value"
    case .suppressed: "Missing value; suppressed"
    case .lowReliability: "Low reliability"
    }
  }
}

/// Who may see an observation: from SDMX's CL_CONF_STATUS.
enum ConfidentialityStatus: String, StandardCode {
  case free = "F"
  case confidential = "C"

  var name: String { self == .free ? "Free" : "Confidential statistical information" }
}

/// What a number counts.
enum UnitOfMeasure: String, StandardCode {
  case percent = "PT"
  case percentagePoints = "PP"
  case percentagePointsAYear = "PP_A"
  case number = "NUMBER"
  case numberAYear = "NUMBER_A"
  case pureNumber = "PURE_NUMB"

  var name: String {
    switch self {
    case .percent: "Percent"
    case .percentagePoints: "Percentage points"
    case .percentagePointsAYear: "Percentage points a year"
    case .number: "Number"
    case .numberAYear: "Number a year"
    case .pureNumber: "Pure number"
    }
  }
}

/// All numbers are in units, none in thousands.
enum UnitMultiplier: String, StandardCode {
  case units = "0"

  var name: String { "Units" }
}

/// Whose answers a change compares.
enum BasisOfComparison: String, StandardCode {
  case notApplicable = "_Z"
  case all = "ALL"
  case matched = "MATCHED"

  init(_ basis: TrendBasis) { self = basis == .all ? .all : .matched }

  var name: String {
    switch self {
    case .notApplicable: "Not applicable"
    case .all: "Everyone who answered in each cycle"
    case .matched: "Only those who answered in both cycles"
    }
  }
}
