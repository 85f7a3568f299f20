import Estimate
import SurveyModel

/// Which PSUs of several cycles are the same: those with the same id in strata of the same name. One whose stratum
/// changed has no link, nor has one without an id.
///
/// Every PSU of every cycle gets an identity number; linked PSUs share it.
struct PSULinks {
  /// By cycle, by PSU.
  let identities: [[Int32]]
  /// By identity: its stratum among the strata of all cycles.
  let strata: [Int32]
  /// The names of the strata of all cycles.
  let stratumNames: [String]
  /// By cycle, by stratum among all: its place in that cycle; nil where the cycle has no such stratum.
  let placeInCycle: [[Int?]]

  private struct Key: Hashable {
    var stratum: Int32
    var id: String
  }

  init(_ cycles: [TableSums]) {
    var stratumNumbers: [String: Int32] = [:]
    var identityByKey: [Key: Int32] = [:]
    var strata: [Int32] = []
    var identities: [[Int32]] = []
    var stratumOfCycle: [[Int32]] = []
    for sums in cycles {
      let numbers = sums.strata.map { stratum -> Int32 in
        let next = Int32(stratumNumbers.count)
        let number = stratumNumbers[stratum.name] ?? next
        stratumNumbers[stratum.name] = number
        return number
      }
      stratumOfCycle.append(numbers)
      identities.append(
        sums.psus.map { psu in
          let stratum = numbers[psu.stratum]
          let next = Int32(strata.count)
          if let id = psu.id {
            let key = Key(stratum: stratum, id: id)
            if let known = identityByKey[key] { return known }
            identityByKey[key] = next
          }
          strata.append(stratum)
          return next
        })
    }
    self.identities = identities
    self.strata = strata
    stratumNames = stratumNumbers.sorted { $0.value < $1.value }.map(\.key)
    placeInCycle = stratumOfCycle.map { numbers in
      var places: [Int?] = Array(repeating: nil, count: stratumNumbers.count)
      for (place, number) in numbers.enumerated() { places[Int(number)] = place }
      return places
    }
  }

  /// The z of a cell's PSUs by identity, ascending; PSUs without a row in the cell are left out and count as 0.
  func residuals(_ share: CellShare, cycle: Int) -> [LinkedResidual] {
    let sorted = share.residuals.map { LinkedResidual(identity: identities[cycle][$0.psu], value: $0.value) }
      .sorted { $0.identity < $1.identity }
    var result: [LinkedResidual] = []
    result.reserveCapacity(sorted.count)
    for residual in sorted {
      // Several rows of a unit that links them are one PSU here.
      if let last = result.indices.last, result[last].identity == residual.identity {
        result[last].value += residual.value
      } else {
        result.append(residual)
      }
    }
    return result
  }

  /// How many PSUs have a row of the cell in both cycles.
  func inBoth(_ a: CellShare, _ cycleA: Int, _ b: CellShare, _ cycleB: Int) -> Int {
    let found = Set(a.residuals.lazy.map { identities[cycleA][$0.psu] })
    return Set(b.residuals.lazy.map { identities[cycleB][$0.psu] }).intersection(found).count
  }

  /// PSUs with a row in any of the lists less strata with one.
  func degreesOfFreedom(_ lists: [[LinkedResidual]]) -> Int {
    var psus: Set<Int32> = []
    var found: Set<Int32> = []
    for residual in lists.joined() where psus.insert(residual.identity).inserted {
      found.insert(strata[Int(residual.identity)])
    }
    return psus.count - found.count
  }
}

/// The z of a PSU, by the number that cycles share.
struct LinkedResidual {
  var identity: Int32
  var value: Double
}

extension [LinkedResidual] {
  /// Walks through two ascending lists side by side; whoever is missing from one has the value 0 there.
  static func merge(_ a: [LinkedResidual], _ b: [LinkedResidual], _ body: (Int32, Double, Double) -> Void) {
    var i = 0
    var j = 0
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && a[i].identity < b[j].identity) {
        body(a[i].identity, a[i].value, 0)
        i += 1
      } else if i == a.count || b[j].identity < a[i].identity {
        body(b[j].identity, 0, b[j].value)
        j += 1
      } else {
        body(a[i].identity, a[i].value, b[j].value)
        i += 1
        j += 1
      }
    }
  }
}
