import CMinizip

/// The parts of a workbook that is read back: a zip file with one XML file a part, owned.
struct WorkbookParts: ~Copyable {
  private let zip: unzFile

  /// - Returns: nil where this cannot be opened, or is no whole zip file.
  init?(path: String) {
    guard let zip = unzOpen64(path) else { return nil }
    self.zip = zip
  }

  deinit { unzClose(zip) }

  /// The name of a part of which a piece is missing, or that cannot be read; nil where the workbook is whole.
  ///
  /// Every part must be XML from its first byte to its last and have as many elements as it declares, and those with long
  /// lists must hold what was written.
  static func firstIncomplete(of path: String, holding content: WorkbookContent) -> String? {
    guard var parts = WorkbookParts(path: path), let names = parts.names else {
      return WorkbookContent.partOfContentTypes
    }
    let expected = content.expected(among: names)
    if let missing = expected.first(where: { !names.contains($0.part) }) { return missing.part }

    var sharedTexts: [Int] = []
    let texts = WorkbookContent.partOfTexts
    if names.contains(texts) {
      guard let content = parts.content(of: texts) else { return texts }
      sharedTexts = content.sharedTexts
    }
    var relationships = 0
    for name in names where name != texts {
      guard let found = parts.content(of: name, sharedTexts: sharedTexts)?.part else { return name }
      relationships += found[.relationship]
      guard var written = expected.first(where: { $0.part == name })?.content, written != found else { continue }
      written.bytesOfText = found.bytesOfText
      // Where all cells are there, it is their texts that are shorter.
      return written == found ? texts : name
    }
    // Those of sheets are few and short.
    return relationships == names.count(where: WorkbookContent.hasContentType) ? nil : "xl/_rels/workbook.xml.rels"
  }

  /// In the order of the file; nil where the list of them is not whole.
  var names: [String]? {
    mutating get {
      var names: [String] = []
      var status = unzGoToFirstFile(zip)
      while status == UNZ_OK {
        guard let name = current?.name else { return nil }
        names.append(name)
        status = unzGoToNextFile(zip)
      }
      return status == UNZ_END_OF_LIST_OF_FILE ? names : nil
    }
  }

  /// The part that the library stands at, and its size when it is unpacked.
  private var current: (name: String, size: Int)? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
      var information = unz_file_info64()
      let status = unzGetCurrentFileInfo64(zip, &information, name.baseAddress, UInt(name.count), nil, 0, nil, 0)
      // A name that fills its room has no zero behind it.
      guard status == UNZ_OK, information.size_filename < name.count, let start = name.baseAddress,
        let size = Int(exactly: information.uncompressed_size)
      else { return nil }
      return (String(cString: start), size)
    }
  }

  /// What stands in a part; nil where it is missing, damaged or not XML.
  private mutating func content(
    of name: String, sharedTexts: [Int] = []
  ) -> (part: PartContent, sharedTexts: [Int])? {
    guard var reader = PartReader(sharedTexts: sharedTexts),
      unpack(name, { reader.read($0, isLast: $1) })
    else { return nil }
    return reader.content
  }

  /// Unpacks a part, a piece at a time.
  ///
  /// - Returns: Whether it is there, has its size and its checksum, and `body` took all of it.
  mutating func unpack(_ name: String, _ body: (_ piece: UnsafeRawBufferPointer, _ isLast: Bool) -> Bool) -> Bool {
    let isCaseSensitive: CInt = 1
    guard unzLocateFile(zip, name, isCaseSensitive) == UNZ_OK, let size = current?.size,
      unzOpenCurrentFile(zip) == UNZ_OK
    else { return false }
    var unpacked = 0
    let isTaken = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { room in
      while true {
        let count = unzReadCurrentFile(zip, room.baseAddress, UInt32(room.count))
        guard count >= 0, body(UnsafeRawBufferPointer(rebasing: room[..<Int(count)]), count == 0) else { return false }
        if count == 0 { return true }
        unpacked += Int(count)
      }
    }
    // minizip compares the checksum here, of a part that has its size.
    let isRight = unzCloseCurrentFile(zip) == UNZ_OK && unpacked == size
    return isTaken && isRight
  }
}
