import SurveyModel

/// Why the results of an earlier run cannot be used.
public enum PastRunError: Failure, Equatable {
  case noRun(directory: String)
  /// `run.json` is no record of a run, or one of a version with other keys.
  case badRecord(file: String)
  case otherVersion(directory: String, version: String)
  case otherPipeline(directory: String, pipeline: String, expected: String)
  case missingFile(String)
  /// A file does not have the hash that `run.json` names.
  case changedFile(String)
  case definitionsChanged(files: [String])
  /// - Parameter known: Those that were run.
  case groupingNotRun([String], known: [[String]])
  case cycleNotRun(String, known: [String])
  case indicatorNotRun(String, nearest: String?)
}

extension PastRunError {
  public var location: SourceLocation? { nil }

  public var exitStatus: ExitStatus {
    switch self {
    case .noRun, .missingFile: .missingInput
    case .badRecord, .otherVersion, .otherPipeline, .changedFile, .definitionsChanged: .unacceptableData
    case .groupingNotRun, .cycleNotRun, .indicatorNotRun: .usage
    }
  }

  public var summary: String {
    switch self {
    case .noRun(let directory): "there are no results in \(directory)"
    case .badRecord(let file): "\(file) is not the record of a run of this version"
    case .otherVersion(let directory, let version):
      "the results in \(directory) are those of version \(version), not \(PipelineRun.version)"
    case .otherPipeline(let directory, let pipeline, let expected):
      "the results in \(directory) are those of \(pipeline), not \(expected)"
    case .missingFile(let path): "there is no \(path), although the run wrote it"
    case .changedFile(let path): "\(path) is not what the run wrote"
    case .definitionsChanged(let files): "changed since the run: \(files.joined(separator: ", "))"
    case .groupingNotRun(let names, _): "the last run has no breakdown by \(names.joined(separator: ","))"
    case .cycleNotRun(let name, _): "the last run has no cycle \"\(name)\""
    case .indicatorNotRun(let id, let nearest):
      "the last run has no indicator \"\(id)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    }
  }

  public var advice: String? {
    switch self {
    case .noRun: "`pipeline run NAME` makes them, in Output/NAME unless --output names another directory"
    case .badRecord, .otherVersion, .missingFile, .changedFile: "run the pipeline again"
    case .otherPipeline: "name another directory with --results"
    case .definitionsChanged: "run the pipeline again, or go on with --force"
    case .groupingNotRun(_, let known):
      (known.isEmpty
        ? "it has totals only" : "it has " + known.map { $0.joined(separator: ",") }.joined(separator: " and "))
        + "; `pipeline run NAME --by` computes others"
    case .cycleNotRun(_, let known): "it has " + known.joined(separator: ", ")
    case .indicatorNotRun: "`pipeline show NAME` lists the indicators; a run with --indicator has only those"
    }
  }
}
