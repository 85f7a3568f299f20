import Normalize
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("What a terminal shows of data that is not acceptable")
struct DataErrorTests {
  static let place = SourceLocation(file: "r.csv", line: 7)

  typealias Message = FailureReport<DataError>

  @Test(
    "A message says what, where and what to do",
    arguments: [
      Message(
        .populationVaries(stratum: "AFR", column: "N", place),
        "error: r.csv:7: the population size in column N varies within stratum AFR",
        "  every row of a stratum must give the same number of PSUs"),
      Message(
        .populationNotANumber(value: "many", stratum: "AFR", column: "N", place),
        "error: r.csv:7: \"many\" in column N is no population size for stratum AFR",
        "  give the number of PSUs in the stratum"),
      Message(
        .noSuchQuestion(table: "responses", name: "fond", nearest: "found"),
        "error: no row of table responses answers the question \"fond\"; did you mean \"found\"?",
        "  without a codebook the rows say which questions there are; with one, none need answer it"),
      Message(
        .noUsedRow(table: "responses", read: 0), "error: table responses has no row", "  see the list of rejected rows"),
      Message(
        .noUsedRow(table: "responses", read: 3), "error: no row of table responses can be used; 3 were read",
        "  see the list of rejected rows"),
      Message(
        .tooManyRejected(table: "responses", rejected: 3, read: 100, limit: 0.01),
        "error: 3 of 100 rows of table responses were rejected, more than max-rejected 1%",
        "  the list beside the output directory says which and why"),
      Message(
        .tooManyRejected(table: "responses", rejected: 3, read: 100, limit: 0.025),
        "error: 3 of 100 rows of table responses were rejected, more than max-rejected 2.5%",
        "  the list beside the output directory says which and why"),
      Message(
        .anyRejected(table: "responses", rows: 1, answers: 2),
        "error: table responses has 1 rejected rows and 2 rejected answers, and --strict allows none",
        "  the list beside the output directory says which and why"),
    ])
  func reports(message: Message) {
    #expect(message.error.report == message.text)
    #expect(message.error.exitStatus == .unacceptableData)
  }
}
