import Export
import Foundation
import SurveyTestSupport
import Testing
import Workbook

@Suite("The workbook in LibreOffice")
struct OfficeTests {
  @Test("opens and prints")
  func prints() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path(of: "results.xlsx")
    try ResultsWorkbook.write(SampleResults().results, to: path)
    let run = try ReaderRun(
      command: "/usr/bin/soffice",
      [
        "-env:UserInstallation=file://\(directory.path)/profile", "--headless", "--convert-to", "pdf", "--outdir",
        directory.path, path,
      ])
    #expect(run.status == 0, "\(run.error)")
    #expect(!run.error.localizedCaseInsensitiveContains("error"), "\(run.error)")
    let page = try #require(FileManager.default.contents(atPath: directory.path(of: "results.pdf")))
    #expect(page.starts(with: Data("%PDF".utf8)) && page.count > 10_000)
  }
}
