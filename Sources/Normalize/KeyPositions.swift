/// Where the key columns of a table stand among the kept fields of a record.
struct KeyPositions: Sendable {
  var respondent: Int?
  var unit: Int?
  var submitted: Int?
  var weight: Int?
  var unitWeight: Int?
  var replicateWeights: [Int]
  var psu: Int?
  var population: Int?
  /// One for each dimension that the table has: its column, or the key of its join.
  var dimensions: [Int?]
  /// One for each part of the stratum that is a column.
  var strata: [Int?]

  init(_ plan: TablePlan) {
    func position(_ name: String?) -> Int? { name.flatMap { plan.keyFields[$0] } }
    respondent = position(plan.table.respondent)
    unit = position(plan.table.unit)
    submitted = position(plan.table.submitted)
    weight = position(plan.design?.weight)
    unitWeight = position(plan.design?.unitWeight)
    replicateWeights = (plan.design?.replicateColumns ?? []).compactMap(position)
    psu = if case .column(let name)? = plan.design?.psu { position(name) } else { nil }
    population = position(plan.design?.populationColumn)
    dimensions = plan.dimensions.map {
      switch $0 {
      case .column(let name), .join(let name, _): position(name)
      case nil: nil
      }
    }
    strata = (plan.design?.strata ?? []).map { if case .column(let name) = $0 { position(name) } else { nil } }
  }
}
