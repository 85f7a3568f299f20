extension TableSums {
  /// In a census the units matched between two cycles are one sample: the strata are those of the later cycle, and only
  /// PSUs whose status is known in both are in it.
  ///
  /// - Parameters:
  ///   - now: The later cycle's sums over the matched units, with the strata and PSUs of all.
  ///   - pairs: Which indicators are the same: their places in both.
  ///   - population: Units in both populations by stratum of the later cycle; nil where none is listed.
  package static func makeOneSample(
    _ now: inout TableSums, _ then: inout TableSums, pairs: [(now: Int, then: Int)], population: [String: Double]?
  ) {
    var stratumByID: [String: Int] = [:]
    for psu in now.psus { if let id = psu.id { stratumByID[id] = psu.stratum } }
    for index in then.psus.indices {
      // A PSU without a partner has no share and no known status in both; its stratum does not matter.
      then.psus[index].stratum = then.psus[index].id.flatMap { stratumByID[$0] } ?? 0
    }
    let strata = now.strata.map { stratum in
      var stratum = stratum
      if let population { stratum.population = population[stratum.name] ?? 0 }
      return stratum
    }
    now.strata = strata
    then.strata = strata
    // A place may have several partners: what was known is looked up as it was.
    let (nowKnown, thenKnown) = (now.knownPSUs, then.knownPSUs)
    for pair in pairs {
      let nowIDs = Set(nowKnown[pair.now].compactMap { now.psus[$0].id })
      let thenIDs = Set(thenKnown[pair.then].compactMap { then.psus[$0].id })
      let both = nowIDs.intersection(thenIDs)
      now.knownPSUs[pair.now].removeAll { !(now.psus[$0].id.map(both.contains) ?? false) }
      then.knownPSUs[pair.then].removeAll { !(then.psus[$0].id.map(both.contains) ?? false) }
    }
  }
}
