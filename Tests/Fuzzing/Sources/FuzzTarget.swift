import Foundation

/// What is fuzzed. The folders of the corpus have these names.
enum FuzzTarget: String, CaseIterable {
  case csv, yaml, snapshot, long, gzip

  /// - Returns: 0; -1 for an input that is not worth keeping.
  func run(_ bytes: UnsafeRawBufferPointer) -> CInt {
    switch self {
    case .csv: CSVTarget.run(bytes)
    case .yaml: YAMLTarget.run(bytes)
    case .snapshot: SnapshotTarget.run(bytes)
    case .long: LongTarget.run(bytes)
    case .gzip: GzipTarget.run(bytes)
    }
  }
}

/// Says what is wrong and ends the process: libFuzzer keeps the input.
func found(_ problem: String) -> Never {
  FileHandle.standardError.write(Data("found: \(problem)\n".utf8))
  abort()
}

/// - Parameter problem: What is wrong where it does not hold.
func require(_ holds: Bool, _ problem: @autoclosure () -> String) {
  if !holds { found(problem()) }
}

/// Two ways to one result must agree.
func requireEqual<Value: Equatable>(_ a: Value, _ b: Value, _ what: @autoclosure () -> String) {
  if a != b { found("\(what()):\n  \(a)\n  \(b)") }
}
