import Foundation

/// Text is compared in Unicode's normalization form C, in which a letter with an accent is one character however the file
/// wrote it: e with U+0301 is é.
public enum NormalForm {
  /// - Returns: A text in form C; texts in it come back as they are.
  public static func of(_ text: String) -> String {
    var text = text
    let isInForm = text.withUTF8 { Self.isInForm($0) }
    return isInForm ? text : text.precomposedStringWithCanonicalMapping
  }

  /// Whether a text is in form C for sure; false says nothing. Bytes that are no UTF-8 are in form.
  public static func isInForm(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard mayContainMarks(text) else { return true }
    var decoder = UTF8()
    var bytes = text.makeIterator()
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue(let scalar): if scalar.value >= 0x300, !isStable(scalar.value) { return false }
      case .emptyInput, .error: return true
      }
    }
  }

  /// Whether some byte begins a character from U+0300 on; below it every text is in form C.
  public static func mayContainMarks(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text[...]
    while !rest.isEmpty {
      // Without a branch for each byte, which SIMD instructions make fast.
      var largest: UInt8 = 0
      for byte in rest.prefix(4096) { largest = max(largest, byte) }
      if largest >= 0xCC { return true }
      rest = rest.dropFirst(4096)
    }
    return false
  }

  /// Characters that stay as they are, whatever stands before them: those of the scripts that most files use. For all
  /// others a text is looked at in full.
  private static func isStable(_ value: UInt32) -> Bool {
    switch value {
    // Greek, but for three signs that are other characters twice.
    case 0x374, 0x37E, 0x387: false
    case 0x370...0x482, 0x48A...0x590, 0x5D0...0x60F, 0x620...0x64A, 0x660...0x66F, 0x671...0x6D5: true
    // Thai and Lao letters, Georgian, extended Latin.
    case 0xE01...0xE37, 0xE40...0xE46, 0x10A0...0x10FF, 0x1E00...0x1EFF: true
    // Punctuation, currencies, symbols.
    case 0x2002...0x20CF, 0x2100...0x2125, 0x2127...0x2129, 0x212C...0x2328, 0x232B...0x2ADB: true
    // Chinese, Japanese, Korean.
    case 0x3000...0x3029, 0x3041...0x3098, 0x309D...0x9FFF, 0xA000...0xA48C, 0xAC00...0xD7A3, 0xFF01...0xFFEE: true
    case 0x1F000...0x1FAFF, 0x20000...0x2F7FF: true
    default: false
    }
  }
}
