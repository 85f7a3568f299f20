import CXLSXWriter
import Export

/// One sheet being filled, lent by its workbook. Rows and columns count from 0.
///
/// Columns become as wide as what is written in them, up to `widestColumn`.
struct Sheet: ~Copyable {
  /// In characters.
  var widestColumn = 60.0
  private static let narrowestColumn = 6.0
  private static let widthOfFilterButton = 2.5

  let name: String
  private let worksheet: UnsafeMutablePointer<lxw_worksheet>
  private let workbook: UnsafeMutablePointer<lxw_workbook>
  private let formats: CellFormats
  private var widths: [Double] = []
  /// What the file must hold of it: every cell is written once.
  private(set) var content = PartContent()
  /// Names that the workbook gives to places in it, for its filter and its headers.
  private(set) var definedNames = 0
  /// What the file must hold of each of its charts.
  private(set) var charts: [PartContent] = []

  init(
    _ worksheet: UnsafeMutablePointer<lxw_worksheet>, of workbook: UnsafeMutablePointer<lxw_workbook>,
    formats: CellFormats, name: String
  ) {
    self.worksheet = worksheet
    self.workbook = workbook
    self.formats = formats
    self.name = name
  }

  // MARK: - Cells

  /// Text is written as text, whatever it begins with; nothing where there is no value.
  ///
  /// - Parameter widens: Whether the column has to hold the whole of it.
  mutating func write(
    _ value: ResultValue, _ row: Int, _ column: Int, _ style: CellStyle = .plain, widens: Bool = true
  ) throws(WorkbookError) {
    let (line, place) = try position(row, column)
    let format = formats.format(style)
    switch value {
    case .none:
      guard let format else { break }
      try check(worksheet_write_blank(worksheet, line, place, format))
      content[.cell] += 1
    case .text(let text):
      let text = ExcelText.cell(text)
      try check(worksheet_write_string(worksheet, line, place, text, format))
      // libxlsxwriter makes a blank cell of an empty text, and leaves out a blank one without a format.
      if format != nil || !text.isEmpty { content[.cell] += 1 }
      content.bytesOfText += text.utf8.count
      if widens { widen(column, for: text, style) }
    case .integer(let number): try write(Double(number), line, place, format)
    case .number(let number): try write(number, line, place, format)
    }
  }

  mutating func write(
    _ text: String, _ row: Int, _ column: Int, _ style: CellStyle = .plain, widens: Bool = true
  ) throws(WorkbookError) {
    try write(.text(text), row, column, style, widens: widens)
  }

  /// What the sheet is about, in its first two rows.
  mutating func write(title: String, _ subtitle: String) throws(WorkbookError) {
    try write(title, 0, 0, .title, widens: false)
    try setHeight(lines: 1.6, of: 0)
    try write(subtitle, 1, 0, .muted, widens: false)
  }

  /// A row of headers from the first column on.
  ///
  /// - Parameter numbers: The columns with numbers, which stand to the right.
  mutating func write(header names: [String], _ row: Int, numbers: Set<Int> = []) throws(WorkbookError) {
    let right = CellStyle.header.with { $0.alignment = .right }
    let left = CellStyle.header.with { $0.isIndented = true }
    for (column, name) in names.enumerated() {
      try write(name, row, column, numbers.contains(column) ? right : left)
    }
  }

  private mutating func write(
    _ number: Double, _ row: lxw_row_t, _ column: lxw_col_t, _ format: UnsafeMutablePointer<lxw_format>?
  ) throws(WorkbookError) {
    // A file with "nan" in place of a number does not open.
    guard number.isFinite else { return }
    try check(worksheet_write_number(worksheet, row, column, number, format))
    content[.cell] += 1
  }

  private func position(_ row: Int, _ column: Int) throws(WorkbookError) -> (lxw_row_t, lxw_col_t) {
    try SheetLimits.check(rows: row + 1, columns: column + 1, sheet: name)
    return (lxw_row_t(row), lxw_col_t(column))
  }

  // MARK: - Columns and rows

  private mutating func widen(_ column: Int, for text: String, _ style: CellStyle) {
    let longest = text.split(separator: "\n").map(\.count).max() ?? 0
    var wanted = Double(min(longest, 1_000)) * (style.isBold ? 1.1 : 1.0) + 1.5
    if style.fill == .header { wanted += Self.widthOfFilterButton }
    setWidth(max(min(wanted, widestColumn), width(of: column)), of: column)
  }

  /// In characters.
  func width(of column: Int) -> Double {
    column < widths.count && widths[column] > 0 ? widths[column] : Self.narrowestColumn
  }

  /// Also for what is written later, unless that is wider.
  mutating func setWidth(_ width: Double, of column: Int) {
    while widths.count <= column { widths.append(0) }
    widths[column] = width
  }

  /// All columns before another, together.
  func width(before column: Int) -> Double { (0..<column).reduce(0) { $0 + width(of: $1) } }

  /// Room for so many lines of the usual size. Not every reader makes a row as high as its text.
  func setHeight(lines: Double, of row: Int) throws(WorkbookError) {
    let pointsOfLine = 15.0
    let highest = 409.0
    let (line, _) = try position(row, 0)
    try check(worksheet_set_row(worksheet, line, min(lines * pointsOfLine, highest), nil))
  }

