import CMinizip

/// The parts of a workbook that is read back: a zip file with one XML file a part, owned.
struct WorkbookParts: ~Copyable {
  private let zip: unzFile

  /// - Returns: nil where this is no whole zip file.
  init?(path: String) {
    guard let zip = unzOpen64(path) else { return nil }
    self.zip = zip
  }

  deinit { unzClose(zip) }

  /// In the order of the file; nil where the list of them is not whole.
  var names: [String]? {
    var names: [String] = []
    var status = unzGoToFirstFile(zip)
    while status == UNZ_OK {
      guard let name = currentName else { return nil }
      names.append(name)
      status = unzGoToNextFile(zip)
    }
    return status == UNZ_END_OF_LIST_OF_FILE ? names : nil
  }

  private var currentName: String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
      let status = unzGetCurrentFileInfo64(zip, nil, name.baseAddress, UInt(name.count), nil, 0, nil, 0)
      return status == UNZ_OK ? name.baseAddress.map { String(cString: $0) } : nil
    }
  }

  /// Unpacks a part, a piece at a time.
  ///
  /// - Returns: Whether it is there, is what its checksum says, and `body` took all of it.
  func unpack(_ name: String, _ body: (_ piece: UnsafeRawBufferPointer, _ isLast: Bool) -> Bool) -> Bool {
    let isCaseSensitive: CInt = 1
    guard unzLocateFile(zip, name, isCaseSensitive) == UNZ_OK, unzOpenCurrentFile(zip) == UNZ_OK else { return false }
    let isTaken = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { room in
      while true {
        let count = unzReadCurrentFile(zip, room.baseAddress, UInt32(room.count))
        guard count >= 0, body(UnsafeRawBufferPointer(rebasing: room[..<Int(count)]), count == 0) else { return false }
        if count == 0 { return true }
      }
    }
    // The checksum is compared here.
    let status = unzCloseCurrentFile(zip)
    return isTaken && status == UNZ_OK
  }
}
