import SurveyTestSupport

@testable import Ingest
@testable import Normalize

extension RecordBatch {
  /// Records of these fields, as libcsv hands them on.
  init(rows: [[[UInt8]]], columns: Int, firstLine: Int = 2, file: String = "t.csv") {
    self.init(columnCount: columns, files: [file])
    for (number, row) in rows.enumerated() {
      for field in row {
        bytes += field
        ends.append(bytes.count)
      }
      lines.append(firstLine + number)
    }
    rowCount = rows.count
  }
}

/// Keys that are easily confused.
struct ConfusingKeys {
  private var generator: SeededGenerator
  private var pool: [[UInt8]] = []
  let longest: Int

  init(seed: UInt64, longest: Int) {
    generator = SeededGenerator(seed: seed)
    self.longest = longest
  }

  mutating func next() -> [UInt8] {
    let kind = Int.random(in: 0..<6, using: &generator)
    if kind < 3, var key = pool.randomElement(using: &generator) {
      switch kind {
      // Again; or with NULs behind it; or different in one place, the 8th or the 16th most often.
      case 0: return key
      case 1: key += Array(repeating: 0, count: Int.random(in: 1...3, using: &generator))
      default:
        guard
          let place = [7, 15, key.count - 1, 0].filter({ key.indices.contains($0) }).randomElement(using: &generator)
        else { return key }
        key[place] ^= 1
      }
      if key.count <= longest { return key }
    }
    let count = [0, 1, 7, 8, 9, 15, 16, 17, longest].randomElement(using: &generator) ?? 0
    let key = (0..<min(count, longest)).map { _ in UInt8.random(in: 0...2, using: &generator) &* 97 }
    pool.append(key)
    return key
  }
}
