import ArgumentParser
import Engine
import SurveyModel

/// `pipeline check NAME`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read and check all data against the codebooks, and compute nothing.",
    discussion: "Ends with status 65 if there is any problem.")

  @Argument(help: "The pipeline.")
  var name: String

  @OptionGroup var directory: DirectoryOption

  func run() throws {
    try reportingFailures {
      let report = try DataCheck(name: name, pipelines: directory.pipelines).run()
      try show(report)
      if report.hasProblems { throw ExitCode(ExitStatus.unacceptableData.rawValue) }
    }
  }

  private func show(_ report: DataCheck.Report) throws {
    for problem in report.rejections { try Terminal.print(line(problem, kind: problem.scope.rawValue)) }
    for answer in report.routedOutAnswers { try Terminal.print(line(answer, kind: "routing")) }
    for notice in report.notices { try Terminal.print("look at \(notice)") }
    if !report.unknownValues.isEmpty {
      try Terminal.print("")
      try Terminal.print("Most frequent unknown values")
      for column in report.unknownValues {
        let values = column.values.map { "\(quoted($0.value)) \($0.count)x" }.joined(separator: ", ")
        try Terminal.print("  \(column.file) \(column.column): \(values)")
      }
    }
    for hint in report.headerHints { try Terminal.print("look at \(hint.words)") }
    if report.hasProblems || !report.notices.isEmpty || !report.headerHints.isEmpty { try Terminal.print("") }
    for table in report.accounting.tables {
      try Terminal.print(
        "\(table.name): \(table.rows.read) rows read, \(table.rows.rejected) rejected, "
          + "\(table.rows.outsidePopulation) outside the population, \(table.answersRejected) answers rejected")
    }
    let count = report.rejections.count + report.routedOutAnswers.count
    try Terminal.print(count == 0 ? "no problem found" : "\(count) problem\(count == 1 ? "" : "s") found")
  }

  private func line(_ problem: Rejection, kind: String) -> String {
    var place = "\(problem.file):\(problem.line)"
    if !problem.column.isEmpty { place += ": \(problem.column)" }
    return "\(place): \(kind): \(problem.reason)" + (problem.value.isEmpty ? "" : ": \(quoted(problem.value))")
  }

  /// The value in quotes, on one line.
  private func quoted(_ value: String) -> String {
    let longest = 60
    return "\"\(value.withVisibleControls.truncated(to: longest))\""
  }
}