  /// How many lines a text takes in a column that wraps it.
  func lines(_ text: String, in column: Int) -> Int {
    let lettersOfCharacter = 1.05
    let room = max(1, (width(of: column) - 1) * lettersOfCharacter)
    return text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { lines, line in
      lines + max(1, Int((Double(line.count) / room).rounded(.up)))
    }
  }

  /// What can only be said when all is written.
  mutating func finish() throws(WorkbookError) {
    for column in widths.indices {
      let place = lxw_col_t(column)
      try check(worksheet_set_column(worksheet, place, place, width(of: column), nil))
      content[.column] += 1
    }
  }

  // MARK: - The sheet as a whole

  /// Keeps the rows above and the columns to the left in view.
  ///
  /// - Parameter headers: How many of these rows head the table, and so every printed page.
  mutating func freeze(rows: Int, columns: Int, headers: Int = 1) throws(WorkbookError) {
    worksheet_freeze_panes(worksheet, lxw_row_t(rows), lxw_col_t(columns))
    try check(worksheet_repeat_rows(worksheet, lxw_row_t(rows - headers), lxw_row_t(rows - 1)))
    definedNames += 1
  }

  /// Buttons in the header of a table to choose rows by.
  mutating func filter(headerRow: Int, lastRow: Int, columns: Int) throws(WorkbookError) {
    let (last, column) = try position(max(lastRow, headerRow), columns - 1)
    try check(worksheet_autofilter(worksheet, lxw_row_t(headerRow), 0, last, column))
    definedNames += 1
  }

  /// Excel would mark codes such as "01" as numbers that should not be text.
  func allowNumbersAsText() throws(WorkbookError) {
    let kind = UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue)
    try check(worksheet_ignore_errors(worksheet, kind, "A1:XFD\(SheetLimits.rows)"))
  }

  func hideGridlines() {
    worksheet_gridlines(worksheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
  }

  /// Paper A4, as wide as the sheet.
  func printWide() throws(WorkbookError) {
    worksheet_set_landscape(worksheet)
    worksheet_fit_to_pages(worksheet, 1, 0)
    try setPaper()
  }

  /// Paper A4 upright; what stands from `column` on begins a page of its own.
  func printTall(pageBreakBefore column: Int) throws(WorkbookError) {
    let charactersAcross = 88.0
    let scale = charactersAcross / max(1, width(before: column)) * 100
    worksheet_set_print_scale(worksheet, UInt16(max(10, min(100, scale))))
    var breaks = [lxw_col_t(column), 0]
    try check(worksheet_set_v_pagebreaks(worksheet, &breaks))
    try setPaper()
  }

  private func setPaper() throws(WorkbookError) {
    let paperA4: UInt8 = 9
    worksheet_set_paper(worksheet, paperA4)
    worksheet_set_margins(worksheet, 0.5, 0.5, 0.6, 0.7)
    try check(worksheet_set_footer(worksheet, "&L&8&A&R&8&P / &N"))
  }

  // MARK: - Pictures of numbers

  /// A bar behind each number from 0 to 1.
  mutating func addBars(column: Int, rows: ClosedRange<Int>) throws(WorkbookError) {
    var rule = lxw_conditional_format()
    rule.type = UInt8(LXW_CONDITIONAL_DATA_BAR.rawValue)
    rule.data_bar_2010 = 1
    rule.bar_solid = 1
    rule.bar_no_border = 1
    rule.bar_color = CellStyle.Color.bar.rawValue
    rule.max_value = 1
    rule.min_rule_type = UInt8(LXW_CONDITIONAL_RULE_TYPE_NUMBER.rawValue)
    rule.max_rule_type = rule.min_rule_type
    try add(&rule, rows: rows, columns: column...column)
    // What Excel learned in 2010 stands in an extension of its own.
    content[.dataBarRule] += 1
  }

  /// The nearer to 1, the darker.
  mutating func addHeat(rows: ClosedRange<Int>, columns: ClosedRange<Int>) throws(WorkbookError) {
    var rule = lxw_conditional_format()
    rule.type = UInt8(LXW_CONDITIONAL_2_COLOR_SCALE.rawValue)
    rule.min_color = CellStyle.Color.white.rawValue
    rule.max_color = CellStyle.Color.heat.rawValue
    rule.max_value = 1
    rule.min_rule_type = UInt8(LXW_CONDITIONAL_RULE_TYPE_NUMBER.rawValue)
    rule.max_rule_type = rule.min_rule_type
    try add(&rule, rows: rows, columns: columns)
  }

  private mutating func add(
    _ rule: inout lxw_conditional_format, rows: ClosedRange<Int>, columns: ClosedRange<Int>
  ) throws(WorkbookError) {
    let (last, lastColumn) = try position(rows.upperBound, columns.upperBound)
    let code = worksheet_conditional_format_range(
      worksheet, lxw_row_t(rows.lowerBound), lxw_col_t(columns.lowerBound), last, lastColumn, &rule)
    try check(code)
    content[.rule] += 1
  }

  mutating func insert(_ chart: IntervalChart, _ row: Int, _ column: Int) throws(WorkbookError) {
    let (line, place) = try position(row, column)
    let made = try chart.make(in: workbook)
    var options = lxw_chart_options()
    options.x_scale = chart.width / IntervalChart.defaultWidth
    options.y_scale = chart.height / IntervalChart.defaultHeight
    try check(worksheet_insert_chart_opt(worksheet, line, place, made, &options))
    var content = PartContent()
    content[.series] = IntervalChart.pieces.count
    charts.append(content)
  }
}
