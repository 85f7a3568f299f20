/// How the files of a table write numbers.
public struct NumberFormat: Sendable, Hashable {
  /// Between a whole number and its fraction.
  public enum DecimalMark: String, Sendable, CaseIterable {
    case point = "."
    case comma = ","

    public var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
  }

  /// Between groups of three digits.
  public enum ThousandsMark: String, Sendable, CaseIterable {
    case point = "."
    case comma = ","
    case space = " "
    case apostrophe = "'"
    case typographicApostrophe = "\u{2019}"
    case noBreakSpace = "\u{A0}"
    case narrowNoBreakSpace = "\u{202F}"
    case thinSpace = "\u{2009}"
  }

  public var decimal: DecimalMark
  /// nil: digits stand in one run.
  public var thousands: ThousandsMark?

  public init(decimal: DecimalMark = .point, thousands: ThousandsMark? = nil) {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// The keys that read the mark before a fraction as that between thousands.
  public var exchanged: String {
    decimal == .point ? "`decimal: \",\"` and `thousands: \".\"`" : "`decimal: \".\"` and `thousands: \",\"`"
  }

  /// As C writes numbers.
  public static let plain = NumberFormat()
}

extension NumberFormat.DecimalMark {
  /// What a message calls it.
  public var name: String { self == .point ? "a point" : "a comma" }
}

extension NumberFormat.ThousandsMark {
  /// What a message calls it.
  public var name: String {
    switch self {
    case .point: "a point"
    case .comma: "a comma"
    case .space: "a space"
    case .apostrophe: "an apostrophe"
    case .typographicApostrophe: "an apostrophe (U+2019)"
    case .noBreakSpace: "a no-break space (U+00A0)"
    case .narrowNoBreakSpace: "a narrow no-break space (U+202F)"
    case .thinSpace: "a thin space (U+2009)"
    }
  }

  /// As YAML takes it.
  public var yaml: String {
    switch self {
    case .point, .comma, .space, .apostrophe: "\"\(rawValue)\""
    case .typographicApostrophe: #""\u2019""#
    case .noBreakSpace: #""\u00A0""#
    case .narrowNoBreakSpace: #""\u202F""#
    case .thinSpace: #""\u2009""#
    }
  }
}
