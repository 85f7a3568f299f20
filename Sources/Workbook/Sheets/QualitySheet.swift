import Export
import SurveyModel

/// How far the numbers can be trusted: where the rows went, who reported, and what flags and columns mean.
struct QualitySheet {
  let facts: WorkbookFacts

  private var results: Results { facts.results }

  func fill(_ sheet: inout Sheet) throws(WorkbookError) {
    sheet.hideGridlines()
    try sheet.write(title: "Data quality", facts.subtitle)
    sheet.setWidth(Block.widthOfWords, of: 1)
    var line = 3
    for block in [accounting, files, reporting, flags, members, columns] where !block.rows.isEmpty {
      try block.write(to: &sheet, &line)
    }
    try sheet.printWide()
  }

  private var accounting: Block {
    Block(
      title: "Where the rows went: read = used + superseded + outside the population + rejected",
      header: [
        "cycle", "table", "read", "used", "superseded", "outside the population", "rejected", "answers rejected",
      ],
      rows: results.cycles.flatMap { cycle in
        cycle.tables.map { table in
          [.text(cycle.name), .text(table.table)]
            + [
              table.rowsRead, table.rowsUsed, table.rowsSuperseded, table.rowsOutsidePopulation, table.rowsRejected,
              table.answersRejected,
            ].map { .value(.integer($0), NumberFormat.count) }
        }
      })
  }

  private var files: Block {
    var seen: Set<String> = []
    let rows = results.cycles.flatMap { cycle in
      cycle.tables.flatMap { table in
        table.files.filter { seen.insert($0.path).inserted }.map { file -> [Block.Cell] in
          [
            .text(cycle.name), .text(file.path), .value(.number(Double(file.bytes)), NumberFormat.count),
            .text("\(file.algorithm) \(file.hash)"),
          ]
        }
      }
    }
    return Block(title: "The files that were read", header: ["cycle", "file", "bytes", "hash"], rows: rows)
  }

  private var reporting: Block {
    Block(
      title: "Who reported: PSUs with a used row, of all in the declared population",
      header: ["cycle", "stratum", "reported", "population", "share"],
      rows: results.cycles.flatMap { cycle in
        cycle.strata.map { stratum in
          [
            .text(cycle.name), .text(label(of: stratum)), .value(.integer(stratum.sampled), NumberFormat.count),
            .value(.number(stratum.population), NumberFormat.count),
            stratum.population > 0
              ? .value(.number(Double(stratum.sampled) / stratum.population), NumberFormat.percent) : .text(""),
          ]
        }
      })
  }

  /// The members that the stratum fixes by their labels, else its name.
  private func label(of stratum: RunRecord.StratumRecord) -> String {
    let labels = results.dimensions.compactMap { dimension in
      stratum.members[dimension.name].map { dimension.label(of: $0) }
    }
    return labels.isEmpty ? stratum.name : labels.joined(separator: ", ")
  }

  private var flags: Block {
    let main = results.cycles.first?.name
    let raised = results.estimates.lazy.filter { $0.cycle == main }.flatMap(\.flags)
    let counts = Dictionary(raised.map { ($0, 1) }, uniquingKeysWith: +)
    return Block(
      title: "What the flags mean, and how many estimates of the main cycle have them",
      header: ["flag", "meaning", "estimates"],
      rows: EstimateFlag.allCases.map {
        [.text($0.rawValue), .text($0.words), .value(.integer(counts[$0] ?? 0), NumberFormat.count)]
      })
  }

  private var members: Block {
    Block(
      title:
        "What the codes mean; \(Dimension.totalMember) stands for all together, \(Dimension.unknownMember) for no value",
      header: ["dimension", "label", "code"],
      rows: results.dimensions.flatMap { dimension in
        dimension.members.map { [.text(dimension.name), .text($0.label), .text($0.code)] }
      })
  }

  private var columns: Block {
    func rows<Row>(_ sheet: String, _ columns: [ResultColumn<Row>]) -> [[Block.Cell]] {
      columns.map { [.text($0.name), .text($0.meaning), .text(sheet)] }
    }
    return Block(
      title: "What the columns mean; percentages are Excel's: 79.1% is the number 0.791",
      header: ["column", "meaning", "sheet"],
      rows: rows("Estimates", EstimateRow.columns) + rows("Trends", TrendRow.columns)
        + (results.slopes.isEmpty ? [] : rows("Slopes", SlopeRow.columns)))
  }
}

/// A table among others on a sheet, under a heading.
private struct Block {
  enum Cell {
    case text(String)
    case value(ResultValue, String)
  }

  /// Of the second column, in characters.
  static let widthOfWords = 52.0

  var title: String
  var header: [String]
  var rows: [[Cell]]

  /// - Parameter line: Where the heading stands; afterwards where the next one may.
  func write(to sheet: inout Sheet, _ line: inout Int) throws(WorkbookError) {
    try SheetLimits.check(rows: line + rows.count + 3, columns: header.count, sheet: sheet.name)
    try sheet.write(title, line, 0, .heading, widens: false)
    let numbers = rows[0].indices.filter { if case .value = rows[0][$0] { true } else { false } }
    try sheet.write(header: header, line + 1, numbers: Set(numbers))
    line += 2
    for row in rows {
      for (column, cell) in row.enumerated() {
        switch cell {
        case .text(let text):
          // What stands in the last column may reach over the next.
          let isLast = column == row.count - 1
          let style = CellStyle(wraps: !isLast, isIndented: true)
          try sheet.write(text, line, column, style, widens: column != 1 && !isLast)
          if column == 1 { try sheet.setHeight(lines: Double(sheet.lines(text, in: column)), of: line) }
        case .value(let value, let format): try sheet.write(value, line, column, CellStyle(number: format))
        }
      }
      line += 1
    }
    line += 1
  }
}
