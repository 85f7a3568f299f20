/// How often intervals held the truth.
struct CoverageTally: Sendable, Equatable {
  private(set) var replications = 0
  private(set) var intervals = 0
  /// Intervals that end below the truth, and that begin above it.
  private(set) var below = 0
  private(set) var above = 0
  /// Samples with an estimate of 0 or 100 % (of a change: in either cycle), and those whose interval has no width
  /// although the estimate is neither.
  private(set) var atEnd = 0
  private(set) var withoutWidth = 0
  private var widths = 0.0
  private var designEffects = 0.0
  private var withDesignEffect = 0

  /// A bound that is the truth but for rounding holds it.
  private static let rounding = 1e-12

  mutating func add(_ interval: ClosedRange<Double>?, truth: Double, isAtEnd: Bool, designEffect: Double? = nil) {
    replications += 1
    if isAtEnd { atEnd += 1 }
    if let designEffect {
      designEffects += designEffect
      withDesignEffect += 1
    }
    guard let interval else { return }
    intervals += 1
    let width = interval.upperBound - interval.lowerBound
    widths += width
    if width < Self.rounding, !isAtEnd { withoutWidth += 1 }
    if interval.upperBound < truth - Self.rounding { below += 1 }
    if interval.lowerBound > truth + Self.rounding { above += 1 }
  }

  var noInterval: Int { replications - intervals }

  /// Shares of the samples that have an interval; nil where none has.
  var coverage: Double? { ofIntervals(Double(intervals - below - above)) }
  var belowShare: Double? { ofIntervals(Double(below)) }
  var aboveShare: Double? { ofIntervals(Double(above)) }
  var meanWidth: Double? { ofIntervals(widths) }

  /// Over the samples that have a design effect.
  var meanDesignEffect: Double? { withDesignEffect > 0 ? designEffects / Double(withDesignEffect) : nil }

  private func ofIntervals(_ sum: Double) -> Double? { intervals > 0 ? sum / Double(intervals) : nil }
}
