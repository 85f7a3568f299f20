import SurveyModel

/// Numbers for the cells of two cycles: those with the same members have the same number.
struct CellNumbers {
  /// By number, under the names of the later cycle.
  private(set) var cells: [Cell] = []
  private var numbers: [Cell: Int32] = [:]

  /// - Parameter name: The cell of the later cycle; nil where it lacks one of the dimensions.
  mutating func cellsByEntry(_ view: LedgerView, name: (Cell) -> Cell?) -> [[Int32]] {
    var layout = view.layout
    var numberOfLayout = Array(repeating: Int32(-1), count: layout.memberNumbers.count)
    for (cell, place) in layout.named({ view.codes.members[$0][Int($1)] }).sorted(by: { $0.value < $1.value }) {
      guard let cell = name(cell) else { continue }
      let number = numbers[cell] ?? Int32(cells.count)
      if numbers[cell] == nil {
        numbers[cell] = number
        cells.append(cell)
      }
      numberOfLayout[place] = number
    }
    var found: [Int32] = []
    return (0..<view.ledger.count).map { entry in
      layout.cells(of: { view.ledger.member(entry, $0) }, into: &found)
      return found.compactMap { place in
        let number = Int(place) < numberOfLayout.count ? numberOfLayout[Int(place)] : -1
        return number < 0 ? nil : number
      }
    }
  }
}

/// The entries of a ledger by unit: nearly always one.
struct EntriesByUnit {
  private var first: [UInt128: Int32] = [:]
  /// By entry: the next one of its unit, or -1.
  private var next: [Int32]

  init(_ ledger: UnitLedger) {
    next = Array(repeating: -1, count: ledger.count)
    first.reserveCapacity(ledger.count)
    // From the last to the first, so that the chain of a unit runs in the order of the file.
    for entry in (0..<ledger.count).reversed() {
      next[entry] = first.updateValue(Int32(entry), forKey: ledger.units[entry]) ?? -1
    }
  }

  subscript(unit: UInt128) -> [Int] {
    var result: [Int] = []
    var entry = first[unit] ?? -1
    while entry >= 0 {
      result.append(Int(entry))
      entry = next[Int(entry)]
    }
    return result
  }

  /// Each unit with its entries, in the order in which the units come first.
  func inOrder(of ledger: UnitLedger) -> some Sequence<(unit: UInt128, entries: [Int])> {
    (0..<ledger.count).lazy.filter { first[ledger.units[$0]] == Int32($0) }.map { entry in
      (ledger.units[entry], self[ledger.units[entry]])
    }
  }
}
