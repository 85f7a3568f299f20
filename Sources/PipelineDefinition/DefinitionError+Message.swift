import SurveyModel

extension DefinitionError {
  public var summary: String {
    switch self {
    case .badName(let name, _):
      "\"\(name)\" is not the name of a pipeline"
    case .noSuchPipeline(let name, let directory, let nearest):
      "there is no \(directory)/\(name).yaml" + Self.question(nearest)
    case .unreadable(let file, let reason, _):
      "cannot read \(file): \(reason)"
    case .readFailed(let file, let reason):
      "reading \(file) failed: \(reason)"
    case .syntax(_, let problem):
      "this is not YAML: \(problem)"
    case .duplicateKey(_, let key):
      "the key \"\(key)\" stands twice in one mapping"
    case .tooLarge(_, let limit):
      "the file stands for more than \(limit) values here, or they are nested too deep"
    case .unknownKey(_, let key, let context, let nearest):
      "unknown key \"\(key)\" in \(context)" + Self.question(nearest)
    case .missingKey(_, let key, let context):
      "\(context) lacks the key \"\(key)\""
    case .wrongShape(_, let context, let expected):
      "\(context) must be \(expected)"
    case .badValue(_, let value, let context, let expected, let nearest):
      "\"\(value)\" is no \(context): it must be \(expected)" + Self.question(nearest)
    case .unknownCode(_, let code, let question, let nearest):
      "\"\(code)\" is not a code of question \(question)" + Self.question(nearest)
    case .unknownQuestion(_, let name, let table, let nearest):
      "table \(table) has no question \"\(name)\" in its codebook" + Self.question(nearest)
    case .unknownTable(_, let name, let nearest):
      "there is no table \"\(name)\" in this pipeline" + Self.question(nearest)
    case .unknownDimension(_, let name, let nearest):
      "there is no dimension \"\(name)\" in this pipeline" + Self.question(nearest)
    case .duplicateIndicator(_, let id):
      "the indicator \"\(id)\" is defined twice"
    case .noEntryForCycle(_, let indicator, let cycle):
      "indicator \(indicator) says nothing about \(cycle)"
    case .overlapUnknown(_, let key):
      "`trend` must declare `overlap`: the ids of `\(key)` could link the cycles, and only you know whether they do"
    case .conflict(_, let problem, _):
      problem
    }
  }

  public var advice: String? {
    switch self {
    case .badName:
      "a name has letters, digits, - _ and . only, and is never a path"
    case .noSuchPipeline:
      "`pipeline list` shows what there is; `--pipelines DIR` looks elsewhere"
    case .duplicateKey:
      "keep one of the two"
    case .tooLarge:
      "write the definition with fewer aliases and levels"
    case .unknownCode:
      "the codes of a question are listed in the codebook; codes are compared exactly, also in case"
    case .noEntryForCycle(_, _, let cycle):
      "add `\(cycle): {numerator: ...}` under `per-cycle`, or `\(cycle): {not-asked: \"the reason\"}`"
    case .overlapUnknown(_, let key):
      "write `overlap: psu` if the same \(key == "psu" ? "PSUs" : "units") were visited again under the same ids, "
        + "`overlap: none` if each cycle is a new sample"
    case .conflict(_, _, let advice):
      advice
    default:
      nil
    }
  }

  private static func question(_ nearest: String?) -> String {
    nearest.map { "; did you mean \"\($0)\"?" } ?? ""
  }
}
