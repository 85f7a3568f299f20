import PipelineDefinition
import SurveyModel

/// "Is my country in this number, and why?": every unit of an indicator with its answers, in or out of denominator and
/// numerator with the reason, now and in another cycle.
public struct UnitListing: Sendable {
  /// One member of a dimension that the listing is narrowed to.
  public struct Place: Sendable, Equatable {
    public var dimension: String
    public var member: String

    public init(dimension: String, member: String) {
      self.dimension = dimension
      self.member = member
    }
  }

  public struct Outcome: Sendable {
    public var now: CycleUnits
    public var then: CycleUnits?

    /// NAME, then the cycle that it is compared with.
    public var cycles: [CycleUnits] { [now] + [then].compactMap(\.self) }
    /// Of the strictest definition; 0 where small cells are not suppressed.
    public var minimumCell: Int { cycles.map(\.cycle.minimumCell).max() ?? 0 }
  }

  private let name: String
  private let id: String
  private let other: String?
  private let places: [Place]
  private let isConfidential: Bool
  private let options: RunOptions

  /// - Parameters:
  ///   - indicator: Its id.
  ///   - other: The NAME of the cycle that it is compared with.
  ///   - places: What the units must all be in; empty: every unit.
  ///   - isConfidential: Whether to list single answers also where `min-cell` hides small cells in results.
  ///   - options: Where the definitions are, and how many threads read.
  public init(
    name: String, indicator: String, comparedWith other: String?, in places: [Place], isConfidential: Bool = false,
    options: RunOptions
  ) {
    self.name = name
    id = indicator
    self.other = other
    self.places = places
    self.isConfidential = isConfidential
    self.options = options
  }

  /// Reads what the indicator needs, and nothing else. What makes a run fail at its end (too many rejected rows, a
  /// stratum with one PSU) does not matter here.
  ///
  /// - Throws: A `Failure` of some stage, or `CancellationError`.
  public func run() async throws -> Outcome {
    guard name != other else { throw EngineError.comparedWithItself(name) }
    var options = options
    options.indicators = [id]
    let reading = CycleReading(options: options)
    let main = try reading.mainCycle(name)
    let earlier = try other.map { name throws in try reading.otherCycle(name, comparedWith: main) }
    for cycle in [main] + [earlier].compactMap(\.self) {
      if cycle.minimumCell > 1, !isConfidential { throw EngineError.listsSingleUnits(cycle: cycle.name) }
      try checkPlaces(cycle)
    }
    return try await withTaskExecutorPreference(WorkerExecutor()) {
      let now = try await units(of: main)
      guard let earlier else { return Outcome(now: now) }
      return Outcome(now: now, then: try await units(of: earlier))
    }
  }

  private func units(of cycle: SurveyCycle) async throws -> CycleUnits {
    guard let indicator = cycle.indicators.first(where: { $0.id == id }) else { return CycleUnits(cycle: cycle) }
    var reading = UnitReading(cycle: cycle, indicator: indicator, options: options)
    var units = try await reading.units()
    units.cycle = cycle
    guard units.absence == nil else { return units }
    for place in places { try narrow(&units, to: place) }
    return units
  }

  private func checkPlaces(_ cycle: SurveyCycle) throws(EngineError) {
    for place in places where cycle.dimensions[place.dimension] == nil {
      throw .unknownDimension(
        place.dimension, nearest: NearestName.suggestion(for: place.dimension, among: cycle.dimensions.keys))
    }
  }

  private func narrow(_ units: inout CycleUnits, to place: Place) throws(EngineError) {
    guard let position = units.cycle.dimensions.index(forKey: place.dimension) else { return }
    guard units.dimensions.contains(position) else {
      throw .notBrokenDown(indicator: id, dimension: place.dimension, cycle: units.cycle.name)
    }
    let labels = units.cycle.dimensions[place.dimension]?.labels.map { Array($0.keys) } ?? []
    let known = labels + Set(units.units.compactMap { $0.members[position] }).sorted()
    guard known.contains(place.member) else {
      throw .unknownMember(
        place.member, dimension: place.dimension, nearest: NearestName.suggestion(for: place.member, among: known))
    }
    units.units.removeAll { $0.members[position] != place.member }
  }
}
