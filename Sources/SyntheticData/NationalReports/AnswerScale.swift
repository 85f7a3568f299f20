/// How the codes of a select-one question lie to each other.
enum AnswerScale: Equatable {
  /// From the least to the most.
  case ordered([String])
  /// Numbers and sums of money: also from the least to the most, but what is common is the low end.
  case counted([String])
  case unordered([String])

  /// Ladders whose rungs the codes themselves do not tell, from the lowest up. Codes that a questionnaire lacks are
  /// passed over.
  private static let ladders = [
    [
      "implementation.none", "implementation.draftMeasures", "implementation.draftFramwork",
      "implementation.temporaryMeasures", "implementation.partiallyInPlace", "implementation.partialFramwork",
      "implementation.fullInPlace", "implementation.fullFramwork",
    ],
    ["false.notAvailable", "true.availableNotOnBch", "true.availablePartialyOnBch", "true.availableOnBch"],
    ["veryDifficult", "difficult", "average", "easy", "veryEasy"],
    // Measures to implement the Supplementary Protocol: none, drafts, temporary, partial, full.
    [
      "C9B01C6D-6B40-1A67-B5A0-DDB7FF6B9CE9", "2B4110FC-8B86-50E6-851F-08AF1A43CFEC",
      "EFCE3DC1-BED6-041D-0AEA-93B0F04AE166", "FAA03A2A-F79E-1347-22E3-0EB4815DF05B",
      "74B17D51-786F-3D68-3B76-A50121842925",
    ],
  ]

  init(codes: [String]) {
    if let ladder = Self.ladders.first(where: { Set(codes).isSubset(of: $0) }) {
      self = .ordered(ladder.filter(codes.contains))
      return
    }
    // Years are names of a moment, not more or less of something.
    let areYears = codes.allSatisfy { $0.utf8.count == 4 && Int($0) != nil }
    if let degrees = Self.sorted(codes, by: Self.degree) {
      self = .ordered(degrees)
    } else if !areYears, let amounts = Self.sorted(codes, by: Self.amount) {
      self = .counted(amounts)
    } else {
      self = .unordered(codes)
    }
  }

  /// nil where the rank of some code is unknown.
  private static func sorted(_ codes: [String], by rank: (String) -> Int?) -> [String]? {
    let ranks = codes.compactMap(rank)
    guard ranks.count == codes.count else { return nil }
    return codes.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { codes[$0] }
  }

  /// No, a shade of no, a shade of yes, yes.
  private static func degree(of code: String) -> Int? {
    switch code {
    case "false": 0
    case "true": 3
    default: code.hasPrefix("false.") ? 1 : code.hasPrefix("true.") ? 2 : nil
    }
  }

  /// The number that a count or a sum of money starts from, doubled so that "10+" comes after "10-".
  private static func amount(of code: String) -> Int? {
    if code == "none" { return 0 }
    let text = code.hasPrefix("USD") ? code.dropFirst(3) : code[...]
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(digits.count)
    guard let number = Int(digits), rest.isEmpty || rest.first == "+" || rest.first == "-" else { return nil }
    return number * 2 + (rest == "+" ? 1 : 0)
  }

  /// The code that a score stands for: 0 is the middle of a scale, and where a count leaves zero; nil where the
  /// codes have no order.
  func code(score: Int) -> String? {
    let spacing = 320
    switch self {
    case .ordered(let codes): return Self.code(codes, steps: (score * 2 + codes.count * spacing) / (2 * spacing))
    case .counted(let codes): return Self.code(codes, steps: (score + spacing) / spacing)
    case .unordered: return nil
    }
  }

  private static func code(_ codes: [String], steps: Int) -> String? {
    codes.isEmpty ? nil : codes[min(max(0, steps), codes.count - 1)]
  }
}
