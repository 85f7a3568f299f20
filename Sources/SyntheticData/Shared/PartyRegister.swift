import Export
import SurveyModel

/// The register of Parties that goes with every family of sample data: the frame without its notes on confidence, with
/// every date a whole day.
struct PartyRegister {
  let parties: [Party]

  var contents: [UInt8] {
    var document = CSVDocument(header: [
      "iso3", "name", "region", "cpb_in_force", "cpb_withdrawn", "sp_party_in_force", "ldc", "sids", "star_eligible",
    ])
    for party in parties {
      document.append([
        party.iso3, party.name, party.region, party.inForce.description, cell(party.withdrawn),
        cell(party.supplementaryInForce), party.isLeastDeveloped ? "1" : "0", party.isSmallIsland ? "1" : "0",
        party.starEligible,
      ])
    }
    return document.bytes
  }
}

/// A day as a cell of a CSV file; no day is an empty cell.
func cell(_ day: SurveyDate?) -> String {
  day.map { "\($0)" } ?? ""
}
