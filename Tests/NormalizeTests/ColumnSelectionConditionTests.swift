import SurveyModel
import SurveyTestSupport
import Testing

@testable import Normalize

/// Conditions on a question made of columns, against the rules read once more: every option is ticked, not ticked,
/// missing or unreadable, and a condition is what all that these could have been agree on.
@Suite("Conditions on options in columns of their own")
struct ColumnSelectionConditionTests {
  private static let options = ["bus", "train", "foot"]

  private func codebook(blankIsUnticked: Bool) -> (Codebook, ColumnSelection) {
    let selection = ColumnSelection(
      key: "t", columns: ["bus": "c0", "train": "c1", "foot": "c2"], ticked: ["Y", "1"])
    var codebook = Codebook()
    for (option, column) in selection.columns {
      var question = Question(key: column, type: .one, options: ["Y", "1", "N"] + (blankIsUnticked ? [""] : []))
      question.part = Question.Part(question: "t", option: option, blankIsUnticked: blankIsUnticked)
      codebook.questions[column] = question
    }
    codebook.selections["t"] = selection
    return (codebook, selection)
  }

  private enum Cell { case ticked, unticked, missing, unreadable }

  private func cell(_ text: String, blankIsUnticked: Bool) -> Cell {
    switch text {
    case "Y", "1": .ticked
    case "N": .unticked
    case "": blankIsUnticked ? .unticked : .missing
    default: .unreadable
    }
  }

  /// What a form comes to: nil where the unreadable cells decide. A missing cell is no tick.
  private func kleene(_ cells: [Cell], isAll: Bool) -> Bool? {
    let values: [Bool?] = cells.map { $0 == .unreadable ? nil : $0 == .ticked }
    if isAll { return values.contains(false) ? false : values.contains(nil) ? nil : true }
    return values.contains(true) ? true : values.contains(nil) ? nil : false
  }

  /// Whether a form comes out the same whatever the missing cells are, for everything that the unreadable could say.
  private func isDecided(_ cells: [Cell], isAll: Bool) -> Bool? {
    guard let open = cells.firstIndex(of: .unreadable) else {
      return same(cells, isAll: isAll)
    }
    let ways = [Cell.ticked, .unticked, .missing].map { way in
      var cells = cells
      cells[open] = way
      return isDecided(cells, isAll: isAll)
    }
    return ways.allSatisfy { $0 == true } ? true : ways.allSatisfy { $0 == false } ? false : nil
  }

  private func same(_ cells: [Cell], isAll: Bool) -> Bool {
    guard let open = cells.firstIndex(of: .missing) else { return true }
    let ways = [Cell.ticked, .unticked].map { way in
      var cells = cells
      cells[open] = way
      return (same(cells, isAll: isAll), kleene(cells, isAll: isAll))
    }
    return ways.allSatisfy(\.0) && ways[0].1 == ways[1].1
  }

  @Test(arguments: [false, true])
  func randomConditions(blankIsUnticked: Bool) throws {
    var generator = SeededGenerator(seed: blankIsUnticked ? 31 : 32)
    let texts = ["Y", "1", "N", "", "", "x"]
    let rows = (0..<300).map { _ in
      Self.options.map { _ in texts[Int.random(in: 0..<texts.count, using: &generator)] }
    }
    let (codebook, selection) = codebook(blankIsUnticked: blankIsUnticked)
    let csv = "P,c0,c1,c2\n" + rows.map { "x," + $0.joined(separator: ",") + "\n" }.joined()
    let subsets = (1..<8).map { bits in (0..<3).filter { bits & 1 << $0 != 0 } }
    var conditions: [(Condition, ([Cell]) -> Bool?)] = [
      (
        selection.isAnswered,
        { cells in
          cells.contains { $0 == .ticked || $0 == .unticked } ? true : cells.contains(.unreadable) ? nil : false
        }
      ),
      (
        selection.isEmpty(true),
        { cells in
          cells.allSatisfy { $0 == .missing }
            ? true : cells.contains { $0 == .ticked || $0 == .unticked } ? false : nil
        }
      ),
    ]
    for subset in subsets {
      let codes = subset.map { Self.options[$0] }
      for isAll in [false, true] {
        let condition = isAll ? selection.includesAll(of: codes) : selection.includesAny(of: codes)
        conditions.append((condition, { cells in kleene(subset.map { cells[$0] }, isAll: isAll) }))
        conditions.append((.not(condition), { cells in kleene(subset.map { cells[$0] }, isAll: isAll).map { !$0 } }))
        conditions.append((.decided(condition), { cells in isDecided(subset.map { cells[$0] }, isAll: isAll) }))
      }
    }
    let table = try NormalizedTable(csv, table: .responses(codebook), conditions: conditions.map(\.0))
    #expect(table.rejections.count == rows.joined().count { $0 == "x" })
    for (condition, naive) in conditions {
      let expected = rows.map { row in naive(row.map { cell($0, blankIsUnticked: blankIsUnticked) }) }
      #expect(try table.truths(of: condition) == expected, "\(condition)")
    }
  }
}
