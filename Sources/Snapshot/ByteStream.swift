/// Bytes that are put together: numbers with the least significant byte first, lists after their length.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func write<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

  mutating func write(_ text: String) {
    write(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// As they lie in memory; a snapshot stays on the machine that wrote it, and its magic number tells the byte order.
  mutating func write<Value: BitwiseCopyable>(list: [Value]) {
    write(UInt32(list.count))
    list.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Whole numbers from 0 with as few bytes as the largest needs.
  mutating func write(small list: [Int32]) {
    write(UInt32(list.count))
    let largest = list.max() ?? 0
    let smallest = list.min() ?? 0
    if smallest < 0 || largest > Int32(UInt16.max) {
      write(UInt8(4))
      list.withUnsafeBytes { bytes.append(contentsOf: $0) }
    } else if largest > Int32(UInt8.max) {
      write(UInt8(2))
      list.map { UInt16(truncatingIfNeeded: $0) }.withUnsafeBytes { bytes.append(contentsOf: $0) }
    } else if largest > 0 {
      write(UInt8(1))
      bytes.append(contentsOf: list.map { UInt8(truncatingIfNeeded: $0) })
    } else {
      write(UInt8(0))
    }
  }
}

/// Reads what a `ByteWriter` wrote. Nothing that is read makes it read beyond the end.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// How many more zeros may be read that take no bytes: damage that asks for more would cost memory.
  private var zeros = 1 << 26

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  private mutating func take(_ count: Int) throws(SnapshotDamage) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - position else { throw SnapshotDamage() }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(SnapshotDamage) -> Value {
    Value(littleEndian: try take(MemoryLayout<Value>.size).loadUnaligned(as: Value.self))
  }

  mutating func readBool() throws(SnapshotDamage) -> Bool { try read(UInt8.self) != 0 }

  mutating func readText() throws(SnapshotDamage) -> String {
    let count = Int(try read(UInt32.self))
    return String(decoding: try take(count), as: UTF8.self)
  }

  mutating func readList<Value: BitwiseCopyable>(_ type: Value.Type = Value.self) throws(SnapshotDamage) -> [Value] {
    let count = Int(try read(UInt32.self))
    return Self.list(try take(count * MemoryLayout<Value>.stride), count: count)
  }

  private static func list<Value: BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
      filled = count
    }
  }

  mutating func readSmall() throws(SnapshotDamage) -> [Int32] {
    let count = Int(try read(UInt32.self))
    let width = Int(try read(UInt8.self))
    switch width {
    case 0:
      guard count <= zeros else { throw SnapshotDamage() }
      zeros -= count
      return Array(repeating: 0, count: count)
    case 1: return try take(count).map { Int32($0) }
    case 2:
      let list: [UInt16] = Self.list(try take(count * 2), count: count)
      return list.map { Int32($0) }
    case 4: return Self.list(try take(count * 4), count: count)
    default: throw SnapshotDamage()
    }
  }
}

/// The bytes of a snapshot are not what was written: it is thrown away, and the data is read.
public struct SnapshotDamage: Error {}
