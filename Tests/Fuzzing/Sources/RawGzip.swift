import CZLib

/// gzip as RFC 1952 describes it: head, deflated data, checksum and length are read and written here. zlib only knows
/// the deflated data.
enum RawGzip {
  enum Outcome: Equatable {
    case bytes([UInt8])
    case notGzip, truncated, corrupt, trailingGarbage
    /// What is wrong stands in the deflated data.
    case corruptData

    /// A file that ends inside damaged data is truncated as well: which of the two is seen first depends on how much of
    /// what came before has been asked for.
    func allows(_ other: Outcome) -> Bool {
      self == other || (self == .corruptData && (other == .corrupt || other == .truncated))
    }
  }

  private struct Stop: Error {
    var outcome: Outcome
  }

  // MARK: - Reading

  static func unpacked(_ bytes: [UInt8]) -> Outcome {
    var rest = bytes[...]
    var result: [UInt8] = []
    var members = 0
    do throws(Stop) {
      while !rest.isEmpty {
        for (byte, expected) in zip(rest, [UInt8(0x1F), 0x8B]) where byte != expected {
          throw Stop(outcome: members == 0 ? .notGzip : .trailingGarbage)
        }
        result += try member(&rest)
        members += 1
      }
    } catch {
      return error.outcome
    }
    return .bytes(result)
  }

  private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) throws(Stop) -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw Stop(outcome: .truncated) }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private static func takeText(of rest: inout ArraySlice<UInt8>) throws(Stop) {
    guard let end = rest.firstIndex(of: 0) else { throw Stop(outcome: .truncated) }
    rest = rest[(end + 1)...]
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func member(_ rest: inout ArraySlice<UInt8>) throws(Stop) -> [UInt8] {
    let start = rest
    _ = try take(2, of: &rest)
    // Method and flags are judged together, when both are there.
    let kind = try take(2, of: &rest)
    let flags = kind[kind.startIndex + 1]
    guard kind.first == 8, flags & 0xE0 == 0 else { throw Stop(outcome: .corrupt) }
    _ = try take(6, of: &rest)
    if flags & 4 != 0 { _ = try take(Int(number(try take(2, of: &rest))), of: &rest) }
    if flags & 8 != 0 { try takeText(of: &rest) }
    if flags & 16 != 0 { try takeText(of: &rest) }
    if flags & 2 != 0 {
      let sum = checksum(Array(start[..<rest.startIndex])) & 0xFFFF
      guard try number(take(2, of: &rest)) == sum else { throw Stop(outcome: .corrupt) }
    }
    let contents = try inflated(&rest)
    guard try number(take(4, of: &rest)) == checksum(contents) else { throw Stop(outcome: .corrupt) }
    guard try number(take(4, of: &rest)) == UInt32(truncatingIfNeeded: contents.count) else {
      throw Stop(outcome: .corrupt)
    }
    return contents
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(crc32(0, nil, 0), bytes, UInt32(bytes.count)))
  }

  private static func inflated(_ rest: inout ArraySlice<UInt8>) throws(Stop) -> [UInt8] {
    var stream = z_stream()
    // Less than 0: no head, no checksum.
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
      found("no memory")
    }
    defer { inflateEnd(&stream) }
    var input = Array(rest)
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var status = Z_OK
    var left = input.count
    repeat {
      let taken = input.count - left
      let written = input.withUnsafeMutableBufferPointer { input in
        buffer.withUnsafeMutableBufferPointer { buffer in
          stream.next_in = input.baseAddress.map { $0 + taken }
          stream.avail_in = UInt32(left)
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          status = inflate(&stream, Z_NO_FLUSH)
          left = Int(stream.avail_in)
          return buffer.count - Int(stream.avail_out)
        }
      }
      result += buffer[..<written]
      if status == Z_BUF_ERROR || (status == Z_OK && left == 0 && written < buffer.count) {
        throw Stop(outcome: .truncated)
      }
    } while status == Z_OK
    guard status == Z_STREAM_END else { throw Stop(outcome: .corruptData) }
    rest = rest.dropFirst(rest.count - left)
    return result
  }

  // MARK: - Writing

  /// - Parameter flags: Bits 1 to 4: which parts of the head are there, as RFC 1952 numbers them.
  static func member(_ plain: [UInt8], level: Int, flags: UInt8) -> [UInt8] {
    let flags = flags & 0b11110
    var head: [UInt8] = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255]
    if flags & 4 != 0 { head += [3, 0, 1, 0, 2] }
    if flags & 8 != 0 { head += Array("t.csv".utf8) + [0] }
    if flags & 16 != 0 { head += Array("made by hand".utf8) + [0] }
    if flags & 2 != 0 { head += little(checksum(head)).prefix(2) }
    return head + deflated(plain, level: level) + little(checksum(plain))
      + little(UInt32(truncatingIfNeeded: plain.count))
  }

  private static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }

  private static func deflated(_ plain: [UInt8], level: Int) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, CInt(level), Z_DEFLATED, -15, 1, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        == Z_OK
    else { found("no memory") }
    defer { deflateEnd(&stream) }
    var input = plain
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(plain.count))))
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    require(status == Z_STREAM_END, "not compressed")
    return Array(output.dropLast(Int(stream.avail_out)))
  }
}
