import Export
import SurveyTestSupport
import Testing

/// The wide table has a row an indicator and cycle, and a column a cell.
struct WideTableTests {
  private func lines(_ results: Results) -> [String] {
    String(decoding: WideTable(results).bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func aColumnForTheTotalAndForEachMember() {
    let lines = lines(SampleResults().results.selecting(groupings: [["region"]]))
    #expect(lines[0] == "indicator,title,kind,unit,cycle,year,Total,Africa,Asia and the Pacific")
    #expect(lines.count == 1 + 3 * 3)
    #expect(lines[1].hasPrefix("A.1,Measures in place,percentage,party,now,2019,72,"))
    #expect(lines[2].hasPrefix("A.1,Measures in place,percentage,party,then,2015,"))
    #expect(lines[4] == "A.2,Records,count,record,now,2019,60,54,48")
    #expect(lines[7] == "B.1,Something new,percentage,party,now,2019,,,")
  }

  @Test func theTotalAlone() {
    let lines = lines(SampleResults().results.selecting(groupings: []))
    #expect(lines[0] == "indicator,title,kind,unit,cycle,year,Total")
  }

  @Test func crossingsNameAllTheirMembersAndSuppressedCellsAreEmpty() {
    let lines = lines(SampleResults().results.selecting(groupings: [["region", "sector"]], indicators: ["A.2"]))
    #expect(
      lines[0]
        == "indicator,title,kind,unit,cycle,year,Total,\"Africa, Environment\",\"Africa, Farming\","
        + "\"Asia and the Pacific, Environment\",\"Asia and the Pacific, Farming\"")
    #expect(lines[1] == "A.2,Records,count,record,now,2019,60,30,24,,")
  }

  @Test func numbersHaveAllTheirDigits() {
    let results = SampleResults().results.selecting(groupings: [["sector"]], indicators: ["A.1"])
    let fields = lines(results)[1].split(separator: ",").suffix(3).map { Double($0) }
    #expect(fields == results.estimates.prefix(3).map(\.estimate))
  }

  @Test func membersOfOneLabelAreToldApartByTheirCodes() {
    let results = SampleResults(label: "Farming").results.selecting(groupings: [["region"], ["sector"]])
    #expect(
      lines(results)[0].hasSuffix(
        "Total,Farming (region AFR),Asia and the Pacific,Environment,Farming (sector agr)"))
  }

  @Test func anIndicatorWithoutRowsAndACycleWithoutAYear() {
    var results = SampleResults().results.selecting(groupings: [])
    results.estimates.removeAll { $0.indicator == "A.1" }
    results.cycles[0].year = nil
    #expect(lines(results)[1] == "A.2,Records,count,record,now,,60")
  }

  @Test(arguments: SampleResults.hostileLabels) func noLabelIsAFormulaOrBreaksTheTable(_ label: String) {
    let results = SampleResults(label: label).results.selecting(groupings: [["region"]])
    let rows = Self.rows(WideTable(results).bytes)
    #expect(rows.allSatisfy { $0.count == 9 })
    #expect(rows[1][1] == CSVDocument.text(label))
    #expect(rows[0][7] == CSVDocument.text(label))
    for field in [rows[1][1], rows[0][7]] {
      #expect(!["=", "+", "-", "@"].contains { field.hasPrefix($0) })
    }
  }

  /// By RFC 4180; the project's reader would refuse a NUL byte.
  private static func rows(_ bytes: [UInt8]) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for (before, byte) in zip([0] + bytes, bytes) {
      switch byte {
      case UInt8(ascii: "\""):
        // The second of two quotes enters again where the first had left.
        if !isQuoted, before == byte { field.append(byte) }
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted, UInt8(ascii: "\n") where !isQuoted:
        row.append(String(decoding: field, as: UTF8.self))
        field = []
        if byte == UInt8(ascii: "\n") {
          rows.append(row)
          row = []
        }
      default: field.append(byte)
      }
    }
    return rows
  }
}
