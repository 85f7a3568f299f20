/// Makes the rows of the responses file; each follows from the seed and its number.
struct ReferenceRows: Sendable {
  let design: ReferenceDesign
  let answers: ReferenceAnswers
  private let size: ReferenceJobSize
  private let rows: DrawKey
  private let psuKeys: DrawKey
  private let responseDigits: Int
  private let psuDigits: Int

  // Fields with the comma in front of them.
  private let regions: [Snippet<SIMD16<UInt8>>]
  private let sectors: [Snippet<SIMD16<UInt8>>]
  private let strata: [Snippet<SIMD16<UInt8>>]
  /// By question: where its codes begin, the place for no answer first.
  private let codes: [Int]
  private let codeTexts: [Snippet<SIMD16<UInt8>>]
  private let integers: [Snippet<SIMD8<UInt8>>]
  private let plainTexts: [Snippet<SIMD64<UInt8>>]
  private let quotedTexts: [Snippet<SIMD64<UInt8>>]

  init(size: ReferenceJobSize, seed: UInt64) {
    self.size = size
    design = ReferenceDesign(size: size, seed: seed)
    answers = ReferenceAnswers(size: size, seed: seed)
    rows = DrawKey(seed: seed, "reference rows")
    psuKeys = DrawKey(seed: seed, "reference PSUs")
    responseDigits = max(7, "\(size.responses)".utf8.count)
    psuDigits = max(4, "\(size.psus)".utf8.count)
    regions = design.regions.map { Snippet(",\($0.code)") }
    sectors = design.sectors.map { Snippet(",\($0.code)") }
    strata = design.strata.map { Snippet(",\($0),N") }
    codes = answers.questions.map { $0.place % ReferenceScale.all.count * 8 }
    codeTexts = ReferenceScale.all.flatMap { scale in
      (0..<8).map { Snippet($0 > 0 && $0 <= scale.codes.count ? "," + scale.codes[$0 - 1] : ",") }
    }
    integers = (0..<1000).map { Snippet(",\($0)") }
    plainTexts = ReferencePhrases.plain.map { Snippet("," + $0) }
    quotedTexts = ReferencePhrases.quoted.map { Snippet("," + $0) }
  }

  var header: [String] {
    ["response_id", "institution", "region", "sector", "stratum", "network", "weight"]
      + (0..<size.replicates).map { numbered("rw", $0 + 1, of: size.replicates, digits: 3) }
      + answers.questions.map(\.key)
  }

  /// More than any row takes, with room for the last vector.
  var room: Int { 256 + 16 * size.replicates + 64 * (size.questions + 1) }

  /// - Parameters:
  ///   - number: Of the row, from 1.
  ///   - memory: At least `room` bytes.
  /// - Returns: The bytes of the row, its line end included.
  @inline(__always)
  func fill(_ memory: UnsafeMutableRawPointer, row number: Int) -> Int {
    var cursor = ByteCursor(memory)
    let key = rows[number]
    let psu = key[0].below(design.psus)
    let stratum = design.stratum(ofPSU: psu)
    let region = stratum / ReferenceDesign.sizes.count
    let sector = key[1].below(size.sectors)
    let weight = design.weight(inStratum: stratum, key[2])

    cursor.put(UInt8(ascii: "R"))
    cursor.put(number, digits: responseDigits)
    cursor.put(UInt8(ascii: ","))
    cursor.put(UInt8(ascii: "I"))
    cursor.put(number, digits: responseDigits)
    cursor.put(regions[region])
    cursor.put(sectors[sector])
    cursor.put(strata[stratum])
    cursor.put(psu + 1, digits: psuDigits)
    cursor.put(UInt8(ascii: ","))
    cursor.put(thousandths: weight)
    putReplicates(of: weight, psu: psu, stratum: stratum, &cursor)
    putAnswers(key[3], psu: psuKeys[psu], region: region, sector: sector, &cursor)
    cursor.put(UInt8(ascii: "\n"))
    return cursor.place - memory
  }

  @inline(__always)
  private func putReplicates(of weight: Int, psu: Int, stratum: Int, _ cursor: inout ByteCursor) {
    guard size.replicates > 0 else { return }
    let out = Snippet<SIMD16<UInt8>>(",0.000")
    var bits: UInt64 = 0
    for replicate in 0..<size.replicates {
      if replicate % 64 == 0 { bits = design.halves(ofPSU: psu, inStratum: stratum, replicates: replicate / 64) }
      if bits & 1 == 0 {
        cursor.put(out)
      } else {
        cursor.put(UInt8(ascii: ","))
        cursor.put(thousandths: 2 * weight)
      }
      bits >>= 1
    }
  }

  /// A word of the row serves four questions with 16 bits each, a word of the PSU 32 questions with two.
  @inline(__always)
  private func putAnswers(_ row: DrawKey, psu: DrawKey, region: Int, sector: Int, _ cursor: inout ByteCursor) {
    let count = size.questions
    var (word, leanings): (UInt64, UInt64) = (0, 0)
    for question in 0..<count {
      if question % 4 == 0 { word = row[question / 4].word }
      if question % 32 == 0 { leanings = psu[question / 32].word }
      let draw = UInt16(truncatingIfNeeded: word)
      let level =
        ReferenceAnswers.levels / 2 + ReferenceAnswers.psuLeaning(leanings)
        + Int(answers.regionLeanings[region * count + question])
        + Int(answers.sectorLeanings[sector * count + question])
      word >>= 16
      leanings >>= 2
      let cuts = (question * ReferenceAnswers.levels + level) * ReferenceAnswers.stride
      let blank = answers.cuts[cuts]
      switch answers.questions[question].kind {
      case .choice:
        var code = codes[question]
        for place in 0..<5 { code += answers.cuts[cuts + place] < draw ? 1 : 0 }
        cursor.put(codeTexts[code])
      case .integer:
        if draw <= blank {
          cursor.put(UInt8(ascii: ","))
        } else {
          let number = ((UInt32(draw - blank) - 1) * UInt32(answers.cuts[cuts + 1])) >> 16
          cursor.put(integers[Int(number)])
        }
      case .text:
        if draw <= blank {
          cursor.put(UInt8(ascii: ","))
        } else if draw <= answers.cuts[cuts + 1] {
          cursor.put(quotedTexts[Int(draw) % ReferencePhrases.quotedCount])
        } else {
          cursor.put(plainTexts[Int(draw) % ReferencePhrases.plainCount])
        }
      }
    }
  }
}
