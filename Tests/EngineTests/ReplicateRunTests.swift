import Engine
import SurveyModel
import SurveyTestSupport
import Testing

@Suite("Replicate weights from definition to files")
struct ReplicateRunTests {
  private static let indicators = "- {id: A, title: First, numerator: {q: \"1\"}}\n"

  private struct Row {
    var group: String
    var answer: Int
    var weight: Double
    var replicates: [Double]
  }

  /// Twelve rows with five replicates: multiples of 1/2, some of them 0 or negative. No row of group z has weight in
  /// the last two.
  private static let rows: [Row] = (0..<12).map { row in
    let group = ["x", "y", "z"][row % 3]
    let replicates = (0..<5).map { Double((row * 5 + $0 * 3) % 9 - 2) / 2 }
    return Row(
      group: group, answer: row / 2 % 2, weight: row == 7 ? 0 : Double(row % 4 + 1),
      replicates: group == "z" ? Array(replicates[..<3]) + [0, 0] : replicates)
  }

  private static func text(
    _ names: [String] = ["rw1", "rw2", "rw3", "rw4", "rw5"], order: [Int] = [0, 1, 2, 3, 4]
  ) -> [String] {
    ["g,q,w," + order.map { names[$0] }.joined(separator: ",")]
      + rows.map { row in
        "\(row.group),\(row.answer),\(row.weight)," + order.map { "\(row.replicates[$0])" }.joined(separator: ",")
      }
  }

  private static func definition(_ replicates: String, more: String = "") -> String {
    """
    tables: {responses: {path: NAME.csv\(more)}}
    design: {weight: w, replicates: {\(replicates)}}
    dimensions: {g: {column: g}}
    group-by: [[g]]
    reliability: none
    """
  }

  private static func estimates(_ replicates: String, _ rows: [String]) async throws -> [[String: String]] {
    try await WrittenPipelines.run(definition(replicates), rows, indicators: indicators).estimates.rows
  }

  /// Percentage and standard error of a group by the formula, with the names of the dropped replicates.
  private static func expected(_ group: String, scale: Double, mse: Bool) -> (Double, Double, dropped: [Int]) {
    let own = rows.filter { $0.weight > 0 && (group == "_T" || $0.group == group) }
    func share(_ weight: (Row) -> Double) -> Double? {
      let all = own.reduce(0) { $0 + weight($1) }
      return all == 0 ? nil : own.reduce(0) { $0 + weight($1) * Double($1.answer) } / all
    }
    let p = share(\.weight) ?? 0
    let shares = (0..<5).map { replicate in share { $0.replicates[replicate] } }
    let present = shares.compactMap(\.self)
    let centre = mse ? p : present.reduce(0, +) / Double(present.count)
    let variance = scale * present.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (100 * p, 100 * variance.squareRoot(), (0..<5).filter { shares[$0] == nil })
  }

  /// Columns that those before them do not make, by Gram and Schmidt.
  private static func rank(_ group: String) -> Int {
    let own = rows.filter { $0.weight > 0 && (group == "_T" || $0.group == group) }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var basis: [[Double]] = []
    for replicate in 0..<5 {
      let column = own.map { $0.replicates[replicate] }
      let rest = basis.reduce(column) { rest, one in
        let share = product(rest, one)
        return zip(rest, one).map { $0 - share * $1 }
      }
      let length = product(rest, rest).squareRoot()
      if length > 1e-5 * product(column, column).squareRoot() { basis.append(rest.map { $0 / length }) }
    }
    return basis.count
  }

  @Test(arguments: [
    ("type: brr", 0.2, false), ("type: brr, mse: true", 0.2, true), ("type: fay, fay: 0.5", 0.8, false),
    ("type: jk1", 0.8, false), ("type: jkn, rscales: 0.5", 0.5, false), ("type: bootstrap, mse: true", 0.25, true),
    ("type: successive-difference, mse: true", 0.8, true), ("type: bootstrap, scale: 0.01", 0.01, false),
  ])
  func theStandardErrorIsThatOfTheFormula(_ type: String, _ scale: Double, _ mse: Bool) async throws {
    let rows = try await Self.estimates("columns: \"rw*\", \(type)", Self.text())
    #expect(rows.map { $0["g"] } == ["_T", "x", "y", "z"])
    for row in rows {
      let (percent, error, dropped) = Self.expected(row["g"] ?? "", scale: scale, mse: mse)
      #expect(areClose(try #require(row.number("estimate")), percent, relative: 1e-12))
      #expect(areClose(try #require(row.number("se")), error, relative: 1e-11), "\(row)")
      #expect(row["df"] == "\(Self.rank(row["g"] ?? "") - 1)")
      let names = dropped.map { "rw\($0 + 1)" }.joined(separator: ", ")
      #expect(row["reason"] == (dropped.isEmpty ? "" : "no weight here in \(names), left out of the variance"))
    }
    #expect(rows[3]["reason"]?.contains("rw4, rw5") == true)
  }

