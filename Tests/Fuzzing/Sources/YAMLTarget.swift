import PipelineDefinition
import SurveyModel

/// Any bytes as a definition: it is read, or refused with a reason and a place that is in one of its files.
///
/// A line `#%c`, `#%i` or `#%l` begins the file `codebook.yaml`, `indicators.yaml` or `labels.yaml`; what comes before
/// is the pipeline `p.yaml`. To YAML such a line is a comment.
enum YAMLTarget {
  private static let names = [
    UInt8(ascii: "c"): "codebook.yaml", UInt8(ascii: "i"): "indicators.yaml", UInt8(ascii: "l"): "labels.yaml",
  ]

  static func run(_ bytes: UnsafeRawBufferPointer) -> CInt {
    // Definitions may name any file: this one would read forever.
    guard !String(decoding: bytes, as: UTF8.self).contains("/dev/") else { return -1 }
    for name in names.values { Scratch.remove(name) }
    var hasCodebook = false
    for (name, text) in files(Array(bytes)) {
      Scratch.write(text, to: name)
      if name == "codebook.yaml" { hasCodebook = true }
    }
    check { () throws(DefinitionError) in
      _ = try DefinitionReader(directory: Scratch.folder).cycle(named: "p")
    }
    if hasCodebook {
      check { () throws(DefinitionError) in
        _ = try DefinitionReader.codebook(atPath: Scratch.path(of: "codebook.yaml"))
      }
    }
    return 0
  }

  private static func check(_ body: () throws(DefinitionError) -> Void) {
    do throws(DefinitionError) {
      try body()
    } catch {
      require(
        error.exitStatus == .badDefinition || error.exitStatus == .missingInput, "status \(error.exitStatus): \(error)")
      require(!error.summary.isEmpty && !error.report.isEmpty, "no words for \(error)")
      guard let place = error.location else { return }
      require((place.line ?? 1) > 0 && (place.column ?? 1) > 0, "no place: \(error.report)")
      require(place.file.hasPrefix(Scratch.folder), "another file: \(error.report)")
    }
  }

  private static func files(_ bytes: [UInt8]) -> [(name: String, text: [UInt8])] {
    var files: [(name: String, text: [UInt8])] = [("p.yaml", [])]
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.starts(with: "#%".utf8), let name = line.dropFirst(2).first.flatMap({ names[$0] }) {
        files.append((name, []))
      } else {
        files[files.count - 1].text += line + [0x0A]
      }
    }
    return files
  }
}
