extension String {
  /// The text with line breaks, escape sequences and other control characters written out, so that a value from data
  /// stays on its line and tells a terminal nothing.
  public var withVisibleControls: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    return unicodeScalars.map { $0.isControl ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}

extension String {
  /// The same, and with spaces written out that look like others or like nothing: what a message compares must differ
  /// to a reader as well.
  public var withVisibleSpaces: String {
    guard utf8.contains(where: { $0 >= 0x80 }) else { return withVisibleControls }
    return unicodeScalars.map {
      $0.isControl || ($0.isInvisible && $0.value >= 0x80) ? $0.escaped(asASCII: true) : String($0)
    }.joined()
  }
}

extension Unicode.Scalar {
  /// White space, and what has no width at all.
  public var isInvisible: Bool {
    properties.isWhitespace || value == 0xAD || (0x200B...0x200F).contains(value) || (0x2060...0x2064).contains(value)
      || value == 0xFEFF
  }
}

extension String {
  private static let longestShown = 700
  private static let shownOfEnd = 200

  /// The text without its middle where it is too long for a message.
  var shortened: String {
    // A character has a byte at least.
    guard utf8.count > Self.longestShown, count > Self.longestShown else { return self }
    return "\(prefix(Self.longestShown - Self.shownOfEnd)) [..] \(suffix(Self.shownOfEnd))"
  }
}

extension Unicode.Scalar {
  /// Control characters, and the marks that turn the direction of what follows.
  fileprivate var isControl: Bool {
    properties.generalCategory == .control || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }
}
