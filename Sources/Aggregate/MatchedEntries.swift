import Normalize
import SurveyModel

/// Numbers for the cells of two cycles: those with the same members have the same number.
struct CellNumbers {
  private var numbers: [Cell: Int32] = [:]

  /// By cell of a ledger's layout, its number; -1 where it has none.
  ///
  /// - Parameter name: The cell of the later cycle; nil where it lacks one of the dimensions.
  mutating func numbers(of view: LedgerView, name: (Cell) -> Cell?) -> [Int32] {
    var result = Array(repeating: Int32(-1), count: view.layout.memberNumbers.count)
    for (cell, place) in view.layout.named({ view.codes.members[$0][Int($1)] }) {
      guard let cell = name(cell) else { continue }
      let number = numbers[cell] ?? Int32(numbers.count)
      numbers[cell] = number
      result[place] = number
    }
    return result
  }
}

/// The entries of a ledger by unit: nearly always one.
struct EntriesByUnit {
  private var first: KeyTable
  /// By entry: the next one of its unit, or -1.
  private var next: [Int32]

  init(_ ledger: UnitLedger) {
    next = Array(repeating: -1, count: ledger.count)
    first = KeyTable(capacity: ledger.count)
    // From the last to the first, so that the chain of a unit runs in the order of the file.
    for entry in (0..<ledger.count).reversed() {
      next[entry] = first.set(ledger.units[entry], to: Int32(truncatingIfNeeded: entry)) ?? -1
    }
  }

  /// The unit's first entry; nil where it has none.
  func first(of unit: UInt128) -> Int? { first.value(of: unit).map(Int.init) }

  /// Whether no further entry of the unit follows.
  func isLast(_ entry: Int) -> Bool { next[entry] < 0 }

  /// An entry and those of the same unit that follow it.
  func chain(from entry: Int) -> [Int] {
    var result: [Int] = []
    var entry = Int32(truncatingIfNeeded: entry)
    while entry >= 0 {
      result.append(Int(entry))
      entry = next[Int(entry)]
    }
    return result
  }
}
