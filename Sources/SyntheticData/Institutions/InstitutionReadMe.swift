/// The page that goes with a survey of institutions, so that nobody takes it for more than it is.
struct InstitutionReadMe {
  let survey: InstitutionSurvey
  let seed: UInt64

  private var responses: Int { survey.design.strata.reduce(0) { $0 + $1.responses } }
  private var cycles: String {
    let (first, last) = (survey.cycles.first ?? 0, survey.cycles.last ?? 0)
    return first == last ? "\(first)" : "\(first)..\(last)"
  }

  var text: String {
    """
    # A survey of institutions: every institution and every answer in this directory is invented

    Real are the Parties and their regional groups. Do not quote a number from here about a country.

    Made by `pipeline generate institutions --responses \(responses) --cycles \(cycles) --seed \(seed) -o DIR`: the same
    seed gives the same bytes. `pipeline run institutions-cycle-4` reads what lies in `SampleData/institutions`.

    | file | one row |
    |---|---|
    | institutions-cycle-4/responses.csv and the like | what an institution answered in a cycle |
    | registers/parties.csv | a Party of the frame |
    | truth.csv | the true value of an indicator in a cell: over all institutions of the population, sampled or not |

    Strata are region x sector. In each, networks of institutions (the PSUs) are drawn at random, at rates that differ
    from stratum to stratum, and institutions within the networks; `weight` is the inverse of an institution's chance,
    `stratum_size` the number of networks in the stratum's population. A third of the networks is a panel and answers
    in every cycle; the others are fresh each time. Networks differ in size and in what they answer, so answers within
    one are alike.

    An empty cell or `NA` is a question that was not asked or not answered; who leaves out which answer is chance alone.
    `truth.csv` says `_T` for totals. Indicators I.1 to I.12 count institutions. P.1 to P.3 count Parties: there the
    truth rolls up all institutions of a Party, where the survey sees those that answered.

    """
  }
}
