import Foundation
import OrderedCollections
import SurveyModel

/// Reads pipeline definitions: `NAME.yaml` in a directory, and the codebooks, labels and indicators it refers to.
public struct DefinitionReader: Sendable {
  public let directory: String

  /// - Parameter directory: Where `NAME.yaml` lies, such as `Pipelines`.
  public init(directory: String) {
    self.directory = directory
  }

  /// Reads and checks everything that the pipeline says. No data file is touched.
  ///
  /// - Throws: `DefinitionError`, with file, line and column.
  public func cycle(named name: String) throws(DefinitionError) -> SurveyCycle {
    guard Self.isName(name) else { throw .badName(name, nil) }
    let path = path(of: name)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .noSuchPipeline(
        name: name, directory: directory, nearest: NearestName.suggestion(for: name, among: (try? names()) ?? []))
    }
    var cycle = try PipelineFile(path: path, name: name).cycle()
    // A break between two cycles stands in the way of a third one, by its year.
    if cycle.indicators.contains(where: { !$0.breaks.isEmpty }) { cycle.yearsOfOthers = years(without: name) }
    return cycle
  }

  /// The years of the other pipelines by their cycles. What is wrong with one of them is told when it is run.
  private func years(without name: String) -> [String: Double] {
    var years: [String: Double] = [:]
    for other in (try? names()) ?? [] where other != name {
      guard let pairs = try? YAMLValue(contentsOf: path(of: other)).pairs("the pipeline") else { continue }
      func value(_ key: String) -> YAMLValue? {
        pairs.first { pair in (try? pair.key.text("a key")) == key }?.value
      }
      guard let year = try? value("year")?.number("`year`") else { continue }
      years[(try? value("cycle")?.text("`cycle`")) ?? other] = year
    }
    return years
  }

  /// Reads one codebook file.
  ///
  /// - Throws: `DefinitionError`, with file, line and column.
  public static func codebook(atPath path: String) throws(DefinitionError) -> Codebook {
    let name = SurveyCycle.responsesTable
    let scope = ConditionScope(
      tables: [name: TableDefinition(name: name, paths: [])], table: name, keyColumns: [:])
    return try CodebookReader(file: YAMLValue(contentsOf: path)).codebook(scope: scope)
  }

  /// The names of the pipelines in the directory, in order of their characters.
  ///
  /// - Throws: `DefinitionError.unreadable` where there is no such directory.
  public func names() throws(DefinitionError) -> [String] {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw .unreadable(file: directory, reason: "there is no such directory", referredFrom: nil)
    }
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.filter(Self.isName)
      .sorted()
  }

  public func path(of name: String) -> String {
    directory.hasSuffix("/") ? "\(directory)\(name).yaml" : "\(directory)/\(name).yaml"
  }

  /// Letters, digits, `-`, `_` and `.`, not beginning with a dot: never a path.
  public static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
