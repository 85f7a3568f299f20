import Foundation
import Kernels
import Testing

@Suite("Characters that may compose")
struct MayComposeTests {
  private func mayCompose(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { Kernels.mayCompose($0) }
  }

  @Test("Every character that is part of a canonical decomposition, or is reordered, is seen, wherever it stands")
  func everyCharacter() {
    var missed: [String] = []
    for scalar in (0x300...0x2FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
      let text = String(scalar)
      let parts = Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
      missed += parts.dropFirst().map(String.init).filter { !mayCompose($0) }
      let isUnchanged = text.precomposedStringWithCanonicalMapping.utf8.elementsEqual(text.utf8)
      if !isUnchanged || scalar.properties.canonicalCombiningClass != .notReordered, !mayCompose(text) {
        missed.append(text)
      }
    }
    #expect(missed == [])
    for length in [0, 1, 15, 16, 255, 256, 257, 1000] {
      let filler = String(repeating: "a", count: length)
      #expect(mayCompose(filler + "e\u{301}") && !mayCompose(filler + "é"))
    }
  }

  @Test(
    "Scripts that never compose are passed over", arguments: ["plain", "Größe", "Россия", "Հայաստան", "国家计划", "서민"])
  func stable(text: String) {
    #expect(!mayCompose(text))
  }
}
