extension Double {
  /// The shortest decimal that reads back to the same `Double`; whole numbers without a fraction.
  public var shortestText: String {
    let text = self == 0 ? "0" : description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
