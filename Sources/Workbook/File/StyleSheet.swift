import CXLSXWriter

/// How a cell looks.
enum CellStyle: CaseIterable {
  case title, quiet, head, headWrapped, text, wrapped, strong
  /// A proportion as a percentage with one decimal.
  case percent
  /// The same where a reader should look twice.
  case percentMarked
  /// Percentage points with their sign.
  case points
  case pointsMarked
  case count
  /// A count with its sign.
  case countChange
  case number
  case probability
}

/// The formats of a workbook, one for each style.
struct StyleSheet {
  private let formats: [CellStyle: UnsafeMutablePointer<lxw_format>]

  private static let blue: lxw_color_t = 0x0B5394
  private static let pale: lxw_color_t = 0xE8EEF5
  private static let grey: lxw_color_t = 0x5A6672
  private static let amber: lxw_color_t = 0x7A4B00

  init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
    formats = Dictionary(
      uniqueKeysWithValues: CellStyle.allCases.compactMap { style in
        guard let format = workbook_add_format(workbook) else { return nil }
        Self.define(style, format)
        return (style, format)
      })
  }

  /// nil: the look of Excel's own.
  subscript(style: CellStyle) -> UnsafeMutablePointer<lxw_format>? { formats[style] }

  private static func define(_ style: CellStyle, _ format: UnsafeMutablePointer<lxw_format>) {
    format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    switch style {
    case .title:
      format_set_bold(format)
      format_set_font_size(format, 16)
      format_set_font_color(format, blue)
    case .quiet: format_set_font_color(format, grey)
    case .head, .headWrapped:
      format_set_bold(format)
      format_set_bg_color(format, pale)
      format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      if style == .headWrapped { format_set_text_wrap(format) }
    case .text: break
    case .wrapped: format_set_text_wrap(format)
    case .strong: format_set_bold(format)
    case .percent, .percentMarked: format_set_num_format(format, "0.0%")
    case .points, .pointsMarked: format_set_num_format(format, "+0.0;-0.0;0.0")
    case .count: format_set_num_format(format, "#,##0")
    case .countChange: format_set_num_format(format, "+#,##0;-#,##0;0")
    case .number: format_set_num_format(format, "0.00")
    case .probability: format_set_num_format(format, "0.0000")
    }
    switch style {
    case .percentMarked, .pointsMarked:
      format_set_italic(format)
      format_set_font_color(format, amber)
    default: break
    }
  }
}
