import Engine
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Cells below the minimum in all files of a run")
struct SmallCellTests {
  private static let minimum = 5

  /// Three cycles of units of which each cycle has some, so that all counts of a change differ.
  private func pipelines(seed: UInt64, minimum: Int, groupings: String) throws -> WrittenPipelines {
    var generator = SeededGenerator(seed: seed)
    var cycles: [WrittenPipelines.Cycle] = []
    for year in 0..<3 {
      let ids = (0..<70).filter { _ in Int.random(in: 0..<10, using: &generator) < 7 }
      let definition = """
        tables: {responses: {path: NAME.csv, unit: u}}
        design: {weight: w, strata: [h]}
        reliability: none
        dimensions: {g: {column: g}, s: {column: s}}
        group-by: \(groupings)
        year: \(year)
        min-cell: \(minimum)
        \(year == 2 ? "trend: {previous: c1, baseline: c0, overlap: psu}" : "")
        """
      let sample = UnitSample(seed: seed * 10 + UInt64(year), units: ids, answering: 0.8)
      cycles.append(WrittenPipelines.Cycle(name: "c\(year)", definition: definition, rows: sample.rows))
    }
    return try WrittenPipelines(cycles)
  }

  private static let blankInEstimates = [
    "n", "n_yes", "estimate", "se", "ci_low", "ci_high", "level", "method", "df", "deff", "n_eff", "flag",
  ]
  private static let blankInTrends = [
    "n_then", "n_now", "n_matched", "then", "now", "delta", "se", "ci_low", "ci_high", "df", "p_value", "p_adjusted",
    "significance",
  ]

  /// A percentage with one decimal, precision with two significant digits; Foundation writes them.
  private static func withFewDigits(_ text: String, _ column: String) -> String {
    guard let number = Double(text) else { return text }
    switch column {
    case "estimate", "ci_low", "ci_high":
      return ((Double(String(format: "%.1f", number)) ?? number)).shortestText
    case "se", "deff", "n_eff": return (Double(String(format: "%.1e", number)) ?? number).shortestText
    default: return text
    }
  }

  private static func members(_ row: [String: String]) -> [String] { [row["g"] ?? "", row["s"] ?? ""] }

