import Foundation
import SurveyTestSupport
import Testing

/// What messages say of files that other programs wrote: the likely cause, and what to write.
@Suite("Advice for files of other programs")
struct AdviceTests {
  private func run(
    table: String = "", codebook: String, indicators: String, rows: String, command: String = "run"
  ) throws -> CommandRun {
    let directory = try TemporaryDirectory()
    try directory.write(
      """
      pipeline: s
      tables: {responses: {path: ../s.csv, codebook: codebook.yaml\(table)}}
      reliability: none
      indicators: indicators.yaml

      """, to: "Pipelines/s.yaml")
    try directory.write(codebook + "\n", to: "Pipelines/codebook.yaml")
    try directory.write(indicators + "\n", to: "Pipelines/indicators.yaml")
    try directory.write(rows, to: "s.csv")
    return try CommandRun([command, "s"], in: directory.path)
  }

  private static let codes = "questions: {q: {type: one, options: [\"01\", \"2\"]}}"
  private static let one = "- {id: A, title: A, numerator: {q: \"01\"}}"

  @Test(arguments: [";", "\t", "|"]) func aQuotedHeaderWithAnotherDelimiter(delimiter: String) throws {
    let run = try run(
      codebook: Self.codes, indicators: Self.one, rows: "\"id\"\(delimiter)\"q\"\n\"1\"\(delimiter)\"2\"\n")
    #expect(run.status == 65)
    let shown = delimiter == "\t" ? "\\t" : delimiter
    #expect(
      run.error == """
        error: Pipelines/../s.csv:1:1: text follows a closing quote
          if "\(shown)" stands between the fields, write `delimiter: "\(shown)"` in the definition of the table

        """ || run.error.contains("write `delimiter: \"\(shown)\"` in the definition of the table"), "\(run.error)")
    #expect(run.error.contains("s.csv:1:1: text follows a closing quote"))
  }

  @Test(
    "Dates: the advice fits all that were refused",
    arguments: [
      (["03/05/2024", "25/12/2024"], "`date-format: dd/MM/yyyy` on the table reads them"),
      (["05/03/2024", "12/25/2024"], "`date-format: MM/dd/yyyy` on the table reads them"),
      (["03/05/2024", "04/05/2024"], "`date-format: dd/MM/yyyy` or `MM/dd/yyyy` on the table reads them"),
      (
        ["25/12/2024", "1/2/2024 9:05", "1/2/2024 9:05:30"],
        "`date-format: d/M/yyyy[ H:mm[:ss]]` on the table reads them"
      ),
      (["25/12/2024", "n/a"], "`date-format: dd/MM/yyyy` on the table reads it"),
      (
        ["03/05/2024", "25.12.2024"],
        "the dates are written in several ways, such as \"03/05/2024\" and \"25.12.2024\": write them in one"
      ),
      (
        ["45315", "45316.5"], "this is a day as Excel counts them: format the column as a date before saving it as CSV"
      ),
      (["3/5/24 14:31"], "years of two digits leave the century open: write four digits in the file"),
      (
        ["2024/03/02 10:00:00 AM EET", "2024/03/02 1:00:00 PM EET"],
        "the zone is a name: write an offset such as +02:00 in its place, or, where all rows have EET, "
          + "`date-format: \"yyyy/MM/dd h:mm:ss a' EET'\"` for the table"
      ),
      (
        ["2024-03-02 10:00 GMT+2", "2023-03-02 10:00 GMT+2"],
        "`date-format: \"yyyy-MM-dd HH:mm' GMT+2'\"` for the table"
      ),
    ])
  func dates(values: [String], advice: String) throws {
    let rows = "d,x\n" + values.map { "\($0),1\n" }.joined()
    let codebook = "questions: {d: {type: date}}"
    let indicators = "- {id: A, title: A, numerator: {d: {after: 2024-01-01}}}"
    let refused = try run(codebook: codebook, indicators: indicators, rows: rows)
    #expect(refused.status == 65 && refused.error.contains(advice), "\(refused.error)")
    // What it names reads them.
    guard let start = advice.range(of: "`date-format: "), !advice.contains("reads it"),
      let end = advice[start.upperBound...].firstIndex(of: "`")
    else { return }
    let format = advice[start.upperBound..<end].replacingOccurrences(of: "\"", with: "")
    let accepted = try run(
      table: ", date-format: \"\(format)\"", codebook: codebook, indicators: indicators, rows: rows)
    #expect(accepted.status == 0 && accepted.error.isEmpty, "\(accepted.error)")
  }

  @Test func datesOfTheLatestRow() throws {
    let run = try run(
      table: ", unit: u, submitted: d, roll-up: latest", codebook: Self.codes, indicators: Self.one,
      rows: "u,d,q\na,03/05/2024,2\na,04/05/2024,01\nb,2024-05-25,2\nc,25/05/2024,2\n")
    #expect(run.status == 65)
    #expect(run.error.contains("write `date-format: dd/MM/yyyy` for the table, or correct the date"), "\(run.error)")
  }

  @Test("What spreadsheets write, and what does not show")
  func spreadsheets() throws {
    let check = try run(
      codebook: "missing: [\"\", \"99\"]\nquestions: {q: {type: one, options: [\"01\", \"2\"]}, n: {type: number}}",
      indicators: Self.one, rows: "q,n\n\"=\"\"01\"\"\",1\n#NULL!,.\n2\u{A0},\u{2212}5\n\u{200B}2,1\n2\t,1\n",
      command: "check")
    #expect(check.status == 65)
    for words in [
      "this is Excel's formula for \"01\": write the text alone, without `=` and the quotes",
      "this is an error value of a spreadsheet or of SPSS: if it stands for no answer, write "
        + "`missing: [\"\", \"99\", \"#NULL!\"]` on the question",
      "if it stands for no answer, write `missing: [\"\", \"99\", \".\"]` on the question",
      "it has a trailing no-break space (U+00A0); the code is \"2\"", "its minus is U+2212; write a hyphen, -",
      "it has a leading invisible character (U+200B); the code is \"2\"", "it has a trailing tab; the code is \"2\"",
    ] {
      #expect(check.output.contains(words), "\(words)\n\(check.output)")
    }
  }

  @Test func aNoBreakSpaceInTheHeaderIsVisible() throws {
    let run = try run(codebook: Self.codes, indicators: Self.one, rows: "q\u{A0},x\n01,1\n")
    #expect(run.status == 65)
    #expect(run.error.contains("lacks the column \"q\"; did you mean \"q\\u{00A0}\"?"), "\(run.error)")
  }

  @Test func aDelimiterAtTheEndOfEveryRow() throws {
    let run = try run(codebook: Self.codes, indicators: Self.one, rows: "id,q\n1,01,\n2,2,\n")
    #expect(run.status == 65)
    #expect(
      run.error.contains(
        "3 fields, but the header has 2: if every row ends with a delimiter, end the header with one, too"))
    #expect(try self.run(codebook: Self.codes, indicators: Self.one, rows: "id,q,\n1,01,\n2,2,\n").status == 0)
  }

  @Test func optionsThatHoldTheSeparator() throws {
    let run = try run(
      table: ", multiple-separator: \",\"",
      codebook: "questions: {q: {type: many, options: [Bus, \"Train (regional, express)\"]}}",
      indicators: "- {id: A, title: A, numerator: {q: Bus}}", rows: "q,x\nBus,1\n")
    #expect(run.status == 78)
    #expect(run.error.contains("or export one column for each option and list them under `columns`"), "\(run.error)")
  }
}
