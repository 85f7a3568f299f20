import SurveyTestSupport

/// A random survey with random damage, which knows by itself what becomes of every row: the engine has no part in it.
struct DamagedSurvey {
  /// What was done to a row, or to one of its answers.
  enum Damage: String, CaseIterable {
    case tooFewFields, tooManyFields, badWeight, repeatedRespondent, unknownUnit, noRespondent, noUnit
    case outsidePopulation, earlierReport, badCode, badChoice
    case repeatedUnit, shortUnit, namelessUnit
    case contradiction, secondAnswer, strayQuestion
  }

  struct Accounting: Equatable {
    var read = 0
    var used = 0
    var superseded = 0
    var outside = 0
    var rejected = 0
    var answersRejected = 0
  }

  /// A line of `rejected.csv`, as far as it says what was rejected where.
  struct Listed: Hashable, Comparable {
    var file: String
    var line: Int
    var column: String
    var scope: String

    static func < (one: Listed, two: Listed) -> Bool {
      (one.file, one.line, one.column, one.scope) < (two.file, two.line, two.column, two.scope)
    }
  }

  let layout: SurveyLayout
  /// Files by name, and which of them hold the responses.
  var files: [String: [UInt8]] = [:]
  var responseFiles: [String] = []
  var responses = Accounting()
  var frame = Accounting()
  var listed: [Listed] = []
  var damage: Set<Damage> = []
  /// The same survey without what is not used, in one plain file.
  var cleanResponses: [String] = []
  var cleanFrame: [String] = []

