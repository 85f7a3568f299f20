@testable import Ingest

/// Any bytes as a compressed file, in any pieces, against a reader of RFC 1952 that knows nothing but zlib's inner
/// format; and what was compressed in members is itself again.
enum GzipTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) -> CInt {
    var supply = ByteSupply(bytes)
    let mode = supply.number(below: 4)
    let (input, output) = (1 + Int(supply.byte()), 1 + Int(supply.byte()))
    guard mode > 0 else {
      compare(Array(supply.rest), input: input, output: output)
      return 0
    }
    let (cut, end, level) = (1 + Int(supply.byte()), supply.byte(), supply.number(below: 10))
    let plain = Array(supply.rest)
    var compressed: [UInt8] = []
    var start = 0
    repeat {
      let next = min(start + cut, plain.count)
      compressed += RawGzip.member(Array(plain[start..<next]), level: level, flags: end)
      start = next
    } while start < plain.count
    switch mode {
    case 1:
      requireEqual(stream(compressed, input: input, output: output), .bytes(plain), "compressed and read")
      requireEqual(file(compressed, output: output), .bytes(plain), "compressed and read from a file")
    case 2: compare(Array(compressed.dropLast(1 + Int(end) % compressed.count)), input: input, output: output)
    default: compare(compressed + [end, level == 0 ? 0x8B : 0], input: input, output: output)
    }
    return 0
  }

  private static func compare(_ bytes: [UInt8], input: Int, output: Int) {
    let expected = RawGzip.unpacked(bytes)
    let (stream, file) = (stream(bytes, input: input, output: output), file(bytes, output: output))
    require(expected.allows(stream), "the stream and RFC 1952:\n  \(stream)\n  \(expected)")
    require(expected.allows(file), "the file and RFC 1952:\n  \(file)\n  \(expected)")
  }

  private static func stream(_ bytes: [UInt8], input: Int, output: Int) -> RawGzip.Outcome {
    var unpacked: [UInt8] = []
    return outcome {
      let stream = try GzipStream(path: "t.csv.gz")
      var buffer = [UInt8](repeating: 0, count: output)
      try bytes.withUnsafeBytes { bytes in
        var start = 0
        while start < bytes.count {
          let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + input, bytes.count)])
          let (taken, written) = try buffer.withUnsafeMutableBytes { try stream.inflate(piece, into: $0) }
          require(taken + written > 0, "no progress")
          unpacked += buffer[..<written]
          start += taken
        }
        // What the last bytes unpack to may be more than fits at once: asked again, the stream has nothing left.
        try stream.requireComplete()
      }
      return unpacked
    }
  }

  private static func file(_ bytes: [UInt8], output: Int) -> RawGzip.Outcome {
    let path = Scratch.write(bytes, to: "t.csv.gz")
    return outcome {
      var unpacked: [UInt8] = []
      var input = try InputBytes(path: path)
      var buffer = [UInt8](repeating: 0, count: output)
      var seen: [UInt8] = []
      while true {
        let count = try buffer.withUnsafeMutableBytes { try input.read(into: $0) { seen += $0 } }
        if count == 0 { break }
        unpacked += buffer[..<count]
      }
      requireEqual(seen, bytes, "what the observer saw")
      return unpacked
    }
  }

  private static func outcome(_ body: () throws -> [UInt8]) -> RawGzip.Outcome {
    do {
      return .bytes(try body())
    } catch IngestError.notGzip {
      return .notGzip
    } catch IngestError.truncatedGzip {
      return .truncated
    } catch IngestError.corruptGzip {
      return .corrupt
    } catch IngestError.trailingGarbage {
      return .trailingGarbage
    } catch {
      found("another error: \(error)")
    }
  }
}
