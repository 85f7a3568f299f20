import Foundation

/// A survey of institutions in several cycles, with what is true of the population that it was drawn from.
///
/// One pass over the population: each network is made, its institutions answer in every cycle, the answers are added to
/// the truth, those of the sample are written, and the network is forgotten. Memory does not grow with the answers.
public struct InstitutionSurvey: Sendable {
  public let population: InstitutionPopulation
  public let design: InstitutionDesign
  public let cycles: [Int]
  private let seed: UInt64
  private let draw: Int
  private let register: [UInt8]

  /// - Parameters:
  ///   - seed: Another seed gives another population and another sample.
  ///   - draw: Another draw gives another sample of the same population.
  ///   - responses: A cycle.
  ///   - cycles: Some of `InstitutionPopulation.cycles`. The files of a cycle do not depend on which others are made.
  /// - Throws: `SyntheticDataError.unworkableResponses`, `.unknownCycles`.
  public init(
    seed: UInt64, draw: Int = 0, responses: Int, cycles: ClosedRange<Int>, frame: PartyFrame
  ) throws(SyntheticDataError) {
    try Self.check(responses: responses, cycles: cycles)
    let design = try InstitutionDesign(responses: responses, frame: frame)
    var networks = design.strata.map(\.networks).makeIterator()
    population = InstitutionPopulation(seed: seed, frame: frame) { _, _ in networks.next() ?? 0 }
    self.design = design
    self.cycles = Array(cycles)
    self.seed = seed
    self.draw = draw
    register = PartyRegister(parties: frame.parties).contents
  }

  /// Refuses what no survey can be made of, before anything is read.
  ///
  /// - Throws: `SyntheticDataError.unworkableResponses`, `.unknownCycles`.
  public static func check(responses: Int, cycles: ClosedRange<Int>) throws(SyntheticDataError) {
    try InstitutionDesign.check(responses: responses)
    let known = InstitutionPopulation.cycles
    guard known.contains(cycles.lowerBound), known.contains(cycles.upperBound) else {
      throw .unknownCycles(cycles.count == 1 ? "\(cycles.lowerBound)" : "\(cycles.lowerBound)..\(cycles.upperBound)")
    }
  }

  /// The NAME of the pipeline of a cycle, and of the directory of its responses.
  public static func name(of cycle: Int) -> String { "institutions-cycle-\(cycle)" }

  /// Writes the responses of each cycle, the register of Parties, the truth and a page that says what they are.
  ///
  /// - Returns: What was written, with its size in bytes.
  /// - Throws: `SyntheticDataError.cannotCreate`, `.writeFailed`; files that were not finished are removed.
  public func write(to directory: String) throws(SyntheticDataError) -> [(path: String, bytes: Int)] {
    var files: [StreamedFile] = []
    for cycle in cycles {
      let file = try Self.file("\(Self.name(of: cycle))/responses.csv", in: directory)
      try file.append { $0 += Array((InstitutionRows.header.joined(separator: ",") + "\n").utf8) }
      files.append(file)
    }
    let truths = try stream(to: files)
    for (path, contents) in [
      ("registers/parties.csv", register), ("truth.csv", InstitutionTruth.document(truths)),
      ("README.md", Array(InstitutionReadMe(survey: self, seed: seed).text.utf8)),
    ] {
      let file = try Self.file(path, in: directory)
      try file.append { $0 += contents }
      files.append(file)
    }
    for file in files { try file.finish() }
    return files.map { ($0.path, $0.bytesWritten) }
  }

  private static func file(_ path: String, in directory: String) throws(SyntheticDataError) -> StreamedFile {
    let target = URL(fileURLWithPath: directory).appendingPathComponent(path)
    do {
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: target.relativePath, reason: error.localizedDescription)
    }
    return try StreamedFile(path: target.relativePath)
  }

  /// Everyone answers in every cycle; the sample of a cycle goes into its file.
  private func stream(to files: [StreamedFile]) throws(SyntheticDataError) -> [InstitutionTruth] {
    let rows = InstitutionRows(population: population)
    var truths = cycles.map { InstitutionTruth(cycle: $0, of: population) }
    var numbers = cycles.map { _ in 0 }
    var answers = InstitutionAnswers()
    for (stratum, design) in design.strata.enumerated() {
      let sample = InstitutionSample(
        of: population, stratum: stratum, design: design, cycles: cycles, seed: seed, draw: draw)
      for number in 0..<population.strata[stratum].networks {
        let network = population.network(number, in: stratum)
        let asked = AskedNetwork(network, sample: sample, cycles: cycles, rows: rows)
        for institution in 0..<network.size {
          let party = population.party(of: institution, in: network)
          let member = InstitutionMember(
            of: institution, in: network, party: population.partyLeanings[party])
          for (place, cycle) in cycles.enumerated() {
            population.fill(&answers, of: member, in: network, cycle: cycle)
            truths[place].add(answers, stratum: stratum, party: party)
            guard let columns = asked.columns(of: institution, cyclePlace: place) else { continue }
            numbers[place] += 1
            try files[place].append { bytes in
              rows.append(
                answers, of: institution, party: party, cycle: cycle, number: numbers[place], columns: columns,
                blanks: member.moment(cycle)[InstitutionQuestion.count][draw], to: &bytes)
            }
          }
        }
      }
    }
    return truths
  }
}

/// A network with what each cycle asks of it.
private struct AskedNetwork {
  private let ranks: [Int32]
  /// By place of the cycle; nil: the network is not in its sample.
  private let taken: [(count: Int, columns: InstitutionRows.NetworkColumns)?]

  init(_ network: InstitutionNetwork, sample: InstitutionSample, cycles: [Int], rows: InstitutionRows) {
    let counts = cycles.map { sample.taken(from: network.number, cycle: $0) }
    guard counts.contains(where: { $0 > 0 }) else {
      ranks = []
      taken = []
      return
    }
    ranks = sample.ranks(in: network)
    taken = counts.map { count in
      guard count > 0 else { return nil }
      let weight = sample.weight(of: network, taken: count)
      return (count, rows.columns(of: network, networks: sample.design.networks, weight: weight))
    }
  }

  /// nil: the institution is not asked.
  @inline(__always)
  func columns(of institution: Int, cyclePlace: Int) -> InstitutionRows.NetworkColumns? {
    guard !ranks.isEmpty, let taken = taken[cyclePlace], ranks[institution] < taken.count else { return nil }
    return taken.columns
  }
}
