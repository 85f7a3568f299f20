/// The answers to the text questions: a stock of phrases, the same for every seed.
enum ReferencePhrases {
  static let plainCount = 256
  static let quotedCount = 64

  /// One to three words, some of them outside ASCII.
  static let plain: [String] = {
    var generator = SeededGenerator(seed: 0, "plain phrases")
    return (0..<plainCount).map { place in
      (0...place % 3).map { _ in words[generator.below(words.count)] }.joined(separator: " ")
    }
  }()

  /// Fields as they stand in the file: in quotes, with a comma and doubled quotes inside.
  static let quoted: [String] = {
    var generator = SeededGenerator(seed: 0, "quoted phrases")
    return (0..<quotedCount).map { place in
      let opening = openings[place % openings.count]
      return "\"\(opening), \"\"\(stresses[generator.below(stresses.count)])\"\" \(ends[generator.below(ends.count)])\""
    }
  }()

  private static let words = [
    "training", "laboratory", "guidelines", "évaluation", "review", "cooperation", "unit", "información",
    "regulation", "survey",
    "équipement", "workshop", "biosafety", "Köln", "report", "staff", "budget", "customs", "国家计划", "field work", "niño",
    "draft plan", "methods", "border",
  ]
  private static let openings = [
    "as decided", "see the annex", "by decree", "since the reform", "selon l'avis", "on request", "for import",
    "in most cases",
  ]
  private static let stresses = ["in part", "pending", "de facto", "as needed", "à l'étude"]
  private static let ends = ["only", "so far", "by law", "at present"]
}
