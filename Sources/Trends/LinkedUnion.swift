import Estimate
import SurveyModel

/// Counts the PSUs of one cell over any number of cycles. The room is kept from cell to cell; each task has its own.
struct LinkedUnion: Sendable {
  private var psus = PlaceSet(capacity: 0)
  private var strata = PlaceSet(capacity: 0)
  private var capacity = (psus: 0, strata: 0)

  /// PSUs with a row in any of the cycles less strata with one.
  ///
  /// - Parameter shares: Each with the place of its cycle among those of the links.
  mutating func degreesOfFreedom(_ shares: [(CellShare, Int)], links: PSULinks) -> Int {
    if capacity.psus < links.strata.count || capacity.strata < links.stratumNames.count {
      capacity = (links.strata.count, links.stratumNames.count)
      psus = PlaceSet(capacity: capacity.psus)
      strata = PlaceSet(capacity: capacity.strata)
    }
    psus.removeAll()
    strata.removeAll()
    for (share, cycle) in shares {
      let identities = links.identities[cycle]
      for residual in share.residuals {
        let identity = Int(identities[residual.psu])
        if psus.insert(identity) { strata.insert(Int(links.strata[identity])) }
      }
    }
    return psus.count - strata.count
  }
}
