/// Whether two numbers agree to a relative tolerance; around zero to the same absolute one.
public func areClose(_ a: Double, _ b: Double, relative tolerance: Double = 1e-9) -> Bool {
  if a == b { return true }
  return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-3)
}

/// The project's directory, found from the place of this file.
public let projectDirectory: String = {
  var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
  parts.removeLast(3)
  return parts.joined(separator: "/")
}()
