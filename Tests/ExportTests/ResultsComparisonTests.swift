import SurveyModel
import SurveyTestSupport
import Testing

@testable import Export

@Suite("Two results, value by value")
struct ResultsComparisonTests {
  private let then = SampleResults().results

  private func comparison(_ change: (inout Results) throws -> Void) rethrows -> ResultsComparison {
    var now = then
    try change(&now)
    return ResultsComparison(from: then, to: now)
  }

  @Test func theSameResultsAreIdentical() {
    let comparison = ResultsComparison(from: then, to: then)
    #expect(comparison.isIdentical)
    let columns = (EstimateRow.columns.count - 3, TrendRow.columns.count - 6, SlopeRow.columns.count - 2)
    #expect(
      comparison.count == then.estimates.count * columns.0 + then.trends.count * columns.1
        + then.slopes.count * columns.2 + then.record.cycles.count * 6)
  }

  @Test func theOrderOfRowsDoesNotMatter() {
    #expect(comparison { $0.estimates.reverse() }.isIdentical)
  }

  @Test func lastDigitsAreCountedButNoDifference() throws {
    let place = try #require(then.estimates.firstIndex { $0.estimate != nil })
    let close = comparison { $0.estimates[place].estimate? *= 1 + 4e-13 }
    #expect(!close.isIdentical && close.differences.isEmpty)
    #expect(close.closeCount == 1)
    #expect(close.largestClose > 3e-13 && close.largestClose < 5e-13)
    let far = comparison { $0.estimates[place].estimate? *= 1 + 3e-12 }
    #expect(far.closeCount == 0)
    #expect(far.differences.map(\.column) == ["estimate"])
  }

  /// A change is the difference of two percentages, however small it is itself.
  @Test func changesAndProbabilitiesAreComparedByWhatTheyAreMadeOf() throws {
    let place = try #require(then.trends.firstIndex { $0.delta != nil && $0.test.pValue != nil })
    #expect(comparison { $0.trends[place].delta? += 9e-11 }.closeCount == 1)
    #expect(comparison { $0.trends[place].delta? += 2e-10 }.differences.map(\.column) == ["delta"])
    #expect(comparison { $0.trends[place].test.pValue? += 9e-13 }.closeCount == 1)
    #expect(comparison { $0.trends[place].test.pValue? += 2e-12 }.differences.map(\.column) == ["p_value"])
  }

  /// A change of a count is the difference of two counts, which may be millions.
  @Test func changesOfCountsAreComparedByTheCounts() throws {
    let place = try #require(then.trends.firstIndex { $0.delta != nil })
    let row = then.trends[place]
    let estimates = then.estimates.indices.filter {
      then.estimates[$0].indicator == row.indicator && then.estimates[$0].members == row.members
    }
    #expect(!estimates.isEmpty)
    func found(_ difference: Double) -> ResultsComparison {
      var (before, now) = (then, then)
      for place in estimates { before.estimates[place].estimate = 5e6 }
      now.estimates = before.estimates
      now.trends[place].delta? += difference
      return ResultsComparison(from: before, to: now)
    }
    #expect(found(4e-6).closeCount == 1)
    #expect(found(6e-6).differences.map(\.column) == ["delta"])
  }

  /// Adjusting for many comparisons multiplies a probability, and its last digits with it.
  @Test func anAdjustedProbabilityIsComparedByTheOneThatItIsMadeOf() throws {
    let place = try #require(then.trends.firstIndex { $0.test.pValue != nil })
    func found(_ difference: Double) -> ResultsComparison {
      var (before, now) = (then, then)
      before.trends[place].test.pValue = 0.01
      before.trends[place].test.adjustedPValue = 0.2
      now.trends[place].test = before.trends[place].test
      now.trends[place].test.adjustedPValue? += difference
      return ResultsComparison(from: before, to: now)
    }
    #expect(found(1.9e-11).closeCount == 1)
    #expect(found(2.1e-11).differences.map(\.column) == ["p_adjusted"])
  }

  /// Every column of every table, so that none is left out.
  @Test func everyColumnIsCompared() throws {
    var checked: [String] = []
    func check<Row: ResultRow>(_ table: String, _ rows: WritableKeyPath<Results, [Row]>) {
      let all = then[keyPath: rows]
      for column in Row.columns[Row.columnsBeforeDimensions...] {
        guard let place = all.indices.first(where: { column.value(all[$0]) != column.value(all[0]) }) else { continue }
        let found = comparison { results in
          #expect(column.read(&results[keyPath: rows][place], column.value(all[0]).printed))
        }.differences
        #expect(found.map(\.column) == [column.name])
        #expect(found.map(\.table) == [table])
        checked.append(column.name)
      }
    }
    check("estimates.csv", \.estimates)
    check("trends.csv", \.trends)
    check("slopes.csv", \.slopes)
    // The others have the same value in all rows of the sample.
    #expect(checked.count > 25, "\(checked)")
  }

  @Test func theAccountingIsCompared() {
    let found = comparison { $0.record.cycles[1].tables[0].rowsRejected += 1 }.differences
    #expect(
      found == [
        ResultsComparison.Difference(
          table: "run.json", row: "cycle=then table=responses", column: "rows_rejected", then: "1", now: "2")
      ])
  }

  @Test func aValueThatIsGoneIsADifference() throws {
    let place = try #require(then.trends.firstIndex { $0.delta != nil && $0.members == [nil, nil] })
    let row = then.trends[place]
    let found = comparison { $0.trends[place].delta = nil }.differences
    #expect(found.count == 1)
    #expect(found.first?.now == "")
    #expect(
      found.first?.row
        == "cycle=now compare_to=\(row.compareTo) role=\(row.role.rawValue) basis=\(row.basis.rawValue) "
        + "indicator=\(row.indicator) unit=party region=_T sector=_T")
  }
}
