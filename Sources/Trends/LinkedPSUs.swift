import Estimate
import SurveyModel

/// How many PSUs of two cycles' responses are the same.
public struct LinkedPSUs: Sendable, Equatable {
  /// The NAMEs.
  public var cycle: String
  public var compareTo: String
  public var overlap: TrendRequest.Overlap
  /// PSUs with a used row in the later cycle, in the earlier one, and in both; 0 in both where the definition says that
  /// the samples are new.
  public var now: Int
  public var then: Int
  public var inBoth: Int

  /// - Returns: nil where nothing could link the cycles.
  init?(now: CycleEstimates, then: CycleEstimates, main: SurveyCycle, numbers: inout PSUNumbers) {
    guard main.linkingKey != nil, let overlap = main.trend.overlap else { return nil }
    let kinds = now.sums.tables.keys.filter { $0.table == SurveyCycle.responsesTable && then.sums.tables[$0] != nil }
    let own = main.tables[SurveyCycle.responsesTable]?.rollUp ?? .none
    let kind = kinds.first { $0.rollUp == own } ?? kinds.min { $0.rollUp.rawValue < $1.rollUp.rawValue }
    guard let kind, let later = now.sums.tables[kind], let earlier = then.sums.tables[kind], later.hasLinkedPSUs,
      earlier.hasLinkedPSUs
    else { return nil }
    cycle = now.cycle.name
    compareTo = then.cycle.name
    self.overlap = overlap
    self.now = later.isSampled.count { $0 }
    self.then = earlier.isSampled.count { $0 }
    inBoth = 0
    guard overlap == .psu else { return }
    let laterNumbers = numbers.numbers(of: later).psus
    let earlierNumbers = numbers.numbers(of: earlier).psus
    var isInEarlier = Array(repeating: false, count: numbers.count)
    for (psu, number) in earlierNumbers.enumerated() where number >= 0 && earlier.isSampled[psu] {
      isInEarlier[Int(number)] = true
    }
    for (psu, number) in laterNumbers.enumerated() where number >= 0 && later.isSampled[psu] {
      if isInEarlier[Int(number)] { inBoth += 1 }
    }
    // Where units are PSUs, a few in both are a small cell.
    let smallest = max(now.cycle.minimumCell, then.cycle.minimumCell)
    if main.unitsArePSUs, inBoth > 0, inBoth < smallest { return nil }
  }
}
