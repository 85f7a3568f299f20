extension String? {
  /// Adds to what the `reason` or `comparability` column of a row says; several reasons are separated by "; ".
  public mutating func addReason(_ words: String?) {
    guard let words else { return }
    self = map { "\($0); \(words)" } ?? words
  }
}
