import SurveyModel

/// Whose SQL a query is written in.
public enum Dialect: String, Sendable, CaseIterable {
  case spark, duckdb, postgresql
}

extension Dialect {
  /// A name as an identifier, whatever its characters: the only way by which names of definitions and files get into a
  /// query.
  public func identifier(_ name: String) -> String {
    let mark: Character = self == .spark ? "`" : "\""
    var text = String(mark)
    for scalar in name.unicodeScalars {
      text.unicodeScalars.append(scalar)
      // Doubled scalar by scalar: a mark may be part of a larger character.
      if Character(scalar) == mark { text.unicodeScalars.append(scalar) }
    }
    return text + String(mark)
  }

  /// A text as a literal, whatever its characters: the only way by which codes and values get into a query.
  ///
  /// For Spark everything but letters, digits and a few harmless characters is written as an escape, because its client
  /// also looks for semicolons and `${variables}` in the text of a statement.
  public func literal(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch self {
      case .spark: result += Self.escaped(scalar)
      case .duckdb, .postgresql:
        result.unicodeScalars.append(scalar)
        if scalar == "'" { result.unicodeScalars.append(scalar) }
      }
    }
    return result + "'"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", " ", "_", ".", "-", ",", ":", "/", "(", ")", "[", "]", "+", "=", "<", ">",
      "|":
      return String(scalar)
    default:
      return scalar.utf16.map { unit in
        let digits = String(unit, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }

  /// A list of texts as `IN` takes it.
  func list(_ texts: [String]) -> String { "(" + texts.map(literal).joined(separator: ", ") + ")" }

  func array(_ texts: [String]) -> String {
    let items = texts.map(literal).joined(separator: ", ")
    return switch self {
    case .spark: texts.isEmpty ? "CAST(array() AS array<string>)" : "array(\(items))"
    case .duckdb: "CAST([\(items)] AS VARCHAR[])"
    case .postgresql: "CAST(ARRAY[\(items)] AS text[])"
    }
  }

  var text: String { self == .duckdb ? "VARCHAR" : self == .spark ? "STRING" : "text" }
  var double: String { self == .postgresql ? "double precision" : "DOUBLE" }

  /// 1 or 0, in a byte where the dialect has such numbers: rows have some for each indicator, and may be kept.
  func bit(_ value: Bool) -> String { (value ? "1" : "0") + (self == .spark ? "Y" : "") }

  // MARK: - Statements

  /// The statement that makes a view, or keeps what it holds.
  public func statement(_ view: QueryView) -> String {
    let name = identifier(view.name)
    return switch self {
    case .spark where view.isKept:
      "CACHE TABLE \(name) OPTIONS ('storageLevel' 'MEMORY_AND_DISK') AS\n\(view.query)"
    case .spark: "CREATE OR REPLACE TEMPORARY VIEW \(name) AS\n\(view.query)"
    case .duckdb where view.isKept: "CREATE OR REPLACE TEMP TABLE \(name) AS\n\(view.query)"
    case .postgresql where view.isKept: "CREATE TEMP TABLE \(name) AS\n\(view.query)"
    case .duckdb, .postgresql: "CREATE OR REPLACE TEMP VIEW \(name) AS\n\(view.query)"
    }
  }

  // MARK: - Functions

  /// Whether a whole text is of a form that all dialects write alike: classes, groups and repetitions.
  func matches(_ text: String, _ form: String) -> String {
    switch self {
    case .spark: "\(text) RLIKE \(literal("\\A(\(form))\\z"))"
    case .duckdb: "regexp_full_match(\(text), \(literal(form)))"
    case .postgresql: "\(text) ~ \(literal("^(\(form))$"))"
    }
  }

  /// A number as a table writes it; null for anything else, also where it is beyond a Double.
  package func number(_ text: String, _ format: NumberFormat) -> String {
    guard format != .plain else { return number(text) }
    let form = Self.numberForm(format)
    var plain = text
    if let thousands = format.thousands { plain = "replace(\(plain), \(literal(thousands.rawValue)), '')" }
    if format.decimal == .comma { plain = "replace(\(plain), ',', '.')" }
    return "CASE WHEN \(matches(text, form)) THEN \(number(plain)) END"
  }

  /// The whole of a number as a table writes it, as a pattern. Digits follow a group only behind the decimal mark.
  package static func numberForm(_ format: NumberFormat) -> String {
    let point = "[\(format.decimal.rawValue)]"
    let groups = format.thousands.map { "|[1-9][0-9]?[0-9]?([\($0.rawValue)][0-9][0-9][0-9])+" } ?? ""
    return "[+-]?(([0-9]+\(groups))(\(point)[0-9]*)?|\(point)[0-9]+)([eE][+-]?[0-9]+)?"
  }

  /// A decimal number as C writes it; null for anything else, also where it is beyond a Double.
  private func number(_ text: String) -> String {
    let form = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
    let isNumber = "length(\(text)) <= 64 AND \(matches(text, form))"
    switch self {
    case .spark:
      let value = "CAST(\(text) AS DOUBLE)"
      return "CASE WHEN \(isNumber) THEN CASE WHEN abs(\(value)) < CAST('Infinity' AS DOUBLE) THEN \(value) END END"
    case .duckdb:
      let value = "TRY_CAST(\(text) AS DOUBLE)"
      return "CASE WHEN \(isNumber) AND isfinite(\(value)) THEN \(value) END"
    case .postgresql:
      // A cast beyond the range is an error there, also one that comes too close to 0.
      let value = "CAST(\(text) AS numeric)"
      let range = "\(text) !~ '[eE][+-]?0*[0-9]{4,}$'"
      return "CASE WHEN \(isNumber) THEN CASE WHEN \(range) THEN CASE WHEN abs(\(value)) < 1.797693134862315e308 "
        + "THEN CASE WHEN abs(\(value)) < 2.3e-308 THEN 0 ELSE CAST(\(text) AS double precision) END END END END"
    }
  }

  /// Characters as a pattern has them; a backslash before a letter or digit would mean something else.
  func pattern(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil || !scalar.isASCII
      return isWord ? String(scalar) : "\\" + String(scalar)
    }.joined()
  }

