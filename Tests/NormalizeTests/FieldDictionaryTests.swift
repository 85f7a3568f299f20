import SurveyTestSupport
import Testing

@testable import Ingest
@testable import Normalize

@Suite("Numbers for fields and pairs")
struct FieldDictionaryTests {
  /// Numbers as Swift's dictionary gives them; -1 where there is no room.
  private struct Model {
    var numbers: [[UInt8]: Int32] = [:]
    var limit: Int

    mutating func number(_ key: [UInt8]) -> (number: Int32, isNew: Bool) {
      if let known = numbers[key] { return (known, false) }
      guard numbers.count < limit else { return (-1, false) }
      numbers[key] = Int32(numbers.count)
      return (Int32(numbers.count - 1), true)
    }
  }

  @Test(arguments: [0, 1, 8, 15, 16, 17, 40], [1, 3, 50, 4096, Int.max])
  func columnsAreNumberedAsByADictionary(longest: Int, limit: Int) {
    var keys = ConfusingKeys(seed: UInt64(longest * 31 + min(limit, 5000)), longest: longest)
    var generator = SeededGenerator(seed: 9)
    var dictionaries = [FieldDictionary(limit: limit), FieldDictionary(limit: limit)]
    var models = [Model(limit: limit), Model(limit: limit)]
    // More room than rows: what is behind them stays.
    var numbers = Array(repeating: Int32(-7), count: 130)
    for _ in 0..<25 {
      let rows = (0..<Int.random(in: 0...120, using: &generator)).map { _ in [keys.next(), keys.next()] }
      let records = RecordBatch(rows: rows, columns: 2).padded()
      for column in 0..<2 {
        var added: [(Int32, [UInt8])] = []
        dictionaries[column].number(records, column: column, into: &numbers) { number, field in
          added.append((number, field.indices.map { field[$0] }))
        }
        var expectedAdded: [(Int32, [UInt8])] = []
        for (row, fields) in rows.enumerated() {
          let (number, isNew) = models[column].number(fields[column])
          #expect(numbers[row] == number, "\(fields[column])")
          if isNew { expectedAdded.append((number, fields[column])) }
        }
        #expect(added.map(\.0) == expectedAdded.map(\.0))
        #expect(added.map(\.1) == expectedAdded.map(\.1))
        #expect(dictionaries[column].count == models[column].numbers.count)
      }
      #expect(numbers[rows.count...].allSatisfy { $0 == -7 })
      numbers = Array(repeating: -7, count: 130)
    }
    // One by one.
    for _ in 0..<200 {
      let key = keys.next()
      #expect(dictionaries[0].insert(key.span) == models[0].number(key).number)
    }
  }

  @Test func veryManyFields() {
    var dictionary = FieldDictionary()
    var numbers = Array(repeating: Int32(0), count: 5000)
    for pass in 0..<2 {
      for batch in 0..<4 {
        let rows = (0..<5000).map { [Array("\(batch * 5000 + $0)".utf8)] }
        var added = 0
        dictionary.number(RecordBatch(rows: rows, columns: 1).padded(), column: 0, into: &numbers) { _, _ in added += 1
        }
        #expect(numbers == (0..<5000).map { Int32(batch * 5000 + $0) })
        #expect(added == (pass == 0 ? 5000 : 0))
      }
    }
    #expect(dictionary.count == 20_000)
  }

  // MARK: - Pairs

  @Test(arguments: UInt64(1)...8) func pairsAreNumberedAsByADictionary(seed: UInt64) {
    struct Pair: Hashable { var first, second: Int32 }
    var generator = SeededGenerator(seed: seed)
    var dictionary = PairDictionary()
    var model: [Pair: Int32] = [:]
    var order: [Pair] = []
    func number(_ pair: Pair) -> Int32 {
      if model[pair] == nil {
        model[pair] = Int32(order.count)
        order.append(pair)
      }
      return model[pair] ?? -1
    }
    let range: ClosedRange<Int32> = seed % 2 == 0 ? -3...3 : -1...400
    for _ in 0..<30 {
      let rows = Int.random(in: 0...80, using: &generator)
      let first = (0..<rows).map { _ in Int32.random(in: range, using: &generator) }
      var second = (0..<rows).map { _ in Int32.random(in: range, using: &generator) }
      let expected = zip(first, second).map { number(Pair(first: $0, second: $1)) }
      dictionary.number(first, &second, rows: rows)
      #expect(second == expected)
      let pair = Pair(first: .random(in: range, using: &generator), second: .random(in: range, using: &generator))
      #expect(dictionary.insert(pair.first, pair.second) == number(pair))
    }
    #expect(dictionary.pairs.map { Pair(first: $0.first, second: $0.second) } == order)
    // Both halves count, and their order.
    #expect(dictionary.insert(1000, 2000) != dictionary.insert(2000, 1000))
    #expect(dictionary.insert(.max, .min) != dictionary.insert(.min, .max))
  }

  // MARK: - Hashed keys

  /// Keys that begin in the same slot, and 0.
  private static func key(_ generator: inout SeededGenerator) -> UInt128 {
    let small = UInt128(UInt64.random(in: 0...60, using: &generator))
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return small
    case 1: return small << 64
    case 2: return small << 64 | 1023
    default: return UInt128(generator.next() % 3) << 100 | UInt128(generator.next() % 999)
    }
  }

  @Test(arguments: UInt64(1)...6) func repeatedKeysAreFoundAsByASet(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var set = KeySet()
    var model: Set<UInt128> = []
    for _ in 0..<60 {
      let count = Int.random(in: 0...90, using: &generator)
      var keys = (0..<count).map { _ in Self.key(&generator) }
      // Some keys are new, so that the set grows.
      for row in keys.indices where row % 3 == 0 {
        keys[row] = UInt128(generator.next()) << 64 | UInt128(generator.next())
      }
      let isWhole = Bool.random(using: &generator)
      let used = RowMask(rowCount: count) { _ in isWhole || Bool.random(using: &generator) }
      let expected = keys.indices.filter { used[$0] && !model.insert(keys[$0]).inserted }
      #expect(try set.insert(keys, where: used) == expected)
    }
    #expect(model.count > 800)
    #expect(try set.insert(Array(model), where: RowMask(rowCount: model.count, all: true)).count == model.count)
  }

  @Test func aCopyOfASetOfKeysIsItsOwn() throws {
    let one = RowMask(rowCount: 1, all: true)
    var set = KeySet()
    #expect(try set.insert([7], where: one) == [])
    var copy = set
    #expect(try copy.insert([8], where: one) == [])
    #expect(try set.insert([8], where: one) == [])
    #expect(try copy.insert([7], where: one) == [0])
  }

  @Test(arguments: [0, 1, 33, 5000]) func valuesAreKeptAsByADictionary(capacity: Int) {
    var generator = SeededGenerator(seed: UInt64(capacity) + 1)
    var table = KeyTable(capacity: capacity)
    var model: [UInt128: Int32] = [:]
    for number in 0..<6000 {
      let key = number % 2 == 0 ? Self.key(&generator) : UInt128(generator.next()) << 64 | UInt128(number)
      #expect(table.value(of: key) == model[key])
      if number % 3 == 0 { continue }
      #expect(table.set(key, to: Int32(number)) == model[key])
      model[key] = Int32(number)
      #expect(table.value(of: key) == Int32(number))
      #expect(table.count == model.count)
    }
    #expect(model.allSatisfy { table.value(of: $0.key) == $0.value })
    #expect(model[0] != nil)
  }
}
