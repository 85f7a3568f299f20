/// From scores to answers, question by question.
extension InstitutionPopulation {
  func fill(
    _ answers: inout InstitutionAnswers, of member: InstitutionMember, in network: InstitutionNetwork, cycle: Int
  ) {
    let moment = member.moment(cycle)
    let means = levels(of: network.stratum, cycle: cycle) &+ member.leanings
    @inline(__always) func score(_ question: InstitutionQuestion) -> Int {
      Int(means[question.rawValue]) + moment[question.rawValue].spread(150)
    }
    @inline(__always) func step(_ question: InstitutionQuestion) -> UInt16 {
      let (score, cuts) = (score(question), question.cuts)
      return score > cuts.high ? 2 : score > cuts.low ? 1 : 0
    }
    @inline(__always) func set(_ question: InstitutionQuestion, _ value: UInt16) {
      answers.values[question.rawValue] = value
    }

    set(.mandate, step(.mandate))
    set(.training, step(.training))
    set(.budget, step(.budget))
    set(.clearingHouse, step(.clearingHouse))
    set(.guidelines, step(.guidelines))
    let tastes = member.tastes(.partners)
    set(.partners, Self.choices(score(.partners), tastes: tastes, ease: InstitutionQuestion.partnerEase))

    let team = step(.team)
    set(.team, team)
    set(.staff, team == 0 ? InstitutionAnswers.notAsked : Self.staff(score(.staff)))
    set(.staffEnough, team == 0 ? InstitutionAnswers.notAsked : step(.staffEnough))

    let share = Self.outsideDetection(strata[network.stratum].sector)
    let detection =
      member.isOutsideDetection(perMille: share) ? InstitutionAnswers.detectionDoesNotApply : step(.detection)
    set(.detection, detection)
    set(.methods, detection == 2 ? methods(score(.methods), member) : InstitutionAnswers.notAsked)
  }

  /// Whoever can detect has at least one method, most often the first.
  private func methods(_ score: Int, _ member: InstitutionMember) -> UInt16 {
    max(1, Self.choices(score, tastes: member.tastes(.methods), ease: InstitutionQuestion.methodEase))
  }

  /// People: few in most teams, more than a dozen in some.
  private static func staff(_ score: Int) -> UInt16 {
    UInt16(score > 0 ? 4 + min(score, 2000) / 50 : max(1, 4 + score / 90))
  }

  /// A bit for each code whose ease, and the institution's taste for it (between -300 and 300), lift the score above 0.
  @inline(__always)
  private static func choices(_ score: Int, tastes: UInt64, ease: [Int]) -> UInt16 {
    var chosen: UInt16 = 0
    for place in ease.indices {
      let taste = (Int(truncatingIfNeeded: tastes >> UInt64(place * 12) & 0xfff) - 2048) * 300 / 2048
      if score + ease[place] + taste > 0 { chosen |= 1 << UInt16(place) }
    }
    return chosen
  }

  /// Institutions in a thousand that have nothing to do with detection.
  private static func outsideDetection(_ sector: InstitutionSector) -> Int {
    switch sector {
    case .ministry: 300
    case .laboratory: 20
    case .customs: 120
    case .university: 220
    }
  }
}
