/// Where the codes of a select-many answer stand in its field.
///
/// A last separator says nothing, also without the spaces at its end, unless nothing stands before it.
struct SelectionPieces {
  /// The field, or what is left of it without the spaces around it.
  let whole: Range<Int>
  private(set) var ranges: [Range<Int>] = []

  init(_ field: Span<UInt8>, of column: AnswerColumn) {
    let (separator, trims) = (column.separator, column.spelling.trims)
    func trimmed(_ range: Range<Int>) -> Range<Int> {
      var (start, end) = (range.lowerBound, range.upperBound)
      guard trims else { return range }
      while start < end, Self.isSpace(field[start]) { start += 1 }
      while start < end, Self.isSpace(field[end - 1]) { end -= 1 }
      return start..<end
    }
    func ends(_ range: Range<Int>, with mark: ArraySlice<UInt8>) -> Bool {
      !mark.isEmpty && range.count > mark.count
        && mark.indices.allSatisfy { field[range.upperBound - mark.endIndex + $0] == mark[$0] }
    }
    whole = trimmed(0..<field.count)
    var end = whole.upperBound
    let bare = separator[...(separator.lastIndex { !Self.isSpace($0) } ?? -1)]
    for mark in [separator[...], bare] where end == whole.upperBound && ends(whole, with: mark) { end -= mark.count }
    var (start, index) = (whole.lowerBound, whole.lowerBound)
    while index + separator.count <= end {
      if separator.indices.allSatisfy({ field[index + $0] == separator[$0] }) {
        ranges.append(trimmed(start..<index))
        index += separator.count
        start = index
      } else {
        index += 1
      }
    }
    ranges.append(trimmed(start..<end))
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
