import Export
import Foundation
import SurveyModel

/// The static part of the page: everything that can be read without a script.
struct PageContent: Sendable {
  var title: String
  var pipeline: String
  var facts: [Fact]
  var hasCharts = false
  var installation = ""
  var level: String
  var filters: [Filter]
  var compared: [String]
  var goals: [Goal]
  var reporting: [ReportingTable]
  var accounting: [AccountingRow]
  var flags: [Fact]
  var hasMatched: Bool
  /// What the marks beside numbers say.
  var partial = EstimateFlag.partial.words
  var notShown = EstimateFlag.notShown.words

  struct Fact: Sendable {
    var name: String
    var value: String
  }

  /// A choice of one member of a dimension.
  struct Filter: Sendable {
    var position: Int
    var title: String
    var members: [ReportData.Member]
  }

  struct Goal: Sendable {
    var number: Int
    var name: String
    var hasName: Bool
    var indicators: [IndicatorContent]
  }

  struct AccountingRow: Sendable {
    var cycle: String
    var table: String
    var read: Int
    var used: Int
    var superseded: Int
    var outside: Int
    var rejected: Int
    var answers: Int
  }

  init(_ facts: ReportFacts) {
    let results = facts.results
    let record = results.record
    title = results.title.readable
    pipeline = results.pipeline.readable
    level = results.level.map(PrintedNumber.level) ?? ""
    self.facts = [
      Fact(name: "pipeline", value: pipeline), Fact(name: "computed", value: record.finished),
      Fact(name: "by", value: "pipeline \(record.version)"),
      Fact(
        name: "cycles",
        value: results.cycles.map { cycle in
          (cycle.year.map { "\($0.shortestText) " } ?? "") + cycle.title.readable
        }.joined(separator: "; ")),
    ]
    filters = results.dimensions.enumerated().map { position, dimension in
      Filter(
        position: position, title: dimension.name.readable,
        members: dimension.members.map { ReportData.Member(code: $0.code, label: $0.label.readable) })
    }.filter { filter in facts.cells.contains { $0[filter.position] != nil } }
    compared = facts.compared.dropFirst().map { facts.series[$0].label }
    hasMatched = results.trends.contains { $0.basis == .matched }
    goals = facts.goals.enumerated().map { number, goal in
      Goal(
        number: number, name: goal.readable, hasName: !goal.isEmpty,
        indicators: results.indicators.enumerated().filter { $0.element.goal == goal }.map {
          IndicatorContent(number: $0.offset, $0.element, facts: facts)
        })
    }
    reporting = ReportingTable.all(results, labels: facts.series.map(\.label))
    accounting = results.cycles.flatMap { cycle in
      cycle.tables.map { table in
        AccountingRow(
          cycle: cycle.name.readable, table: table.table.readable, read: table.rowsRead, used: table.rowsUsed,
          superseded: table.rowsSuperseded, outside: table.rowsOutsidePopulation, rejected: table.rowsRejected,
          answers: table.answersRejected)
      }
    }
    let raised = Set(results.estimates.flatMap(\.flags))
    flags = EstimateFlag.allCases.filter { raised.contains($0) }.map { Fact(name: $0.rawValue, value: $0.words) }
  }
}

/// Who was asked and who answered, by the members of a dimension.
struct ReportingTable: Sendable {
  var title: String
  /// What the rates are of: all are asked in a census, a sample is drawn on purpose.
  var caption: String
  /// One a cycle.
  var cycles: [String]
  var rows: [Row]

  struct Row: Sendable {
    var label: String
    var rates: [Rate]
  }

  struct Rate: Sendable {
    /// "33 of 48"; empty where the cycle has no such stratum.
    var text: String
    var percent: String
    /// Between 0 and 1.
    var share: Double
  }

  /// One for each dimension that every stratum fixes.
  static func all(_ results: Results, labels: [String]) -> [ReportingTable] {
    results.dimensions.compactMap { dimension in
      let asked = results.cycles.indices.filter { !results.cycles[$0].strata.isEmpty }
      guard !asked.isEmpty,
        asked.allSatisfy({ results.cycles[$0].strata.allSatisfy { $0.members[dimension.name] != nil } })
      else { return nil }
      func rate(_ cycle: Int, _ member: String?) -> Rate {
        let strata = results.cycles[cycle].strata.filter { member == nil || $0.members[dimension.name] == member }
        let population = strata.reduce(0) { $0 + $1.population }
        guard population > 0 else { return Rate(text: "", percent: "", share: 0) }
        let sampled = strata.reduce(0) { $0 + $1.sampled }
        let share = Double(sampled) / population
        return Rate(
          text: "\(sampled) of \(PrintedNumber.whole(population))", percent: PrintedNumber.percent(share * 100) + " %",
          share: min(1, share))
      }
      let members: [(String?, String)] =
        [(nil, "All")] + dimension.members.map { ($0.code, $0.label.readable) }
      let name = dimension.name.readable
      let isCensus = asked.allSatisfy { results.cycles[$0].isCensus }
      return ReportingTable(
        title: name,
        caption: isCensus
          ? "Reporting rate by \(name): those who answered, of all who were asked"
          : "The sample by \(name): primary sampling units in it, of all in the population",
        cycles: asked.map { labels[$0] },
        rows: members.map { code, label in Row(label: label, rates: asked.map { rate($0, code) }) }
          .filter { row in row.rates.contains { !$0.text.isEmpty } })
    }
  }
}
