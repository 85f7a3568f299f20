import SurveyModel

/// Answers in words, in the language in which a Party would write to the United Nations.
///
/// The sentences are invented. They hold what real ones hold and what breaks careless readers of CSV: commas, double
/// quotes, line breaks of both kinds, and scripts of several bytes a character.
struct FreeText {
  let seed: UInt64

  /// nil where nothing was written, as is usual unless words are asked for.
  func answer(to question: Question, report: Report, revision: Int) -> String? {
    var habit = SeededGenerator(seed: seed, "talkative", report.party.iso3)
    var generator = SeededGenerator(
      seed: seed, "words", report.party.iso3, "\(report.cycle)", question.key, "\(revision)")
    let share = habit.between(40, 260)
    guard question.isMandatory || generator.chance(perMille: share) else { return nil }
    let sentences = Sentences.sentences(in: Language(of: report.party))
    let count = [1, 1, 1, 2, 2, 3][generator.below(6)]
    var text = ""
    for _ in 0..<count {
      guard let sentence = generator.pick(sentences), !text.contains(sentence) else { continue }
      if !text.isEmpty { text += separator(&generator) }
      text += sentence
    }
    return text
  }

  private func separator(_ generator: inout SeededGenerator) -> String {
    switch generator.below(20) {
    case ..<12: " "
    case ..<16: "\n"
    case ..<18: "\n\n"
    // Typed on a system that ends lines with two characters.
    default: "\r\n"
    }
  }
}

/// The official languages of the United Nations.
enum Language: CaseIterable {
  case arabic, chinese, english, french, russian, spanish

  /// The one in which a Party's authorities would plausibly write; English where none is its own.
  init(of party: Party) {
    self = Self.countries.first { $0.iso3.contains(party.iso3) }?.language ?? .english
  }

  private static let countries: [(language: Language, iso3: [String])] = [
    (
      .arabic,
      [
        "DZA", "BHR", "COM", "DJI", "EGY", "IRQ", "JOR", "KWT", "LBN", "LBY", "MAR", "MRT", "OMN", "PSE", "QAT",
        "SAU", "SDN", "SYR", "TUN", "ARE", "YEM",
      ]
    ),
    (.chinese, ["CHN"]),
    (
      .french,
      [
        "BEL", "BEN", "BFA", "BDI", "CMR", "CAF", "TCD", "COG", "CIV", "COD", "FRA", "GAB", "GIN", "LUX", "MDG", "MLI",
        "NER", "SEN", "CHE", "TGO",
      ]
    ),
    (.russian, ["ARM", "AZE", "BLR", "KAZ", "KGZ", "TJK", "TKM", "UZB"]),
    (
      .spanish,
      [
        "BOL", "COL", "CRI", "CUB", "DOM", "ECU", "SLV", "ESP", "GTM", "HND", "MEX", "NIC", "PAN", "PRY", "PER", "URY",
        "VEN",
      ]
    ),
  ]
}
