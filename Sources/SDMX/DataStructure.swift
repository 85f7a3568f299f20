import Export
import SurveyModel

/// What the observations of some results are made of: dimensions, attributes, code lists, and which identifier stands
/// for each name of the definition.
struct DataStructure: Sendable {
  /// Of every structure here. Two parts, not three: the codes change with the data of the next run, which a semantic
  /// version would forbid.
  static let version = "1.0"

  let agency: String
  /// What the identifiers of the structures end in.
  let id: String
  let name: String
  /// FREQ, the declared ones, INDICATOR, MEASURE, COMPARED_WITH, BASIS; TIME_PERIOD is apart.
  let dimensions: [Component]
  let frequency: Frequency
  /// By the NAME of the cycle.
  let periods: [String: String]
  var dataflowID: String { "DF_" + id }
  var dataStructureID: String { "DSD_" + id }
  var conceptSchemeID: String { "CS_" + id }

  var components: [Component] { dimensions + [.timePeriod, .obsValue] + Component.attributes }
  var codeLists: [CodeList] { components.compactMap(\.list) }

  init(_ results: Results, agency: String) throws(SDMXError) {
    self.agency = Identifier.component(agency)
    id = Identifier.component(results.pipeline)
    name = "\(results.pipeline): \(results.title)"
    let years = try Self.years(of: results.cycles)
    frequency = Frequency(years: years.map(\.year))
    periods = Dictionary(years.map { ($0.cycle.name, Self.period($0.year)) }) { first, _ in first }

    // Rows name nothing else, unless the files of a past run were edited.
    let rows = results.estimates.map(\.indicator) + results.trends.map(\.indicator) + results.slopes.map(\.indicator)
    let ids = Self.ordered(results.indicators.map(\.id), found: Set(rows))
    let titles = Dictionary(results.indicators.map { ($0.id, $0) }) { first, _ in first }
    let indicator = CodeList(
      component: Component.indicatorID, name: "Indicator",
      codes: ids.map { id in
        let note = titles[id]?.note ?? ""
        return CodeList.Code(
          id: Identifier.code(id), name: [id, titles[id]?.title ?? ""].filter { !$0.isEmpty }.joined(separator: " "),
          description: note.isEmpty ? nil : note)
      })

    var declared: [Component] = []
    let componentIDs = try Self.componentIDs(of: results.dimensionNames)
    for (place, dimension) in results.dimensions.enumerated() {
      let found =
        results.estimates.lazy.compactMap { $0.members[place] } + results.trends.compactMap { $0.members[place] }
        + results.slopes.compactMap { $0.members[place] }
      let codes = Self.ordered(dimension.members.map(\.code), found: Set(found))
      let isArea = componentIDs[place] == Component.referenceAreaID
      let title = isArea ? "Reference area" : dimension.name
      declared.append(
        .coded(
          CodeList(
            component: componentIDs[place], name: title,
            codes: [CodeList.Code(id: Dimension.totalMember, name: Results.totalLabel)]
              + codes.map {
                CodeList.Code(id: Self.member($0), name: Self.name(of: $0, label: dimension.label(of: $0)))
              }),
          id: componentIDs[place], name: title))
    }

    let comparedWith = CodeList(
      component: Component.comparedWithID, name: "Earlier cycle of a comparison",
      codes: [CodeList.Code(id: BasisOfComparison.notApplicable.rawValue, name: BasisOfComparison.notApplicable.name)]
        + years.map { CodeList.Code(id: Self.period($0.year), name: "\($0.cycle.name): \($0.cycle.title)") })
    var dimensions: [Component] =
      [.freq] + declared + [
        .coded(indicator, id: Component.indicatorID, name: "Indicator"), .measure,
        .coded(comparedWith, id: Component.comparedWithID, name: comparedWith.name), .basis,
      ]
    for index in dimensions.indices { dimensions[index].position = index + 1 }
    self.dimensions = dimensions
  }

  /// The year in which each cycle lies, the first cycle first.
  private static func years(of cycles: [ResultsCycle]) throws(SDMXError) -> [(cycle: ResultsCycle, year: Int)] {
    var result: [(cycle: ResultsCycle, year: Int)] = []
    for cycle in cycles {
      guard let year = cycle.year else { throw .noYear(cycle: cycle.name) }
      guard year >= 1, year < 10_000 else { throw .impossibleYear(year, cycle: cycle.name) }
      let whole = Int(year)
      if let other = result.first(where: { $0.year == whole }) {
        throw .sharedYear(whole, cycle: other.cycle.name, other: cycle.name)
      }
      result.append((cycle, whole))
    }
    return result.sorted { $0.year < $1.year }
  }

  private static func period(_ year: Int) -> String {
    let digits = String(year)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The identifier of a member of a dimension; nil is all of them together.
  static func member(_ code: String?) -> String {
    guard let code else { return Dimension.totalMember }
    return Identifier.code(code, reserved: [Dimension.totalMember])
  }

  /// REF_AREA for the region, for every other dimension its name in capitals.
  private static func componentIDs(of names: [String]) throws(SDMXError) -> [String] {
    var ids: [String] = []
    for name in names {
      let id =
        name == "region"
        ? Component.referenceAreaID : Identifier.component(name, reserved: Component.reservedIDs)
      if let other = ids.firstIndex(of: id) { throw .sharedDimension(id, names[other], name) }
      ids.append(id)
    }
    return ids
  }

  /// The label, with the code where the two differ and the identifier does not say it.
  private static func name(of code: String, label: String) -> String {
    if label.isEmpty || label == code { return code.isEmpty ? "empty" : code }
    return member(code) == code ? label : "\(code) \(label)"
  }

  private static func ordered(_ known: [String], found: Set<String>) -> [String] {
    known + found.subtracting(known).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}
