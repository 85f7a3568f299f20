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

  /// Whether a text is in form C for sure; false says nothing. Bytes that are no UTF-8 are in form, and so may be others
  /// that stand between texts.
  public static func isInForm(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // Below U+0300, whose first byte is 0xCC, every text is in form.
    for place in text.indices where text[place] >= 0xCC {
      if let scalar = scalar(in: text, at: place), !isStable(scalar) { return false }
    }
    return true
  }

  /// The character that begins at a byte from 0xCC on; nil where the bytes behind it are not of one.
  private static func scalar(in text: UnsafeBufferPointer<UInt8>, at place: Int) -> UInt32? {
    let first = text[place]
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard place + length <= text.count else { return nil }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in place + 1..<place + length {
      guard text[next] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(text[next] & 0x3F)
    }
    return value
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
