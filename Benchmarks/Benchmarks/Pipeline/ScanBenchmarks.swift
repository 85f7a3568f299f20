import Benchmark
import Foundation
import Kernels

/// The innermost loop of Ingest: where fields and records end, by each instruction set that this processor has.
func scanBenchmarks() {
  for instructions in InstructionSet.allCases where instructions.isAvailable {
    Benchmark("Scan, 4 MB, \(instructions.rawValue)") { benchmark, bytes in
      var scan = FieldScan(instructions: instructions)
      bytes.withUnsafeBufferPointer { buffer in
        let text = UnsafeBufferPointer(rebasing: buffer[..<(buffer.count - FieldScan.padding)])
        for _ in benchmark.scaledIterations {
          scan.scan(text, limit: .max, delimiter: UInt8(ascii: ","), quote: UInt8(ascii: "\""))
        }
      }
      // 187 columns; the last record is cut off.
      benchmark.expect(scan.endCount / ReferenceText.columns, scan.recordCount, "records")
      benchmark.expect(scan.recordCount > 2000, true, "more than 2,000 records")
      benchmark.expect(scan.isIrregular, false, "irregular")
    } setup: {
      try ReferenceText.bytes()
    }
  }
}

/// The beginning of a reference job, without its header.
enum ReferenceText {
  static let columns = 187
  private static let count = 4_000_000

  /// With the bytes behind it that a scan may read.
  static func bytes() throws -> [UInt8] {
    let data = try Data(contentsOf: URL(fileURLWithPath: ReferenceFiles(rows: 4000).responses))
    guard let header = data.firstIndex(of: 0x0A), data.count > header + count + FieldScan.padding else {
      throw Unprepared("the reference job is shorter than \(count) bytes")
    }
    return Array(data[(header + 1)..<(header + 1 + count + FieldScan.padding)])
  }
}