  /// A text in the normal form in which texts are compared, as `NormalForm` has it.
  func normalForm(_ text: String) -> String {
    switch self {
    case .spark:
      // By the library that Spark brings for its collations: a call by reflection, for the few texts that may need it.
      "CASE WHEN \(text) RLIKE \(literal("[^\\x{0}-\\x{2FF}]")) "
        + "THEN reflect('com.ibm.icu.text.Normalizer', 'compose', \(text), false) ELSE \(text) END"
    case .duckdb: "nfc_normalize(\(text))"
    case .postgresql: "normalize(\(text), NFC)"
    }
  }

  /// A text without some characters at its ends.
  func trimmed(_ text: String, of characters: String) -> String {
    switch self {
    case .spark: "trim(BOTH \(literal(characters)) FROM \(text))"
    case .duckdb: "trim(\(text), \(literal(characters)))"
    case .postgresql: "btrim(\(text), \(literal(characters)))"
    }
  }

  /// Something else in place of each entry of a list.
  func mapped(_ list: String, _ expression: (String) -> String) -> String {
    switch self {
    case .spark: "transform(\(list), piece -> \(expression("piece")))"
    case .duckdb: "list_transform(\(list), lambda piece: \(expression("piece")))"
    case .postgresql: "ARRAY(SELECT \(expression("piece")) FROM unnest(\(list)) AS pieces(piece))"
    }
  }

  /// The codes of a select-many answer.
  func pieces(_ text: String, separator: String) -> String {
    switch self {
    case .spark: "split(\(text), \(literal(pattern(separator))), -1)"
    case .duckdb: "string_split(\(text), \(literal(separator)))"
    case .postgresql: "string_to_array(\(text), \(literal(separator)))"
    }
  }

  func isSubset(_ left: String, _ right: String) -> String {
    switch self {
    case .spark: "size(array_except(\(left), \(right))) = 0"
    case .duckdb: "list_has_all(\(right), \(left))"
    case .postgresql: "\(left) <@ \(right)"
    }
  }

  func overlap(_ left: String, _ right: String) -> String {
    switch self {
    case .spark: "arrays_overlap(\(left), \(right))"
    case .duckdb: "list_has_any(\(left), \(right))"
    case .postgresql: "\(left) && \(right)"
    }
  }

  /// Each entry of a list of texts that is not null, as a row of its own.
  func each(_ texts: [String]) -> String {
    let items = texts.joined(separator: ", ")
    return switch self {
    case .spark: "explode(array_compact(array(\(items))))"
    case .duckdb: "unnest(list_filter([\(items)], lambda e: e IS NOT NULL))"
    case .postgresql: "unnest(array_remove(ARRAY[\(items)], NULL))"
    }
  }

  /// The numbers from 0 as rows of one column.
  func numbers(_ count: Int, as alias: String, column: String) -> String {
    "(VALUES " + (0..<count).map { "(\($0))" }.joined(separator: ", ") + ") AS \(alias)(\(column))"
  }

  /// The first value of a group in the order of another.
  ///
  /// - Parameter filter: A `FILTER` clause.
  func first(_ value: String, by order: String, _ filter: String = "") -> String {
    switch self {
    case .spark: "min_by(\(value), \(order)) \(filter)"
    case .duckdb: "arg_min(\(value), \(order)) \(filter)"
    case .postgresql: "(array_agg(\(value) ORDER BY \(order)) \(filter))[1]"
    }
  }

  /// The values of a group as one text, in the order of another.
  func joined(_ value: String, by order: String, separator: String, _ filter: String) -> String {
    switch self {
    case .spark:
      "array_join(transform(array_sort(collect_list(struct(\(order) AS place, \(value) AS value)) \(filter)), "
        + "entry -> entry.value), \(literal(separator)))"
    case .duckdb, .postgresql: "string_agg(\(value), \(literal(separator)) ORDER BY \(order)) \(filter)"
    }
  }
}
