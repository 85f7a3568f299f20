import Normalize
import SurveyModel

extension DataNotice {
  /// Members, strata and PSUs of two cycles whose names differ only in spelling: they are not compared with each other.
  static func found(between now: CycleSummary, and then: CycleSummary) -> [DataNotice] {
    let table = SurveyCycle.responsesTable
    guard let (mine, theirs) = now.responsesSums.flatMap({ mine in then.responsesSums.map { (mine, $0) } }) else {
      return []
    }
    var notices: [DataNotice] = []
    func compare(
      _ one: [(scope: Int, name: String)], _ other: [(scope: Int, name: String)], column: String, noun: String,
      _ harm: String = ""
    ) {
      guard let found = LookAlikes.between(one, other) else { return }
      let others = found.count - 1
      let more = others == 0 ? "" : ", and so \(others == 1 ? "is" : "are") \(others) more"
      notices.append(
        DataNotice(
          table: table, column: column,
          words:
            "\"\(found.one)\" here and \"\(found.other)\" in \(then.cycle.name) are two \(noun), \(harm)although they "
            + "differ \(found.difference)\(more)"))
    }
    for (place, dimension) in now.cycle.dimensions.keys.enumerated() {
      guard let other = then.cycle.dimensions.keys.firstIndex(of: dimension) else { continue }
      compare(
        mine.memberNames(place).map { (0, $0) }, theirs.memberNames(other).map { (0, $0) }, column: dimension,
        noun: "members")
    }
    let parts = now.cycle.design.strata
    if now.linksStrata(with: then) {
      for (part, column) in parts.enumerated() {
        // A dimension whose members were told has been told.
        guard !notices.contains(where: { $0.column == column }) else { continue }
        func names(_ sums: TableSums) -> [(scope: Int, name: String)] {
          sums.strata.prefix(LookAlikes.mostNames).map { stratum in
            (0, StratumName.parts(of: stratum.name, count: parts.count).dropFirst(part).first ?? "")
          }
        }
        compare(
          names(mine), names(theirs), column: column, noun: "strata", "whose PSUs are not linked with each other, ")
      }
    }
    if let psu = now.cycle.design.psu, then.cycle.design.psu != nil {
      // Those are linked within one stratum; strata that only look the same have been told.
      var numbers: [[String]: Int] = [:]
      func psus(_ sums: TableSums) -> [(scope: Int, name: String)] {
        let scopes = sums.strata.map { stratum in
          let name = StratumName.parts(of: stratum.name, count: parts.count).map(LookAlikes.folded)
          if numbers[name] == nil { numbers[name] = numbers.count }
          return numbers[name] ?? 0
        }
        return sums.psus.prefix(LookAlikes.mostNames).map { (scopes[$0.stratum], $0.id ?? "") }
      }
      compare(psus(mine), psus(theirs), column: psu, noun: "PSUs")
    }
    return notices
  }
}

extension CycleSummary {
  /// Whether units of the two cycles are linked within strata, which then need the same names in both.
  fileprivate func linksStrata(with then: CycleSummary) -> Bool {
    cycle.trend.linksPSUs && cycle.linkingKey != nil && then.cycle.linkingKey != nil
      && cycle.design.strata.count == then.cycle.design.strata.count
  }

  /// Of the responses, whatever the roll-up.
  fileprivate var responsesSums: TableSums? {
    table(SurveyCycle.responsesTable)?.tallies.min { $0.key.rawValue < $1.key.rawValue }?.value.sums
  }
}

extension TableSums {
  /// The members of a dimension that have a cell, in the order of their bytes.
  fileprivate func memberNames(_ dimension: Int) -> [String] {
    Set(cells.keys.compactMap { $0.members[dimension] }).sorted()
  }
}

extension LookAlikes {
  struct Pair {
    var one: String
    var other: String
    var difference: String
    /// How many such pairs there are.
    var count: Int
  }

  /// Names of two lists that look the same, where neither stands in the other list as it is.
  static func between(
    _ mine: [(scope: Int, name: String)], _ theirs: [(scope: Int, name: String)]
  ) -> Pair? {
    // By its bytes: to Swift, canonically equivalent texts are equal.
    struct Name: Hashable {
      var scope: Int
      var text: String

      init(_ name: (scope: Int, name: String)) { (scope, text) = name }

      static func == (one: Self, other: Self) -> Bool {
        one.scope == other.scope && one.text.utf8.elementsEqual(other.text.utf8)
      }

      func hash(into hasher: inout Hasher) {
        hasher.combine(scope)
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      }
    }
    struct Folded: Hashable {
      var scope: Int
      var text: String
    }
    let (here, there) = (Set(mine.map(Name.init)), Set(theirs.map(Name.init)))
    var folded: [Folded: String] = [:]
    for name in mine where !there.contains(Name(name)) {
      folded[Folded(scope: name.scope, text: Self.folded(name.name))] = name.name
    }
    guard !folded.isEmpty else { return nil }
    var pair: Pair?
    for name in theirs where !here.contains(Name(name)) {
      guard let one = folded[Folded(scope: name.scope, text: Self.folded(name.name))],
        let difference = LookAlikes([(0, one), (0, name.name)]).difference
      else { continue }
      if pair == nil { pair = Pair(one: one, other: name.name, difference: difference, count: 0) }
      pair?.count += 1
    }
    return pair
  }
}
