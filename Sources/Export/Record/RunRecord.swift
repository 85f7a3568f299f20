import Foundation
import SurveyModel

/// `run.json`: what was run on what, so that a result can be traced and checked.
public struct RunRecord: Codable, Sendable {
  public var pipeline: String
  public var title: String
  public var version: String
  public var started: String
  public var finished: String
  public var hostCores: Int
  public var options: Options
  public var definitions: [FileRecord]
  public var cycles: [CycleRecord]
  /// How many PSUs are the same in two cycles; nil in records of versions that did not say.
  public var links: [LinkRecord]?
  public var outputs: [FileRecord]
  /// Seconds by stage.
  public var timings: [String: Double]

  public struct Options: Codable, Sendable {
    public var indicators: [String]
    public var groupings: [[String]]?
    public var method: String?
    public var level: Double?
    public var threads: Int
    public var strict: Bool
    /// nil in records of versions that knew one only.
    public var engine: EngineRecord?

    public init(
      indicators: [String], groupings: [[String]]?, method: String?, level: Double?, threads: Int, strict: Bool,
      engine: EngineRecord
    ) {
      self.indicators = indicators
      self.groupings = groupings
      self.method = method
      self.level = level
      self.threads = threads
      self.strict = strict
      self.engine = engine
    }
  }

  /// Who read the data and added it up.
  public struct EngineRecord: Codable, Sendable, Equatable {
    /// As `--engine` calls it.
    public var name: String
    /// nil: that of the pipeline itself.
    public var version: String?
    /// Where it ran, as `--master` calls it; nil where that was not asked for.
    public var master: String?

    public init(name: String, version: String? = nil, master: String? = nil) {
      self.name = name
      self.version = version
      self.master = master
    }

    /// The process that wrote the record.
    public static let local = Self(name: "local")
  }

  /// A file with its hash; the algorithm is named beside it.
  public struct FileRecord: Codable, Sendable {
    public var path: String
    public var bytes: Int64
    public var hash: String
    public var algorithm: String

    public init(path: String, bytes: Int64, hash: String, algorithm: String = FileHash.algorithm) {
      self.path = path
      self.bytes = bytes
      self.hash = hash
      self.algorithm = algorithm
    }
  }

  public struct CycleRecord: Codable, Sendable {
    public var name: String
    public var role: String
    public var tables: [TableRecord]
    /// Who was asked and who answered; empty where no population is declared.
    public var strata: [StratumRecord]
    /// Whether the strata were asked whole, so that who is missing did not answer.
    public var isCensus: Bool
    /// Seconds.
    public var readSeconds: Double

    public init(
      name: String, role: String, tables: [TableRecord], strata: [StratumRecord], isCensus: Bool,
      readSeconds: Double
    ) {
      self.name = name
      self.role = role
      self.tables = tables
      self.strata = strata
      self.isCensus = isCensus
      self.readSeconds = readSeconds
    }
  }

  public struct TableRecord: Codable, Sendable {
    public var table: String
    public var files: [FileRecord]
    public var rowsRead: Int
    public var rowsUsed: Int
    public var rowsSuperseded: Int
    public var rowsOutsidePopulation: Int
    public var rowsRejected: Int
    public var answersRejected: Int
    /// Of columns with rejected answers; records of earlier versions have none.
    public var answers: [AnswersRecord]?
    /// The rows that a later row of their unit replaced, in the order of the files.
    public var superseded: [SupersededRecord]

    public init(
      table: String, files: [FileRecord], accounting: RowAccounting, answersRejected: Int,
      answers: [AnswerAccounting] = [], superseded: [SupersededRow]
    ) {
      self.table = table
      self.files = files
      rowsRead = accounting.read
      rowsUsed = accounting.used
      rowsSuperseded = accounting.superseded
      rowsOutsidePopulation = accounting.outsidePopulation
      rowsRejected = accounting.rejected
      self.answersRejected = answersRejected
      self.answers = answers.map { AnswersRecord(column: $0.column, given: $0.given, rejected: $0.rejected) }
      let order = Dictionary(files.enumerated().map { ($0.element.path, $0.offset) }) { first, _ in first }
      self.superseded = superseded.sorted {
        (order[$0.file] ?? 0, $0.line) < (order[$1.file] ?? 0, $1.line)
      }.map { SupersededRecord(file: $0.file, line: $0.line, unit: $0.unit) }
    }
  }

  /// One column with rejected answers.
  public struct AnswersRecord: Codable, Sendable, Equatable {
    public var column: String
    /// Answers of used rows that are neither empty nor a missing code.
    public var given: Int
    public var rejected: Int
  }

  /// One stratum of the responses.
  public struct StratumRecord: Codable, Sendable {
    public var name: String
    /// The members of dimensions that the stratum fixes, by the name of the dimension.
    public var members: [String: String]
    /// PSUs with a used row, and all in the declared population.
    public var sampled: Int
    public var population: Double

    public init(name: String, members: [String: String], sampled: Int, population: Double) {
      self.name = name
      self.members = members
      self.sampled = sampled
      self.population = population
    }
  }

  /// The PSUs of the responses of two cycles.
  public struct LinkRecord: Codable, Sendable, Equatable {
    public var cycle: String
    public var compareTo: String
    /// As the definition declares it.
    public var overlap: String
    public var psusNow: Int
    public var psusThen: Int
    public var psusInBoth: Int

    public init(cycle: String, compareTo: String, overlap: String, psusNow: Int, psusThen: Int, psusInBoth: Int) {
      self.cycle = cycle
      self.compareTo = compareTo
      self.overlap = overlap
      self.psusNow = psusNow
      self.psusThen = psusThen
      self.psusInBoth = psusInBoth
    }

    /// "24 of 30 PSUs are also in wave-1, which has 28".
    public var words: String {
      overlap == "none"
        ? "\(cycle) and \(compareTo) are new samples (`overlap: none`): no PSU is linked"
        : "\(cycle): \(psusInBoth) of \(psusNow) PSUs are also in \(compareTo), which has \(psusThen)"
    }
  }

  public struct SupersededRecord: Codable, Sendable {
    public var file: String
    public var line: Int
    public var unit: String
  }

  public init(
    pipeline: String, title: String, version: String, started: Date, finished: Date, hostCores: Int, options: Options,
    definitions: [FileRecord], cycles: [CycleRecord], links: [LinkRecord]? = nil, outputs: [FileRecord],
    timings: [String: Double]
  ) {
    self.pipeline = pipeline
    self.title = title
    self.version = version
    self.started = started.formatted(.iso8601)
    self.finished = finished.formatted(.iso8601)
    self.hostCores = hostCores
    self.options = options
    self.definitions = definitions
    self.cycles = cycles
    self.links = links
    self.outputs = outputs
    self.timings = timings
  }

  /// The responses of NAME.
  public var responsesRead: Int {
    cycles.first?.tables.first { $0.table == SurveyCycle.responsesTable }?.rowsRead ?? 0
  }

  /// Pretty-printed JSON with sorted keys and a final line end.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// The record that a past run left.
  public init(json: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(RunRecord.self, from: Data(json))
  }
}
