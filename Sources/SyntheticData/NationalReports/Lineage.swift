import SurveyModel

/// A question through the cycles: keys and codes change, the question stays.
struct Lineage: Sendable {
  /// The earliest cycle that asked it.
  var firstCycle: Int
  /// Cycle and key there, such as "cycle-2/Q015".
  var root: String
  /// Today's codes by the code that stood for them in the earliest cycle; codes that were never renamed are left out.
  private var earlierCodes: [String: String] = [:]

  /// Follows a question back through the codebooks as far as it can be compared.
  init(of question: Question, cycle: Int, codebooks: [Int: Codebook]) {
    var current = question
    firstCycle = cycle
    root = "cycle-\(cycle)/\(question.key)"
    for earlierCycle in (0..<cycle).reversed() {
      let name = "cycle-\(earlierCycle)"
      guard let earlier = current.comparesTo[name], let found = codebooks[earlierCycle]?.questions[earlier.key]
      else { continue }
      for code in question.options {
        let known = earlierCodes[code] ?? code
        for (old, new) in earlier.values where new == known { earlierCodes[code] = old }
      }
      current = found
      firstCycle = earlierCycle
      root = "\(name)/\(found.key)"
    }
  }

  /// The code that meant the same in the earliest cycle.
  func firstCode(for code: String) -> String {
    earlierCodes[code] ?? code
  }
}
