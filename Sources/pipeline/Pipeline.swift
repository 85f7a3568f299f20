import ArgumentParser
import Engine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main
enum Main {
  static func main() async {
    // Whatever mode a library creates files with, only their owner may write to them.
    umask(umask(0) | 0o022)
    OpenFiles.holdStandardStreams()
    OpenFiles.requireEnough()
    await Pipeline.main()
  }
}

struct Pipeline: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "Turns questionnaire answers into indicators with confidence intervals and trends.",
    discussion: """
      Exit status: 0 done; 64 wrong usage; 65 the data is not acceptable; 66 an input is missing; 69 the engine \
      that is to add up cannot be reached; 73 an output cannot be created; 74 read or write failed; 75 the output \
      directory is in use; 78 a definition is wrong or asks for what is not supported; 130 interrupted; 143 terminated.
      """,
    version: PipelineRun.version,
    subcommands: [
      Run.self, List.self, Show.self, Check.self, Compare.self, ExportResults.self, Units.self, Generate.self,
      Verify.self, SQL.self, Cache.self,
    ])
}