  @Test(arguments: ["[[g], [s], [g, s]]", "[[g, s]]", "[[g], [g, s]]"])
  func nothingOfASuppressedCellIsPrinted(_ groupings: String) async throws {
    for seed in UInt64(1)...3 {
      let open = try await pipelines(seed: seed, minimum: 0, groupings: groupings).run("c2")
      let closed = try await pipelines(seed: seed, minimum: Self.minimum, groupings: groupings).run("c2")
      var suppressed: Set<[String]> = []
      #expect(open.estimates.rows.count == closed.estimates.rows.count)
      for (before, after) in zip(open.estimates.rows, closed.estimates.rows) {
        let n = try #require(before.number("n"))
        if n > 0, n < Double(Self.minimum) { #expect(after["status"] == "suppressed", "\(before)") }
        guard after["status"] == "suppressed" else {
          for (column, value) in before { #expect(after[column] == Self.withFewDigits(value, column), "\(column)") }
          continue
        }
        suppressed.insert([after["cycle"] ?? "", after["indicator"] ?? ""] + Self.members(after))
        for column in Self.blankInEstimates { #expect(after[column] == "", "\(column)") }
        #expect(after["reason"] == "suppressed so that no cell of fewer than 5 can be known")
      }
      #expect(suppressed.count > 5)

      #expect(open.trends.rows.count == closed.trends.rows.count)
      for (before, after) in zip(open.trends.rows, closed.trends.rows) {
        let ends = [after["cycle"] ?? "", after["compare_to"] ?? ""]
        let hasHiddenEnd = ends.contains { suppressed.contains([$0, after["indicator"] ?? ""] + Self.members(after)) }
        if hasHiddenEnd { #expect(after["status"] == "suppressed") }
        let matched = before.number("n_matched") ?? 0
        if matched > 0, matched < Double(Self.minimum) {
          #expect(after["n_matched"] == "")
          if after["basis"] == "matched" { #expect(after["status"] == "suppressed") }
        }
        guard after["status"] == "suppressed" else { continue }
        for column in Self.blankInTrends { #expect(after[column] == "", "\(column)") }
      }

      #expect(closed.slopes.rows.count == open.slopes.rows.count)
      for row in closed.slopes.rows {
        let cycles = row["cycles"]?.split(separator: " ").map(String.init) ?? []
        for cycle in ["c0", "c1", "c2"]
        where suppressed.contains([cycle, row["indicator"] ?? ""] + Self.members(row)) {
          #expect(!cycles.contains(cycle))
          #expect(row["reason"]?.contains("\(cycle) is suppressed") == true)
          #expect(row["slope"] == "" && row["se"] == "" && row["df"] == "" && row["p_value"] == "")
        }
      }
    }
  }

  /// Suppressed rows are left out of the family of comparisons, which is as large as its p-values are many.
  @Test func suppressedChangesHaveNoPartInTheAdjustment() async throws {
    var families = 0
    for seed in UInt64(1)...12 {
      let trends = try await pipelines(seed: seed, minimum: Self.minimum, groupings: "[[g], [s], [g, s]]")
        .run("c2").trends
      let grouped = Dictionary(grouping: trends.rows) { row in
        [row["role"], row["basis"]] + [row["g"], row["s"]].map { $0 == "_T" ? "all" : "one" }
      }
      for rows in grouped.values where rows.contains(where: { $0["status"] == "suppressed" }) {
        let family = rows.filter { $0["p_value"] != "" }
        guard let smallest = family.min(by: { ($0.number("p_value") ?? 1) < ($1.number("p_value") ?? 1) }) else {
          continue
        }
        families += 1
        let (p, adjusted) = (try #require(smallest.number("p_value")), try #require(smallest.number("p_adjusted")))
        // Holm multiplies the smallest by the size of the family.
        #expect(areClose(adjusted, min(1, p * Double(family.count)), relative: 1e-12))
      }
    }
    #expect(families > 3)
  }

  // MARK: - What can be worked out

  /// Counts that a reader sees, and which sums they know of.
  private struct Reader {
    /// nil where it is not printed.
    var counts: [[String]: Double?]

    /// Whether the count of a cell follows from the others: by elimination over "a cell is the sum of the cells of a
    /// finer grouping".
    func knows(_ cell: [String]) -> Bool {
      let unknowns = counts.filter { $0.value == nil }.keys.sorted {
        $0.joined(separator: "|") < $1.joined(separator: "|")
      }
      guard let target = unknowns.firstIndex(of: cell) else { return true }
      var rows: [[Double]] = []
      func grouping(_ cell: [String]) -> [Bool] { cell.map { $0 != "_T" } }
      let groupings = Set(counts.keys.map(grouping))
      for total in counts.keys {
        for fine in groupings
        where fine != grouping(total) && zip(grouping(total), fine).allSatisfy({ !$0.0 || $0.1 }) {
          let row = unknowns.map { unknown -> Double in
            if unknown == total { return -1 }
            let isPart = grouping(unknown) == fine && zip(total, unknown).allSatisfy { $0.0 == "_T" || $0.0 == $0.1 }
            return isPart ? 1 : 0
          }
          if row.contains(where: { $0 != 0 }) { rows.append(row) }
        }
      }
      var next = 0
      for column in unknowns.indices.filter({ $0 != target }) {
        guard let pivot = (next..<rows.count).first(where: { abs(rows[$0][column]) > 1e-9 }) else { continue }
        rows.swapAt(next, pivot)
        for other in rows.indices where other != next && abs(rows[other][column]) > 1e-9 {
          let factor = rows[other][column] / rows[next][column]
          for index in unknowns.indices { rows[other][index] -= factor * rows[next][index] }
        }
        next += 1
      }
      return rows[min(next, rows.count)...].contains { abs($0[target]) > 1e-9 }
    }
  }

  @Test(arguments: ["[[g], [s], [g, s]]", "[[g, s]]", "[[s], [g, s]]"])
  func noCountBelowTheMinimumCanBeWorkedOut(_ groupings: String) async throws {
    var small = 0
    for seed in UInt64(1)...4 {
      let open = try await pipelines(seed: seed, minimum: 0, groupings: groupings).run("c2")
      let closed = try await pipelines(seed: seed, minimum: Self.minimum, groupings: groupings).run("c2")
      // Every number of units that is printed somewhere, by what it counts.
      var truth: [[String]: [[String]: Double]] = [:]
      var readers: [[String]: Reader] = [:]
      func note(_ kind: [String], _ cell: [String], _ before: String?, _ after: String?) {
        truth[kind, default: [:]][cell] = Double(before ?? "") ?? 0
        let seen = Double(after ?? "")
        let known = readers[kind, default: Reader(counts: [:])].counts[cell] ?? nil
        readers[kind, default: Reader(counts: [:])].counts[cell] = .some(seen ?? known)
      }
      for (before, after) in zip(open.estimates.rows, closed.estimates.rows) {
        note([before["cycle"] ?? "", before["indicator"] ?? ""], Self.members(before), before["n"], after["n"])
      }
      for (before, after) in zip(open.trends.rows, closed.trends.rows) {
        let (cycle, other, indicator) = (before["cycle"] ?? "", before["compare_to"] ?? "", before["indicator"] ?? "")
        let cell = Self.members(before)
        let both = [cycle, other, indicator]
        note(both, cell, before["n_matched"], after["n_matched"])
        if before["basis"] == "all" {
          note([cycle, indicator], cell, before["n_now"], after["n_now"])
          note([other, indicator], cell, before["n_then"], after["n_then"])
        } else {
          note(both, cell, before["n_now"], after["n_now"])
          note(both, cell, before["n_then"], after["n_then"])
        }
      }
      for (kind, counts) in truth {
        let reader = try #require(readers[kind])
        for (cell, n) in counts where n > 0 && n < Double(Self.minimum) {
          small += 1
          #expect(!reader.knows(cell), "seed \(seed): \(kind) \(cell) is \(n)")
        }
      }
    }
    #expect(small > 30)
  }

  /// 31 answered, 30 of them in both cycles: the difference of the two bases is what one unit said.
  @Test(arguments: [(30, false), (26, true), (31, true)])
  func fewNewcomersAreNotTold(_ inBoth: Int, _ isTold: Bool) async throws {
    func rows(_ units: [Int]) -> [String] {
      ["u,q1,q2"] + units.map { "u\($0),\($0 % 2),1" }
    }
    let cycles = [
      ("c0", rows(Array(0..<inBoth) + Array(100..<110)), ""),
      ("c1", rows(Array(0..<31)), "trend: {previous: c0, overlap: psu}"),
    ]
    let run = try await WrittenPipelines(
      cycles.enumerated().map { year, cycle in
        let definition = """
          tables: {responses: {path: NAME.csv, unit: u}}
          design: {}
          reliability: none
          year: \(year)
          min-cell: 5
          \(cycle.2)
          """
        return WrittenPipelines.Cycle(name: cycle.0, definition: definition, rows: cycle.1)
      }
    ).run("c1")
    let matched = try #require(run.trends.rows.first { $0["basis"] == "matched" && $0["indicator"] == "A" })
    #expect((matched["status"] == "ok") == isTold, "\(matched)")
    for row in run.trends.rows where row["indicator"] == "A" {
      #expect(row["n_matched"] == (isTold ? "\(inBoth)" : ""))
    }
  }

  /// 20 rows a cycle of which 3 units are in both: df = 20 + 20 - 3 - 1 would say so.
  @Test func degreesOfFreedomTellNoSmallOverlap() async throws {
    func cycles(minimum: Int, design: String) throws -> WrittenPipelines {
      try WrittenPipelines(
        (0..<3).map { year in
          let definition = """
            tables: {responses: {path: NAME.csv, unit: u}}
            design: \(design)
            reliability: none
            year: \(year)
            min-cell: \(minimum)
            \(year == 2 ? "trend: {previous: c1, baseline: c0, overlap: psu}" : "")
            """
          let rows = (0..<20).map { "u\($0 < 3 ? $0 : $0 + 20 * year),p\($0),\(($0 + year) % 3 == 0 ? 1 : 0),1" }
          return WrittenPipelines.Cycle(name: "c\(year)", definition: definition, rows: ["u,p,q1,q2"] + rows)
        })
    }
    let open = try await cycles(minimum: 0, design: "{}").run("c2")
    let shown = try #require(open.trends.rows.first { $0["basis"] == "all" && $0["indicator"] == "A" })
    #expect(shown["df"] == "36")
    #expect(shown["n_matched"] == "3")
    let closed = try await cycles(minimum: 5, design: "{}").run("c2")
    for row in closed.trends.rows where row["basis"] == "all" && row["indicator"] == "A" {
      for column in ["n_matched", "df", "ci_low", "ci_high", "p_value", "p_adjusted", "significance"] {
        #expect(row[column] == "", "\(column)")
      }
      #expect(row["delta"] == Self.withFewDigits(shown["delta"] ?? "", "estimate") || row["compare_to"] == "c0")
      #expect(row["reason"]?.contains("how few units are in both") == true)
    }
    let slope = try #require(closed.slopes.rows.first { $0["indicator"] == "A" })
    #expect(slope["slope"] != "" && slope["df"] == "" && slope["p_value"] == "" && slope["ci_low"] == "")
    // Degrees of freedom of a PSU column count PSUs, all of which are in every cycle.
    let clustered = try await cycles(minimum: 5, design: "{psu: p}").run("c2")
    #expect(clustered.trends.rows.first { $0["basis"] == "all" && $0["indicator"] == "A" }?["df"] == "19")
  }
}
