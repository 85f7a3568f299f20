import Export
import Foundation
import Markup
import Mustache

/// `report.html`: one page that opens from disk without a network, with charts, tables and the words behind them.
public struct HTMLReport: Sendable {
  public static let fileName = "report.html"

  private let results: Results
  private let library: ChartLibrary?

  /// - Parameter library: Draws the charts; without it the page has its tables and says what to install.
  public init(_ results: Results, library: ChartLibrary?) {
    self.results = results
    self.library = library
  }

  /// The bytes of the page.
  ///
  /// - Throws: An error of the template or the encoder, which only a mistake in this project can cause.
  public func bytes() throws -> [UInt8] {
    let facts = ReportFacts(results)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Inside a script element only "<" can end it or begin a comment.
    let data = String(decoding: try encoder.encode(ReportData(facts)), as: UTF8.self)
      .replacingOccurrences(of: "<", with: "\\u003c")
    var page = PageContent(facts)
    page.hasCharts = library != nil
    page.installation = ChartLibrary.installation
    MarkupText.register()
    let template = try MustacheTemplate(string: Self.text(PackageResources.report_mustache))
    let parts = [
      "styles": Self.text(PackageResources.report_css), "script": Self.text(PackageResources.report_js),
      "library": (library?.script ?? "").replacingOccurrences(of: "</script", with: "<\\/script"), "data": data,
    ]
    return Array(template.render(Page(content: page, parts: parts)).utf8)
  }

  private struct Page {
    var content: PageContent
    var parts: [String: String]
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
