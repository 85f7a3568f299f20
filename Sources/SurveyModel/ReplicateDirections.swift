/// The directions of rows of replicate weights: rows that are multiples of each other, as those of one PSU are, share
/// one.
///
/// A row's direction is its vector divided by its length. Two rows have the same one where these differ by no more than
/// the tolerance of the rank, so that weights rounded to six digits make no directions of their own. Directions are
/// numbered in the order of the rows, which is that of the file for every number of threads.
public struct ReplicateDirections: Sendable {
  /// Replicate weights of a row.
  public let width: Int
  /// Direction after direction, each of length 1.
  public private(set) var vectors: [Double] = []
  /// By direction: the sum of the squared lengths of its rows, so that a rank sees what is small beside the rest.
  private(set) var squares: [Double] = []

  /// The number of a row without any replicate weight, which adds nothing to a rank.
  public static let none: Int32 = -1
  /// The number of a row whose direction is one too many to be remembered.
  public static let beyond: Int32 = -2
  /// As many directions are remembered. Surveys whose replicate weights come from PSUs alone have fewer; where weights
  /// are calibrated replicate by replicate every row may have its own, and some hundred of them have the full rank.
  static let most = 1 << 14
  /// R's `degf` asks `qr(weights, tol = 1e-5)`.
  static let tolerance = 1e-5

  public var count: Int { width == 0 ? 0 : vectors.count / width }

  /// Projects a vector on a line, so that equal directions are looked for among few.
  private let probe: [Double]
  private var numbersByPlace: [Int: [Int32]] = [:]
  private var last = Self.none
  private static let placesPerUnit = Double(1 << 14)

  public init(width: Int) {
    self.width = width
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    probe = (0..<width).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) * 2 - 1
    }
  }

  /// The number of each row's direction.
  ///
  /// - Parameter weights: Row after row.
  public mutating func numbers(of weights: [Double], rows: Int) -> [Int32] {
    guard width > 0 else { return Array(repeating: Self.none, count: rows) }
    return weights.withUnsafeBufferPointer { weights in
      (0..<rows).map { row in number(of: UnsafeBufferPointer(rebasing: weights[row * width..<(row + 1) * width])) }
    }
  }

  private mutating func number(of row: UnsafeBufferPointer<Double>) -> Int32 {
    let length = Self.product(row, row, 0).squareRoot()
    guard length > 0, length.isFinite else { return Self.none }
    // Rows of one PSU often stand together.
    if last >= 0, isClose(row, length, to: last) {
      squares[Int(last)] += length * length
      return last
    }
    let place = Int(
      (probe.withUnsafeBufferPointer { Self.product(row, $0, 0) } / length * Self.placesPerUnit).rounded())
    if let known = numbersByPlace[place]?.first(where: { isClose(row, length, to: $0) }) {
      squares[Int(known)] += length * length
      last = known
      return known
    }
    guard count < Self.most else { return Self.beyond }
    let number = Int32(count)
    for weight in row { vectors.append(weight / length) }
    squares.append(length * length)
    numbersByPlace[place, default: []].append(number)
    last = number
    return number
  }

  /// The squared distance of two vectors of length 1 is 2 - 2 cos.
  private func isClose(_ row: UnsafeBufferPointer<Double>, _ length: Double, to number: Int32) -> Bool {
    let cosine = vectors.withUnsafeBufferPointer { Self.product(row, $0, Int(number) * width) } / length
    return 2 - 2 * cosine <= Self.tolerance * Self.tolerance
  }

  /// Four sums side by side: one alone waits for each addition.
  private static func product(
    _ row: UnsafeBufferPointer<Double>, _ other: UnsafeBufferPointer<Double>, _ start: Int
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var index = 0
    while index + 4 <= row.count {
      let a = SIMD4(row[index], row[index + 1], row[index + 2], row[index + 3])
      let place = start + index
      sums += a * SIMD4(other[place], other[place + 1], other[place + 2], other[place + 3])
      index += 4
    }
    var sum = sums.sum()
    while index < row.count {
      sum += row[index] * other[start + index]
      index += 1
    }
    return sum
  }
}

/// Which directions of replicate weights occur among some rows.
public struct DirectionSet: Sendable, Hashable {
  private var words: [UInt64] = []
  /// Rows whose direction was one too many to be remembered.
  private var beyond = 0

  public init() {}

  public mutating func insert(_ number: Int32) {
    guard number >= 0 else {
      if number == ReplicateDirections.beyond { beyond += 1 }
      return
    }
    let word = Int(number) >> 6
    while words.count <= word { words.append(0) }
    words[word] |= 1 << UInt64(number & 63)
  }

  public mutating func formUnion(_ other: DirectionSet) {
    while words.count < other.words.count { words.append(0) }
    for (word, bits) in other.words.enumerated() { words[word] |= bits }
    beyond += other.beyond
  }

  /// The rank of the matrix of the rows' replicate weights, as R's `qr(tol = 1e-5)` counts it. Rows beyond the
  /// remembered directions count as independent.
  public func rank(in directions: ReplicateDirections) -> Int {
    min(directions.width, ReplicateRank(directions).rank(of: numbers) + beyond)
  }

  private var numbers: [Int] {
    words.enumerated().flatMap { word, bits in
      (0..<64).compactMap { bits >> UInt64($0) & 1 == 0 ? nil : word << 6 + $0 }
    }
  }
}

/// The rank of some directions: columns (replicates) are taken from left to right, and one counts if the columns before
/// it leave at least 1e-5 of its length, which is LINPACK's `dqrdc2` behind R's `qr`.
struct ReplicateRank {
  private let directions: ReplicateDirections
  private var width: Int { directions.width }

  init(_ directions: ReplicateDirections) { self.directions = directions }

  func rank(of numbers: [Int]) -> Int {
    // The products of the columns are enough: their rounding is 1e-16 of a squared length, and 1e-10 is asked for.
    var products = Array(repeating: 0.0, count: width * width)
    var rank = 0
    var done = 0
    var step = 2 * width
    while done < numbers.count {
      let next = min(numbers.count, done + step)
      add(numbers[done..<next], to: &products)
      done = next
      step *= 2
      rank = Self.rank(products, width: width)
      // More rows cannot make it larger.
      if rank == width { break }
    }
    return min(rank, numbers.count)
  }

  private func add(_ numbers: ArraySlice<Int>, to products: inout [Double]) {
    let width = width
    let squares = directions.squares
    directions.vectors.withUnsafeBufferPointer { vectors in
      products.withUnsafeMutableBufferPointer { products in
        for number in numbers {
          let start = number * width
          for column in 0..<width where vectors[start + column] != 0 {
            let factor = vectors[start + column] * squares[number]
            for other in column..<width { products[column * width + other] += factor * vectors[start + other] }
          }
        }
      }
    }
  }

  /// - Parameter products: Of each column with those from itself on.
  private static func rank(_ products: [Double], width: Int) -> Int {
    var left = products
    let limit = ReplicateDirections.tolerance * ReplicateDirections.tolerance
    return left.withUnsafeMutableBufferPointer { left in
      var rank = 0
      for column in 0..<width {
        let pivot = left[column * width + column]
        let own = products[column * width + column]
        guard own > 0, pivot >= limit * own else { continue }
        rank += 1
        for row in column + 1..<max(width, column + 1) {
          let factor = left[column * width + row] / pivot
          guard factor != 0 else { continue }
          for other in row..<width { left[row * width + other] -= factor * left[column * width + other] }
        }
      }
      return rank
    }
  }
}
