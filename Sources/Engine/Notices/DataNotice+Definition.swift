import SurveyModel

extension DataNotice {
  /// What a definition declares and does not use, though a reader would think so.
  static func found(in cycle: SurveyCycle) -> [DataNotice] {
    guard let weight = cycle.design.weight else { return [] }
    let unweighted = cycle.indicators.filter { cycle.weightIsUnused(by: $0) }
    guard !unweighted.isEmpty else { return [] }
    let ids = unweighted.prefix(3).map(\.id).joined(separator: ", ") + (unweighted.count > 3 ? ", .." : "")
    let rollUps = Set(unweighted.map { cycle.units(of: $0).rollUp.rawValue }).sorted().joined(separator: ", ")
    return [
      DataNotice(
        table: SurveyCycle.responsesTable, column: weight,
        words: "weighs no unit of \(unweighted.count) indicator\(unweighted.count == 1 ? "" : "s") (\(ids)) under "
          + "`roll-up: \(rollUps)`: a unit of several rows weighs 1; where units have weights, write `unit-weight`")
    ]
  }
}
