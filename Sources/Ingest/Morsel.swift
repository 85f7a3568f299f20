/// A fixed piece of the input that one worker reads alone. Pieces are cut at places that do not depend on the number
/// of workers, and their sums are merged in the order of `index`.
///
/// Today a morsel is a whole file; a range of bytes within it takes the same seat.
public struct Morsel: Sendable, Hashable {
  public var index: Int
  public var path: String

  public init(index: Int, path: String) {
    self.index = index
    self.path = path
  }
}
