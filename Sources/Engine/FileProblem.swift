import Foundation
import SystemPackage

/// Says why the system refused a file, in the system's own words where it gave any.
public enum FileProblem {
  public static func words(for error: any Error) -> String {
    if let errno = error as? Errno { return errno.description }
    let cocoa = error as NSError
    if cocoa.domain == NSPOSIXErrorDomain { return Errno(rawValue: CInt(truncatingIfNeeded: cocoa.code)).description }
    if let underlying = cocoa.userInfo[NSUnderlyingErrorKey] as? any Error { return words(for: underlying) }
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile?, .fileReadNoSuchFile?: return Errno.noSuchFileOrDirectory.description
    case .fileWriteNoPermission?, .fileReadNoPermission?: return Errno.permissionDenied.description
    case .fileWriteOutOfSpace?: return Errno.noSpace.description
    case .fileWriteFileExists?: return Errno.fileExists.description
    case .fileWriteVolumeReadOnly?: return Errno.readOnlyFileSystem.description
    case .fileWriteUnknown?: return "the directory cannot be written to"
    default: return error.localizedDescription
    }
  }
}
