import SurveyModel

/// Which cells are blanked so that no count from 1 to below a minimum can be read, or worked out from the others.
///
/// Cells below the minimum are suppressed first (primary suppression). What a total less the cells that are printed
/// leaves for the suppressed ones of a row or column must allow each of them as many values as the minimum: a suppressed
/// count is an integer and at least 1, so that two cells with 2 answers together have one each. Otherwise the cell with
/// the smallest count above 0 in the same row or column goes with them (complementary suppression, Cox 1980). What
/// chains of subtraction over several rows and columns could still give away is found by elimination, and suppressed
/// further until nothing below the minimum is determined.
public struct DisclosureControl: Sendable {
  /// Counts from 1 to below this are not published; 0 and 1 suppress nothing.
  public let minimumCell: Int

  public init(minimumCell: Int) {
    self.minimumCell = minimumCell
  }

  /// - Parameter counts: Every published cell with its n, in the order of the outputs, which decides between equal
  ///   counts.
  /// - Returns: The cells to blank, primary and complementary.
  public func suppressed(_ counts: [(cell: Cell, n: Int)]) -> Set<Cell> {
    let isSmall = counts.map { $0.n > 0 && $0.n < minimumCell }
    guard isSmall.contains(true) else { return [] }
    let sums = PublishedSums(cells: counts.map(\.cell))
    // Sums that are not published are unknown from the start; nothing can be hidden by hiding them.
    let isUnpublished = Array(repeating: true, count: sums.unpublished.count)
    let all = counts + sums.unpublished.map { ($0, Int.max) }
    var suppressed = isSmall + isUnpublished
    repeat {
      widen(sums.published, all, &suppressed)
    } while hideDetermined(in: sums.published + sums.implied, all, isSmall, &suppressed)
    return Set(counts.indices.filter { suppressed[$0] }.map { counts[$0].cell })
  }

  /// A sum that leaves its unknown terms too few values, as one with a single unknown does, has another of them hidden,
  /// until no sum does.
  private func widen(_ sums: [PublishedSum], _ counts: [(cell: Cell, n: Int)], _ suppressed: inout [Bool]) {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for sum in sums where isNarrow(sum, counts, suppressed) {
        guard let other = companion(in: sum, counts, suppressed) else { continue }
        suppressed[other] = true
        hasChanged = true
      }
    }
  }

  /// Whether the sum allows one of its unknowns fewer values than the minimum.
  ///
  /// Of a known rest that m unknown terms share, each has from 1 to the rest less the m - 1 of the others.
  private func isNarrow(_ sum: PublishedSum, _ counts: [(cell: Cell, n: Int)], _ suppressed: [Bool]) -> Bool {
    let hidden = sum.terms.filter { suppressed[$0] && counts[$0].n > 0 }
    if suppressed[sum.total] { return hidden.isEmpty }
    guard !hidden.isEmpty else { return false }
    return hidden.count == 1 || hidden.reduce(0) { $0 + counts[$1].n } - (hidden.count - 1) < minimumCell
  }

  /// The smallest published term above 0, the first of equals; the total where no term is left.
  private func companion(in sum: PublishedSum, _ counts: [(cell: Cell, n: Int)], _ suppressed: [Bool]) -> Int? {
    let smallest = sum.terms.filter { !suppressed[$0] && counts[$0].n > 0 }.min { counts[$0].n < counts[$1].n }
    return smallest ?? (suppressed[sum.total] ? nil : sum.total)
  }

  /// - Returns: Whether a small cell was still determined by the published ones, and another is hidden now.
  private func hideDetermined(
    in sums: [PublishedSum], _ counts: [(cell: Cell, n: Int)], _ isSmall: [Bool], _ suppressed: inout [Bool]
  ) -> Bool {
    var elimination = Elimination()
    for sum in sums {
      var equation: [Int: Int] = [:]
      for term in sum.terms where suppressed[term] && counts[term].n > 0 { equation[term] = 1 }
      if suppressed[sum.total] { equation[sum.total] = -1 }
      elimination.add(equation)
    }
    for cell in elimination.determined.sorted() where isSmall.indices.contains(cell) && isSmall[cell] {
      let candidates = sums.filter { $0.total == cell || $0.terms.contains(cell) }.compactMap {
        companion(in: $0, counts, suppressed)
      }
      guard let other = candidates.min(by: { (counts[$0].n, $0) < (counts[$1].n, $1) }) else { continue }
      suppressed[other] = true
      return true
    }
    return false
  }
}

/// A published cell that is the sum of other published cells.
private struct PublishedSum {
  /// Places in the list of cells.
  var total: Int
  var terms: [Int]
}

