/// A list of codes, as the structure message prints it.
struct CodeList: Sendable {
  var id: String
  var name: String
  var codes: [Code]

  struct Code: Sendable {
    var id: String
    var name: String
    var description: String?
  }
}

extension CodeList {
  /// All codes of one of SDMX's lists, or of ours.
  init<Codes: StandardCode>(of codes: Codes.Type, for component: String, name: String) {
    self.init(
      component: component, name: name, codes: Codes.allCases.map { Code(id: $0.rawValue, name: $0.name) })
  }

  init(component: String, name: String, codes: [Code]) {
    self.init(id: "CL_" + component, name: name, codes: codes)
  }
}

/// A dimension, a measure or an attribute with its concept.
struct Component: Sendable {
  var id: String
  /// The name of its concept.
  var name: String
  /// What its values are: codes of a list, or text of a type.
  var list: CodeList?
  var textType: String?
  /// Of an attribute: whether each observation has it.
  var isMandatory = false
  /// Of a dimension: from 1.
  var position = 0

  static func coded(_ list: CodeList, id: String, name: String, isMandatory: Bool = false) -> Component {
    Component(id: id, name: name, list: list, isMandatory: isMandatory)
  }

  static func coded<Codes: StandardCode>(
    _ id: String, name: String, by codes: Codes.Type, isMandatory: Bool = false
  ) -> Component {
    .coded(CodeList(of: codes, for: id, name: name), id: id, name: name, isMandatory: isMandatory)
  }

  static func text(_ id: String, name: String, type: String = "String") -> Component {
    Component(id: id, name: name, textType: type)
  }
}

extension Component {
  static let freq = Component.coded("FREQ", name: "Frequency", by: Frequency.self)
  static let measure = Component.coded("MEASURE", name: "Measure", by: MeasureCode.self)
  static let basis = Component.coded("BASIS", name: "Basis of comparison", by: BasisOfComparison.self)
  static let timePeriod = Component.text("TIME_PERIOD", name: "Time period", type: "ObservationalTimePeriod")
  static let obsValue = Component.text("OBS_VALUE", name: "Observation value", type: "Double")
  static let indicatorID = "INDICATOR"
  static let comparedWithID = "COMPARED_WITH"
  static let referenceAreaID = "REF_AREA"

  /// In the order of the columns.
  static let attributes = [
    Component.coded("OBS_STATUS", name: "Observation status", by: ObservationStatus.self, isMandatory: true),
    .coded("CONF_STATUS", name: "Confidentiality status", by: ConfidentialityStatus.self, isMandatory: true),
    .coded("UNIT_MEASURE", name: "Unit of measure", by: UnitOfMeasure.self, isMandatory: true),
    .coded("UNIT_MULT", name: "Unit multiplier", by: UnitMultiplier.self, isMandatory: true),
    .text("STAT_UNIT", name: "Statistical unit"),
    .text("CI_METHOD", name: "Method of the confidence interval"),
    .text("CI_LEVEL", name: "Confidence level of the interval, between 0 and 1", type: "Double"),
    .text("FLAG", name: "What to know before printing the number"),
    .text("COMMENT_OBS", name: "Why there is no number, or what to keep in mind"),
  ]

  /// Identifiers that no declared dimension may have.
  static let reservedIDs: Set<String> = Set(
    [
      freq.id, measure.id, basis.id, timePeriod.id, obsValue.id, indicatorID, comparedWithID, referenceAreaID,
      // Columns of SDMX-CSV.
      "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "SERIES_KEY", "OBS_KEY",
    ] + attributes.map(\.id))
}
