import GRDB
import SurveyModel

/// Why a run could not be added to a database.
public enum ResultsDatabaseError: Failure, Equatable {
  case cannotOpen(path: String, reason: String)
  case notADatabase(path: String)
  /// A database of another program, or of another purpose.
  case otherDatabase(path: String)
  /// It has a schema that this version does not know.
  case newer(path: String)
  /// Others wrote to it all the time.
  case inUse(path: String)
  case writeFailed(path: String, reason: String)

  public var location: SourceLocation? { nil }

  public var exitStatus: ExitStatus {
    switch self {
    case .cannotOpen, .notADatabase, .otherDatabase, .newer: .cannotCreateOutput
    case .inUse: .outputInUse
    case .writeFailed: .inputOutput
    }
  }

  public var summary: String {
    switch self {
    case .cannotOpen(let path, _): "cannot create \(path): \(reason)"
    case .notADatabase(let path), .otherDatabase(let path), .newer(let path), .inUse(let path): "\(path) \(reason)"
    case .writeFailed(let path, _): "writing \(path) failed: \(reason)"
    }
  }

  /// The cause alone, without the name of the file.
  public var reason: String {
    switch self {
    case .cannotOpen(_, let reason), .writeFailed(_, let reason): reason
    case .notADatabase: "exists and is not a database"
    case .otherDatabase: "is a database of something else"
    case .newer: "was written by a newer version of this command"
    case .inUse: "is in use by others"
    }
  }

  public var advice: String? {
    switch self {
    case .cannotOpen: "choose another file, or a directory that exists and can be written to"
    case .notADatabase, .otherDatabase: "choose another file; this one stays as it is"
    case .newer: "install the newer version, or choose another file"
    case .inUse: "wait for other runs, and close what else has it open for writing"
    case .writeFailed: nil
    }
  }

  /// - Parameter error: Of GRDB, or already one of these.
  init(_ error: any Error, path: String) {
    guard let problem = error as? DatabaseError else {
      self = error as? Self ?? .writeFailed(path: path, reason: "\(error)")
      return
    }
    let reason = problem.message ?? "\(problem.resultCode)"
    self =
      switch problem.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse(path: path)
      case .SQLITE_NOTADB: .notADatabase(path: path)
      case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .cannotOpen(path: path, reason: reason)
      default: .writeFailed(path: path, reason: reason)
      }
  }
}
