import ArgumentParser

/// `pipeline generate`
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write synthetic data: seeded, the same bytes every time.",
    subcommands: [GenerateNationalReports.self, GenerateInstitutions.self, GenerateReferenceJob.self])
}
