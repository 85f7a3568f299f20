import Export
import SurveyModel

/// Registered LMOs and the methods that detect them.
struct OrganismRegister {
  struct Organism {
    var id: String
    var uniqueIdentifier: String
    var publication: Publication
  }

  struct Method {
    var organism: String
    var origin: String
    /// nil: the link was imported from another database, which gives no date.
    var published: SurveyDate?
    var withdrawn: SurveyDate?
  }

  /// In the order of publication.
  let organisms: [Organism]
  let methods: [Method]

  private static let count = 200

  init(seed: UInt64, horizon: SurveyDate) {
    let start = SurveyDate.clearingHouseStart
    var generator = SeededGenerator(seed: seed, "organisms")
    let days = (0..<Self.count).map { _ in generator.day(from: start, to: horizon) }.sorted()
    organisms = days.enumerated().map { place, published in
      var publication = Publication(published: published)
      let withdrawn = published.adding(days: generator.between(400, 3000))
      if generator.chance(perMille: 40), withdrawn <= horizon { publication.withdrawn = withdrawn }
      let number = place + 1
      return Organism(
        id: numbered("LMO-", number),
        // Built as the OECD's identifiers are, for an applicant "SMP" that does not exist.
        uniqueIdentifier: "SMP-" + numbered("", number * 37, digits: 5) + "-\(number * 37 % 9 + 1)",
        publication: publication)
    }
    methods = organisms.flatMap { Self.methods(for: $0, seed: seed, horizon: horizon) }
  }

  var document: CSVDocument {
    var document = CSVDocument(header: ["lmo_id", "unique_identifier", "published_on", "withdrawn_on"])
    for organism in organisms {
      document.append([
        organism.id, organism.uniqueIdentifier, organism.publication.published.description,
        cell(organism.publication.withdrawn),
      ])
    }
    return document
  }

  var methodDocument: CSVDocument {
    var document = CSVDocument(header: ["method_id", "lmo_id", "origin", "published_on", "withdrawn_on"])
    for (place, method) in methods.enumerated() {
      document.append([
        numbered("DM-", place + 1), method.organism, method.origin, cell(method.published), cell(method.withdrawn),
      ])
    }
    return document
  }

  private static func methods(for organism: Organism, seed: UInt64, horizon: SurveyDate) -> [Method] {
    var generator = SeededGenerator(seed: seed, "methods", organism.id)
    var methods: [Method] = []
    func published(within days: Int) -> SurveyDate? {
      let day = organism.publication.published.adding(days: generator.between(30, days))
      return day <= horizon ? day : nil
    }
    if generator.chance(perMille: 480), let day = published(within: 3200) {
      var method = Method(organism: organism.id, origin: "bch", published: day)
      let withdrawn = day.adding(days: generator.between(700, 4000))
      if generator.chance(perMille: 60), withdrawn <= horizon { method.withdrawn = withdrawn }
      methods.append(method)
    }
    for origin in ["croplife", "eurl-gmff"] where generator.chance(perMille: origin == "croplife" ? 260 : 320) {
      let isDated = generator.chance(perMille: 350)
      methods.append(
        Method(organism: organism.id, origin: origin, published: isDated ? published(within: 2400) : nil))
    }
    return methods
  }
}
