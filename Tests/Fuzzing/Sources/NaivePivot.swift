import Foundation

@testable import Ingest

/// The rules of the long layout once more, with dictionaries.
enum NaivePivot {
  private struct Respondent {
    var place: String
    var weight: [UInt8]
    var contradiction: String?
    var answers: [(question: String, value: [UInt8], place: String, spot: String)] = []
    var strays: [String] = []
  }

  private struct Table {
    var order: [[UInt8]] = []
    var respondents: [[UInt8]: Respondent] = [:]
    var rejected: [String] = []
    var questions: Set<[UInt8]> = []
  }

  static func read(_ files: [[UInt8]], _ paths: [String], hasCodebook: Bool) -> PivotOutcome {
    var table = Table()
    for (bytes, path) in zip(files, paths) {
      let outcome = CSVOutcome { reading in
        var feed = try RecordFeed(RecordAssembler(path: path), table: "responses", format: CSVFormat())
        try bytes.withUnsafeBytes {
          try feed.take($0, choose: { _ in LongTarget.kept }, body: { reading.add($0) })
        }
        try feed.finish(choose: { _ in LongTarget.kept }, body: { reading.add($0) })
      }
      switch outcome {
      case .refused(let error): return .refused(error)
      case .read(let reading):
        table.rejected += reading.misshapen.map { "\(path):\($0.line)  row []" }
        for (row, line) in zip(reading.rows, reading.lines) { add(row, path, line, &table, hasCodebook: hasCodebook) }
      }
    }
    if !hasCodebook, !table.order.isEmpty,
      let name = ["one", "many"].first(where: { !table.questions.contains(Array($0.utf8)) })
    {
      return .noSuchQuestion(name)
    }
    return records(table, hasCodebook: hasCodebook)
  }

  private static func add(
    _ row: [[UInt8]], _ path: String, _ line: Int, _ table: inout Table, hasCodebook: Bool
  ) {
    let fields = row.map(composed)
    let (answer, question, weight, key) = (fields[0], fields[1], fields[2], fields[3])
    let (place, spot) = ("\(path):\(line)", "\((file: path, line: line))")
    // A code for no answer is no name of a respondent either.
    guard !key.isEmpty, !hasCodebook || key != Array("NA".utf8) else {
      table.rejected.append("\(place) id row [\(text(key))]")
      return
    }
    if table.respondents[key] == nil {
      table.order.append(key)
      table.respondents[key] = Respondent(place: spot, weight: weight)
    }
    guard var respondent = table.respondents.removeValue(forKey: key) else { return }
    defer { table.respondents[key] = respondent }
    if respondent.weight != weight, respondent.contradiction == nil {
      respondent.contradiction = "\(place) w row [\(text(weight))]"
    }
    table.questions.insert(question)
    let missing = hasCodebook ? [[], Array("NA".utf8)] : [[]]
    switch text(question) {
    case let name where question == Array("one".utf8) || question == Array("many".utf8):
      if !missing.contains(answer) { respondent.answers.append((name, answer, place, spot)) }
    case _ where !hasCodebook || question == Array("other".utf8): break
    case let name:
      if !question.isEmpty || !answer.isEmpty {
        respondent.strays.append("\(place) \(name) answer [\(text(answer))]")
      }
    }
  }

  private static func records(_ table: Table, hasCodebook: Bool) -> PivotOutcome {
    var (records, places, rejected): ([[[UInt8]]], [[String]], [String]) = ([], [], table.rejected)
    for key in table.order {
      guard let respondent = table.respondents[key] else { continue }
      if let contradiction = respondent.contradiction {
        rejected.append(contradiction)
        continue
      }
      let one = respondent.answers.filter { $0.question == "one" }
      let many = respondent.answers.filter { $0.question == "many" }
      let separator = [UInt8(ascii: ";")]
      let several = hasCodebook ? Array(many.map(\.value).joined(separator: separator)) : many.first?.value ?? []
      for answer in one.dropFirst() + (hasCodebook ? [] : many.dropFirst()) {
        rejected.append("\(records.count) \(answer.place) \(answer.question) answer [\(text(answer.value))]")
      }
      rejected += respondent.strays.map { "\(records.count) \($0)" }
      records.append([respondent.weight, key, one.first?.value ?? [], several])
      places.append([
        respondent.place, respondent.place, one.first?.spot ?? respondent.place, many.first?.spot ?? respondent.place,
      ])
    }
    return .pivoted(records: records, places: places, rejected: rejected.sorted())
  }

  /// The normal form that the engine compares, as Foundation makes it.
  private static func composed(_ bytes: [UInt8]) -> [UInt8] {
    Array(text(bytes).precomposedStringWithCanonicalMapping.utf8)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
