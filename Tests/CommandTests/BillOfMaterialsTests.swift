import Foundation
import SurveyTestSupport
import Testing

/// docs/sbom.cdx.json lists what the project is made of; whoever adds something has to write it anew.
@Suite("The bill of materials")
struct BillOfMaterialsTests {
  private struct Part: Decodable {
    var kind: String
    var name: String
    var version: String
    var isRequired: Bool
    var licences: [String]
  }

  private let parts: [Part]

  init() throws {
    let run = try ReaderRun(script: "sbom.py", ["\(projectDirectory)/docs/sbom.cdx.json"])
    #expect(run.status == 0, "\(run.error)")
    parts = try JSONDecoder().decode([Part].self, from: Data(run.output.utf8))
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(projectDirectory)/\(name)", encoding: .utf8)
  }

  private func part(_ kind: String, _ name: String, version: String? = nil) -> Part? {
    parts.first { $0.kind == kind && $0.name.lowercased() == name.lowercased() && $0.version == version ?? $0.version }
  }

  @Test func everythingThatTheCommandNeedsHasALicence() {
    let required = parts.filter(\.isRequired)
    #expect(required.count > 20)
    for part in required { #expect(!part.licences.isEmpty, "\(part.name)") }
    // Not the first line of its text.
    for part in parts {
      #expect(!part.licences.contains { $0.contains(/(?i)copyright|agreement|===/) }, "\(part.name) \(part.licences)")
    }
  }

  /// Those that SwiftPM chose, also for these packages, and the C in them. Their versions may be newer elsewhere.
  @Test func whatTheSwiftPackagesBringIsInIt() throws {
    struct Pins: Decodable {
      struct Pin: Decodable { var identity: String }
      var pins: [Pin]
    }
    let pins = try JSONDecoder().decode(Pins.self, from: Data(text("Package.resolved").utf8)).pins
    #expect(pins.count > 8)
    for pin in pins { #expect(part("swift", pin.identity)?.isRequired == true, "\(pin)") }
    for name in ["libyaml", "boringssl", "XKCP"] { #expect(part("vendored", name)?.isRequired == true, "\(name)") }
    #expect(parts.contains { $0.kind == "deb" && $0.name.hasPrefix("libboost1") && $0.isRequired })
  }

  @Test(arguments: ["Package.swift", "Benchmarks/Package.swift"])
  func theSwiftPackagesAreInIt(_ manifest: String) throws {
    let names = try text(manifest).matches(of: /url: "https:[^"]*\/([^"\/]+)"/).map { String($0.1) }
    #expect(!names.isEmpty)
    for name in names {
      let found = try #require(part("swift", name), "\(name)")
      #expect(found.isRequired == (manifest == "Package.swift"))
    }
  }

  @Test func thePackagesOfDebianThatTheMakefileInstallsAreInIt() throws {
    let text = try text("Makefile")
    let lines =
      text.matches(of: /(?m)^[A-Z]+_PACKAGES = (.*)$/).map { String($0.1) }
      + text.matches(of: /\.ci\/require ([^\n]*)/).map { String($0.1) }
    let names = lines.flatMap { $0.split(separator: " ") }.map(String.init).filter { !$0.hasPrefix("$") }
    #expect(names.count > 15)
    for name in names { #expect(part("deb", name) != nil, "\(name)") }
  }

  @Test(
    arguments: [
      "Sources/Report/charts.txt", "Tests/Readers/requirements.txt", "Tests/Reference/designs/requirements.txt",
      "Benchmarks/Peers/requirements.txt", "Tests/Spark/requirements.txt",
    ])
  func thePackagesOfPythonAreInItAtTheirVersions(_ requirements: String) throws {
    let pins = try text(requirements).matches(of: /(?m)^([A-Za-z0-9._-]+)(?:\[.*\])?==(\S+)$/)
    #expect(!pins.isEmpty)
    for pin in pins { #expect(part("pypi", String(pin.1), version: String(pin.2)) != nil, "\(pin.0)") }
  }

  /// By the names that the linker knows: `libcsv.so.3` comes with libcsv3.
  @Test(
    .withoutSanitizer, .enabled("there is no ldd here") { FileManager.default.isExecutableFile(atPath: "/usr/bin/ldd") }
  )
  func theLibrariesThatTheCommandLoadsAreInIt() throws {
    let run = try ProgramRun("/usr/bin/ldd", [CommandRun.binary])
    let required = parts.filter { $0.isRequired && $0.kind == "deb" }.map(\.name)
    let libraries = run.output.matches(of: /lib([a-z0-9]+)\.so\.\d+ =>/).map { String($0.1) }
    #expect(libraries.contains("csv") && libraries.contains("xlsxwriter"))
    let packages = [
      "z": "zlib1g", "m": "libc6", "c": "libc6", "stdc": "libstdc++6", "gcc": "libgcc-s1", "crypto": "libssl3",
    ]
    for library in libraries {
      #expect(required.contains { packages[library] == $0 || $0.hasPrefix("lib\(library)") }, "\(library)")
    }
  }
}