  @Test func patternsAndNamesFindTheColumnsInTheOrderOfTheHeader() async throws {
    let all = try await Self.estimates("columns: \"rw*\", type: jkn, rscales: [1, 2, 3, 4, 5]", Self.text())
    for columns in ["[rw1, rw2, rw3, rw4, rw5]", "[rw5, \"rw?\"]", "\"*w?\"", "[rw5, rw4, rw3, rw2, rw1]"] {
      #expect(
        try await Self.estimates("columns: \(columns), type: jkn, rscales: [1, 2, 3, 4, 5]", Self.text()) == all,
        "\(columns)")
    }
    // Where the header has them in another order, so have the factors.
    let turned = try await Self.estimates(
      "columns: \"rw*\", type: jkn, rscales: [5, 4, 3, 2, 1]", Self.text(order: [4, 3, 2, 1, 0]))
    for (row, other) in zip(all, turned) {
      #expect(areClose(try #require(row.number("se")), try #require(other.number("se")), relative: 1e-12))
    }
    let first = try await Self.estimates("columns: [rw1, rw2], type: brr", Self.text())
    #expect(first[0]["df"] == "1")
  }

  /// As in the American Community Survey, whose weight is PWGTP and whose replicates are PWGTP1 to PWGTP80.
  @Test func theMainWeightIsNoReplicateWhateverThePatternSays() async throws {
    let plain = try await Self.estimates("columns: \"rw*\", type: brr", Self.text())
    let names = (1...5).map { "w\($0)" }
    #expect(
      try await Self.estimates("columns: \"w*\", type: brr", Self.text(names)).map { $0["se"] }
        == plain.map { $0["se"] })
    // A name with brackets is a name before it is a pattern.
    let brackets = (1...5).map { "r[\($0)]" }
    let listed = brackets.map { "\"\($0)\"" }.joined(separator: ", ")
    #expect(
      try await Self.estimates("columns: [\(listed)], type: brr", Self.text(brackets)).map { $0["se"] }
        == plain.map { $0["se"] })
  }

  @Test func aReplicateWeightThatIsNoNumberRejectsItsRow() async throws {
    var lines = Self.text()
    lines += ["x,1,1,1,1,heavy,1,1", "x,1,1,1,1,,1,1", "y,0,1,1,NaN,1,1,1", "y,0,1,1e300,1,1,1,1"]
    let definition = Self.definition("columns: \"rw*\", type: brr") + "\nmax-rejected: 50%"
    let pipelines = try WrittenPipelines(
      [.init(name: "s", definition: definition, rows: lines)], indicators: Self.indicators)
    let results = try await pipelines.run("s")
    #expect(results.outcome.accounting.first?.tables.first?.rows.rejected == 4)
    let rejected = try pipelines.text("out/rejected.csv").split(separator: "\n").map(String.init)
    #expect(rejected.count == 5)
    #expect(rejected[1].hasSuffix("s.csv,14,rw3,row,the replicate weight must be a number,heavy"))
    #expect(rejected[2].hasSuffix("s.csv,15,rw3,row,no replicate weight,"))
    #expect(rejected[3].hasSuffix("s.csv,16,rw2,row,the replicate weight must be a number,NaN"))
    #expect(rejected[4].contains("s.csv,17,rw1,row,"))
    let clean = try await Self.estimates("columns: \"rw*\", type: brr", Self.text())
    #expect(results.estimates.rows == clean)
  }

  @Test(arguments: [
    ("columns: \"rw*\", type: jkn, rscales: [1, 2]", "`rscales` has 2 factors, but 5 columns hold replicate weights"),
    ("columns: \"x*\", type: brr", "no column of the header matches \"x*\""),
    ("columns: rw1, type: brr", "fewer than two columns that match \"rw1\""),
    (
      "columns: [rw1, rw2, rv3], type: brr",
      "matches \"rv3\", which is to hold replicate weights; did you mean \"rw3\"?"
    ),
    ("columns: [\"rw*\", \"rep*\"], type: brr", "no column of the header matches \"rep*\""),
  ])
  func columnsThatDoNotFitAreRefused(_ replicates: String, _ words: String) async throws {
    do {
      _ = try await Self.estimates(replicates, Self.text())
      Issue.record("nothing was thrown")
    } catch let failure as any Failure {
      #expect(failure.exitStatus == .unacceptableData)
      #expect(failure.report.contains(words), "\(failure.report)")
    }
  }

  @Test func changesTakeTheCyclesAsIndependent() async throws {
    let results = try await WrittenPipelines(
      ["then", "now"].map { name in
        .init(
          name: name,
          definition: Self.definition("columns: \"rw*\", type: brr", more: ", unit: id")
            + (name == "now" ? "\ntrend: {previous: then, overlap: psu}" : ""),
          rows: Self.text().enumerated().map { $0.offset == 0 ? "id,\($0.element)" : "u\($0.offset),\($0.element)" })
      }, indicators: Self.indicators
    ).run("now")
    let estimates = results.estimates.rows(["cycle": "now"])
    for basis in ["all", "matched"] {
      for (row, estimate) in zip(results.trends.rows(["basis": basis]), estimates) {
        #expect(row["delta"] == "0" && row["n_matched"] == estimate["n"])
        #expect(row["df"] == "\(2 * (Self.rank(row["g"] ?? "") - 1))")
        let se = try #require(estimate.number("se"))
        #expect(areClose(try #require(row.number("se")), se * 2.0.squareRoot(), relative: 1e-12))
      }
    }
  }

  /// Replicates by the jackknife of a simple random sample give its textbook variance.
  @Test func theJackknifeOfRowsIsTheVarianceOfASample() async throws {
    let count = 14
    let header = "g,q,w," + (0..<count).map { "rw\($0)" }.joined(separator: ",")
    let lines = (0..<count).map { row in
      let weights = (0..<count).map { $0 == row ? "0" : "\(Double(count) / Double(count - 1))" }
      return "x,\(row % 3 == 0 ? 1 : 0),1," + weights.joined(separator: ",")
    }
    let row = try await Self.estimates("columns: \"rw*\", type: jk1", [header] + lines)[0]
    let p = 5.0 / 14
    #expect(areClose(try #require(row.number("se")), 100 * (p * (1 - p) / 13).squareRoot(), relative: 1e-12))
    #expect(row["df"] == "13")
  }
}
