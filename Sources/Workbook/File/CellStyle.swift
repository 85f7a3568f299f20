import CXLSXWriter

/// How a cell looks: a number format of Excel, a font and a fill.
struct CellStyle: Hashable, Sendable {
  enum Alignment: Sendable {
    case general, left, center, right
    /// Over the empty cells to the right that have the same style.
    case across
  }

  /// Excel's; empty: General.
  var number = ""
  var isBold = false
  var isItalic = false
  var size = 0.0
  var color: Color?
  var fill: Color?
  var alignment = Alignment.general
  var wraps = false
  /// A little away from a number to the left.
  var isIndented = false
  var hasLineAbove = false

  enum Color: UInt32, Sendable {
    case ink = 0x1F2A44
    case muted = 0x7F7F7F
    case white = 0xFFFFFF
    case header = 0x1F3864
    case band = 0xDCE6F1
    case bar = 0x9DC3E6
    case heat = 0x8FB8DE
    case line = 0xBFBFBF
  }

  static let plain = CellStyle()
  static let title = CellStyle(isBold: true, size: 16, color: .ink)
  static let heading = CellStyle(isBold: true, size: 12, color: .ink)
  static let muted = CellStyle(color: .muted)
  static let header = CellStyle(isBold: true, color: .white, fill: .header, wraps: true)
  static let band = CellStyle(isBold: true, color: .ink, fill: .band)
  /// A word in place of a number.
  static let absent = CellStyle(isItalic: true, color: .muted, alignment: .right)

  func with(_ change: (inout CellStyle) -> Void) -> CellStyle {
    var style = self
    change(&style)
    return style
  }
}

/// Number formats of Excel.
enum NumberFormat {
  static let percent = "0.0%"
  static let count = "#,##0"
  static let number = "#,##0.0#"
  static let points = "+0.0;-0.0;0.0"
  static let pointsAYear = "+0.00;-0.00;0.00"
  static let unsignedPoints = "0.00"
  static let countChange = "+#,##0;-#,##0;0"
  static let probability = "0.0000"
  static let level = "0.00"
}

/// The formats of a workbook, each made once. They belong to the workbook, and so does this.
final class CellFormats {
  private let workbook: UnsafeMutablePointer<lxw_workbook>
  private var made: [CellStyle: UnsafeMutablePointer<lxw_format>] = [:]

  init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
    self.workbook = workbook
  }

  /// nil: without memory; Excel's default then.
  func format(_ style: CellStyle) -> UnsafeMutablePointer<lxw_format>? {
    if let format = made[style] { return format }
    guard let format = workbook_add_format(workbook) else { return nil }
    if !style.number.isEmpty { format_set_num_format(format, style.number) }
    if style.isBold { format_set_bold(format) }
    if style.isItalic { format_set_italic(format) }
    if style.size > 0 { format_set_font_size(format, style.size) }
    if let color = style.color { format_set_font_color(format, color.rawValue) }
    if let fill = style.fill {
      format_set_pattern(format, UInt8(LXW_PATTERN_SOLID.rawValue))
      format_set_fg_color(format, fill.rawValue)
    }
    if style.hasLineAbove {
      format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue))
      format_set_top_color(format, CellStyle.Color.line.rawValue)
    }
    if style.wraps { format_set_text_wrap(format) }
    if style.isIndented { format_set_indent(format, 1) }
    format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    switch style.alignment {
    case .general: break
    case .left: format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
    case .center: format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
    case .right: format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    case .across: format_set_align(format, UInt8(LXW_ALIGN_CENTER_ACROSS.rawValue))
    }
    made[style] = format
    return format
  }
}
