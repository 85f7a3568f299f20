import SurveyTestSupport
import Testing

@testable import SyntheticData

@Suite("The truth about institutions")
struct InstitutionTruthTests {
  /// Counts everybody anew, from the codes as a reader of the file would see them.
  @Test func truthEqualsBruteForce() throws {
    let files = try SurveyFiles(responses: 500, cycles: 3...3)
    let population = files.survey.population
    var shares: [String: (yes: Int, asked: Int)] = [:]
    var parties: [String: [String: [Bool]]] = [:]
    for (network, institution) in SurveyFiles.everybody(in: population) {
      let stratum = population.strata[network.stratum]
      let answers = population.answers(of: institution, in: network, cycle: 3)
      let party = population.parties[population.party(of: institution, in: network)]
      for (indicator, yes) in Self.verdicts(Self.codes(answers)) {
        guard let yes else { continue }
        for region in ["_T", stratum.region] {
          if indicator.hasPrefix("P") {
            parties["\(indicator) \(region) _T", default: [:]][party, default: []].append(yes)
            continue
          }
          for sector in ["_T", stratum.sector.rawValue] {
            let share = shares["\(indicator) \(region) \(sector)"] ?? (0, 0)
            shares["\(indicator) \(region) \(sector)"] = (share.yes + (yes ? 1 : 0), share.asked + 1)
          }
        }
      }
    }
    for (cell, members) in parties {
      let holds = members.values.count { answers in
        let yes = answers.count { $0 }
        return cell.hasPrefix("P.1") ? 2 * yes > answers.count : cell.hasPrefix("P.2") ? yes > 0 : yes == answers.count
      }
      shares[cell] = (holds, members.count)
    }
    let truth = try files.truth(3)
    #expect(truth.count == 12 * 30 + 3 * 6)
    #expect(Set(truth.keys) == Set(shares.keys))
    for (cell, share) in shares {
      let value = try #require(truth[cell])
      let expected = cell.hasPrefix("I.12 ") ? Double(share.yes) : 100 * Double(share.yes) / Double(share.asked)
      #expect(areClose(value, expected, relative: 1e-12), "\(cell)")
    }
  }

  /// Levels differ by region, sector and cycle; nothing is empty, full or everywhere the same.
  @Test func truthHasSomethingToFind() throws {
    let files = try SurveyFiles(responses: 5000)
    let cycles = try (2...5).map { try files.truth($0) }
    for indicator in InstitutionIndicator.byInstitution where !indicator.isCount {
      let values = cycles.map { $0["\(indicator.id) _T _T"] ?? -1 }
      #expect(values.allSatisfy { (3...97).contains($0) }, "\(indicator.id) \(values)")
      let regions = try SampleData.frame().regions.map { cycles[2]["\(indicator.id) \($0) _T"] ?? -1 }
      #expect((regions.max() ?? 0) - (regions.min() ?? 0) > 2, "\(indicator.id) \(regions)")
    }
    func change(_ id: String) -> Double {
      (cycles[3]["\(id) _T _T"] ?? 0) - (cycles[0]["\(id) _T _T"] ?? 0)
    }
    #expect(change("I.10") > 10)
    #expect(change("I.8") < -5)
  }

  /// Answers are alike within a network and from cycle to cycle, and neither is the other's copy.
  @Test func answersHangTogether() throws {
    let population = try SurveyFiles(cycles: 2...2).survey.population
    var same = (cycles: 0.0, network: 0.0, strangers: 0.0, count: 0.0)
    for stratum in population.strata.indices {
      for number in 0..<population.strata[stratum].networks - 1 {
        let (network, other) = (population.network(number, in: stratum), population.network(number + 1, in: stratum))
        func hasTeam(_ institution: Int, in network: InstitutionNetwork, _ cycle: Int = 3) -> Bool {
          population.answers(of: institution, in: network, cycle: cycle)[.team] == 1
        }
        for institution in 0..<5 {
          let mine = hasTeam(institution, in: network)
          same.cycles += mine == hasTeam(institution, in: network, 4) ? 1 : 0
          same.network += mine == hasTeam(institution + 1, in: network) ? 1 : 0
          same.strangers += mine == hasTeam(institution, in: other) ? 1 : 0
          same.count += 1
        }
      }
    }
    #expect(same.count > 4000)
    #expect(same.cycles / same.count > same.network / same.count + 0.1)
    #expect(same.network / same.count > same.strangers / same.count + 0.02)
    #expect(same.cycles / same.count < 0.9)
  }

  /// The answers as codes by column; a question that was not asked is absent.
  static func codes(_ answers: InstitutionAnswers) -> [String: [String]] {
    InstitutionQuestion.allCases.reduce(into: [:]) { codes, question in
      guard let value = answers[question] else { return }
      if question.codes.isEmpty {
        codes[question.key] = ["\(value)"]
      } else if question.isSelectMany {
        codes[question.key] = question.codes.indices.filter { value >> $0 & 1 == 1 }.map { question.codes[$0] }
      } else {
        codes[question.key] = [question.codes[value]]
      }
    }
  }

  /// By indicator whether the institution is in the numerator; nil: not in the denominator.
  private static func verdicts(_ codes: [String: [String]]) -> [String: Bool?] {
    func among(_ key: String, _ wanted: String...) -> Bool { wanted.contains { codes[key]?.contains($0) == true } }
    let people = codes["staff"]?.first.flatMap { Int($0) }
    let concerned = !among("detection", "n/a")
    return [
      "I.1": among("mandate", "shared", "full"), "I.2": among("team", "yes"),
      "I.3": people.map { $0 >= 5 }, "I.4": among("staff_enough", "yes"),
      "I.5": concerned ? among("detection", "yes") : nil,
      "I.6": codes["methods"].map { $0.contains("pcr") && $0.contains("sequencing") },
      "I.7": among("training", "yearly"), "I.8": among("budget", "partly", "yes"),
      "I.9": among("clearing_house", "often"), "I.10": among("guidelines", "yes"),
      "I.11": among("partners", "abroad"), "I.12": among("mandate", "full"), "P.1": among("team", "yes"),
      "P.2": people.map { $0 >= 20 }, "P.3": among("clearing_house", "sometimes", "often"),
    ]
  }
}
