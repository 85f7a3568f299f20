import SurveyModel

/// Numbers for the PSUs of several tables, the same for those with the same id in strata of the same name.
///
/// Every name is looked up once here; links between some of the tables (two cycles, or all those of a slope, on either
/// basis) are made of the numbers.
struct PSUNumbers {
  struct OfTable {
    /// By PSU; -1 for one without an id.
    var psus: [Int32]
    /// By stratum.
    var strata: [Int32]
  }

  /// How many PSUs have a number.
  var count: Int { psuNumbers.count }
  /// By number.
  private(set) var stratumNames: [String] = []

  private struct Key: Hashable {
    var stratum: Int32
    var id: String
  }

  private var stratumNumbers: [String: Int32] = [:]
  private var psuNumbers: [Key: Int32] = [:]
  private var known: [(psus: [PrimarySamplingUnit], strata: [String], numbers: OfTable)] = []

  mutating func numbers(of sums: TableSums) -> OfTable {
    let names = sums.strata.map(\.name)
    if let table = known.first(where: { $0.psus.hasStorage(of: sums.psus) && $0.strata == names }) {
      return table.numbers
    }
    let strata = names.map { number(ofStratum: $0) }
    psuNumbers.reserveCapacity(psuNumbers.count + sums.psus.count)
    let psus = sums.psus.map { psu -> Int32 in
      guard let id = psu.id else { return -1 }
      return number(of: Key(stratum: strata[psu.stratum], id: id))
    }
    let numbers = OfTable(psus: psus, strata: strata)
    known.append((sums.psus, names, numbers))
    return numbers
  }

  private mutating func number(ofStratum name: String) -> Int32 {
    if let number = stratumNumbers[name] { return number }
    let number = Int32(truncatingIfNeeded: stratumNames.count)
    stratumNumbers[name] = number
    stratumNames.append(name)
    return number
  }

  private mutating func number(of key: Key) -> Int32 {
    let next = Int32(truncatingIfNeeded: psuNumbers.count)
    return Self.number(&psuNumbers[key, default: -1], next: next)
  }

  /// One look into the dictionary, whether the name is new or known.
  private static func number(_ number: inout Int32, next: Int32) -> Int32 {
    if number < 0 { number = next }
    return number
  }
}

extension [PrimarySamplingUnit] {
  /// Whether both arrays are one and the same, as where the matched units of a sample keep the list of its PSUs.
  fileprivate func hasStorage(of other: Self) -> Bool {
    guard count == other.count, !isEmpty else { return false }
    return withUnsafeBufferPointer { mine in other.withUnsafeBufferPointer { $0.baseAddress == mine.baseAddress } }
  }
}
