import Estimate
import SurveyModel

/// Which PSUs of several cycles are the same: those with the same id in strata of the same name. One whose stratum
/// changed has no link, nor has one without an id.
///
/// Every PSU of every cycle gets an identity number, in the order of the cycles and their PSUs; linked PSUs share it.
struct PSULinks: Sendable {
  /// By cycle, by PSU.
  let identities: [[Int32]]
  /// By identity: its stratum among the strata of all cycles.
  let strata: [Int32]
  /// The names of the strata of all cycles.
  let stratumNames: [String]
  /// By cycle, by stratum among all: its place in that cycle; nil where the cycle has no such stratum.
  let placeInCycle: [[Int?]]

  init(_ cycles: [TableSums], numbers: inout PSUNumbers) {
    let tables = cycles.map { numbers.numbers(of: $0) }
    var stratumOfNumber = Array(repeating: Int32(-1), count: numbers.stratumNames.count)
    var stratumNames: [String] = []
    let stratumOfCycle = tables.map { table in
      table.strata.map { number -> Int32 in
        if stratumOfNumber[Int(number)] < 0 {
          stratumOfNumber[Int(number)] = Int32(truncatingIfNeeded: stratumNames.count)
          stratumNames.append(numbers.stratumNames[Int(number)])
        }
        return stratumOfNumber[Int(number)]
      }
    }
    var identityOfNumber = Array(repeating: Int32(-1), count: numbers.count)
    var strata: [Int32] = []
    identities = cycles.indices.map { cycle in
      zip(tables[cycle].psus, cycles[cycle].psus).map { number, psu -> Int32 in
        if number >= 0, identityOfNumber[Int(number)] >= 0 { return identityOfNumber[Int(number)] }
        let next = Int32(truncatingIfNeeded: strata.count)
        if number >= 0 { identityOfNumber[Int(number)] = next }
        strata.append(stratumOfCycle[cycle][psu.stratum])
        return next
      }
    }
    self.strata = strata
    self.stratumNames = stratumNames
    let count = stratumNames.count
    placeInCycle = stratumOfCycle.map { strata in
      var places: [Int?] = Array(repeating: nil, count: count)
      for (place, stratum) in strata.enumerated() { places[Int(stratum)] = place }
      return places
    }
  }
}
