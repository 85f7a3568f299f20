import SurveyModel

/// What every Party should keep in the Clearing-House: focal points, authorities and laws.
///
/// Holders change; where the next one is named late, there is a gap in which nobody is on record.
struct StandingRecords {
  let seed: UInt64
  let horizon: SurveyDate

  private struct Post {
    var schema: String
    var category: String
    /// Days after entry into force by which an average Party has named somebody, at most.
    var longestDelay: Int
    /// Parties in a thousand that never do.
    var never: Int
  }

  private static let posts = [
    Post(schema: "focalPoint", category: "CPB-FP1", longestDelay: 500, never: 10),
    Post(schema: "focalPoint", category: "BCH-FP", longestDelay: 900, never: 20),
    Post(schema: "focalPoint", category: "CPB-A17-FP", longestDelay: 3800, never: 90),
    Post(schema: "authority", category: "", longestDelay: 2400, never: 20),
  ]

  func records(of party: Party) -> [ClearingHouseRecords.Record] {
    Self.posts.flatMap { holders(of: $0, party: party) } + laws(of: party)
  }

  private func holders(of post: Post, party: Party) -> [ClearingHouseRecords.Record] {
    var generator = SeededGenerator(seed: seed, "post", party.iso3, post.schema, post.category)
    guard !generator.chance(perMille: post.never) else { return [] }
    var records: [ClearingHouseRecords.Record] = []
    var named = party.inForce.adding(days: delay(upTo: post.longestDelay, party: party, &generator))
    while named <= horizon {
      var publication = Publication(published: named)
      let left = named.adding(days: generator.between(700, 3600))
      if left <= horizon { publication.withdrawn = left }
      let updated = named.adding(days: generator.between(60, 690))
      if generator.chance(perMille: 300), updated <= horizon { publication.updated = updated }
      records.append(
        ClearingHouseRecords.Record(
          iso3: party.iso3, schema: post.schema, category: post.category, publication: publication))
      let gap = generator.chance(perMille: 700) ? 0 : generator.between(20, 420)
      named = left.adding(days: gap)
    }
    return records
  }

  private func laws(of party: Party) -> [ClearingHouseRecords.Record] {
    var generator = SeededGenerator(seed: seed, "laws", party.iso3)
    guard !generator.chance(perMille: 50) else { return [] }
    var adopted = party.inForce.adding(days: delay(upTo: 4200, party: party, &generator) - 300)
    var records: [ClearingHouseRecords.Record] = []
    for _ in 0..<generator.between(1, 4) where adopted <= horizon {
      var publication = Publication(published: adopted)
      let updated = adopted.adding(days: generator.between(200, 3000))
      if generator.chance(perMille: 250), updated <= horizon { publication.updated = updated }
      records.append(
        ClearingHouseRecords.Record(iso3: party.iso3, schema: "biosafetyLaw", publication: publication))
      adopted = adopted.adding(days: generator.between(150, 2200))
    }
    return records
  }

  /// The further a Party has come, the sooner it acts.
  private func delay(upTo longest: Int, party: Party, _ generator: inout SeededGenerator) -> Int {
    let level = Progress(seed: seed).level(of: party, cycle: 2)
    let drawn = generator.between(0, longest)
    return max(0, drawn - level * longest / 2000)
  }
}
