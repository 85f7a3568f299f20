/// Writes bytes one behind the other into memory that is large enough.
///
/// A piece of text is written as a whole vector, of which the next piece overwrites what is too much: that takes no loop
/// and no branch. So a vector's worth of room must be behind the last piece.
struct ByteCursor {
  private(set) var place: UnsafeMutableRawPointer

  init(_ place: UnsafeMutableRawPointer) {
    self.place = place
  }

  @inline(__always)
  mutating func put<Vector>(_ snippet: Snippet<Vector>) {
    place.storeBytes(of: snippet.vector, as: Vector.self)
    place += snippet.count
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    place.storeBytes(of: byte, as: UInt8.self)
    place += 1
  }

  /// A number from 0 with so many digits, zeros in front.
  @inline(__always)
  mutating func put(_ number: Int, digits: Int) {
    var rest = UInt(truncatingIfNeeded: number)
    for digit in (0..<digits).reversed() {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      place.storeBytes(
        of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder), toByteOffset: digit, as: UInt8.self)
      rest = quotient
    }
    place += digits
  }

  /// Thousandths as a number with three decimals, such as 12.300.
  @inline(__always)
  mutating func put(thousandths number: Int) {
    let (whole, decimals) = number.quotientAndRemainder(dividingBy: 1000)
    put(whole, digits: whole < 10 ? 1 : whole < 100 ? 2 : 3)
    put(UInt8(ascii: "."))
    put(decimals, digits: 3)
  }
}

/// A short text in a vector whose last byte is the text's length.
struct Snippet<Vector: SIMD & Sendable>: Sendable where Vector.Scalar == UInt8 {
  let vector: Vector

  /// Holds at most one byte less than the vector; the rest of a longer text is cut off.
  init(_ text: String) {
    let last = Vector.scalarCount - 1
    var vector = Vector(repeating: 0)
    for (place, byte) in text.utf8.prefix(last).enumerated() { vector[place] = byte }
    vector[last] = UInt8(truncatingIfNeeded: min(last, text.utf8.count))
    self.vector = vector
  }

  @inline(__always)
  var count: Int { Int(vector[Vector.scalarCount - 1]) }
}
