import Normalize
import SurveyModel

/// Makes `TableSums` of the answer to a `SumsStatement`. Strata and PSUs are numbered in the order of their names, so
/// that nothing depends on the order of an answer.
struct SumsReading {
  let query: CycleQuery
  let statement: SumsStatement
  /// The groupings of which cells are made.
  let groupings: [[Int]]
  let design: TableSums.Design
  /// Units of the population by stratum, where a register lists them.
  let sizes: [String: Double]?
  /// What `CycleQuery.declaredSizes` answered.
  var declared: [AnswerRow] = []
  /// What `SumsStatement.directions` answered.
  var directions: [AnswerRow] = []

  private var cycle: SurveyCycle { query.cycle }
  private var units: UnitsQuery { statement.units }

  /// What a row of the answer stands for, if it counts.
  private struct Group {
    var stratum: String
    var key: PSUKey
    var id: String?
    var members: [Int: String]
    var row: AnswerRow

    /// Rows of one PSU in one order, whatever that of the answer was.
    static func precedes(_ one: Self, _ other: Self, _ dimensions: [Int]) -> Bool {
      if one.stratum != other.stratum { return one.stratum < other.stratum }
      if one.key != other.key { return one.key < other.key }
      for dimension in dimensions where one.members[dimension] != other.members[dimension] {
        return one.members[dimension] ?? "" < other.members[dimension] ?? ""
      }
      return false
    }
  }

  /// PSUs are told apart by their bytes, as everywhere; texts are the same where they look the same.
  struct PSUKey: Hashable, Comparable {
    let bytes: [UInt8]

    init(_ text: String?) { bytes = Array((text ?? "").utf8) }

