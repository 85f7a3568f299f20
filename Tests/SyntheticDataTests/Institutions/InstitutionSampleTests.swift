import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("Samples of institutions")
struct InstitutionSampleTests {
  /// Within a network the weights add up to its size over the chance of the network, to the last institution.
  @Test func weightsOfANetworkAddUp() throws {
    let files = try SurveyFiles(responses: 2000, cycles: 5...5)
    let population = files.survey.population
    for (stratum, rows) in try byStratum(files, cycle: 5) {
      let design = files.survey.design.strata[stratum]
      let networks = Dictionary(grouping: rows) { $0["network"] ?? "" }
      #expect(networks.count == design.sampled)
      for (name, members) in networks {
        let number = try #require(name.split(separator: "-").last.flatMap { Int($0) }) - 1
        let size = population.network(number, in: stratum).size
        let sum = members.reduce(0.0) { $0 + (Double($1["weight"] ?? "") ?? 0) }
        #expect(areClose(sum, Double(size * design.networks) / Double(design.sampled)))
        #expect(members.count <= size)
        #expect(members.allSatisfy { $0["stratum_size"] == "\(design.networks)" })
      }
    }
  }

  /// Over many draws the sum of the weights of a stratum has the number of its institutions as its mean.
  @Test func weightsAddUpToThePopulationInExpectation() throws {
    let frame = try SampleData.frame()
    let survey = try InstitutionSurvey(seed: 3, responses: 600, cycles: 4...4, frame: frame)
    let population = survey.population
    for (stratum, design) in survey.design.strata.enumerated() {
      let size = (0..<design.networks).reduce(0) { $0 + population.size(of: $1, in: stratum) }
      let sums = (0..<200).map { draw in
        let sample = InstitutionSample(
          of: population, stratum: stratum, design: design, cycles: [4], seed: 3, draw: draw)
        return (0..<design.networks).reduce(0.0) { sum, number in
          let taken = sample.taken(from: number, cycle: 4)
          if taken == 0 { return sum }
          return sum + Double(taken) * sample.weight(of: population.network(number, in: stratum), taken: taken)
        }
      }
      let mean = sums.reduce(0, +) / 200
      let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
      #expect(abs(mean - Double(size)) < 4.5 * (variance / 200).squareRoot(), "stratum \(stratum)")
      #expect(variance > 0)
    }
  }

  @Test func weightsAreUnequal() throws {
    let weights = try SurveyFiles(responses: 2000, cycles: 2...2).responses(2).compactMap { Double($0["weight"] ?? "") }
    #expect(weights.count == 2000)
    let least = try #require(weights.min())
    let most = try #require(weights.max())
    #expect(least >= 5)
    #expect(most / least > 2)
    #expect(most < 120)
  }

  /// The panel is in every cycle; nobody else is in two.
  @Test func aThirdIsAPanel() throws {
    let files = try SurveyFiles(responses: 3000)
    let networks = try (2...5).map { Set(try files.responses($0).compactMap { $0["network"] }) }
    let panel = networks.dropFirst().reduce(networks[0]) { $0.intersection($1) }
    for (place, one) in networks.enumerated() {
      #expect((0.28...0.38).contains(Double(panel.count) / Double(one.count)))
      for other in networks[(place + 1)...] { #expect(one.intersection(other) == panel) }
    }
    let institutions = try [3, 4].map { cycle in
      Set(try files.responses(cycle).filter { panel.contains($0["network"] ?? "") }.compactMap { $0["institution"] })
    }
    let common = institutions[0].intersection(institutions[1]).count
    #expect(Double(common) / Double(institutions[0].count) > 0.85)
  }

  /// Small networks are common: sizes are 6 and 25 times the product of two uniform draws, 12.25 in the mean less half
  /// for what is cut off.
  @Test func networksDifferInSize() throws {
    let population = try SurveyFiles(responses: 5000, cycles: 2...2).survey.population
    let sizes = population.strata.indices.flatMap { stratum in
      (0..<population.strata[stratum].networks).map { population.size(of: $0, in: stratum) }
    }
    let mean = Double(sizes.reduce(0, +)) / Double(sizes.count)
    #expect(abs(mean - 11.75) < 0.5)
    #expect(Set(sizes).count > 20)
    #expect(sizes.allSatisfy { InstitutionPopulation.networkSizes.contains($0) })
  }

  /// A network lies in one region and sector; some are in several Parties, and every Party has all sectors.
  @Test func networksLieWithinAStratum() throws {
    let files = try SurveyFiles(cycles: 2...2)
    let population = files.survey.population
    let frame = try SampleData.frame()
    let regions = Dictionary(uniqueKeysWithValues: frame.parties.map { ($0.iso3, $0.region) })
    var seen: Set<String> = []
    var international = 0
    for (stratum, place) in population.strata.enumerated() {
      for number in 0..<place.networks {
        let network = population.network(number, in: stratum)
        let parties = Set((0..<network.size).map { population.parties[population.party(of: $0, in: network)] })
        #expect(parties.allSatisfy { regions[$0] == place.region })
        #expect(InstitutionPopulation.networkSizes.contains(network.size))
        seen.formUnion(parties.map { "\($0) \(place.sector)" })
        if parties.count > 1 { international += 1 }
      }
    }
    #expect(seen.count == population.parties.count * 4)
    #expect(international > 100)
  }

  private func byStratum(_ files: SurveyFiles, cycle: Int) throws -> [Int: [[String: String]]] {
    let strata = files.survey.population.strata
    return Dictionary(grouping: try files.responses(cycle)) { row in
      strata.firstIndex { row["network"]?.hasPrefix("\($0.region)-\($0.sector.rawValue)-") == true } ?? -1
    }
  }
}
