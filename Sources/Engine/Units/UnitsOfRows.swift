import Aggregate
import Normalize
import SurveyModel

/// From the rows of a table to the units that an indicator counts, with what each weighs.
struct UnitsOfRows {
  private typealias Row = UnitRows.Row

  private let rows: UnitRows
  private let tally: Tally
  private let normalizer: Normalizer
  /// Dimensions, by position, whose member differs between rows of a unit.
  private(set) var varyingDimensions: Set<Int> = []
  /// By their names, then as the rows stand in the files.
  private(set) var listed: [ListedUnit] = []

  /// - Parameter population: The units that should have a row; nil where no register lists them.
  init(_ outcome: UnitReading.Outcome, population: PopulationRegister?) {
    rows = outcome.rows
    tally = outcome.tally
    normalizer = outcome.normalizer
    let counting = addCounting()
    weigh(counting, population: population)
    addOthers()
    addSilent(population)
    if rows.plan.table.unit != nil { sortByName() }
  }

  private mutating func sortByName() {
    let keyed = listed.enumerated().map { (name: Array($0.element.name.utf8), place: $0.offset) }
    let sorted = keyed.sorted {
      $0.name == $1.name ? $0.place < $1.place : $0.name.lexicographicallyPrecedes($1.name)
    }
    listed = sorted.map { listed[$0.place] }
  }

  // MARK: - Rows that count

  /// Where a unit stands in `listed`, and what the design says of it.
  private struct Counting {
    var place: Int
    var stratum: Int32
    var psu: Int32?
    var verdict: Verdict
    var weight: Double
  }

  private mutating func addCounting() -> [Counting] {
    guard !tally.plan.rollUp.combinesRows else { return addCombined() }
    let superseded = Set(tally.superseded.map { UnitRows.Line(file: $0.file, line: $0.line) })
    var counting: [Counting] = []
    for row in rows.rows where row.isUsed {
      var unit = self.unit(row, status: .used)
      if superseded.contains(UnitRows.Line(file: row.file, line: row.line)) {
        unit.status = .superseded
        unit.reason = "superseded by a later report"
      } else {
        counting.append(
          Counting(
            place: listed.count, stratum: row.stratum, psu: row.psu, verdict: row.verdict, weight: row.weight))
      }
      listed.append(unit)
    }
    return counting
  }

  private mutating func addCombined() -> [Counting] {
    var order: [UInt128] = []
    var byUnit: [UInt128: [Row]] = [:]
    for row in rows.rows where row.isUsed {
      if byUnit[row.unit] == nil { order.append(row.unit) }
      byUnit[row.unit, default: []].append(row)
    }
    return order.compactMap { key in
      guard let parts = byUnit[key], let first = parts.first,
        let (verdict, weight) = tally.verdict(unit: key, indicator: 0)
      else { return nil }
      var unit = self.unit(first, status: .used)
      for part in parts.dropFirst() {
        for (dimension, number) in part.memberNumbers.enumerated() where number != first.memberNumbers[dimension] {
          varyingDimensions.insert(dimension)
          unit.members[dimension] = nil
        }
      }
      if parts.count > 1 {
        unit.respondent = ""
        unit.answers = unit.answers.indices.map { question in
          parts.map { $0.answers[question] }.joined(separator: " / ")
        }
        unit.reason = Self.reason(parts, verdict: verdict, rollUp: tally.plan.rollUp)
      } else if first.weight == 0 {
        unit.reason = Self.weightless
      }
      listed.append(unit)
      return Counting(
        place: listed.count - 1, stratum: first.stratum, psu: first.psu, verdict: verdict, weight: weight)
    }
  }

  /// In a census a unit speaks for its share of the stratum's units, N_h / n_h with the n_h PSUs whose status is known.
  private mutating func weigh(_ counting: [Counting], population: PopulationRegister?) {
    var known: [Int32: Set<Int32>] = [:]
    let isCensus = tally.plan.design == .census
    if isCensus {
      for (number, entry) in counting.enumerated() where entry.verdict.hasKnownStatus {
        known[entry.stratum, default: []].insert(entry.psu ?? Int32(truncatingIfNeeded: number))
      }
    }
    for entry in counting {
      guard entry.weight > 0 else {
        listed[entry.place].reason = Self.weightless
        continue
      }
      guard entry.verdict.isInDenominator else { continue }
      var weight = entry.weight
      if isCensus, let count = known[entry.stratum]?.count, let size = size(of: entry.stratum, population) {
        weight *= size / Double(count)
      }
      listed[entry.place].isInDenominator = true
      listed[entry.place].isInNumerator = entry.verdict.isInNumerator
      listed[entry.place].weight = weight
    }
  }

