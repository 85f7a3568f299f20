import Engine
import SurveyModel

/// What a run assumed or left out, one line each, for standard error: a number that rests on it must not surprise.
struct RunNotes {
  let lines: [String]

  init(_ outcome: RunOutcome) {
    let unreadable = zip(outcome.estimates, outcome.accounting).flatMap { estimates, cycle in
      cycle.tables.flatMap { Self.unreadable($0, of: estimates.cycle) }
    }
    let leftOut = outcome.accounting.flatMap(\.leftOutRows)
    let standing = outcome.accounting.flatMap { accounting in
      accounting.standing.flatMap(\.lines).map { "\(accounting.cycle): \($0)" }
    }
    lines = unreadable + leftOut + standing + outcome.headerHints.map(\.words) + outcome.notices
  }

  private static func unreadable(_ table: CycleAccounting.Table, of cycle: SurveyCycle) -> [String] {
    table.answers.map { answers in
      "\(cycle.name): \(answers.problem(in: table.name))"
        + (answers.question == nil ? " and are left out: \(answers.words)" : ", and are left out")
        + (answers.remedy.map { "; \($0)" } ?? "")
        + breakdowns(of: answers.column, in: table.name, cycle)
    }
  }

  /// What becomes of rows whose member cannot be read.
  private static func breakdowns(of column: String, in table: String, _ cycle: SurveyCycle) -> String {
    let names = cycle.dimensions.values.filter { dimension in
      switch dimension.source {
      case .column(let name): name == column
      case .join(let register, _, _, let name): register == table && name == column
      }
    }.map(\.name)
    guard !names.isEmpty else { return "" }
    return "; broken down by \(names.joined(separator: " or ")) their rows are in \(Dimension.unknownMember)"
  }
}
