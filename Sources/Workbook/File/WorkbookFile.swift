import CXLSXWriter

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A workbook being written, the only owner of libxlsxwriter's memory.
///
/// Everything is held in memory until `close`, which writes the file beside its place, reads it back and moves it there
/// whole.
struct WorkbookFile: ~Copyable {
  /// Freed once: by libxlsxwriter when it closes the workbook, else when this goes away.
  private struct Memory: ~Copyable {
    let workbook: UnsafeMutablePointer<lxw_workbook>

    init(path: String, directory: String) throws(WorkbookError) {
      let made = directory.withCString { directory in
        // Temporary files stand on the disk of the result, so that a full disk is noticed.
        var options = lxw_workbook_options(
          constant_memory: 0, tmpdir: UnsafeMutablePointer(mutating: directory), use_zip64: 0)
        return workbook_new_opt(path, &options)
      }
      guard let made else { throw .outOfMemory }
      workbook = made
    }

    deinit { lxw_workbook_free(workbook) }

    /// - Throws: `WorkbookError.writeFailed` in the system's words where it gave any.
    consuming func close(path: String) throws(WorkbookError) {
      var reason: CInt = 0
      let code = workbook_close_in_silence(workbook, &reason)
      discard self
      guard code != LXW_NO_ERROR else { return }
      throw .writeFailed(path: path, reason: reason == 0 ? words(for: code) : String(cString: strerror(reason)))
    }
  }

  private let memory: Memory
  private let formats: CellFormats
  private let path: String
  private var names = SheetNames()
  /// What is to be found in the file.
  private(set) var content = WorkbookContent()

  private static func temporaryPath(_ path: String) -> String { path + ".partial" }

  /// - Parameter path: Nothing is written there before `close`.
  init(path: String) throws(WorkbookError) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { String(path[...$0]) } ?? "."
    memory = try Memory(path: Self.temporaryPath(path), directory: directory)
    formats = CellFormats(memory.workbook)
    self.path = path
  }

  /// - Parameters:
  ///   - created: Seconds since 1970; with the same date, the same content gives the same bytes.
  func setProperties(title: String, author: String, created: Int) throws(WorkbookError) {
    let code = ExcelText.cell(title).withCString { title in
      ExcelText.cell(author).withCString { author in
        var properties = lxw_doc_properties()
        properties.title = UnsafeMutablePointer(mutating: title)
        properties.author = UnsafeMutablePointer(mutating: author)
        properties.created = time_t(created)
        return workbook_set_properties(memory.workbook, &properties)
      }
    }
    try check(code)
  }

  /// Adds a sheet behind the others and lends it to `fill`.
  ///
  /// - Parameter name: Changed where Excel would not take it.
  mutating func addSheet(
    _ name: String, _ fill: (inout Sheet) throws(WorkbookError) -> Void
  ) throws(WorkbookError) {
    let name = names.unique(name)
    try check(workbook_validate_sheet_name(memory.workbook, name))
    guard let worksheet = workbook_add_worksheet(memory.workbook, name) else {
      throw .outOfMemory
    }
    var sheet = Sheet(worksheet, of: memory.workbook, formats: formats, name: name)
    try fill(&sheet)
    try sheet.finish()
    content.sheets.append(sheet.content)
    content.charts += sheet.charts
    content.definedNames += sheet.definedNames
  }

  /// Writes the file and ends the workbook, also where it fails; a file that stood at the path is replaced or kept
  /// whole.
  consuming func close() throws(WorkbookError) {
    let path = path
    let content = content
    let temporary = Self.temporaryPath(path)
    guard let file = fopen(temporary, "wb") else { throw .cannotCreate(path: path, reason: systemReason()) }
    fclose(file)
    do throws(WorkbookError) {
      try memory.close(path: path)
      // libxlsxwriter does not ask whether its temporary files, one for each part, took what it wrote.
      if let part = WorkbookParts.firstIncomplete(of: temporary, holding: content) {
        let reason = "a piece of \(part) was lost or cannot be read back; is there space on the disk?"
        throw WorkbookError.writeFailed(path: path, reason: reason)
      }
      guard rename(temporary, path) == 0 else { throw WorkbookError.cannotCreate(path: path, reason: systemReason()) }
    } catch {
      unlink(temporary)
      throw error
    }
  }
}

/// Turns a code of libxlsxwriter into an error.
func check(_ code: lxw_error) throws(WorkbookError) {
  if code != LXW_NO_ERROR { throw .cannotMake(reason: words(for: code)) }
}

extension WorkbookError {
  static var outOfMemory: WorkbookError { .cannotMake(reason: words(for: LXW_ERROR_MEMORY_MALLOC_FAILED)) }
}

private func words(for code: lxw_error) -> String {
  guard let words = lxw_strerror(code) else { return "error \(code.rawValue) of libxlsxwriter" }
  return String(cString: words)
}

private func systemReason() -> String { String(cString: strerror(errno)) }
