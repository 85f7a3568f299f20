/// Turns answers into rows of a responses file.
struct InstitutionRows {
  static let header =
    ["response_id", "institution", "party", "sector", "network", "stratum_size", "weight"]
    + InstitutionQuestion.allCases.map(\.key)

  /// The bytes of each code, by question and place; behind those of a select-many question its denial.
  private let codes: [[[UInt8]]]
  private let parties: [[UInt8]]
  /// By stratum, such as `AFR-customs-`.
  private let prefixes: [[UInt8]]
  private let sectors: [[UInt8]]
  private static let blank = Array("NA".utf8)
  private static let comma = UInt8(ascii: ",")

  init(population: InstitutionPopulation) {
    codes = InstitutionQuestion.allCases.map { question in
      (question.codes + [question.denial].compactMap(\.self)).map { Array($0.utf8) }
    }
    parties = population.parties.map { Array($0.utf8) }
    prefixes = population.strata.map { Array("\($0.region)-\($0.sector.rawValue)-".utf8) }
    sectors = population.strata.map { Array($0.sector.rawValue.utf8) }
  }

  /// What the rows of a network have in common.
  struct NetworkColumns {
    fileprivate var network: [UInt8]
    /// Sector to weight, with the commas around them.
    fileprivate var middle: [UInt8]
  }

  func columns(of network: InstitutionNetwork, networks: Int, weight: Double) -> NetworkColumns {
    var name = prefixes[network.stratum]
    Self.append(network.number + 1, to: &name)
    let middle =
      [Self.comma] + sectors[network.stratum] + [Self.comma] + name
      + Array(",\(networks),\(decimal(weight)),".utf8)
    return NetworkColumns(network: name, middle: middle)
  }

  /// - Parameters:
  ///   - number: Of the response in its cycle, from 1.
  ///   - blanks: Decides which answers are left out; nil: none.
  func append(
    _ answers: InstitutionAnswers, of institution: Int, party: Int, cycle: Int, number: Int,
    columns: NetworkColumns, blanks: DrawKey?, to bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "I"))
    Self.append(cycle, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    Self.append(number, to: &bytes)
    bytes.append(Self.comma)
    bytes.append(contentsOf: columns.network)
    bytes.append(UInt8(ascii: "-"))
    Self.append(institution + 1, to: &bytes)
    bytes.append(Self.comma)
    bytes.append(contentsOf: parties[party])
    bytes.append(contentsOf: columns.middle)
    var gateIsBlank = false
    for question in InstitutionQuestion.allCases {
      if question.rawValue > 0 { bytes.append(Self.comma) }
      let value = answers.value(question)
      switch question {
      case .staff, .staffEnough, .methods: break
      default: gateIsBlank = false
      }
      if value == InstitutionAnswers.notAsked || gateIsBlank { continue }
      if let draw = blanks?[question.rawValue], draw.chance(perMille: question.blanksPerMille) {
        if question == .team || question == .detection { gateIsBlank = true }
        if draw.word & 1 == 0 { bytes.append(contentsOf: Self.blank) }
        continue
      }
      append(value, to: question, bytes: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  @inline(__always)
  private func append(_ value: UInt16, to question: InstitutionQuestion, bytes: inout [UInt8]) {
    switch question {
    case .staff: Self.append(Int(value), to: &bytes)
    case .methods, .partners:
      let options = codes[question.rawValue]
      if value == 0, let denial = options.last { bytes.append(contentsOf: denial) }
      var isFirst = true
      for place in options.indices where value >> UInt16(place) & 1 == 1 {
        if !isFirst { bytes.append(UInt8(ascii: "|")) }
        bytes.append(contentsOf: options[place])
        isFirst = false
      }
    default: bytes.append(contentsOf: codes[question.rawValue][Int(value)])
    }
  }

  /// Decimal digits of a number from 0, without making a `String`.
  @inline(__always)
  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }
}
