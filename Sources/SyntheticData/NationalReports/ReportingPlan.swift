import SurveyModel

/// One row of a responses file: who reports, when, and how carefully.
struct Report: Sendable {
  var party: Party
  var cycle: Int
  /// 1 for the first report of a cycle, 2 for one that replaces it.
  var number: Int
  var sector: String
  /// nil: the row does not say.
  var submitted: SurveyDate?
  /// The day on which the register shows the Party's first report of the cycle.
  var published: SurveyDate
  var isParty: Bool
  /// Whether the Party also answered the survey that followed the second reports.
  var answersFollowUp: Bool
  /// Whether every earlier round in which it was a Party has a report of it.
  var reportedBefore: Bool

  var id: String { "NR\(cycle)-\(party.iso3)-\(number)" }
}

/// Who reports in which cycle, when, and led by which institution.
///
/// How many Parties stay silent in a region follows the last round of which the regions are known (2007): its silent
/// shares are scaled to each cycle's total. Who stays silent is a habit of the Party, stronger for small islands.
struct ReportingPlan {
  static let cycles = [2, 3, 4, 5]

  let seed: UInt64
  let frame: PartyFrame
  let sectors: SectorLeads
  /// A Party that never reports in any cycle.
  let silentParty: String?
  /// The first reports of each cycle, in the order of the frame.
  private(set) var firstReports: [Int: [Report]] = [:]

  /// Reporting Parties by cycle, close to what the Secretariat received.
  private static let reporters = [2: 143, 3: 105, 4: 125, 5: 125]
  /// A report may be a year late; the fifth round has not been over for that long.
  private static let longestDelay = [5: 180]
  private static let resubmissions = 5

  init(seed: UInt64, frame: PartyFrame) throws(SyntheticDataError) {
    self.seed = seed
    self.frame = frame
    sectors = SectorLeads(seed: seed, frame: frame)
    var generator = SeededGenerator(seed: seed, "silent Party")
    let first = try frame.round("first").deadline
    silentParty = generator.pick(frame.parties(on: first).filter { $0.region == "APR" })?.iso3
    for cycle in Self.cycles {
      firstReports[cycle] = try reports(cycle: cycle)
    }
  }

  func deadline(of cycle: Int) throws(SyntheticDataError) -> SurveyDate {
    try frame.round("cycle-\(cycle)").deadline
  }

  /// The first day of a cycle's period: the day after the previous deadline.
  func periodStart(of cycle: Int) throws(SyntheticDataError) -> SurveyDate {
    try (cycle == 2 ? frame.round("first").deadline : deadline(of: cycle - 1)).adding(days: 1)
  }

  /// The last day of the sample data.
  func horizon() throws(SyntheticDataError) -> SurveyDate {
    try deadline(of: 5).adding(days: Self.longestDelay[5] ?? 0)
  }

  func hasReported(_ party: Party, in cycle: Int) -> Bool {
    firstReports[cycle]?.contains { $0.party.iso3 == party.iso3 } ?? false
  }

  /// All rows of a cycle: first reports in the order of the frame, then those that replace one.
  func rows(of cycle: Int) throws(SyntheticDataError) -> [Report] {
    var rows = firstReports[cycle] ?? []
    let horizon = try horizon()
    var generator = SeededGenerator(seed: seed, "resubmissions", "\(cycle)")
    var places = rows.indices.filter { rows[$0].isParty }
    for turn in 0..<Self.resubmissions where !places.isEmpty {
      let place = places.remove(at: generator.below(places.count))
      var again = rows[place]
      again.number = 2
      // The first shares its day with the report it replaces, so that only the order of the file tells them apart; the
      // second replaces one whose date was never filled in.
      if turn > 0 { again.submitted = min(again.published.adding(days: generator.between(30, 200)), horizon) }
      if turn == 1 { rows[place].submitted = nil }
      rows.append(again)
    }
    return rows
  }