  private func size(of stratum: Int32, _ population: PopulationRegister?) -> Double? {
    let number = Int(stratum)
    guard number < normalizer.strata.names.count else { return nil }
    if let population { return population.sizes[normalizer.strata.names[number]] }
    return normalizer.declaredSizes.indices.contains(number) ? normalizer.declaredSizes[number] : nil
  }

  // MARK: - Rows that do not count, and units without a row

  private mutating func addOthers() {
    var reasons: [UnitRows.Line: String] = [:]
    for rejection in normalizer.rejections where rejection.scope == .row {
      reasons[UnitRows.Line(file: rejection.file, line: rejection.line)] =
        (rejection.column.isEmpty ? "" : "\(rejection.column): ") + rejection.reason
    }
    for row in rows.rows where !row.isUsed {
      let line = row.lines.first { reasons[$0] != nil }
      var unit = unit(row, status: line == nil ? .outsidePopulation : .rejected)
      unit.members = row.members
      unit.reason =
        line.flatMap { reasons.removeValue(forKey: $0) }.map { "row rejected: \($0)" } ?? "outside the population"
      listed.append(unit)
    }
    // Rows that are no record of the table at all.
    for (line, reason) in reasons.sorted(by: { ($0.key.file, $0.key.line) < ($1.key.file, $1.key.line) }) {
      var unit = ListedUnit(name: "line \(line.line)", status: .rejected, reason: "row rejected: \(reason)")
      unit.members = rows.plan.dimensions.map { _ in nil }
      unit.answers = rows.questions.map { _ in "" }
      (unit.file, unit.line) = (line.file, line.line)
      listed.append(unit)
    }
  }

  private mutating func addSilent(_ population: PopulationRegister?) {
    guard let population else { return }
    let present = Set(rows.rows.map(\.name))
    for name in population.strataByUnit.keys.sorted() where !present.contains(name) {
      var unit = ListedUnit(name: name, status: .noReport, reason: "no report")
      unit.members = rows.plan.dimensions.indices.map { rows.member($0, ofUnit: name) }
      unit.answers = rows.questions.map { _ in "" }
      listed.append(unit)
    }
  }

  private func unit(_ row: Row, status: ListedUnit.Status) -> ListedUnit {
    let name = row.name.isEmpty ? row.respondent : row.name
    var unit = ListedUnit(name: name.isEmpty ? "line \(row.line)" : name, status: status, reason: row.reason)
    unit.respondent = row.respondent
    unit.members = row.memberNumbers.enumerated().map { dimension, number in
      number.map { normalizer.members[dimension].names[Int($0)] }
    }
    unit.answers = row.answers
    (unit.file, unit.line) = (row.file, row.line)
    return unit
  }

  // MARK: - Words

  private static let weightless = "weight 0: in no sum"

  private static func reason(_ parts: [Row], verdict: Verdict, rollUp: RollUp) -> String {
    if verdict.isUnreadable {
      let open = parts.count { $0.weight > 0 && $0.verdict.isUnreadable }
      return "\(open) of \(parts.count) rows could turn the outcome: " + UnitRows.unreadable
    }
    let voting = parts.filter { $0.weight > 0 && $0.verdict.isInDenominator }
    guard verdict.isInDenominator else {
      var reasons: [String] = []
      for reason in parts.map({ $0.weight > 0 ? $0.reason : weightless }) where !reasons.contains(reason) {
        reasons.append(reason)
      }
      return reasons.joined(separator: "; ")
    }
    let yes = voting.count { $0.verdict.isInNumerator }
    let rules: [RollUp: String] = [
      .any: "any row decides", .all: "all must", .majority: "more than half must, by weight",
    ]
    return
      "\(yes) of \(voting.count) row\(voting.count == 1 ? "" : "s") in the denominator say\(yes == 1 ? "s" : "") yes"
      + (rules[rollUp].map { " (\($0))" } ?? "") + ": counts as \(verdict.isInNumerator ? "yes" : "no")"
  }
}
