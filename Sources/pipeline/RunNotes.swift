import Engine
import SurveyModel

/// What a run assumed or left out, one line each, for standard error: a number that rests on it must not surprise.
struct RunNotes {
  let lines: [String]

  init(_ outcome: RunOutcome) {
    let unreadable = outcome.accounting.flatMap { cycle in
      cycle.tables.flatMap { table in
        table.answers.map { answers in
          "\(cycle.cycle): \(answers.problem(in: table.name))"
            + (answers.question == nil ? " and are left out: \(answers.words)" : ", and are left out")
            + (answers.remedy.map { "; \($0)" } ?? "")
        }
      }
    }
    let standing = outcome.accounting.flatMap { accounting in
      accounting.standing.map { "\(accounting.cycle): \($0.words)" }
    }
    lines = unreadable + standing + outcome.headerHints.map(\.words) + outcome.notices
  }
}
