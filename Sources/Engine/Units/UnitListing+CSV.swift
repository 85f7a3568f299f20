import Export
import SurveyModel

extension UnitListing.Outcome {
  /// The listing as CSV: a row a unit and cycle, with a column a dimension of NAME and a column a question.
  public var csv: [UInt8] {
    let dimensions = Array(now.cycle.dimensions.keys)
    var questions: [String] = []
    for question in cycles.flatMap(\.questions) where !questions.contains(question) { questions.append(question) }
    var document = CSVDocument(
      header: ["cycle", "indicator", "unit", "respondent"] + dimensions
        + ["status", "denominator", "numerator", "weight", "reason", "file", "line"]
        + questions.map { "answer_\($0)" })
    for cycle in cycles {
      let names = Array(cycle.cycle.dimensions.keys)
      let places = dimensions.map { names.firstIndex(of: $0) }
      let columns = questions.map { cycle.questions.firstIndex(of: $0) }
      for unit in cycle.units {
        document.add(text: cycle.cycle.name)
        document.add(text: cycle.indicator?.id ?? "")
        document.add(text: unit.name)
        document.add(text: unit.respondent)
        for place in places { document.add(text: place.flatMap { unit.members[$0] } ?? "") }
        document.add(unit.status.rawValue)
        document.add(unit.isInDenominator ? "yes" : "no")
        document.add(unit.isInNumerator ? "yes" : "no")
        document.add(unit.weight)
        document.add(text: unit.reason)
        document.add(text: unit.file ?? "")
        document.add(unit.line)
        for column in columns { document.add(text: column.map { unit.answers[$0] } ?? "") }
        document.endRow()
      }
    }
    return document.bytes
  }
}
