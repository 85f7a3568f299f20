/// The definition files that go with the responses.
struct ReferenceDefinitions {
  let size: ReferenceJobSize
  let design: ReferenceDesign
  let questions: [ReferenceQuestion]

  /// The NAME of the pipeline.
  static let name = "reference-job"

  var files: [(path: String, text: String)] {
    [
      ("\(Self.name).yaml", pipeline), ("codebook.yaml", codebook), ("indicators.yaml", indicators),
      ("regions.yaml", labels(design.regions)), ("sectors.yaml", labels(design.sectors)),
    ]
  }

  private var pipeline: String {
    let sampling =
      size.replicates > 0 ? "  replicates: {columns: \"rw*\", type: bootstrap}" : "  strata: [stratum]\n  psu: network"
    return """
      # Made by `pipeline generate reference-job`: every answer is invented.
      pipeline: \(Self.name)
      title: The reference job of the benchmark, \(size.responses) invented responses
      year: 2026
      tables:
        responses: {path: responses.csv, codebook: codebook.yaml}
      dimensions:
        region: {column: region, labels: regions.yaml}
        sector: {column: sector, labels: sectors.yaml}
      group-by: [[region], [sector], [region, sector]]
      design:
        weight: weight
      \(sampling)
      interval: {method: wilson, level: 0.95}
      indicators: indicators.yaml

      """
  }

  private var codebook: String {
    let lines = questions.enumerated().map { place, question in
      let type =
        switch question.kind {
        case .choice: "one, options: [\(question.scale.codes.map(quoted).joined(separator: ", "))]"
        case .integer: "integer"
        case .text: "text"
        }
      return "  \(question.key): {type: \(type), label: \"Question \(place + 1)\"}\n"
    }
    return "missing: [\"\"]\nquestions:\n" + lines.joined()
  }

  /// On single-choice questions that are spread evenly over all of them.
  private var indicators: String {
    let choices = questions.filter { $0.kind == .choice }
    return (0..<size.indicators).map { place in
      let question = choices[place * choices.count / size.indicators]
      let good = question.scale.codes.prefix(question.scale.good)
      return """
        - id: \(numbered("R.", place + 1, of: size.indicators, digits: 2))
          title: "\(question.key): \(good.joined(separator: " or "))"
          unit: institution
          numerator: {\(question.key): [\(good.map(quoted).joined(separator: ", "))]}

        """
    }.joined(separator: "\n")
  }

  private func labels(_ members: [(code: String, label: String)]) -> String {
    members.map { "\($0.code): \"\($0.label)\"\n" }.joined()
  }

  /// In quotes, so that `yes` is text for every reader of YAML.
  private func quoted(_ code: String) -> String { "\"\(code)\"" }
}
