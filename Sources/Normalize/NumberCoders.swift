import Ingest
import SurveyModel

/// Numbers the members of one dimension as they come to one worker.
struct MemberCoder: Sendable {
  /// Keys of a join that are remembered.
  private static let remembered = 1 << 16

  let position: Int
  private let texts: NameTexts
  private let joined: JoinedValues?
  private var fields: FieldDictionary
  /// By number of a member, whether it stands for rows without a value.
  private var isUnknown: [Bool] = []
  private var hasUnknown = false

  /// The same; empty where no member does, as in most files.
  var unknownMembers: [Bool] { hasUnknown ? isUnknown : [] }
  /// By number of a member, whether its text is no answer of the column's question; empty where none is, or for a join.
  private(set) var refusedMembers: [Bool] = []
  private var isRefused: [Bool] = []
  /// Of a join, by number of a distinct key: the number of its value, or -1 for a key that the register lacks.
  private var values: [Int32] = []
  private var isValid: [Bool] = []
  private var newNames: [String] = []

  init(_ dimension: TablePlan.DimensionPlan, position: Int, texts: NameTexts) {
    self.position = position
    self.texts = texts
    switch dimension {
    case .column:
      joined = nil
      fields = FieldDictionary()
    case .join(_, let joined):
      self.joined = joined
      fields = FieldDictionary(limit: Self.remembered)
      isUnknown = joined.distinctValues.map { $0 == Dimension.unknownMember }
      hasUnknown = true
    }
  }

  /// - Returns: The rows whose key is unknown in the joined register, ascending.
  mutating func code(_ records: RecordBatch, into members: inout [Int32], invalid isInvalid: inout Bool) -> [Int] {
    members = Array(repeating: 0, count: records.rowCount)
    var (newNames, values, isValid) = (newNames, values, isValid)
    (self.newNames, self.values, self.isValid) = ([], [], [])
    var (isUnknown, isRefused) = (isUnknown, isRefused)
    (self.isUnknown, self.isRefused) = ([], [])
    var hasRefused = false
    let (joined, texts) = (joined, texts)
    fields.number(records, column: position, into: &members) { _, field in
      isValid.append(FieldText.isValid(field))
      if let joined {
        values.append(Self.value(of: field, in: joined, texts))
      } else {
        let meaning = texts.meaning(of: field)
        if case .name(let name) = meaning { newNames.append(name) } else { newNames.append(Dimension.unknownMember) }
        isUnknown.append(newNames.last == Dimension.unknownMember)
        isRefused.append(meaning == .unreadable)
        if meaning == .unreadable { hasRefused = true }
      }
    }
    if newNames.contains(Dimension.unknownMember) { hasUnknown = true }
    (self.isUnknown, self.isRefused) = (isUnknown, isRefused)
    if hasRefused || !refusedMembers.isEmpty { refusedMembers = isRefused }
    (self.newNames, self.values, self.isValid) = (newNames, values, isValid)
    if isValid.contains(false) { isInvalid = true }
    guard let joined else { return [] }
    var unknown: [Int] = []
    for row in 0..<records.rowCount {
      let number = Int(members[row])
      let value: Int32
      if number >= 0 {
        value = values[number]
      } else {
        let field = records.bytes.span.extracting(records.range(row: row, column: position))
        if !FieldText.isValid(field) { isInvalid = true }
        value = Self.value(of: field, in: joined, texts)
      }
      if value < 0 { unknown.append(row) }
      members[row] = max(value, 0)
    }
    return unknown
  }

  /// An empty key or a missing code has the value that stands for none, at the end, whatever units the register has; -1
  /// for a key that the register lacks.
  private static func value(of key: Span<UInt8>, in joined: JoinedValues, _ texts: NameTexts) -> Int32 {
    if texts.isMissing(key) { return Int32(joined.distinctValues.count - 1) }
    return joined.units.number(of: key).map { joined.valueNumbers[Int($0)] } ?? -1
  }

  /// The names of numbers that were given since the last time; nothing for a join, whose values all workers know.
  mutating func takeNames() -> [String] {
    defer { newNames = [] }
    return newNames
  }
}

/// Numbers strata as they come to one worker.
struct StratumCoder: Sendable {
  private let parts: [TablePlan.DesignPlan.StratumPart]
  private let positions: [Int?]
  private let texts: [NameTexts?]
  private let allowsUnknown: Bool
  private var fields: [FieldDictionary]
  /// By part that is a column, by number of a text: whether rows with it have no place.
  private var isUnplaced: [[Bool]]
  private var hasUnplaced: [Bool]
  private var pairs: [PairDictionary]
  private var newTexts: [[String]]
  private var told = 0
  private var isValid = true

  /// - Parameters:
  ///   - texts: By part that is a column.
  ///   - allowsUnknown: Whether rows without a stratum are in one called `_U`.
  init(
    _ parts: [TablePlan.DesignPlan.StratumPart], positions: [Int?], texts: [NameTexts?], allowsUnknown: Bool
  ) {
    self.parts = parts
    self.positions = positions
    self.texts = texts
    self.allowsUnknown = allowsUnknown
    isUnplaced = parts.map { _ in [] }
    hasUnplaced = parts.map { _ in false }
    fields = parts.map { _ in FieldDictionary() }
    pairs = parts.dropFirst().map { _ in PairDictionary() }
    newTexts = parts.map { _ in [] }
  }