  var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    layout = SurveyLayout(using: &generator)
    let units = writeFrame()
    let rows = makeRows(units: units)
    if layout.isLong { writeLong(rows) } else { writeWide(rows) }
  }

  mutating func random(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func random<Element>(of list: [Element]) -> Element { list[random(0..<list.count)] }
  mutating func happens(oneIn count: Int) -> Bool { random(0..<count) == 0 }
  mutating func append(_ fields: [String], to file: inout WrittenFile) -> Int {
    file.append(fields, using: &generator)
  }
  mutating func newFile() -> WrittenFile { WrittenFile(using: &generator) }
  mutating func remark() -> String { WrittenFile.remark(using: &generator) }

  // MARK: - The register

  /// What the register is left with.
  struct Units {
    var members: [String] = []
    var outsiders: [String] = []
    /// Units whose row is rejected, so that nobody knows them.
    var lost: [String] = []
  }

  private mutating func writeFrame() -> Units {
    var units = Units()
    cleanFrame = ["u,g,member"]
    var file = newFile()
    _ = append(["g", "member", "u", "note"], to: &file)
    for number in 0..<30 {
      let unit = "unit \(number)"
      let (group, member) = ("g\(number % 3)", number % 7 == 6 ? "0" : "1")
      frame.read += 1
      if happens(oneIn: 10) {
        note(.shortUnit)
        rejectUnit(append([group, member, unit], to: &file), column: "")
        units.lost.append(unit)
        continue
      }
      _ = append([group, member, unit, remark()], to: &file)
      frame.used += 1
      cleanFrame.append("\(unit),\(group),\(member)")
      if member == "1" { units.members.append(unit) } else { units.outsiders.append(unit) }
      if happens(oneIn: 12) {
        frame.read += 1
        let line = append([group, member, unit, remark()], to: &file)
        if layout.joins {
          note(.repeatedUnit)
          rejectUnit(line, column: "u")
        } else {
          // Where nobody looks units up, one may stand there twice.
          frame.used += 1
          cleanFrame.append("\(unit),\(group),\(member)")
        }
      }
      if happens(oneIn: 15) {
        note(.namelessUnit)
        frame.read += 1
        rejectUnit(append(["g0", "1", "", remark()], to: &file), column: "u")
      }
    }
    files["frame.csv"] = file.whole
    return units
  }

  private mutating func rejectUnit(_ line: Int, column: String) {
    frame.rejected += 1
    listed.append(Listed(file: "frame.csv", line: line, column: column, scope: "row"))
  }

  mutating func note(_ kind: Damage) { damage.insert(kind) }

  // MARK: - Rows

  /// A response and what will become of it.
  struct Row {
    var id: String
    var unit: String
    var day = ""
    var stratum: String
    var psu: String
    var weight: String
    var answer: String
    var choices: [String]
    var fate = Fate.used
    var badAnswers: [String] = []
    /// Fields more or fewer than the header has.
    var surplus = 0

    /// The column is empty where the whole row is meant.
    enum Fate: Equatable { case used, superseded, outside, rejected(column: String) }
  }

  private mutating func makeRows(units: Units) -> [Row] {
    var rows: [Row] = []
    for number in 0..<random(20..<60) {
      let stratum = random(0..<2)
      var row = Row(
        id: "r\(number)", unit: random(of: units.members), stratum: "h\(stratum)", psu: "p\(random(0..<4))",
        weight: random(of: ["1", "2.5", "0.125", "1e1", "0"]), answer: random(of: ["1", "0", "0", ""]),
        choices: random(of: [[], ["a"], ["b", "c"], ["a", "b", "c"]]))
      if layout.keepsLatest { row.day = random(of: ["", "2024-01-05", "2024-02-01", "2023-12-31"]) }
      if happens(oneIn: 3) { spoil(&row, after: rows, units: units) }
      if row.fate == .used || happens(oneIn: 3), layout.takesBadAnswers(of: row) { spoilAnswers(&row) }
      rows.append(row)
    }
    if layout.keepsLatest { supersede(&rows) }
    return rows
  }

  private mutating func spoil(_ row: inout Row, after rows: [Row], units: Units) {
    let kind = random(of: layout.rowDamage)
    switch kind {
    case .tooFewFields:
      row.surplus = -random(1..<layout.columns.count - 2)
      row.fate = .rejected(column: "")
    case .tooManyFields:
      row.surplus = random(1..<3)
      row.fate = .rejected(column: "")
    case .badWeight:
      row.weight = random(of: ["-1", "", "heavy", "NaN", "1e-200", "1,5", "inf"])
      row.fate = .rejected(column: "w")
    case .repeatedRespondent:
      // A row that was left out itself keeps nobody from its key.
      guard let first = rows.filter({ $0.fate == .used }).randomElement(using: &generator) else { return }
      row.id = first.id
      row.fate = .rejected(column: "id")
    case .unknownUnit:
      row.unit = random(of: units.lost + ["nobody", "unit 0 ", "UNIT 1"])
      row.fate = .rejected(column: "u")
    case .noRespondent:
      row.id = ""
      row.fate = .rejected(column: "id")
    case .noUnit:
      row.unit = ""
      row.fate = .rejected(column: "u")
    case .outsidePopulation:
      row.unit = random(of: units.outsiders)
      row.fate = .outside
    default:
      return
    }
    note(kind)
  }

  private mutating func spoilAnswers(_ row: inout Row) {
    if happens(oneIn: 6) {
      note(.badCode)
      row.answer = random(of: ["2", " 1", "yes", "\u{FF11}"])
      row.badAnswers.append("q1")
    }
    if happens(oneIn: 8) {
      note(.badChoice)
      row.choices = random(of: [["a", "x"], ["A"], ["a", " b"], ["", "a"]])
      row.badAnswers.append("q2")
    }
  }

  /// Of the rows of a unit the one with the latest day stays, of equal days the later one.
  private mutating func supersede(_ rows: inout [Row]) {
    for (unit, places) in Dictionary(grouping: rows.indices.filter { rows[$0].fate == .used }, by: { rows[$0].unit }) {
      guard let last = places.max(by: { (rows[$0].day, $0) < (rows[$1].day, $1) }) else { continue }
      for place in places where place != last {
        note(.earlierReport)
        rows[place].fate = .superseded
      }
      assert(rows[last].unit == unit)
    }
  }

  // MARK: - One row a response

  private mutating func writeWide(_ rows: [Row]) {
    let count = random(1..<4)
    var start = 0
    for number in 0..<count {
      let name = "responses-\(number).csv" + (happens(oneIn: 3) ? ".gz" : "")
      let end = number == count - 1 ? rows.count : random(start..<rows.count + 1)
      var file = newFile()
      _ = append(layout.columns, to: &file)
      for row in rows[start..<end] {
        var fields = layout.columns.map { value(of: row, in: $0) }
        if row.surplus < 0 { fields.removeLast(-row.surplus) }
        fields += (0..<max(0, row.surplus)).map { _ in "more" }
        account(for: row, file: name, line: append(fields, to: &file))
      }
      files[name] = name.hasSuffix(".gz") ? gzipped(file.whole) : file.whole
      responseFiles.append(name)
      start = end
    }
    writeClean(rows)
  }

  private mutating func value(of row: Row, in column: String) -> String {
    column == "note" ? remark() : Self.plainValue(of: row, in: column)
  }

  private static func plainValue(of row: Row, in column: String) -> String {
    switch column {
    case "id": row.id
    case "u": row.unit
    case "day": row.day
    case "h": row.stratum
    case "p": row.psu
    case "w": row.weight
    case "q1": row.answer
    case "q2": row.choices.joined(separator: "|")
    default: ""
    }
  }

  private mutating func account(for row: Row, file: String, line: Int) {
    responses.read += 1
    switch row.fate {
    case .used: responses.used += 1
    case .superseded: responses.superseded += 1
    case .outside: responses.outside += 1
    case .rejected(let column):
      responses.rejected += 1
      listed.append(Listed(file: file, line: line, column: column, scope: "row"))
    }
    // The answers of rows that are left out are not looked at.
    guard row.fate == .used || row.fate == .superseded else { return }
    for column in row.badAnswers { reject(answer: column, file: file, line: line) }
  }

  mutating func reject(answer column: String, file: String, line: Int) {
    responses.answersRejected += 1
    listed.append(Listed(file: file, line: line, column: column, scope: "answer"))
  }

  /// The rows that are used, in their order, without the answers that are none.
  mutating func writeClean(_ rows: [Row]) {
    let columns = layout.columns.filter { $0 != "note" }
    cleanResponses = [columns.joined(separator: ",")]
    for row in rows where row.fate == .used {
      cleanResponses.append(
        columns.map { row.badAnswers.contains($0) ? "" : Self.plainValue(of: row, in: $0) }.joined(separator: ","))
    }
  }
}