  private func reports(cycle: Int) throws(SyntheticDataError) -> [Report] {
    let deadline = try deadline(of: cycle)
    let members = frame.parties(on: deadline)
    let silent = try silentCounts(cycle: cycle, members: members)
    var chosen: Set<String> = []
    for region in frame.regions {
      let ranked = members.filter { $0.region == region }.map { ($0.iso3, willingness(of: $0, cycle: cycle)) }
        .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
      chosen.formUnion(ranked.dropLast(silent[region] ?? 0).map(\.0))
    }
    var guests = SeededGenerator(seed: seed, "non-Parties", "\(cycle)")
    // Countries on their way to the Protocol report too, and are outside the population of the cycle.
    var outside = frame.parties.filter { $0.inForce > deadline }
    for _ in 0..<2 where !outside.isEmpty {
      chosen.insert(outside.remove(at: guests.below(outside.count)).iso3)
    }
    var reports: [Report] = []
    for party in frame.parties where chosen.contains(party.iso3) {
      reports.append(try report(of: party, cycle: cycle, deadline: deadline))
    }
    return reports
  }

  private func report(
    of party: Party, cycle: Int, deadline: SurveyDate
  ) throws(SyntheticDataError) -> Report {
    var generator = SeededGenerator(seed: seed, "submission", party.iso3, "\(cycle)")
    let isLate = generator.chance(perMille: 150)
    let delay =
      isLate
      ? generator.between(1, Self.longestDelay[cycle] ?? 365)
      // The nearer the deadline, the more reports: the smaller of two draws.
      : -min(generator.between(0, 120), generator.between(0, 120))
    let submitted = deadline.adding(days: delay)
    return Report(
      party: party, cycle: cycle, number: 1, sector: sectors.sector(of: party, cycle: cycle), submitted: submitted,
      published: submitted, isParty: party.inForce <= deadline,
      answersFollowUp: generator.chance(perMille: 600),
      reportedBefore: try hasAlwaysReported(party, before: cycle))
  }

  private func hasAlwaysReported(_ party: Party, before cycle: Int) throws(SyntheticDataError) -> Bool {
    for earlier in Self.cycles where earlier < cycle {
      if try party.inForce <= deadline(of: earlier), !hasReported(party, in: earlier) { return false }
    }
    return true
  }

  /// The higher, the rather a Party reports; whoever leads the only trade report of its region always does.
  private func willingness(of party: Party, cycle: Int) -> Int {
    if party.iso3 == silentParty { return Int.min }
    if party.iso3 == sectors.onlyTradeLead { return Int.max }
    var habit = SeededGenerator(seed: seed, "habit", party.iso3)
    var occasion = SeededGenerator(seed: seed, "occasion", party.iso3, "\(cycle)")
    return habit.spread(600) + occasion.spread(500) - (party.isSmallIsland ? 500 : 0)
  }

  /// Silent Parties by region: the cycle's total, split as the silence of the first round was, largest remainders first.
  private func silentCounts(cycle: Int, members: [Party]) throws(SyntheticDataError) -> [String: Int] {
    let first = try frame.round("first")
    let formerMembers = frame.parties(on: first.deadline)
    let shares = frame.regions.map { region in
      let former = max(1, formerMembers.count { $0.region == region })
      let reports = first.reportsByRegion.first { $0.region == region }?.reports ?? 0
      return members.count { $0.region == region } * max(1, former - reports) * 100_000 / former
    }
    let sum = max(1, shares.reduce(0, +))
    let total = max(0, members.count - (Self.reporters[cycle] ?? members.count))
    var counts = shares.map { $0 * total / sum }
    let byRemainder = shares.indices.sorted {
      (shares[$1] * total % sum, $0) < (shares[$0] * total % sum, $1)
    }
    for place in byRemainder.prefix(total - counts.reduce(0, +)) { counts[place] += 1 }
    return Dictionary(zip(frame.regions, counts), uniquingKeysWith: max)
  }
}
