import Engine
import SurveyModel

/// What a run assumed or left out, one line each, for standard error: a number that rests on it must not surprise.
struct RunNotes {
  let lines: [String]

  init(_ outcome: RunOutcome) {
    let unreadable = outcome.accounting.flatMap { cycle in
      cycle.tables.flatMap { table in
        table.answers.map { answers in
          "\(cycle.cycle): \(answers.rejected) of \(answers.given) answers in column \(answers.column) of "
            + "\(table.name) cannot be read and are left out: \(answers.words)"
            + (answers.remedy.map { "; \($0)" } ?? "")
        }
      }
    }
    let standing = outcome.accounting.flatMap { accounting in
      accounting.standing.flatMap(\.lines).map { "\(accounting.cycle): \($0)" }
    }
    lines = unreadable + standing + outcome.headerHints.map(\.words) + outcome.notices
  }
}