/// The sums that a reader can form: each cell of a grouping is the sum of the cells of the next finer groupings.
///
/// What two groupings have in common is a grouping here also where it is not published: region x sector and region x
/// size both add up to regions, and so to each other.
private struct PublishedSums {
  private(set) var published: [PublishedSum] = []
  /// Sums of published cells to cells that are not.
  private(set) var implied: [PublishedSum] = []
  /// These cells; their places follow those of the published ones.
  private(set) var unpublished: [Cell] = []

  init(cells: [Cell]) {
    var places = Dictionary(cells.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    var byGrouping: [[Int]: [Int]] = [:]
    for (place, cell) in cells.enumerated() { byGrouping[cell.grouping, default: []].append(place) }
    let groupings = byGrouping.keys.sorted { $0.lexicographicallyPrecedes($1) }
    for fine in groupings {
      let coarser = groupings.filter { $0.count < fine.count && Set($0).isSubset(of: fine) }
      // A step over a grouping in between follows from the two smaller steps.
      let next = coarser.filter { candidate in
        !coarser.contains { $0.count > candidate.count && Set(candidate).isSubset(of: $0) }
      }
      for coarse in next {
        var terms: [Int: [Int]] = [:]
        for place in byGrouping[fine] ?? [] {
          if let total = places[Self.coarsened(cells[place], to: coarse)] { terms[total, default: []].append(place) }
        }
        published += terms.sorted { $0.key < $1.key }.map { PublishedSum(total: $0.key, terms: $0.value) }
      }
    }
    for common in Self.intersections(of: groupings) where byGrouping[common] == nil {
      for fine in groupings where Set(common).isSubset(of: fine) {
        var terms: [Int: [Int]] = [:]
        for place in byGrouping[fine] ?? [] {
          let sum = Self.coarsened(cells[place], to: common)
          let total = places[sum] ?? cells.count + unpublished.count
          if places[sum] == nil {
            places[sum] = total
            unpublished.append(sum)
          }
          terms[total, default: []].append(place)
        }
        implied += terms.sorted { $0.key < $1.key }.map { PublishedSum(total: $0.key, terms: $0.value) }
      }
    }
  }

  private static func coarsened(_ cell: Cell, to grouping: [Int]) -> Cell {
    var result = cell
    for dimension in cell.members.indices where !grouping.contains(dimension) { result.members[dimension] = nil }
    return result
  }

  /// The groupings with everything that several of them have in common.
  private static func intersections(of groupings: [[Int]]) -> [[Int]] {
    var result = Set(groupings)
    var fresh = groupings
    while let grouping = fresh.popLast() {
      for other in result {
        let common = grouping.filter(other.contains)
        if result.insert(common).inserted { fresh.append(common) }
      }
    }
    return result.sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// Gauss-Jordan elimination over the integers modulo a large prime, on sparse equations: which unknowns have only one
/// possible value. The coefficients are 0, 1 and -1, so that a false answer by the modulus is out of reach.
private struct Elimination {
  private static let modulus: Int = 2_147_483_647
  /// Reduced equations by the unknown that they are solved for, whose coefficient is 1.
  private var rows: [Int: [Int: Int]] = [:]
  /// By unknown: the equations in which it stands and is not the one solved for.
  private var uses: [Int: Set<Int>] = [:]

  var determined: [Int] { rows.filter { $0.value.count == 1 }.map(\.key) }

  mutating func add(_ equation: [Int: Int]) {
    var row = equation.mapValues { Self.reduce($0) }
    for (unknown, factor) in equation {
      if let solved = rows[unknown] { Self.subtract(solved, times: Self.reduce(factor), from: &row) }
    }
    guard let pivot = row.keys.min(), let leading = row[pivot] else { return }
    let inverse = Self.inverse(leading)
    row = row.mapValues { $0 * inverse % Self.modulus }
    for user in uses[pivot] ?? [] {
      guard var other = rows[user], let factor = other[pivot] else { continue }
      for unknown in other.keys { uses[unknown]?.remove(user) }
      Self.subtract(row, times: factor, from: &other)
      set(other, solvedFor: user)
    }
    set(row, solvedFor: pivot)
  }

  private mutating func set(_ row: [Int: Int], solvedFor pivot: Int) {
    rows[pivot] = row
    for unknown in row.keys where unknown != pivot { uses[unknown, default: []].insert(pivot) }
  }

  private static func reduce(_ number: Int) -> Int { ((number % modulus) + modulus) % modulus }

  private static func subtract(_ row: [Int: Int], times factor: Int, from other: inout [Int: Int]) {
    for (unknown, value) in row {
      let difference = reduce((other[unknown] ?? 0) - value * factor % modulus)
      other[unknown] = difference == 0 ? nil : difference
    }
  }

  /// By Fermat's little theorem.
  private static func inverse(_ number: Int) -> Int {
    var result = 1
    var base = number
    var exponent = modulus - 2
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * base % modulus }
      base = base * base % modulus
      exponent >>= 1
    }
    return result
  }
}
