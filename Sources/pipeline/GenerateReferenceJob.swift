import ArgumentParser
import SurveyModel
import SyntheticData

/// `pipeline generate reference-job`
struct GenerateReferenceJob: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference-job",
    abstract: "The benchmark's reference job: a large invented questionnaire with the definitions that run it.",
    discussion: "pipeline run reference-job --pipelines DIR computes its indicators.")

  @Option(help: "Rows: at least 25 for each of the four strata of a region. 400000 make a file of 0.56 GB.")
  var responses: Int

  @Option(help: "Primary sampling units: at least two for each of the four strata of a region.")
  var psus = 2000

  @Option(help: "Columns with answers; a sixth are texts, a ninth integers, the others have one code.")
  var questions = 180

  @Option(help: "Indicators, each on a question with one code.")
  var indicators = 39

  @Option(help: "Regions, up to 99.")
  var regions = 5

  @Option(help: "Sectors, up to 99.")
  var sectors = 8

  @Option(help: "Columns of replicate weights in place of strata and PSUs; 0: none.")
  var replicates = 0

  @Option(help: "Another seed gives other answers.")
  var seed: UInt64 = 2026

  @Option(name: [.short, .long], help: "The directory to write into; files of the same names are replaced.")
  var output: String

  func run() throws {
    try reportingFailures {
      let job = try ReferenceJob(
        seed: seed,
        size: ReferenceJobSize(
          responses: responses, psus: psus, questions: questions, indicators: indicators, regions: regions,
          sectors: sectors, replicates: replicates))
      for file in try job.write(to: output) {
        try Terminal.print("\(file.path)  \(file.bytes) bytes")
      }
    }
  }
}
