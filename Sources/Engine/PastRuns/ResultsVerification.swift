import Export
import Foundation
import SurveyModel
import SystemPackage

/// Whether the files that a run read and wrote are still what they were: every hash that its `run.json` names, computed
/// anew by the algorithm that it names.
public struct ResultsVerification: Sendable {
  public enum Role: String, Sendable, CaseIterable {
    case definition, data, output
  }

  public enum Finding: Sendable, Equatable {
    case same
    /// - Parameter bytes: As many as the file has now.
    case changed(bytes: Int64)
    case missing
    case unreadable(reason: String)
    /// Some other version of the command made the hash.
    case unknownAlgorithm(String)
  }

  public struct File: Sendable {
    public var role: Role
    /// What `run.json` says of it.
    public var record: RunRecord.FileRecord
    /// Where it was looked for.
    public var path: String
    public var finding: Finding
  }

  public let directory: String
  /// In the order of `run.json`, each file once.
  public private(set) var files: [File] = []
  /// What lies in the directory, but was not written by the run.
  public private(set) var strangers: [String] = []

  /// Reads all the files.
  ///
  /// - Parameters:
  ///   - run: The results.
  ///   - start: The directory in which the run was started: its paths are relative to that.
  public init(of run: PastRun, startedIn start: String = "") {
    directory = run.directory
    var known = Set<String>()
    func add(_ records: [RunRecord.FileRecord], _ role: Role, in folder: String) {
      for record in records {
        let path = folder.isEmpty || record.path.hasPrefix("/") ? record.path : "\(folder)/\(record.path)"
        // Cycles share registers.
        guard known.insert("\(path) \(record.algorithm) \(record.hash)").inserted else { continue }
        files.append(File(role: role, record: record, path: path, finding: Self.finding(of: record, at: path)))
      }
    }
    add(run.record.definitions, .definition, in: start)
    add(run.record.cycles.flatMap(\.tables).flatMap(\.files), .data, in: start)
    add(run.record.outputs, .output, in: directory)
    let named = Set(run.record.outputs.map(\.path) + [ResultsDirectory.recordName])
    strangers = Self.names(in: directory).filter { !named.contains($0) }
  }

  public func files(_ role: Role) -> [File] { files.filter { $0.role == role } }

  /// Those that are not what they were.
  public var problems: [File] { files.filter { $0.finding != .same } }

  /// nil where everything is as it was.
  public var failure: VerificationFailure? {
    problems.isEmpty && strangers.isEmpty
      ? nil : VerificationFailure(directory: directory, problems: problems, strangers: strangers, count: files.count)
  }

  private static func finding(of record: RunRecord.FileRecord, at path: String) -> Finding {
    if record.algorithm == FileModification.algorithm {
      if path.contains("://") { return .unreadable(reason: "it is not on this machine") }
      guard let now = FileModification.time(of: path) else { return .missing }
      return now.bytes == record.bytes && now.time == record.hash ? .same : .changed(bytes: now.bytes)
    }
    guard var hash = InputHash(algorithm: record.algorithm) else { return .unknownAlgorithm(record.algorithm) }
    do {
      // A device has no end, and a pipe is read once.
      guard try FilePath(path).stat().type == .regular else { return .unreadable(reason: "it is not a file") }
      let file = try FileDescriptor.open(FilePath(path), .readOnly)
      try file.closeAfter { try FileBytes.forEachPiece(of: file) { hash.update($0) } }
    } catch {
      return error as? Errno == .noSuchFileOrDirectory ? .missing : .unreadable(reason: FileProblem.words(for: error))
    }
    let now = hash.record(path: record.path)
    return now.hash == record.hash && now.bytes == record.bytes ? .same : .changed(bytes: now.bytes)
  }

  /// All files below a directory, by their paths in it, in order.
  private static func names(in directory: String) -> [String] {
    (FileManager.default.subpaths(atPath: directory) ?? []).filter { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(directory)/\(name)", isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }.sorted()
  }
}

/// Something that a run read or wrote is no longer what it was.
public struct VerificationFailure: Failure {
  public var directory: String
  public var problems: [ResultsVerification.File]
  public var strangers: [String]
  /// How many files were looked at.
  public var count: Int

  public var location: SourceLocation? { nil }

  /// 66 where files are missing and nothing else is wrong.
  public var exitStatus: ExitStatus {
    strangers.isEmpty && problems.allSatisfy { $0.finding == .missing } ? .missingInput : .unacceptableData
  }

  public var summary: String {
    var parts: [String] = []
    if !problems.isEmpty { parts.append("\(problems.count) of \(count) files are not what they were") }
    if !strangers.isEmpty { parts.append("\(strangers.count) in \(directory) were not written by the run") }
    return parts.joined(separator: "; ")
  }

  public var advice: String? {
    let roles = Set(problems.map(\.role))
    return roles.contains(.output) || !strangers.isEmpty
      ? "do not rely on \(directory); run the pipeline again"
      : "the results are as they were written; `pipeline run NAME --check-against \(directory)` tells what would change"
  }
}
