import SurveyModel

/// What the numbers of one worker stand for in the table: the worker numbers strata, PSUs and members as it meets them,
/// the table in the order of the file.
struct WorkerNumbers: Sendable {
  /// By number of the worker; the number in the table is -1 until a row that counts has it.
  struct Members: Sendable {
    var names: [String] = []
    var numbers: [Int32] = []

    mutating func append(_ new: [String]) {
      names += new
      numbers += Array(repeating: -1, count: new.count)
    }
  }

  var members: [Members]
  /// Texts of the parts of strata that are columns.
  var stratumParts: [[String]]
  /// The parts of each stratum.
  var strata: [[Int32]] = []
  var stratumNumbers: [Int32] = []
  var psuIDs: [String] = []
  var psus: [(stratum: Int32, id: Int32)] = []
  var psuNumbers: [Int32] = []

  init(_ plan: TablePlan) {
    members = plan.dimensions.map { dimension in
      var members = Members()
      // All workers know the values of a join.
      if case .join(_, let joined) = dimension { members.append(joined.distinctValues) }
      return members
    }
    stratumParts = (plan.design?.strata ?? []).map { _ in [] }
  }

  mutating func learn(_ new: CodedMorsel.NewNames, plan: TablePlan) {
    for (dimension, names) in new.members.enumerated() { members[dimension].append(names) }
    for (part, texts) in new.stratumParts.enumerated() { stratumParts[part] += texts }
    let parts = plan.design?.strata ?? []
    switch parts.count {
    case 0: if strata.isEmpty { strata = [[]] }
    case 1:
      // A stratum of one part has the number of the part.
      let count =
        switch parts[0] {
        case .column: stratumParts[0].count
        case .dimension(let dimension): members[dimension].names.count
        }
      for number in strata.count..<max(strata.count, count) { strata.append([Int32(number)]) }
    default:
      for start in stride(from: 0, to: new.strata.count, by: parts.count) {
        strata.append(Array(new.strata[start..<start + parts.count]))
      }
    }
    stratumNumbers += Array(repeating: -1, count: strata.count - stratumNumbers.count)
    psuIDs += new.psuIDs
    psus += new.psus
    psuNumbers += Array(repeating: -1, count: psus.count - psuNumbers.count)
  }
}
