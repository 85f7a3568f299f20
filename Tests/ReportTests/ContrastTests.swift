import Foundation
import SurveyTestSupport
import Testing

@testable import Report

/// The colours of the page against those that WCAG 2.2 asks for: text 4.5 to 1 (1.4.3), marks of charts 3 to 1 (1.4.11).
@Suite("The colours of the report")
struct ContrastTests {
  enum Theme: String, CaseIterable {
    case light, dark, print
  }

  /// The variables of each theme, as the page declares them.
  private static func colors(_ theme: Theme) throws -> [String: [Double]] {
    let css = String(decoding: PackageResources.report_css, as: UTF8.self)
    let blocks = css.matches(of: /:root \{([^}]*)\}/).map { String($0.1) }
    try #require(blocks.count == Theme.allCases.count)
    let block = blocks[try #require(Theme.allCases.firstIndex(of: theme))]
    return Dictionary(
      uniqueKeysWithValues: block.matches(of: /--([a-z-]+): #([0-9a-f]{3,6})/).map { match in
        let digits = Array(String(match.2))
        let pairs =
          digits.count == 3
          ? digits.map { String([$0, $0]) } : stride(from: 0, to: 6, by: 2).map { String(digits[$0...$0 + 1]) }
        return (String(match.1), pairs.map { Double(Int($0, radix: 16) ?? 0) / 255 })
      })
  }

  /// Relative luminance (WCAG 2.2, from IEC 61966-2-1).
  private static func luminance(_ color: [Double]) -> Double {
    let linear = color.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private static func contrast(_ one: [Double], _ other: [Double]) -> Double {
    let lights = [luminance(one), luminance(other)].sorted()
    return (lights[1] + 0.05) / (lights[0] + 0.05)
  }

  private static func mix(_ color: [Double], _ share: Double, into paper: [Double]) -> [Double] {
    zip(color, paper).map { $0 * share + $1 * (1 - share) }
  }

  @Test(arguments: Theme.allCases) func textAndMarksStandOut(theme: Theme) throws {
    let colors = try Self.colors(theme)
    let paper = try #require(colors["paper"])
    for name in ["ink", "quiet", "now"] {
      #expect(Self.contrast(try #require(colors[name]), paper) >= 4.5, "\(name)")
    }
    #expect(Self.contrast(try #require(colors["warn"]), try #require(colors["warn-soft"])) >= 4.5)
    for name in ["now", "before", "first"] {
      #expect(Self.contrast(try #require(colors[name]), paper) >= 3, "\(name)")
    }
  }

  @Test(arguments: Theme.allCases) func textOnTheDarkestTintCanBeRead(theme: Theme) throws {
    let colors = try Self.colors(theme)
    let tint = Self.mix(try #require(colors["now"]), 0.48, into: try #require(colors["paper"]))
    #expect(Self.contrast(try #require(colors["ink"]), tint) >= 4.5)
  }

  /// Whoever sees no hue still tells this cycle from the earlier ones by lightness; all three also differ in shape.
  @Test(arguments: Theme.allCases) func thisCycleDiffersWithoutColor(theme: Theme) throws {
    let colors = try Self.colors(theme)
    let now = try #require(colors["now"])
    for name in ["before", "first"] {
      #expect(Self.contrast(now, try #require(colors[name])) >= 1.5, "\(name)")
    }
    let shapes = try #require(
      Charts(series: ["1", "2", "3"], hasYears: true).dots.layer.last?.encoding[.shape]?.scale?.range)
    #expect(Set(shapes).count == 3)
  }
}
