import Export
import SurveyModel

/// The YAML files behind some cycles, with their hashes: what `run.json` names.
enum DefinitionFiles {
  /// Each file once, in the order in which the cycles name them, as it was read: it may be another by now.
  static func records(of cycles: [SurveyCycle]) -> [RunRecord.FileRecord] {
    var paths: [String] = []
    for path in cycles.flatMap(\.definitionFiles) where !paths.contains(path) { paths.append(path) }
    return paths.map { path in
      let bytes = cycles.lazy.compactMap { $0.definitionContents[path] }.first ?? []
      return RunRecord.FileRecord(path: path, bytes: Int64(bytes.count), hash: FileHash.hash(of: bytes))
    }
  }

  /// The files that are not what they were: first those that the definitions read now, then those that they no longer
  /// read. Only contents count: the same files may be called otherwise from another folder.
  static func changes(from then: [RunRecord.FileRecord], to now: [RunRecord.FileRecord]) -> [String] {
    let (before, after) = (Set(then.map(\.hash)), Set(now.map(\.hash)))
    var changed: [String] = []
    for file in now.filter({ !before.contains($0.hash) }) + then.filter({ !after.contains($0.hash) })
    where !changed.contains(file.path) {
      changed.append(file.path)
    }
    return changed
  }
}
