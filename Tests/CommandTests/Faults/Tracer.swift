import Foundation
import SurveyTestSupport
import Testing

/// strace, which looks on, kills the command at a call, or answers a call with an error.
///
/// Its counts are by thread and by call: `when: 3` is the third call of any one thread. What writes results does so on
/// one thread.
struct Tracer {
  /// Whether processes may be traced here; tried once.
  static let isPermitted = FaultTests.succeeds("strace", "-f", "-qq", "-o", "/dev/null", "true")
  static let reason: String = "strace is missing, or processes may not be traced here"

  enum Fault {
    case kill
    case error(String)
    /// Microseconds before the call.
    case delay(Int)

    fileprivate var words: String {
      switch self {
      case .kill: "signal=KILL"
      case .error(let name): "error=\(name)"
      case .delay(let microseconds): "delay_enter=\(microseconds)"
      }
    }
  }

  private let files: TemporaryDirectory
  /// What starts the command.
  let starter: [String]

  /// - Parameters:
  ///   - calls: Those that are written down, by strace's names.
  ///   - paths: Only calls on these files are looked at, and counted.
  ///   - refused: Calls that this system is to do without.
  init(
    _ calls: [String], paths: [String] = [], refused: [String] = [],
    fault: (Fault, call: String, when: String)? = nil
  ) throws {
    files = try TemporaryDirectory()
    var starter = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", files.path(of: "trace")]
    // A call that this processor does not have is no mistake.
    starter += ["-e", "trace=" + calls.map { $0.hasPrefix("%") ? $0 : "?\($0)" }.joined(separator: ",")]
    for path in paths { starter += ["-P", path] }
    for call in refused { starter += ["-e", "inject=?\(call):error=EINVAL"] }
    if let (fault, call, when) = fault { starter += ["-e", "inject=?\(call):\(fault.words):when=\(when)"] }
    self.starter = starter
  }

  struct Call: Hashable {
    var name: String
    /// How many of this name its thread had made, with this one.
    var number: Int
    var text: String
  }

  /// The calls that were made, by thread in their order.
  var calls: [Call] {
    get throws {
      var result: [Call] = []
      var counts: [String: Int] = [:]
      var unfinished: [Substring: Int] = [:]
      for line in try files.text(of: "trace").split(separator: "\n") {
        // `1234  openat(AT_FDCWD..., ...) = 3`
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2 else { continue }
        let (thread, text) = (parts[0], parts[1].drop { $0 == " " })
        if text.hasPrefix("<... ") {
          // The end of a call that another thread's came between.
          if let place = unfinished.removeValue(forKey: thread) { result[place].text += text }
          continue
        }
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !name.isEmpty, text.dropFirst(name.count).hasPrefix("(") else { continue }
        counts["\(thread) \(name)", default: 0] += 1
        if text.hasSuffix("<unfinished ...>") { unfinished[thread] = result.count }
        result.append(
          Call(name: String(name), number: counts["\(thread) \(name)"] ?? 0, text: String(text)))
      }
      return result
    }
  }

  /// Those of the calls that the fault met.
  var met: [Call] {
    get throws { try calls.filter { $0.text.contains("(INJECTED)") } }
  }
}

/// The calls of a run on a folder, each of which is to meet a fault, one run a call.
///
/// Which thread does what differs from run to run, and strace counts by thread: what was missed is tried again. A call
/// whose number another thread always has first, as the linker's when it loads libraries, cannot be met, unless by its
/// path.
struct FaultPlaces {
  private static let rounds = 24

  let calls: [String]
  /// What the texts of the calls hold.
  let folder: String
  /// How many calls are chosen, spread evenly, and how many at the end come on top.
  var count = Int.max
  var last = 0
  /// Calls that the system is to do without.
  var refused: [String] = []

  /// A call, told from others by what it is on.
  private struct Place: Hashable {
    var name: String
    /// From the folder on, without numbers and names that are drawn by lot.
    var path: String
    /// How many such calls the run had made, with this one.
    var number: Int
  }

  private struct Found {
    var place: Place
    var call: Tracer.Call
    /// The whole path, where each run has the same.
    var path: String?
    /// Whether no other thread had made a call of this name and number before.
    var isFirst: Bool
  }

  /// - Parameters:
  ///   - isChosen: Leaves out calls that the fault is not for.
  ///   - run: Runs the command by the tracer's starter, first of all without a fault.
  /// - Returns: How many calls met the fault: nearly all that can, and all that put results in place.
  func each(
    _ fault: Tracer.Fault, where isChosen: (Tracer.Call) -> Bool = { _ in true },
    sourceLocation: SourceLocation = #_sourceLocation, run: (Tracer) throws -> Void
  ) throws -> Int {
    var chosen: Set<Place> = []
    var reachable: Set<Place> = []
    var met: Set<Place> = []
    for round in 0..<Self.rounds where round == 0 || !chosen.isSubset(of: met) {
      let found = try found(Tracer(calls, refused: refused), run: run)
      if round == 0 {
        let step = max(1, found.count / count)
        for (number, each) in found.enumerated()
        where (number % step == 0 || number > found.count - last) && isChosen(each.call) {
          chosen.insert(each.place)
        }
      }
      for found in found where chosen.contains(found.place) && (found.path != nil || found.isFirst) {
        reachable.insert(found.place)
        guard !met.contains(found.place) else { continue }
        let path = found.isFirst ? nil : found.path
        let number = path == nil ? found.call.number : found.place.number
        let traced = try self.found(
          Tracer(
            calls, paths: path.map { [$0] } ?? [], refused: refused,
            fault: (fault, call: found.call.name, when: "\(number)")), run: run)
        let hit = traced.last {
          switch fault {
          // It comes before the call, of which there is no result then.
          case .kill: $0.call.name == found.call.name && !$0.call.text.contains(/\) += [^?]/)
          default: $0.call.name == found.call.name && $0.call.text.contains("(INJECTED)")
          }
        }
        if let hit { met.insert(hit.place) }
      }
    }
    let missed = chosen.intersection(reachable).subtracting(met)
    #expect(missed.count <= max(2, chosen.count / 10), "\(missed)", sourceLocation: sourceLocation)
    let placing = ["rename", "renameat", "renameat2", "link", "fsync", "fdatasync"]
    let left = chosen.subtracting(met).filter { placing.contains($0.name) }
    #expect(left.isEmpty, "\(left)", sourceLocation: sourceLocation)
    return met.count
  }

  private func found(_ tracer: Tracer, run: (Tracer) throws -> Void) throws -> [Found] {
    try run(tracer)
    var counts: [Place: Int] = [:]
    var numbers: Set<[String]> = []
    var result: [Found] = []
    for call in try tracer.calls {
      let isFirst = numbers.insert([call.name, "\(call.number)"]).inserted
      guard let range = call.text.firstRange(of: folder) else { continue }
      let start = call.text[..<range.lowerBound].lastIndex { "<>\"".contains($0) }.map(call.text.index(after:))
      let end = call.text[range.lowerBound...].firstIndex { "<>\"".contains($0) } ?? call.text.endIndex
      let path = String(call.text[range.lowerBound..<end])
      let words = path.replacing(/tmp\.\w+/, with: "tmp").replacing(/[0-9a-f]{16,}/, with: "N")
      var place = Place(name: call.name, path: words, number: 0)
      counts[place, default: 0] += 1
      place.number = counts[place] ?? 0
      let whole = words == path ? start.map { String(call.text[$0..<end]) } : nil
      result.append(Found(place: place, call: call, path: whole, isFirst: isFirst))
    }
    return result
  }
}
