import Normalize
import SurveyModel

extension DataNotice {
  /// Blanks are many from this share of the rows on.
  private static let leastBlanks = 0.2

  /// Questions of one code that look like tick boxes: the data has a single answer and many blanks. Then every percentage
  /// is 100, whatever the boxes say.
  static func tickBoxes(in normalizer: Normalizer) -> [DataNotice] {
    let table = normalizer.plan.table
    return normalizer.plan.answers.compactMap { column in
      guard let single = normalizer.suspicions.singles[column.name], single.answers > 0, single.blanks > 1,
        Double(single.blanks) >= leastBlanks * Double(single.answers + single.blanks),
        let code = column.codes.first(where: { column.number(of: $0) == single.code })
      else { return nil }
      let part = table.codebook?.questions[column.name]?.part
      return DataNotice(
        table: table.name, column: column.name,
        words:
          "the single answer is \"\(code)\" (\(single.answers) rows), and \(single.blanks) cells are blank, like a tick "
          + "box: if a blank cell means not ticked, "
          + (part.map { "write `blank: unticked` for question \($0.question)" }
            ?? "make it an option of a question with `columns` and `blank: unticked`"))
    }
  }
}
