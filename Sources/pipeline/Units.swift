import ArgumentParser
import Engine
import Foundation
import SurveyModel

/// `pipeline units NAME`
struct Units: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every unit of an indicator: what it answered, whether it counts, and why.",
    discussion: "Reads the data again; the results of a run are not needed.")

  @Argument(help: "The pipeline.")
  var name: String

  @OptionGroup var directory: DirectoryOption

  @Option(help: ArgumentHelp("The indicator.", valueName: "id"))
  var indicator: String

  @Option(help: ArgumentHelp("Units of this region only, by its code.", valueName: "code"))
  var region: String?

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp(
      "Units of this member of a dimension only, such as sector=health; may be repeated.",
      valueName: "dimension=member"))
  var places: [String] = []

  @Option(help: ArgumentHelp("Show beside it what became of the units in this pipeline.", valueName: "other"))
  var compare: String?

  @Option(
    name: [.short, .long],
    help: "Also write the listing, with every answer, to this CSV file; - is standard output, in place of the table.")
  var output: String?

  @Flag(help: "List single units also where the results hide small cells (min-cell): not for publication.")
  var confidential = false

  func validate() throws {
    if places.contains(where: { $0.split(separator: "=", maxSplits: 1).count < 2 }) {
      throw ValidationError("--in takes a dimension and a member, as in --in sector=health")
    }
  }

  func run() async throws {
    let outcome: UnitListing.Outcome
    do {
      outcome = try await UnitListing(
        name: name, indicator: indicator, comparedWith: compare, in: members, isConfidential: confidential,
        options: RunOptions(pipelines: directory.pipelines)
      ).run()
    } catch {
      throw Terminal.exitCode(for: error)
    }
    try reportingFailures {
      if outcome.minimumCell > 1 {
        Terminal.writeError(
          "note: results hide cells of fewer than \(outcome.minimumCell) (min-cell); this listing shows single units")
      }
      guard output != Terminal.standardOutput else { return try Terminal.write(outcome.csv) }
      if let output { try OutputFile.write(outcome.csv, to: output) }
      for line in UnitsTable(outcome: outcome).lines(width: Terminal.width) { try Terminal.print(line) }
    }
  }

  private var members: [UnitListing.Place] {
    let typed = places.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    return (region.map { [UnitListing.Place(dimension: "region", member: $0)] } ?? [])
      + typed.map { UnitListing.Place(dimension: $0[0], member: $0[1]) }
  }
}

/// A line a unit, and one more for its row in the cycle that it is compared with.
struct UnitsTable {
  let outcome: UnitListing.Outcome

  func lines(width: Int) -> [String] {
    let indicator = outcome.now.indicator
    var lines = ["\(indicator?.id ?? "")  \(indicator?.title ?? "")".withVisibleControls]
    for cycle in outcome.cycles {
      let words = cycle.absence ?? question(of: cycle)
      lines += "\(cycle.cycle.name): \(words)".withVisibleControls.wrapped(to: width)
    }
    let units = listed
    if !units.isEmpty { lines += [""] + table(units).lines(width: width) }
    let sums = outcome.cycles.filter { $0.absence == nil }.map(totals)
    return lines + [""] + sums.flatMap { $0.wrapped(to: width) }
  }

  /// What the cycle asks, as it reads it.
  private func question(of cycle: CycleUnits) -> String {
    let codebook = cycle.indicator.flatMap { cycle.cycle.tables[$0.table]?.codebook }
    let questions = cycle.questions.map { name in
      codebook?.questions[name]?.label.map { "\(name) “\($0)”" } ?? name
    }
    return questions.isEmpty ? cycle.cycle.title : "reads " + questions.joined(separator: ", ")
  }

  // MARK: - Units

  private typealias Listed = (cycle: CycleUnits, unit: ListedUnit)

  /// In the order of their names, where units have names that say who they are, else cycle after cycle.
  private var listed: [Listed] {
    let all = outcome.cycles.map { cycle in cycle.units.map { (cycle: cycle, unit: $0) } }
    let hasNames = outcome.cycles.allSatisfy { cycle in
      cycle.indicator.flatMap { cycle.cycle.tables[$0.table]?.unit } != nil
    }
    guard all.count == 2, hasNames else { return all.flatMap(\.self) }
    // Both are sorted: a merge, of which the later cycle's rows come first.
    var result: [Listed] = []
    var earlier = all[1][...]
    for entry in all[0] {
      while let next = earlier.first, Self.precedes(next.unit.name, entry.unit.name) {
        result.append(earlier.removeFirst())
      }
      result.append(entry)
    }
    return result + earlier
  }

  private static func precedes(_ name: String, _ other: String) -> Bool {
    Array(name.utf8).lexicographicallyPrecedes(Array(other.utf8))
  }

  private func table(_ units: [Listed]) -> TextTable {
    let isComparison = outcome.then != nil
    let dimensions = outcome.now.cycle.dimensions.keys.filter { name in
      outcome.cycles.contains { cycle in
        cycle.cycle.dimensions.index(forKey: name).map { cycle.dimensions.contains($0) } ?? false
      }
    }
    var columns = [TextTable.Column(title: "unit", alignment: .left)]
    if isComparison { columns.append(.init(title: "cycle", alignment: .left)) }
    columns += dimensions.map { .init(title: $0, alignment: .left) }
    columns += [
      .init(title: "counts", alignment: .left), .init(title: "weight", alignment: .right),
      .init(title: "why", alignment: .left, isFlexible: true),
    ]
    var table = TextTable(columns: columns)
    for (cycle, unit) in units {
      let members = dimensions.map { name in
        cycle.cycle.dimensions.index(forKey: name).flatMap { unit.members[$0] } ?? ""
      }
      table.append(
        [unit.name] + (isComparison ? [cycle.cycle.name] : []) + members + [
          unit.isInDenominator ? unit.isInNumerator ? "yes" : "no" : "–",
          unit.weight.map { String(format: "%.2f", $0) } ?? "", unit.reason,
        ])
    }
    return table
  }

  // MARK: - Totals

  private func totals(of cycle: CycleUnits) -> String {
    let words: [ListedUnit.Status: String] = [
      .superseded: "superseded", .outsidePopulation: "outside the population", .rejected: "rejected",
      .noReport: "without a report",
    ]
    let out = cycle.units.filter { !$0.isInDenominator }
    let open = out.count { $0.status == .used }
    var parts = open > 0 ? ["\(open) not in the denominator"] : []
    for status in ListedUnit.Status.allCases {
      let count = out.count { $0.status == status }
      if count > 0, let word = words[status] { parts.append("\(count) \(word)") }
    }
    let rest = parts.isEmpty ? "" : "; left out: " + parts.joined(separator: ", ")
    return
      "\(cycle.cycle.name): n = \(cycle.n) in the denominator, n_yes = \(cycle.nYes) of them in the numerator\(rest)"
  }
}
