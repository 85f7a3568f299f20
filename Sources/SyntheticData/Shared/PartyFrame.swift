import Ingest
import SurveyModel

/// One country (or the European Union) of the frame.
struct Party: Sendable {
  var iso3: String
  var name: String
  var region: String
  /// The day from which the Protocol binds it; where the frame knows the year only, the middle of that year.
  var inForce: SurveyDate
  var withdrawn: SurveyDate?
  /// The day from which the Supplementary Protocol binds it.
  var supplementaryInForce: SurveyDate?
  var isLeastDeveloped: Bool
  var isSmallIsland: Bool
  /// "1", "0", or empty where the frame does not know.
  var starEligible: String
}

/// A round of national reports as the frame knows it.
struct ReportingRound: Sendable {
  var name: String
  var deadline: SurveyDate
  /// Reports received, by region in the order of the file's columns; empty where the frame does not know.
  var reportsByRegion: [(region: String, reports: Int)]
}

/// The real part of the sample data: which Parties there are, since when, and who reported in the early rounds.
public struct PartyFrame: Sendable {
  /// In the order of the file.
  let parties: [Party]
  let rounds: [ReportingRound]
  /// In the order of the columns of the reporting file.
  let regions: [String]
  private let reportingPath: String

  /// Reads the two files of `Pipelines/cartagena/frame`.
  ///
  /// Throws `SyntheticDataError` where a column or a date is not what the frame promises, and the reader's own error
  /// where a file cannot be read.
  public init(partiesPath: String, reportingPath: String) throws {
    parties = try FrameTable(path: partiesPath).map { row in
      Party(
        iso3: try row.text("iso3"), name: try row.text("name"), region: try row.text("region"),
        inForce: try row.requiredDay("cpb_in_force"), withdrawn: try row.day("cpb_withdrawn"),
        supplementaryInForce: try row.day("sp_party_in_force"), isLeastDeveloped: try row.text("ldc") == "1",
        isSmallIsland: try row.text("sids") == "1", starEligible: try row.text("star_eligible"))
    }
    let reporting = try FrameTable(path: reportingPath)
    let prefix = "reports_"
    // `reports_non_party` counts what lies outside the regions; a region's code is in capitals.
    let regions = reporting.header.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .filter { $0 == $0.uppercased() }
    rounds = try reporting.map { row in
      ReportingRound(
        name: try row.text("cycle"), deadline: try row.requiredDay("deadline"),
        reportsByRegion: try regions.compactMap { region in
          try row.number(prefix + region).map { (region, $0) }
        })
    }
    self.regions = regions
    self.reportingPath = reportingPath
  }

  func round(_ name: String) throws(SyntheticDataError) -> ReportingRound {
    for round in rounds where round.name == name { return round }
    throw .missingRound(path: reportingPath, round: name)
  }

  /// Who is bound by the Protocol on a day, in the order of the file.
  func parties(on day: SurveyDate) -> [Party] {
    parties.filter { party in party.inForce <= day && party.withdrawn.map { $0 > day } ?? true }
  }
}

/// A small CSV file whose cells are asked for by the name of their column.
private struct FrameTable {
  let path: String
  let header: [String]
  private let rows: [[String]]

  init(path: String) throws {
    let table = try SmallTable(contentsOf: path)
    self.path = path
    header = table.header
    rows = table.rows
  }

  func map<Value>(_ transform: (Row) throws -> Value) throws -> [Value] {
    try rows.map { try transform(Row(table: self, cells: $0)) }
  }

  struct Row {
    let table: FrameTable
    let cells: [String]

    func text(_ column: String) throws(SyntheticDataError) -> String {
      guard let place = table.header.firstIndex(of: column), place < cells.count else {
        throw .missingColumn(path: table.path, column: column)
      }
      return cells[place]
    }

    func number(_ column: String) throws(SyntheticDataError) -> Int? {
      let text = try text(column)
      if text.isEmpty { return nil }
      guard let number = Int(text) else { throw .unreadableCell(path: table.path, column: column, value: text) }
      return number
    }

    /// A day, or the first of July of a year that stands alone: some entries into force are known by year only.
    func day(_ column: String) throws(SyntheticDataError) -> SurveyDate? {
      let text = try text(column)
      if text.isEmpty { return nil }
      guard let day = SurveyDate(text.utf8.count == 4 ? text + "-07-01" : text) else {
        throw .unreadableCell(path: table.path, column: column, value: text)
      }
      return day
    }

    func requiredDay(_ column: String) throws(SyntheticDataError) -> SurveyDate {
      guard let day = try day(column) else { throw .unreadableCell(path: table.path, column: column, value: "") }
      return day
    }
  }
}
