import SurveyModel

/// Says what a field of an answer column means.
struct AnswerEncoder: Sendable {
  let column: AnswerColumn

  /// What a field means; where there is a problem the answer has the code of unreadable ones, and nothing else.
  struct Answer: Sendable {
    var code = AnswerColumn.missingCode
    var selection: UInt64 = 0
    var number = Double.nan
    var day = CodedColumn.noDay
    var problem: Problem?
  }

  enum Problem: Sendable { case notACode, looksLikeCode, notANumber, notAWholeNumber, notADate }

  func answer(_ field: Span<UInt8>) -> Answer {
    var answer = Answer()
    guard let problem = column.isSelection ? takeSelection(field, &answer) : take(field, &answer) else { return answer }
    answer = Answer(code: column.unreadableCode)
    answer.problem = problem
    return answer
  }

  /// - Returns: What is wrong with the answer, if anything.
  private func take(_ field: Span<UInt8>, _ answer: inout Answer) -> Problem? {
    let code = column.code(of: field)
    if code == AnswerColumn.missingCode { return nil }
    if let code, column.isNotApplicable[Int(code)] {
      answer.code = code
      return nil
    }
    if column.refusesOthers, code == nil { return .notACode }
    if let reading = column.number {
      // 99.0 beside the missing code 99 is no number of the question, whatever it is.
      if code == nil, column.lookAlike(field) != nil { return .looksLikeCode }
      guard let number = DecimalNumber.read(field, column.spelling.numbers) else {
        // A text that another condition names is an answer all the same; no bound holds for it.
        if let code {
          answer.code = code
          return nil
        }
        return .notANumber
      }
      if reading == .integer, number != number.rounded() { return .notAWholeNumber }
      answer.number = number
    }
    if column.isDate {
      guard let moment = column.dateFormat.read(field) else {
        if let code {
          answer.code = code
          return nil
        }
        return .notADate
      }
      answer.day = moment.day.daysSinceEpoch
    }
    answer.code = code ?? AnswerColumn.otherCode
    return nil
  }

  /// One unknown code makes the whole answer unusable. The answer is not applicable if no other code stands beside
  /// the not-applicable ones.
  private func takeSelection(_ field: Span<UInt8>, _ answer: inout Answer) -> Problem? {
    let pieces = SelectionPieces(field, of: column)
    if let whole = column.code(of: field.extracting(pieces.whole)), whole == AnswerColumn.missingCode { return nil }
    var selection: UInt64 = 0
    var notApplicable: AnswerColumn.Code?
    var hasValid = false
    for piece in pieces.ranges {
      guard let code = column.code(of: field.extracting(piece)), code != AnswerColumn.missingCode else {
        return .notACode
      }
      if code >= 2, code < 66 { selection |= 1 << UInt64(code - 2) }
      if column.isNotApplicable[Int(code)] { notApplicable = code } else { hasValid = true }
    }
    answer.selection = selection
    answer.code = hasValid ? AnswerColumn.otherCode : notApplicable ?? AnswerColumn.otherCode
    return nil
  }
}
