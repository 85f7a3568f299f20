/// A file that one reader takes alone, from its first byte to its last: one that is compressed, or cannot be read from
/// any place. Other files are cut (`MorselFile`).
public struct Morsel: Sendable, Hashable {
  public var index: Int
  public var path: String

  public init(index: Int, path: String) {
    self.index = index
    self.path = path
  }
}
