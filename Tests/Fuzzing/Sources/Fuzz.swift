import Foundation

// `fuzz TARGET [libFuzzer's options] [corpus]`, or `fuzz dump FILE...` for the judge. The main function is libFuzzer's:
// https://llvm.org/docs/LibFuzzer.html.

/// libFuzzer starts itself anew, for instance to merge corpora, and knows nothing of the first argument: the environment
/// tells it.
private let variable = "FUZZ_TARGET"

private let chosen = getenv(variable).flatMap { FuzzTarget(rawValue: String(cString: $0)) }

/// Called once, before libFuzzer looks at the arguments: takes the first of them away.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  count: UnsafeMutablePointer<CInt>,
  arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  guard getenv(variable) == nil else { return 0 }
  let words = (1..<max(1, Int(count.pointee))).compactMap { arguments.pointee[$0].map { String(cString: $0) } }
  if words.first == "dump" { exit(Dump.print(paths: words.dropFirst())) }
  guard let word = words.first, FuzzTarget(rawValue: word) != nil else {
    let targets = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
    FileHandle.standardError.write(Data("usage: fuzz \(targets)|dump ...\n".utf8))
    exit(64)
  }
  setenv(variable, word, 1)
  arguments.pointee[1] = arguments.pointee[0]
  arguments.pointee += 1
  count.pointee -= 1
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(bytes: UnsafePointer<UInt8>?, count: Int) -> CInt {
  chosen?.run(UnsafeRawBufferPointer(start: bytes, count: count)) ?? -1
}
