import SurveyModel

/// The values of a register's column by the register's unit.
public struct JoinedValues: Sendable {
  public let register: String
  let units: ByteDictionary
  /// By unit, the number of its value.
  let valueNumbers: [Int32]
  /// At the end what stands for an empty value, and for a unit that is not named.
  let distinctValues: [String]

  public init(register: String, pairs: [(unit: String, value: String)]) {
    self.register = register
    var units = ByteDictionary()
    var values: [String] = []
    for (unit, value) in pairs where units.insert(unit) == values.count { values.append(value) }
    var numbers: [String: Int32] = [:]
    var distinct: [String] = []
    for value in values where !value.isEmpty && numbers[value] == nil {
      numbers[value] = Int32(distinct.count)
      distinct.append(value)
    }
    let none = Int32(distinct.count)
    valueNumbers = values.map { numbers[$0] ?? none }
    distinctValues = distinct + [Dimension.unknownMember]
    self.units = units
  }

  /// The units that stand for nothing in another table.
  package func units(in missing: MissingTexts) -> [String] {
    missing.isEmptyAlone ? [] : units.keys.filter(missing.contains)
  }
}

/// A register that declares the population: its units, which of them belong, and how many a stratum has.
public struct PopulationRegister: Sendable {
  public let register: String
  let units: ByteDictionary
  let belongs: [Bool]
  /// Units that belong, by stratum name.
  public let sizes: [String: Double]
  /// The stratum of each unit that belongs.
  public let strataByUnit: [String: String]
  /// Units whose membership an unreadable answer leaves open.
  private let undecidedUnits: [String]

  /// - Parameters:
  ///   - pairs: The rows of the register; a unit counts by its first one.
  ///   - undecided: Units whose membership an unreadable answer leaves open.
  public init(
    register: String, units pairs: [(unit: String, stratum: String, belongs: Bool)], undecided: [String] = []
  ) {
    self.register = register
    undecidedUnits = undecided
    var units = ByteDictionary()
    var belongs: [Bool] = []
    var sizes: [String: Double] = [:]
    var strata: [String: String] = [:]
    for (unit, stratum, isMember) in pairs where units.insert(unit) == belongs.count {
      belongs.append(isMember)
      if isMember {
        sizes[stratum, default: 0] += 1
        strata[unit] = stratum
      }
    }
    self.units = units
    self.belongs = belongs
    self.sizes = sizes
    strataByUnit = strata
  }

  /// - Throws: `DataError.unreadablePopulation` where it is unknown who belongs.
  public func requireDecided() throws(DataError) {
    guard let unit = undecidedUnits.first else { return }
    throw .unreadablePopulation(register: register, unit: unit, count: undecidedUnits.count)
  }
}
