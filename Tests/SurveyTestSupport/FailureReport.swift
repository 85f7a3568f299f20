import SurveyModel

/// A failure and the lines that a terminal shows of it.
public struct FailureReport<Problem: Failure>: Sendable {
  public var error: Problem
  public var text: String

  public init(_ error: Problem, _ lines: String...) {
    self.error = error
    text = lines.joined(separator: "\n")
  }
}
