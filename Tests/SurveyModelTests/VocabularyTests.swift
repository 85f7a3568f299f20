import SurveyModel
import Testing

@Suite("Words that all stages share")
struct VocabularyTests {
  @Test("A place prints what is known of it")
  func location() {
    #expect(SourceLocation(file: "a.csv").description == "a.csv")
    #expect(SourceLocation(file: "a.csv", line: 3).description == "a.csv:3")
    #expect(SourceLocation(file: "a.csv", line: 3, column: 7).description == "a.csv:3:7")
    #expect(SourceLocation(file: "a.csv", column: 7).description == "a.csv")
  }

  @Test("A report is one line, or two where there is advice")
  func report() {
    var failure = Sample()
    #expect(failure.report == "error: it broke")
    failure.location = SourceLocation(file: "a.csv", line: 3, column: 7)
    #expect(failure.report == "error: a.csv:3:7: it broke")
    failure.advice = "mend it"
    #expect(failure.report == "error: a.csv:3:7: it broke\n  mend it")
  }

  @Test("Exit statuses are those of sysexits.h")
  func exitStatuses() {
    let statuses: [ExitStatus] = [
      .done, .usage, .unacceptableData, .missingInput, .engineUnavailable, .cannotCreateOutput, .inputOutput,
      .outputInUse, .badDefinition, .interrupted, .terminated,
    ]
    #expect(statuses.map(\.rawValue) == [0, 64, 65, 66, 69, 73, 74, 75, 78, 130, 143])
  }

  @Test("A missing or a doubled row unbalances an account")
  func accounting() {
    var one = RowAccounting()
    one.read = 10
    one.used = 5
    one.superseded = 2
    one.outsidePopulation = 1
    one.rejected = 2
    #expect(one.isBalanced)
    let parts: [WritableKeyPath<RowAccounting, Int>] = [
      \.read, \.used, \.superseded, \.outsidePopulation, \.rejected,
    ]
    for part in parts {
      var other = one
      other[keyPath: part] += 1
      #expect(!other.isBalanced)
    }
  }

  @Test("A cell belongs to the grouping of the dimensions that it fixes")
  func cells() {
    let cell = Cell(members: [nil, "AFR", nil, "_U"])
    #expect(cell.grouping == [1, 3])
    #expect(!cell.isTotal)
    #expect(cell.printedMembers == ["_T", "AFR", "_T", "_U"])
    #expect(Cell.total(dimensions: 2) == Cell(members: [nil, nil]))
    #expect(Cell.total(dimensions: 0).isTotal && Cell.total(dimensions: 3).isTotal)
  }

  private struct Sample: Failure {
    var summary: String { "it broke" }
    var location: SourceLocation?
    var advice: String?
    var exitStatus: ExitStatus { .badDefinition }
  }
}