  /// - Parameters:
  ///   - members: By dimension, the worker's numbers of the rows.
  ///   - unplacedMembers: By dimension, by number, whether rows with it have no stratum.
  /// - Returns: The rows that lack a part of their stratum, by part.
  mutating func code(
    _ records: RecordBatch, members: [[Int32]], unplacedMembers: [[Bool]], into strata: inout [Int32],
    invalid isInvalid: inout Bool
  ) -> [[Int]] {
    var unplaced: [[Int]] = []
    strata = Array(repeating: 0, count: records.rowCount)
    for index in parts.indices {
      var numbers = index == 0 ? strata : Array(repeating: Int32(0), count: records.rowCount)
      switch parts[index] {
      case .dimension(let dimension):
        numbers = members[dimension]
        unplaced.append(numbers.rows(records.rowCount, where: unplacedMembers[dimension]))
      case .column:
        guard let position = positions[index], let texts = texts[index] else { break }
        var (names, isUnplaced) = (newTexts[index], isUnplaced[index])
        var (isValid, hasUnplaced) = (isValid, hasUnplaced[index])
        let allowsUnknown = allowsUnknown
        fields[index].number(records, column: position, into: &numbers) { _, field in
          let meaning = texts.meaning(of: field)
          if case .name(let name) = meaning { names.append(name) } else { names.append(Dimension.unknownMember) }
          isUnplaced.append(
            meaning == .unreadable || (!allowsUnknown && names.last == Dimension.unknownMember))
          if isUnplaced.last == true { hasUnplaced = true }
          if !FieldText.isValid(field) { isValid = false }
        }
        newTexts[index] = names
        self.isUnplaced[index] = isUnplaced
        self.hasUnplaced[index] = hasUnplaced
        self.isValid = isValid
        unplaced.append(hasUnplaced ? numbers.rows(records.rowCount, where: isUnplaced) : [])
      }
      if index > 0 { pairs[index - 1].number(strata, &numbers, rows: records.rowCount) }
      strata = numbers
    }
    if !isValid { isInvalid = true }
    return unplaced
  }

  /// The texts of new parts, and the parts of new strata. A stratum of one part has the number of the part and is not
  /// told.
  mutating func takeNames() -> (parts: [[String]], strata: [Int32]) {
    defer { newTexts = parts.map { _ in [] } }
    guard let last = pairs.last else { return (newTexts, []) }
    var new: [Int32] = []
    for number in told..<last.pairs.count {
      var chain: [Int32] = []
      var number = Int32(number)
      for level in pairs.reversed() {
        let pair = level.pairs[Int(number)]
        chain.append(pair.second)
        number = pair.first
      }
      chain.append(number)
      new += chain.reversed()
    }
    told = last.pairs.count
    return (newTexts, new)
  }
}

/// Numbers PSUs, which are pairs of a stratum and an id, as they come to one worker.
struct PSUCoder: Sendable {
  private let part: TablePlan.DesignPlan.StratumPart
  private let position: Int?
  private let texts: NameTexts?
  /// By number of an id, whether it is none.
  private var isUnknown: [Bool] = []
  private var hasUnknown = false
  private var ids = FieldDictionary()
  private var pairs = PairDictionary()
  private var newIDs: [String] = []
  private var told = 0
  private var isValid = true

  /// - Parameter texts: Where the part is a column.
  init(_ part: TablePlan.DesignPlan.StratumPart, position: Int?, texts: NameTexts?) {
    self.part = part
    self.position = position
    self.texts = texts
  }

  /// - Parameters:
  ///   - members: By dimension, the worker's numbers of the rows.
  ///   - unknownMembers: By dimension, by number, whether it stands for rows without a value.
  /// - Returns: The rows without a PSU, ascending.
  mutating func code(
    _ records: RecordBatch, strata: [Int32], members: [[Int32]], unknownMembers: [[Bool]], into psus: inout [Int32],
    invalid isInvalid: inout Bool
  ) -> [Int] {
    psus = Array(repeating: 0, count: records.rowCount)
    var nameless: [Int] = []
    switch part {
    case .dimension(let dimension):
      psus = members[dimension]
      nameless = psus.rows(records.rowCount, where: unknownMembers[dimension])
    case .column:
      guard let position, let texts else { break }
      var (isUnknown, hasUnknown) = (isUnknown, hasUnknown)
      self.isUnknown = []
      var newIDs = newIDs
      self.newIDs = []
      var isValid = isValid
      ids.number(records, column: position, into: &psus) { _, field in
        if case .name(let name) = texts.meaning(of: field) {
          newIDs.append(name)
          isUnknown.append(false)
        } else {
          newIDs.append("")
          isUnknown.append(true)
          hasUnknown = true
        }
        if !FieldText.isValid(field) { isValid = false }
      }
      self.newIDs = newIDs
      self.isUnknown = isUnknown
      self.hasUnknown = hasUnknown
      self.isValid = isValid
      if hasUnknown { nameless = psus.rows(records.rowCount, where: isUnknown) }
    }
    pairs.number(strata, &psus, rows: records.rowCount)
    if !isValid { isInvalid = true }
    return nameless
  }

  mutating func takeNames() -> (ids: [String], psus: [(stratum: Int32, id: Int32)]) {
    defer {
      newIDs = []
      told = pairs.pairs.count
    }
    return (newIDs, pairs.pairs[told...].map { ($0.first, $0.second) })
  }
}

extension [Int32] {
  /// The rows whose number is marked, ascending.
  fileprivate func rows(_ count: Int, where isMarked: [Bool]) -> [Int] {
    isMarked.isEmpty ? [] : (0..<count).filter { isMarked[Int(self[$0])] }
  }
}
