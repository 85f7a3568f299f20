import Encodings

/// What the first bytes of a file say: its encoding, and whether it is something else than CSV.
struct TextStart {
  /// How many bytes are looked at, where the file has them.
  static let byteCount = 4096

  /// nil: UTF-8, which needs no conversion.
  let encoding: TextEncoding?
  /// Bytes of a mark that is no text; the grammar knows that of UTF-8.
  let markLength: Int
  /// What the file seems to be, if it turns out that it cannot be read as CSV.
  let suspicion: FileKind?

  /// - Parameter declared: The encoding that the definition names.
  /// - Throws: `IngestError.otherKind` where the bytes prove that the file is none of text, `.unknownEncoding`.
  init(_ bytes: UnsafeRawBufferPointer, path: String, declared: String?) throws(IngestError) {
    let kind = FileKind(bytes, path: path)
    if let kind, kind.isProven { throw .otherKind(path: path, kind: kind) }
    if let mark = TextEncoding.mark(of: bytes) {
      encoding = mark.encoding.isUTF8 ? nil : mark.encoding
      markLength = encoding == nil ? 0 : mark.byteCount
      let isNarrow = encoding != nil && !bytes.contains(0)
      suspicion = kind ?? (isNarrow ? .narrowText(mark.encoding.name, isMarked: true) : nil)
      return
    }
    markLength = 0
    guard let declared else {
      encoding = nil
      suspicion = kind ?? FileKind(wideText: bytes)
      return
    }
    guard let known = TextEncoding(declared) else { throw .unknownEncoding(path: path, name: declared) }
    encoding = known.isUTF8 ? nil : known.ordered(by: bytes)
    let isWide = known.isOpenUTF16 || known.isOpenUTF32
    suspicion =
      kind ?? (isWide && !bytes.contains(0) ? .narrowText(declared, isMarked: false) : FileKind(wideText: bytes))
  }
}
