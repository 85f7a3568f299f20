import CXLSXWriter
import Foundation

/// A workbook being written: owns what libxlsxwriter allocates, and gives it back once, finished or not.
struct WorkbookFile: ~Copyable {
  private let path: String
  private let handle: Handle
  private let styles: StyleSheet
  private var names: Set<String> = []

  /// - Parameter created: Stands in the file, so that the same results give the same bytes.
  /// - Throws: `WorkbookError.cannotWrite` where there is no memory.
  init(path: String, title: String, created: Date) throws(WorkbookError) {
    guard let workbook = workbook_new(path) else {
      throw .cannotWrite(path: path, reason: "there is no memory for it")
    }
    self.path = path
    handle = Handle(workbook: workbook)
    styles = StyleSheet(workbook)
    "pipeline".withMutableCString { author in
      title.withMutableCString { title in
        var properties = lxw_doc_properties()
        properties.title = title
        properties.author = author
        properties.created = time_t(created.timeIntervalSince1970)
        _ = workbook_set_properties(workbook, &properties)
      }
    }
  }

  /// What is freed once: by the library when it writes the file, or here when it does not come to that.
  private struct Handle: ~Copyable {
    let workbook: UnsafeMutablePointer<lxw_workbook>

    consuming func close() -> lxw_error {
      let error = workbook_close(workbook)
      discard self
      return error
    }

    deinit { lxw_workbook_free(workbook) }
  }

  /// Adds a sheet; what is written to it must be written inside `body`.
  ///
  /// - Throws: `WorkbookError`.
  mutating func addSheet(
    _ name: String, _ body: (inout SheetWriter) throws(WorkbookError) -> Void
  ) throws(WorkbookError) {
    let name = SheetName.valid(name, besides: names)
    names.insert(name.lowercased())
    guard let sheet = workbook_add_worksheet(handle.workbook, name) else {
      throw .cannotWrite(path: path, reason: "the sheet \(name) was not accepted")
    }
    var writer = SheetWriter(sheet: sheet, name: name, path: path, styles: styles)
    try body(&writer)
  }

  /// A chart that stands on a sheet of this file.
  func chart(_ type: lxw_chart_type) -> UnsafeMutablePointer<lxw_chart>? {
    workbook_add_chart(handle.workbook, UInt8(type.rawValue))
  }

  /// Writes the file.
  ///
  /// - Throws: `WorkbookError.cannotWrite`.
  consuming func close() throws(WorkbookError) {
    let path = self.path
    let error = handle.close()
    guard error == LXW_NO_ERROR else {
      throw .cannotWrite(path: path, reason: lxw_strerror(error).map { String(cString: $0) } ?? "unknown error")
    }
  }
}

extension String {
  /// libxlsxwriter takes texts that it does not change as if it did.
  func withMutableCString<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> Result {
    withCString { body(UnsafeMutablePointer(mutating: $0)) }
  }
}

/// What Excel accepts as the name of a sheet.
enum SheetName {
  static let longest = 31

  /// - Parameter taken: Names that are there already, in lower case.
  static func valid(_ name: String, besides taken: Set<String>) -> String {
    var base = String(name.withVisibleControls.map { "[]:*?/\\".contains($0) ? "_" : $0 })
    while base.hasPrefix("'") || base.hasSuffix("'") { base = base.trimmingCharacters(in: ["'"]) }
    base = shortened(base.isEmpty ? "Sheet" : base, to: longest)
    guard taken.contains(base.lowercased()) else { return base }
    for number in 2... {
      let suffix = " \(number)"
      let candidate = shortened(base, to: longest - suffix.utf16.count) + suffix
      if !taken.contains(candidate.lowercased()) { return candidate }
    }
    return base
  }

  private static func shortened(_ text: String, to count: Int) -> String {
    var text = text
    while text.utf16.count > count { text.removeLast() }
    return text
  }
}
