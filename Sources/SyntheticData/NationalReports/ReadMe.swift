/// The page that goes with the sample data, so that nobody takes it for more than it is.
struct ReadMe {
  let seed: UInt64
  let responses: [(cycle: Int, result: ResponsesFile.Result)]

  var contents: [UInt8] { Array(text.utf8) }

  private var text: String {
    """
    # Sample data: every answer and every register record in this directory is invented

    No Party gave these answers. Real are the frame (Parties, regional groups, dates of entry into force, as good as
    `Pipelines/cartagena/frame/parties.csv` knows them), the questionnaires (question keys, answer codes, routing) and
    the order of magnitude of who reports in which region. Do not quote a number from here about a country.

    Made by `pipeline generate national-reports --seed \(seed) -o SampleData`: the same seed gives the same bytes.

    ## Responses

    One row a report: `report_id`, `party` (ISO 3166 code), `sector` (of the institution that leads the report),
    `submitted`, then a column a question. Codes of select-many answers are joined with `|`.

    | file | rows | Parties | non-Parties |
    |---|---|---|---|
    \(rows)

    A Party that reported twice in a cycle has two rows; the later one counts. One pair a cycle has the same date, so
    that the order in the file decides; in another pair the older row has no date. Non-Parties are countries that joined
    after the cycle: they lie outside its population. Questions with keys S... of cycle 2 come from a survey of 2014,
    which many reporters skipped as a whole.

    Blank cells are questions that were not asked, or not answered; some texts are in Arabic, Chinese, French, Russian or
    Spanish, with commas, quotes and line breaks. One Party never reports. One Party is the only one of its region whose
    report a trade institution leads. In \(spelled(slips.count)) reports an answer stands where the routing had asked
    nothing, which `pipeline check` should find: \(slipList).

    ## Registers

    | file | one row |
    |---|---|
    | registers/parties.csv | a Party of the frame; where only the year of entry into force is known, 1 July stands in |
    | registers/bch-records.csv | a record of the Biosafety Clearing-House; reference records have no `iso3` |
    | registers/decisions.csv | a decision on LMOs; an amended one is withdrawn on the day its successor appears |
    | registers/risk-assessments.csv | a link from a risk assessment to a decision |
    | registers/lmos.csv | an LMO, with an identifier of an applicant that does not exist |
    | registers/detection-methods.csv | a detection method; links to other databases mostly have no date |
    | registers/compliance-issues.csv | an issue of compliance, most often a missing report |

    ## How it was made

    Each Party has a level that starts from its region and rises at its own pace; each question has its own ease, which
    rises, stalls or falls over the cycles; and what is peculiar to a Party and a question persists. Their sum, and some
    noise, decides on the answer. A question that is comparable to one of an earlier cycle keeps its character, so
    answers of one Party are alike from cycle to cycle and trends are real features of the data. All numbers are drawn
    as integers (SplitMix64), so no machine rounds differently.

    `institutions/` is another family, with a page of its own: a sample survey of which the truth is known. `nhanes/`
    appears when `make nhanes` exports it from R.

    `datapackage.json`, which `make sample-data` adds, describes every column of every file here: types, codes, keys and
    references, as a Frictionless Data Package that `frictionless validate SampleData/datapackage.json` checks.

    """
  }

  private var rows: String {
    responses.map { entry in
      let result = entry.result
      return
        "| cycle-\(entry.cycle)/responses.csv | \(result.rows) | \(result.reporters) | \(result.nonParties) |"
    }.joined(separator: "\n")
  }

  private var slips: [ResponsesFile.Slip] { responses.compactMap(\.result.slip) }

  private var slipList: String {
    slips.map { "\($0.report) (\($0.question))" }.joined(separator: ", ")
  }

  private func spelled(_ number: Int) -> String {
    let words = ["no", "one", "two", "three"]
    return number < words.count ? words[number] : "\(number)"
  }
}
