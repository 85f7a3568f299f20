import Export
import Markup
import Mustache
import SurveyModel

/// `structure.xml`: an SDMX-ML 3.0 message with all structures that the data needs.
struct StructureMessage {
  private let view: View

  /// - Parameter prepared: When the results were made, as ISO 8601.
  init(_ structure: DataStructure, prepared: String) {
    view = View(
      prepared: prepared, agency: structure.agency, version: DataStructure.version, messageID: structure.id,
      title: structure.name, dataflowID: structure.dataflowID, dataStructureID: structure.dataStructureID,
      conceptSchemeID: structure.conceptSchemeID, codeLists: structure.codeLists, concepts: structure.components,
      dimensions: structure.dimensions, time: .timePeriod, measure: .obsValue, attributes: Component.attributes)
  }

  func bytes() throws -> [UInt8] {
    Array(try Self.template.get().render(view).utf8)
  }

  /// What the template names.
  private struct View {
    var prepared: String
    var agency: String
    var version: String
    var messageID: String
    var title: String
    var dataflowID: String
    var dataStructureID: String
    var conceptSchemeID: String
    var codeLists: [CodeList]
    var concepts: [Component]
    var dimensions: [Component]
    var time: Component
    var measure: Component
    var attributes: [Component]
  }

  private static let template = Result {
    MarkupText.register()
    return try MustacheTemplate(string: String(decoding: PackageResources.structure_mustache, as: UTF8.self))
  }
}
