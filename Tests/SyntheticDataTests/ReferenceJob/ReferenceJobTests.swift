import Foundation
import PipelineDefinition
import SurveyModel
import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("The files of the reference job")
struct ReferenceJobTests {
  @Test(arguments: [0, 70]) func sameSeedSameBytes(replicates: Int) throws {
    let size = ReferenceJobSize(responses: 500, replicates: replicates)
    let (one, other) = (try ReferenceFiles(size), try ReferenceFiles(size))
    let written = try #require(FileManager.default.subpaths(atPath: one.directory.path)).sorted()
    #expect(
      written == [
        "README.md", "codebook.yaml", "indicators.yaml", "reference-job.yaml", "regions.yaml", "responses.csv",
        "sectors.yaml",
      ])
    for path in written { #expect(try one.directory.text(of: path) == other.directory.text(of: path), "\(path)") }
    #expect(one.written.map(\.bytes).reduce(0, +) > 500 * 1300)
  }

  @Test func anotherSeedGivesOtherAnswersToTheSameQuestions() throws {
    let size = ReferenceJobSize(responses: 500)
    let (one, other) = (try ReferenceFiles(seed: 1, size), try ReferenceFiles(seed: 2, size))
    #expect(try one.directory.text(of: "responses.csv") != other.directory.text(of: "responses.csv"))
    for path in ["codebook.yaml", "indicators.yaml", "reference-job.yaml"] {
      #expect(try one.directory.text(of: path) == other.directory.text(of: path), "\(path)")
    }
  }

  /// A row depends on its number and not on how many there are. A change of platform or of the generator does not go
  /// unnoticed.
  @Test func rowsArePinned() throws {
    let text = try ReferenceFiles(ReferenceJobSize(responses: 500)).directory.text(of: "responses.csv")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 502 && lines.last == "" && !text.contains("\r"))
    #expect(lines[0].hasPrefix("response_id,institution,region,sector,stratum,network,weight,Q001,Q002,"))
    #expect(lines[0].hasSuffix(",Q179,Q180"))
    #expect(
      lines[1].hasPrefix(
        "R0000001,I0000001,EEU,ngo,EEU-national,N1173,2.997,yes,no,,240,,customs review información,national,,yes,partly,full,"
      ), "\(lines[1].prefix(160))")
    let longer = try ReferenceFiles(ReferenceJobSize(responses: 700)).directory.text(of: "responses.csv")
    #expect(longer.hasPrefix(text))
  }

  @Test(arguments: [2026, 5] as [UInt64]) func aRowHas1400Bytes(seed: UInt64) throws {
    let files = try ReferenceFiles(seed: seed, ReferenceJobSize(responses: 2000))
    let bytes = try #require(files.written.first).bytes
    #expect((1375...1425).contains(Double(bytes) / 2000), "\(bytes / 2000)")
  }

  @Test func psusAreNestedInStrataAndEquallyMany() throws {
    let design = ReferenceDesign(size: ReferenceJobSize(responses: 500, psus: 2003, regions: 6), seed: 1)
    #expect(design.strata.count == 24 && Set(design.strata).count == 24)
    #expect(design.regions.map(\.code).last == "R06")
    let strata = (0..<2003).map(design.stratum)
    #expect(strata == strata.sorted())
    #expect(Set((0..<24).map { stratum in strata.count { $0 == stratum } }) == [83, 84])

    let (header, rows) = try ReferenceFiles(ReferenceJobSize(responses: 800, psus: 48, regions: 6)).responses()
    let places = try ["region", "sector", "stratum", "network"].map { try #require(header.firstIndex(of: $0)) }
    let names = rows.map { row in places.map { row[$0] } }
    for members in Dictionary(grouping: names, by: { $0[3] }).values { #expect(Set(members.map { $0[2] }).count == 1) }
    #expect(Set(names.map { $0[3] }).count == 48 && Set(names.map { $0[2] }).count == 24)
    #expect(names.allSatisfy { $0[2].hasPrefix($0[0] + "-") })
    #expect(Set(names.map { $0[1] }).count == 8)
  }

  /// In half of the replicates a PSU counts twice, in the others not at all; of two neighbours one is in.
  @Test func replicatesAreHalfSamples() throws {
    let (header, rows) = try ReferenceFiles(
      ReferenceJobSize(responses: 500, psus: 40, questions: 6, indicators: 1, replicates: 70)
    ).responses()
    #expect(header[6...7] == ["weight", "rw001"] && header[76...77] == ["rw070", "Q001"])
    var factors: [String: [Double]] = [:]
    for row in rows {
      let numbers = row[6...76].map { Double($0) ?? -1 }
      let own = numbers.dropFirst().map { ($0 / numbers[0]).rounded(.toNearestOrEven) }
      #expect(zip(own, numbers.dropFirst()).allSatisfy { areClose($0 * numbers[0], $1) })
      #expect((1...60).contains(numbers[0]) && Set(own) == [0, 2])
      #expect(factors[row[5], default: own] == own)
      factors[row[5]] = own
    }
    #expect(factors.count == 40)
    for (one, other) in [("N0001", "N0002"), ("N0039", "N0040")] {
      #expect(zip(try #require(factors[one]), try #require(factors[other])).allSatisfy { $0 + $1 == 2 })
    }
  }

  @Test(arguments: [
    ReferenceJobSize(responses: 499), ReferenceJobSize(responses: -1), ReferenceJobSize(responses: 500, regions: 6),
    ReferenceJobSize(responses: .max), ReferenceJobSize(responses: 500, psus: 39),
    ReferenceJobSize(responses: 500, psus: .max), ReferenceJobSize(responses: 500, questions: 0),
    ReferenceJobSize(responses: 500, questions: .max), ReferenceJobSize(responses: 500, indicators: 0),
    ReferenceJobSize(responses: 500, regions: 0), ReferenceJobSize(responses: 500, regions: 100),
    ReferenceJobSize(responses: 500, sectors: 0), ReferenceJobSize(responses: 500, sectors: .min),
    ReferenceJobSize(responses: 500, replicates: 1), ReferenceJobSize(responses: 500, replicates: -2),
  ])
  func whatIsOutOfBoundsIsRefused(size: ReferenceJobSize) {
    #expect {
      try ReferenceJob(seed: 1, size: size)
    } throws: { error in
      guard case .outOfBounds = error as? SyntheticDataError else { return false }
      return (error as? SyntheticDataError)?.exitStatus == .usage
    }
  }

  @Test func anIndicatorNeedsAQuestionOfItsOwn() throws {
    let error = SyntheticDataError.tooFewQuestions(50, choices: 36, indicators: 39)
    #expect(throws: error) { try ReferenceJob(seed: 1, size: ReferenceJobSize(responses: 500, questions: 50)) }
    #expect(error.exitStatus == .usage)
    #expect(error.advice == "ask for more --questions, or for at most 36 --indicators")
    _ = try ReferenceJob(seed: 1, size: ReferenceJobSize(responses: 500, questions: 50, indicators: 36))
  }

  @Test func aDirectoryThatCannotBeIsRefused() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("", to: "file")
    #expect {
      _ = try ReferenceJob(seed: 1, size: ReferenceJobSize(responses: 500)).write(to: path)
    } throws: { error in
      (error as? SyntheticDataError)?.exitStatus == .cannotCreateOutput
    }
  }
}
