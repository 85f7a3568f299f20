import Testing

/// The table "What happens to bad input" of the documentation, row by row and in its order. Every row of it has a test,
/// most of them several; the files of this suite follow its three parts: files, rows and answers, designs and outputs.
@Suite("Bad input ends as the table says")
struct BadInputTests {
  let responses = SurveyFixture.responsesPath
  let offices = SurveyFixture.officesPath

  @Test func theFixtureItselfIsGood() throws {
    let results = try SurveyFixture().results(["--strict"])
    #expect(try results.rejected.isEmpty)
    let rows = try results.rows()
    #expect((rows.rowsRead, rows.rowsUsed) == (8, 8))
    #expect(try results.estimate("P1")["n"] == "8")
    #expect(try results.estimate("P1")["estimate"] == "70")
    #expect(try results.estimate("P2")["n"] == "5")
  }
}