    static func < (one: Self, other: Self) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }
  }

  /// The sums, and the numbers of the PSUs by stratum and key.
  struct Read {
    var sums: TableSums
    var numbers: [String: [PSUKey: Int]] = [:]
  }

  func sums(of answer: [AnswerRow]) throws(QueryError) -> Read {
    if case .replicates(let scheme) = design { return Read(sums: try replicateSums(of: answer, scheme)) }
    var groups: [Group] = []
    for row in answer where row.text(0) == nil {
      groups.append(
        Group(
          stratum: stratumName(row, from: statement.strataStart), key: PSUKey(row.text(statement.psuStart)),
          id: row.text(statement.psuStart + 1), members: members(row), row: row))
    }
    groups.sort { Group.precedes($0, $1, statement.dimensions) }
    let strata = try strata(of: groups)
    let numbers = Dictionary(uniqueKeysWithValues: strata.enumerated().map { ($1.name, $0) })
    var psus: [PrimarySamplingUnit] = []
    var sampled = Array(repeating: 0, count: strata.count)
    var known: [[Int]] = Array(repeating: [], count: design == .census ? units.indicators.count : 0)
    var cells = CellSums(groupings: groupings, dimensions: cycle.dimensions.count, indicators: units.indicators.count)
    var last: (stratum: String, key: PSUKey)?
    var psuNumbers: [String: [PSUKey: Int]] = [:]
    for group in groups {
      let stratum = numbers[group.stratum] ?? 0
      var place = stratum
      if statement.grouping == .stratum {
        sampled[stratum] += try group.row.count(3)
      } else {
        if last?.stratum != group.stratum || last?.key != group.key {
          psus.append(PrimarySamplingUnit(stratum: stratum, id: group.id))
          sampled[stratum] += 1
          last = (group.stratum, group.key)
          psuNumbers[group.stratum, default: [:]][group.key] = psus.count - 1
        }
        place = psus.count - 1
        for indicator in known.indices {
          let column = statement.sumsStart + (indicator + 1) * statement.sumNames.count - 1
          if try group.row.count(column) > 0, known[indicator].last != place { known[indicator].append(place) }
        }
      }
      // A cell of rows of weight 0 alone has no sums, and is none.
      let weighing = try group.row.count(4)
      guard weighing > 0 else { continue }
      for cell in cells.cells(of: group.members) {
        cells.add(rows: weighing, cell: cell)
        for indicator in units.indicators.indices {
          cells.add(try sums(group.row, indicator), group: place, cell: cell, indicator: indicator)
          try addLeftOut(group.row, indicator, to: &cells, cell: cell)
        }
      }
    }
    let countsPSUs = statement.grouping != .stratum
    var result = TableSums(
      design: design, strata: strata, psus: psus, isSampled: Array(repeating: true, count: psus.count),
      sampledPSUs: sampled, knownPSUs: known, cells: cells.places, totals: cells.totals(byPSU: countsPSUs),
      dimensions: Set(units.dimensions))
    result.coverage = cells.coverage
    result.isSimpleRandomSample =
      units.table.plan.design != nil && cycle.design.isSimpleRandomSample(after: units.rollUp)
    return Read(sums: result, numbers: psuNumbers)
  }

  private func sums(_ row: AnswerRow, _ indicator: Int) throws(QueryError) -> CellSums.Sums {
    let names = statement.sumNames
    let start = statement.sumsStart + indicator * names.count
    let (rows, rowsYes) = (try row.count(start), try row.count(start + 1))
    var sums = CellSums.Sums(rows: rows, rowsYes: rowsYes, weight: Double(rows), weightYes: Double(rowsYes))
    (sums.weightSquared, sums.weightSquaredYes) = (sums.weight, sums.weightYes)
    if units.isWeighted {
      sums.weight = try row.number(start + 2)
      sums.weightYes = try row.number(start + 3)
      if statement.grouping == .stratum {
        sums.weightSquared = try row.number(start + 4)
        sums.weightSquaredYes = try row.number(start + 5)
      }
    }
    return sums
  }

  private func addLeftOut(
    _ row: AnswerRow, _ indicator: Int, to cells: inout CellSums, cell: Int
  ) throws(QueryError) {
    let start = statement.sumsStart + indicator * statement.sumNames.count
    func count(_ name: String) throws(QueryError) -> Int {
      guard let offset = statement.offset(of: name) else { return 0 }
      return try row.count(start + offset)
    }
    cells.addLeftOut(
      unreadable: try count("unreadable"), ineligible: try count("ineligible"), cell: cell, indicator: indicator)
  }

  private func members(_ row: AnswerRow, from start: Int? = nil) -> [Int: String] {
    var members: [Int: String] = [:]
    for (offset, dimension) in statement.dimensions.enumerated() {
      members[dimension] = row.text((start ?? statement.membersStart) + offset)
    }
    return members
  }

  // MARK: - Strata

  private func stratumName(_ row: AnswerRow, from start: Int) -> String {
    StratumName.joined(units.strata.indices.map { row.text(start + $0) ?? "" })
  }

  /// Those of the rows, and after them those of the population from which there is none.
  ///
  /// - Throws: `QueryError` where a declared size varies within a stratum or is no number.
  private func strata(of groups: [Group]) throws(QueryError) -> [Stratum] {
    guard units.table.plan.design != nil else { return [Stratum(name: "all")] }
    var declared: [String: Double] = [:]
    func declare(_ stratum: String, _ row: AnswerRow, from start: Int) throws(QueryError) {
      let column = units.table.plan.design?.populationColumn ?? ""
      if let value = row.text(start + 2) {
        throw .populationNotANumber(
          value: value, stratum: stratum, column: column,
          hint: NumberHint.words(for: value, units.table.plan.table.numbers))
      }
      let (least, largest) = (try row.number(start), try row.number(start + 1))
      guard least == largest, declared[stratum] ?? least == least else {
        throw .populationVaries(stratum: stratum, column: column)
      }
      declared[stratum] = least
    }
    for group in groups where statement.hasSizes { try declare(group.stratum, group.row, from: statement.sizesStart) }
    for row in self.declared { try declare(stratumName(row, from: 0), row, from: units.strata.count) }
    let found = Set(groups.map(\.stratum)).union(declared.keys)
    let names = units.strata.isEmpty ? ["all"] : found.sorted()
    let silent = (sizes ?? [:]).keys.filter { !found.contains($0) }.sorted()
    return (names + silent).map { name in
      cycle.stratum(name, population: sizes.map { $0[name] ?? 0 } ?? declared[name])
    }
  }

  // MARK: - Replicate weights

  /// - Parameter start: Where the columns of the sums begin, after members and indicator.
  private func replicateSums(of answer: [AnswerRow], _ scheme: ReplicateScheme) throws(QueryError) -> TableSums {
    let count = scheme.columns.count
    var cells = CellSums(groupings: groupings, dimensions: cycle.dimensions.count, indicators: units.indicators.count)
    let start = statement.dimensions.count + 1
    // Added up in one order, whatever that of the answer was.
    func key(_ members: [Int: String]) -> [String] { statement.dimensions.map { members[$0] ?? "" } }
    let rows = answer.map { (members: members($0, from: 0), row: $0) }
      .sorted { key($0.members).lexicographicallyPrecedes(key($1.members)) }
    for (members, row) in rows {
      let indicator = try row.count(start - 1)
      for cell in cells.cells(of: members) {
        guard indicator >= 0 else {
          cells.add(rows: try row.count(start), cell: cell)
          continue
        }
        cells.add(try replicates(row, from: start, count: count), cell: cell, indicator: indicator)
        let end = start + 4 + 2 * count
        cells.addLeftOut(
          unreadable: try row.count(end), ineligible: try row.count(end + 1), cell: cell, indicator: indicator)
      }
    }
    var read = ReplicateDirectionsReading(width: count, leading: statement.dimensions.count)
    for group in try read.groups(self.directions, indicators: units.indicators.count) {
      for cell in cells.cells(of: members(group.row, from: 0)) {
        for (indicator, set) in group.sets.enumerated() { cells.add(set, cell: cell, indicator: indicator) }
      }
    }
    var result = TableSums(
      design: design, strata: [cycle.stratum("all", population: nil)], psus: [], isSampled: [], sampledPSUs: [0],
      knownPSUs: [], cells: cells.places, totals: cells.replicateTotals(read.directions),
      dimensions: Set(units.dimensions))
    result.coverage = cells.coverage
    result.replicateRank = read.all.rank(in: read.directions)
    return result
  }

  private func replicates(_ row: AnswerRow, from start: Int, count: Int) throws(QueryError) -> ReplicateTotal {
    var total = ReplicateTotal(
      rows: try row.count(start), rowsYes: try row.count(start + 1), weight: try row.number(start + 2),
      weightYes: try row.number(start + 3), replicateWeights: [], replicateWeightsYes: [])
    for replicate in 0..<count {
      total.replicateWeights.append(try row.number(start + 4 + 2 * replicate))
      total.replicateWeightsYes.append(try row.number(start + 5 + 2 * replicate))
    }
    return total
  }

  // MARK: - Matched units

  /// The sums of all units with those of the matched ones in their place.
  ///
  /// - Parameters:
  ///   - all: The sums of all units of this side.
  ///   - places: By pair, the indicator's place among those of the table.
  ///   - dimension: The position in this cycle of a dimension of the later one.
  func matched(
    _ answer: [AnswerRow], _ matched: MatchedStatement, directions: [AnswerRow], all: Read, places: [Int],
    dimension: (Int) -> Int
  ) throws(QueryError) -> TableSums {
    var cells = CellSums(groupings: [], dimensions: cycle.dimensions.count, indicators: units.indicators.count)
    let members = matched.places.count
    func cell(_ row: AnswerRow) throws(QueryError) -> Int {
      let grouping = try row.count(0)
      var cell = Cell.total(dimensions: cycle.dimensions.count)
      for (offset, number) in matched.dimensions.enumerated() where matched.groupings[grouping].contains(number) {
        cell.members[dimension(number)] = row.text(1 + offset)
      }
      return cells.place(of: cell)
    }
    var result = all.sums
    if case .replicates(let scheme) = design {
      for row in answer {
        let pair = try row.count(members)
        guard pair >= 0 else { continue }
        let total = try replicates(row, from: members + 1, count: scheme.columns.count)
        cells.add(total, cell: try cell(row), indicator: places[pair])
      }
      var read = ReplicateDirectionsReading(width: scheme.columns.count, leading: members)
      for group in try read.groups(directions, indicators: places.count) {
        let cell = try cell(group.row)
        for (pair, set) in group.sets.enumerated() { cells.add(set, cell: cell, indicator: places[pair]) }
      }
      result.totals = TotalsByCell(cells.replicateTotals(read.directions))
    } else {
      let key = members + units.strata.count
      var rows: [(group: Int, row: AnswerRow)] = []
      for row in answer {
        let stratum = stratumName(row, from: members)
        if statement.grouping == .stratum {
          rows.append((result.strata.firstIndex { $0.name == stratum } ?? 0, row))
        } else if let group = all.numbers[stratum]?[PSUKey(row.text(key))] {
          rows.append((group, row))
        } else {
          throw .badAnswer(row.text(key) ?? "")
        }
      }
      rows.sort { $0.group < $1.group }
      let width = units.isWeighted ? 4 : 2
      for (group, row) in rows {
        let cell = try cell(row)
        for (pair, indicator) in places.enumerated() {
          let start = key + 2 + pair * width
          let (count, countYes) = (try row.count(start), try row.count(start + 1))
          var sums = CellSums.Sums(rows: count, rowsYes: countYes, weight: Double(count), weightYes: Double(countYes))
          (sums.weightSquared, sums.weightSquaredYes) = (sums.weight, sums.weightYes)
          if units.isWeighted { (sums.weight, sums.weightYes) = (try row.number(start + 2), try row.number(start + 3)) }
          cells.add(sums, group: group, cell: cell, indicator: indicator)
        }
      }
      result.totals = TotalsByCell(cells.totals(byPSU: statement.grouping != .stratum))
    }
    result.cells = cells.places
    return result
  }
}
