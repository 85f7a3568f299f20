import SurveyModel

/// Every cell that a table's results have, in the order of the outputs: the total, then the groupings as declared,
/// members in the order of the labels file and after them by bytes.
struct CellCatalogue {
  let cycle: SurveyCycle

  func cells(of sums: TableSums) -> [Cell] {
    let names = Array(cycle.dimensions.keys)
    var result = [Cell.total(dimensions: names.count)]
    for grouping in cycle.groupings {
      let positions = grouping.compactMap { names.firstIndex(of: $0) }
      guard positions.allSatisfy(sums.dimensions.contains) else { continue }
      var crossing = [Cell.total(dimensions: names.count)]
      for position in positions {
        let members = members(of: position, name: names[position], sums: sums)
        crossing = crossing.flatMap { cell in
          members.map { member in
            var next = cell
            next.members[position] = member
            return next
          }
        }
      }
      result += crossing
    }
    return result
  }

  private func members(of position: Int, name: String, sums: TableSums) -> [String] {
    let labelled = cycle.dimensions[name]?.labels.map { Array($0.keys) } ?? []
    let known = Set(labelled)
    var found: Set<String> = []
    // Strata of the population that sent no row are cells too.
    for stratum in sums.strata {
      if let member = stratum.members[position], !known.contains(member) { found.insert(member) }
    }
    for cell in sums.cells.keys {
      if let member = cell.members[position], !known.contains(member) { found.insert(member) }
    }
    return labelled + found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}
