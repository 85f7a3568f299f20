import SurveyTestSupport

/// A file alone in a directory that is removed at the end of a test.
struct TemporaryFile {
  let directory: TemporaryDirectory
  let path: String

  init(_ text: String) throws {
    try self.init(Array(text.utf8))
  }

  init(_ bytes: [UInt8]) throws {
    directory = try TemporaryDirectory()
    path = try directory.write(bytes, to: "t.csv")
  }
}
