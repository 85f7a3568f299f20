import ArgumentParser
import SurveyModel

/// What may differ from the definition without another number becoming wrong: the breakdowns, the indicators that are
/// shown, and the interval.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Break results down by these dimensions, in place of the definition's groupings.", valueName: "dimensions"))
  var by: [String] = []

  @Option(help: ArgumentHelp("Show and write this indicator only; may be repeated.", valueName: "id"))
  var indicator: [String] = []

  @Option(help: "The confidence interval, in place of the definition's.")
  var method: IntervalMethod?

  @Option(help: "The confidence level, such as 0.95.")
  var level: Double?

  /// nil: those of the definition.
  var groupings: [[String]]? {
    by.isEmpty ? nil : by.map(Grouping.names)
  }

  func validate() throws {
    if let level, !(level > 0 && level < 1) {
      throw ValidationError("--level must be between 0 and 1, such as 0.95")
    }
    try Grouping.validate(by)
  }
}

/// A breakdown as it is typed: `region`, or `region,sector` for a crossing.
enum Grouping {
  static func names(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

  static func validate(_ by: [String]) throws {
    let groupings = by.map { Set(names($0)) }
    if by.contains(where: { $0.split(separator: ",", omittingEmptySubsequences: false).contains("") }) {
      throw ValidationError("--by takes the names of dimensions, as in --by region or --by region,sector")
    }
    if Set(groupings).count < by.count || zip(by, groupings).contains(where: { names($0).count > $1.count }) {
      throw ValidationError("--by names a dimension or a crossing twice")
    }
  }
}

extension IntervalMethod: ExpressibleByArgument {}
