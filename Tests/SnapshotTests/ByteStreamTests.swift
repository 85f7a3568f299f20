import SurveyTestSupport
import Testing

@testable import Snapshot

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Numbers and lists as bytes")
struct ByteStreamTests {
  @Test func whatIsWrittenIsRead() throws {
    var writer = ByteWriter()
    writer.write(UInt8(200))
    writer.write(Int64.min)
    writer.write(true)
    writer.write(false)
    writer.write("naïve\0\"")
    writer.write("")
    writer.write(list: [1.5, -0.0, .infinity])
    writer.write(list: [UInt128.max, 0, 1 << 77])
    writer.write(list: [UInt16]())
    let bytes = writer.bytes
    try bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws in
      var reader = ByteReader(buffer)
      #expect(try reader.read(UInt8.self) == 200)
      #expect(try reader.read(Int64.self) == .min)
      #expect(try reader.readBool())
      #expect(try reader.readBool() == false)
      #expect(try reader.readText() == "naïve\0\"")
      #expect(try reader.readText() == "")
      #expect(try reader.readList(Double.self).map(\.bitPattern) == [1.5, -0.0, .infinity].map(\.bitPattern))
      #expect(try reader.readList(UInt128.self) == [UInt128.max, 0, 1 << 77])
      #expect(try reader.readList(UInt16.self) == [])
      #expect(throws: SnapshotDamage.self) { _ = try reader.read(UInt8.self) }
    }
  }

  /// 0, 1, 2 or 4 bytes a number, whatever the largest is.
  @Test(
    arguments: [
      ([], 0), ([0, 0, 0], 0), ([1], 1), ([0, 255], 1), ([256, 0], 2), ([65_535], 2), ([65_536, 1], 4),
      ([Int32.max, 0], 4), ([-1, 3], 4), ([Int32.min, Int32.max], 4), ([3, -7, 70_000], 4),
    ] as [([Int32], Int)]
  )
  func smallNumbers(list: [Int32], width: Int) throws {
    var writer = ByteWriter()
    writer.write(small: list)
    #expect(writer.bytes.count == 5 + width * list.count)
    try writer.bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws in
      var reader = ByteReader(buffer)
      #expect(try reader.readSmall() == list)
      #expect(throws: SnapshotDamage.self) { _ = try reader.readBool() }
    }
  }

  @Test(arguments: [3, 5, 7, 8, 16, 255] as [UInt8]) func anotherWidthIsDamage(width: UInt8) throws {
    var writer = ByteWriter()
    writer.write(UInt32(1))
    writer.write(width)
    writer.bytes += Array(repeating: 0, count: 64)
    try writer.bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws in
      var reader = ByteReader(buffer)
      #expect(throws: SnapshotDamage.self) { _ = try reader.readSmall() }
    }
  }

  /// Random reads of random bytes that stand before a page that must not be touched: what fits is read, all else is
  /// damage, and after damage the reader stands where it stood.
  @Test(arguments: 0..<60) func itNeverReadsBeyondTheEnd(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let memory = try #require(
      mmap(nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer { munmap(memory, 2 * page) }
    #expect(mprotect(memory + page, page, PROT_NONE) == 0)
    let count = Int.random(in: 0...90, using: &generator)
    let bytes = (0..<count).map { _ in
      // Mostly small, so that lengths are sometimes right.
      Int.random(in: 0..<4, using: &generator) > 0
        ? UInt8(0) : UInt8.random(in: 0...(Bool.random(using: &generator) ? 5 : 255), using: &generator)
    }
    let buffer = UnsafeMutableRawBufferPointer(start: memory + page - count, count: count)
    buffer.copyBytes(from: bytes)
    var reader = ByteReader(UnsafeRawBufferPointer(buffer))
    var place = 0
    func number(_ width: Int) -> UInt64? {
      guard place + width <= count else { return nil }
      return (0..<width).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    }
    for _ in 0..<200 {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        let expected = number(2)
        #expect((try? reader.read(UInt16.self)).map(UInt64.init) == expected)
        if expected != nil { place += 2 }
      case 1:
        let expected = number(8)
        #expect((try? reader.read(UInt64.self)) == expected)
        if expected != nil { place += 8 }
      case 2:
        guard let length = number(4) else {
          #expect((try? reader.readList(UInt32.self)) == nil)
          continue
        }
        place += 4
        let isWhole = place + Int(length) * 4 <= count
        #expect((try? reader.readList(UInt32.self))?.count == (isWhole ? Int(length) : nil))
        if isWhole { place += Int(length) * 4 }
      default:
        guard let length = number(4) else {
          #expect((try? reader.readText()) == nil)
          continue
        }
        place += 4
        let isWhole = place + Int(length) <= count
        #expect(
          (try? reader.readText())
            == (isWhole ? String(decoding: bytes[place..<place + Int(length)], as: UTF8.self) : nil))
        if isWhole { place += Int(length) }
      }
    }
  }
}
