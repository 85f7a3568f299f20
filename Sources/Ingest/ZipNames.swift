/// The names in a zip archive, as far as its beginning and its end tell them: enough to see what an archive is.
struct ZipNames {
  private static let tailBytes = 1 << 17
  private static let mostNames = 10_000
  private static let local: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  private static let central: [UInt8] = [0x50, 0x4B, 0x01, 0x02]
  private static let emptyEnd: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

  private(set) var names: [String] = []
  /// What the first entry says of an OpenDocument file.
  private(set) var mediaType = ""

  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: local) || bytes.starts(with: emptyEnd)
  }

  /// - Parameters:
  ///   - start: The first bytes.
  ///   - path: Where they come from; its end is not looked at where it is a pipe or compressed.
  init(_ start: UnsafeRawBufferPointer, path: String) {
    collect(start, signature: Self.local, nameLength: 26, name: 30)
    if names.first == "mimetype" { mediaType = Self.text(start, 38..<max(38, min(100, start.count))) }
    guard !path.hasSuffix(InputBytes.compressedSuffix), InputFile.isLasting(path), let file = try? InputFile(path: path)
    else { return }
    let tail = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.tailBytes, alignment: 64)
    defer { tail.deallocate() }
    let count = (try? file.read(into: tail, at: max(0, file.size - Int64(Self.tailBytes)))) ?? 0
    collect(
      UnsafeRawBufferPointer(rebasing: tail[..<count]), signature: Self.central, nameLength: 28, name: 46)
  }

  /// - Parameters:
  ///   - nameLength: Where an entry has the length of its name, in two bytes.
  ///   - name: Where it has the name.
  private mutating func collect(_ bytes: UnsafeRawBufferPointer, signature: [UInt8], nameLength: Int, name: Int) {
    var place = 0
    while place + name <= bytes.count, names.count < Self.mostNames {
      guard UnsafeRawBufferPointer(rebasing: bytes[place...]).starts(with: signature) else {
        place += 1
        continue
      }
      let length = Int(bytes[place + nameLength]) + Int(bytes[place + nameLength + 1]) << 8
      let end = min(bytes.count, place + name + length)
      let found = Self.text(bytes, place + name..<end)
      if !names.contains(found) { names.append(found) }
      place = end
    }
  }

  private static func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
    range.isEmpty ? "" : String(decoding: bytes[range], as: UTF8.self)
  }
}
