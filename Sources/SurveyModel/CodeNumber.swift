/// The number that a code is, so that `1`, `01` and `1.0` are found to be one.
public enum CodeNumber {
  /// Below it all numbers that differ by a thousandth differ in a Double.
  public static let limit = 1e12

  /// nil for a code that is no decimal number, or none that can be told from its neighbours.
  public static func read(_ code: String) -> Double? {
    guard !code.isEmpty, code.utf8.count <= 64, code.utf8.allSatisfy(isNumeric), let number = Double(code),
      number.magnitude < limit
    else { return nil }
    return number
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
