import SurveyTestSupport
import Testing

@testable import Normalize

@Suite("A dictionary of byte strings")
struct ByteDictionaryTests {
  @Test("It numbers random keys as Swift's dictionary does", arguments: [UInt64(1), 2, 3], [0, 1, 2, 7, 8, 9, 40])
  func againstDictionary(seed: UInt64, longest: Int) {
    var generator = SeededGenerator(seed: seed &* 100 &+ UInt64(longest))
    var dictionary = ByteDictionary()
    var model: [[UInt8]: Int32] = [:]
    // Few different bytes, so that keys repeat and are prefixes of each other; zeros, because hashes like them.
    let alphabet: [UInt8] = [0, 0, 1, 97, 98, 255]
    for _ in 0..<3000 {
      let count = Int.random(in: 0...longest, using: &generator)
      let key = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      #expect(dictionary.number(of: key.span) == model[key])
      if Bool.random(using: &generator) {
        let number = dictionary.insert(key.span)
        #expect(number == model[key, default: Int32(model.count)])
        model[key] = number
      }
      #expect(dictionary.count == model.count)
    }
    #expect(model.allSatisfy { dictionary.number(of: $0.key.span) == $0.value })
  }

  @Test("Texts come back as they went in, in the order of their coming")
  func texts() {
    var generator = SeededGenerator(seed: 5)
    var keys: [String] = []
    for index in 0..<2000 { keys.append("\(index % 3 == 0 ? "é🎉" : "key")-\(generator.next() % 1000)") }
    var dictionary = ByteDictionary(keys)
    var seen: Set<String> = []
    let expected = keys.filter { seen.insert($0).inserted }
    #expect(dictionary.keys == expected)
    #expect(expected.indices.allSatisfy { dictionary.key(Int32($0)) == expected[$0] })
    #expect(dictionary.insert(expected[7]) == 7)
    #expect(dictionary.insert("new") == Int32(expected.count))
    #expect(dictionary.number(of: "never") == nil)
  }

  @Test("The empty key is a key")
  func emptyKey() {
    var dictionary = ByteDictionary()
    #expect(dictionary.number(of: "") == nil)
    #expect(dictionary.insert("") == 0)
    #expect(dictionary.insert("a") == 1)
    #expect(dictionary.number(of: "") == 0)
    #expect(dictionary.keys == ["", "a"])
  }

  @Test("Equal letters of another composition are other keys, as the bytes are")
  func composition() {
    var dictionary = ByteDictionary()
    #expect(dictionary.insert("\u{E9}") == 0)
    #expect(dictionary.insert("e\u{301}") == 1)
  }

  @Test("A copy does not change with its original")
  func copies() {
    var one = ByteDictionary(["a"])
    let other = one
    for index in 0..<100 { _ = one.insert("\(index)") }
    #expect(other.keys == ["a"] && other.number(of: "0") == nil)
  }

  @Test("Wide hashes of different keys differ, of equal keys agree")
  func wideHashes() {
    var seen: Set<UInt128> = []
    var keys: Set<[UInt8]> = []
    for count in 0...3 {
      // All strings of up to three of nine bytes, zeros among them.
      var index = 0
      while index < [1, 9, 81, 729][count] {
        var rest = index
        let key = (0..<count).map { _ in
          defer { rest /= 9 }
          return UInt8(truncatingIfNeeded: (rest % 9) * 31)
        }
        keys.insert(key)
        seen.insert(KeyHash.wide(key.span))
        #expect(KeyHash.wide(key.span) == KeyHash.wide(Array(key).span))
        index += 1
      }
    }
    for count in 4...200 {
      let zeros = Array(repeating: UInt8(0), count: count)
      keys.insert(zeros)
      seen.insert(KeyHash.wide(zeros.span))
    }
    #expect(seen.count == keys.count)
  }
}

@Suite("Counts by key")
struct KeyCountsTests {
  @Test("They count as Swift's dictionary does, apart and merged", arguments: UInt64(1)...5)
  func counts(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var parts = [KeyCounts(), KeyCounts(), KeyCounts()]
    var model: [String: Int] = [:]
    for _ in 0..<500 {
      let key = ["", "a", "b", "ab", "AUT", "é"].randomElement(using: &generator) ?? ""
      let part = Int.random(in: 0..<3, using: &generator)
      parts[part].add(Array(key.utf8).span)
      if !key.isEmpty { model[key, default: 0] += 1 }
    }
    var whole = KeyCounts()
    for part in parts { whole.merge(part) }
    for key in ["a", "b", "ab", "AUT", "é", "never"] {
      #expect(whole.count(of: Array(key.utf8).span) == model[key] ?? 0)
    }
    // An empty key is related to nothing.
    #expect(whole.count(of: [UInt8]().span) == 0)
  }
}
