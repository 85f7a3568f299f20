import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("The answers of the reference job")
struct ReferenceAnswersTests {
  private static let files = Result { try ReferenceFiles(ReferenceJobSize(responses: 800)) }

  @Test func everyAnswerIsInTheCodebook() throws {
    let files = try Self.files.get()
    let codebook = try DefinitionReader.codebook(atPath: files.directory.path(of: "codebook.yaml"))
    let (header, rows) = try files.responses()
    #expect(Array(codebook.questions.keys) == Array(header.dropFirst(7)))
    #expect(codebook.questions.values.count { $0.type == .text } == 30)
    #expect(codebook.questions.values.count { $0.type == .integer } == 20)
    var blanks = 0
    for (place, question) in codebook.questions.values.enumerated() {
      let answers = rows.map { $0[place + 7] }
      let given = answers.filter { !$0.isEmpty }
      blanks += answers.count - given.count
      switch question.type {
      case .text: #expect(given.contains { $0.contains(" ") })
      case .integer:
        let numbers = given.compactMap { Int($0) }
        #expect(numbers.count == given.count && numbers.allSatisfy { (0...999).contains($0) })
        #expect(Set(numbers).count > 100)
      // Every code is there, too.
      default: #expect(Set(given) == Set(question.options), "\(question.key)")
      }
    }
    #expect(abs(Double(blanks) / Double(rows.count * 180) - 0.15) < 0.01)
  }

  @Test func aTenthOfTheTextsAreQuoted() throws {
    let files = try Self.files.get()
    let text = try files.directory.text(of: "responses.csv")
    let (header, rows) = try files.responses()
    let texts = header.indices.filter { $0 > 6 && ($0 - 6) % 6 == 0 }
    #expect(texts.count == 30 && header[texts[0]] == "Q006")
    let given = rows.flatMap { row in texts.map { row[$0] } }.filter { !$0.isEmpty }
    let quoted = given.filter { $0.contains("\"") || $0.contains(",") }
    #expect(abs(Double(quoted.count) / Double(given.count) - 0.1) < 0.01)
    // As the reader sees them: a comma, and two quotes where the file has four and the two around the field.
    #expect(quoted.allSatisfy { $0.contains(",") && $0.utf8.count { $0 == UInt8(ascii: "\"") } == 2 })
    #expect(text.utf8.count { $0 == UInt8(ascii: "\"") } == quoted.count * 6)
    #expect(given.contains { $0.utf8.contains { $0 > 127 } })
    #expect(given.allSatisfy { $0.split(separator: " ").count <= 8 })
  }

  /// The vectors that hold prepared fields cut off what is too long.
  @Test func everyPreparedFieldFits() {
    #expect((ReferencePhrases.plain + ReferencePhrases.quoted).allSatisfy { $0.utf8.count < 63 })
    #expect(ReferenceScale.all.allSatisfy { $0.codes.count <= 5 && $0.codes.allSatisfy { $0.utf8.count < 15 } })
    let design = ReferenceDesign(size: ReferenceJobSize(responses: 500, regions: 99, sectors: 99), seed: 1)
    let names = design.strata.map { ",\($0),N" } + design.sectors.map { ",\($0.code)" }
    #expect(names.allSatisfy { $0.utf8.count <= 15 })
    #expect(Snippet<SIMD8<UInt8>>("1234567").count == 7)
    #expect(Snippet<SIMD8<UInt8>>("12345678").count == 7)
  }

  /// Every draw of 16 bits gives a code, at every level: none of the limits falls below the one before.
  @Test func limitsRise() {
    let answers = ReferenceAnswers(size: ReferenceJobSize(responses: 500), seed: 1)
    let leanings = answers.regionLeanings + answers.sectorLeanings
    #expect(leanings.allSatisfy { (-10...10).contains($0) } && Set(leanings).count == 21)
    for (index, question) in answers.questions.enumerated() where question.kind == .choice {
      for level in 0..<ReferenceAnswers.levels {
        let start = (index * ReferenceAnswers.levels + level) * ReferenceAnswers.stride
        let cuts = answers.cuts[start..<start + ReferenceAnswers.stride]
        #expect(zip(cuts, cuts.dropFirst()).allSatisfy { $0 <= $1 } && cuts.last == 65_535)
        #expect(cuts.count { $0 < 65_535 } == question.scale.codes.count)
      }
    }
  }
}
