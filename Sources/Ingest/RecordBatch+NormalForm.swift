import Kernels
import SurveyModel

extension RecordBatch {
  /// Whether all bytes are in form for sure.
  private var isInNormalForm: Bool {
    bytes.withUnsafeBufferPointer { !Kernels.mayCompose($0) || NormalForm.isInForm($0) }
  }

  /// The same records with every field in the normal form of text.
  package consuming func inNormalForm() -> RecordBatch {
    guard !isInNormalForm else { return self }
    var result = self
    var forms: [(row: Int, column: Int, form: String)] = []
    result.bytes.withUnsafeBufferPointer { bytes in
      for column in 0..<result.columnCount {
        for row in 0..<result.rowCount {
          let field = UnsafeBufferPointer(rebasing: bytes[result.range(row: row, column: column)])
          guard !NormalForm.isInForm(field), let text = String(validating: field, as: UTF8.self) else { continue }
          let form = NormalForm.of(text)
          if !form.utf8.elementsEqual(field) { forms.append((row, column, form)) }
        }
      }
    }
    guard !forms.isEmpty else { return result }
    result = result.padded()
    result.bytes.removeLast(FieldScan.padding)
    for (row, column, form) in forms {
      let start = result.bytes.count
      result.bytes.append(contentsOf: form.utf8)
      result.places?.set(start..<result.bytes.count, row: row, column: column)
    }
    result.bytes.append(contentsOf: repeatElement(0, count: FieldScan.padding))
    return result
  }
}
