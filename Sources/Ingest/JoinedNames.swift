/// The names of columns that stand in several rows: a question above its options, say.
///
/// Above the last row, a blank cell goes on with the name to its left, up to where a row further above begins another
/// name. The parts of a column are put together from above to below with " / "; blank parts, and those that equal the
/// part before, are left out.
struct JoinedNames {
  private static let joint = " / "

  private var rows: [[String]] = []

  mutating func add(_ row: [String]) { rows.append(row) }

  /// A row that is shorter than another goes on with blank cells.
  var joined: [String] {
    guard rows.count > 1 else { return rows.first ?? [] }
    let count = rows.map(\.count).max() ?? 0
    var names = [[String]](repeating: [], count: count)
    /// Where some row above the one under way begins a name.
    var begins = [Bool](repeating: false, count: count)
    for (number, row) in rows.enumerated() {
      var left = ""
      for column in 0..<count {
        let cell = column < row.count ? row[column] : ""
        if !cell.isEmpty || begins[column] { left = cell }
        let part = number < rows.count - 1 ? left : cell
        if !cell.isEmpty { begins[column] = true }
        if !part.isEmpty, names[column].last != part { names[column].append(part) }
      }
    }
    return names.map { $0.joined(separator: Self.joint) }
  }
}
