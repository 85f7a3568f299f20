import SurveyModel

extension LinearizedShare {
  /// With the sums of each PSU: three walks over the PSUs in their order, each adding into the stratum of the PSU, so
  /// that the sums of a stratum are in the order of its PSUs and no stratum needs a list of its own.
  ///
  /// The PSUs of all cells and indicators pass through here, so the walks are over unchecked memory: PSUs and strata
  /// are numbered by the table that hands them over.
  init?(_ psus: [PSUTotal], variance: StratifiedVariance, keepsResiduals: Bool, scratch: inout ShareScratch) {
    let frame = variance.frame
    scratch.prepare(strata: frame.sampled.count, psus: psus.count)
    defer { scratch.clear() }
    Self.addWeights(psus, frame: frame, to: &scratch)
    var counts = CellCounts()
    scratch.strata.forEach { stratum in
      let part = scratch.parts[stratum]
      counts.add(
        stratum: stratum, rows: part.rows, rowsYes: part.rowsYes, weight: part.weight, weightYes: part.weightYes,
        frame: frame)
    }
    guard counts.rows > 0 else { return nil }
    self.counts = counts
    var sum = variance
    sum.noteRows(Self.addDeviations(psus, counts: counts, frame: frame, to: &scratch))
    Self.addCentred(psus, frame: frame, to: &scratch)
    scratch.strata.forEach { stratum in
      let part = scratch.parts[stratum]
      sum.add(
        stratum: stratum, psus: part.psus, mean: part.mean, squares: part.squares, centred: part.centred)
    }
    degreesOfFreedom = psus.count - scratch.strata.count
    self.variance = sum.total
    sumOfSquares = sum.squares
    if keepsResiduals {
      residuals = zip(psus, scratch.deviations).map { CellShare.Residual(psu: $0.psu, value: $1) }
    }
  }

  private static func addWeights(_ psus: [PSUTotal], frame: DesignFrame, to scratch: inout ShareScratch) {
    frame.psuStrata.withUnsafeBufferPointer { strata in
      scratch.parts.withUnsafeMutableBufferPointer { parts in
        for total in psus {
          let stratum = Int(strata[total.psu])
          if parts[stratum].psus == 0 { scratch.strata.insert(stratum) }
          parts[stratum].psus += 1
          parts[stratum].rows += total.rows
          parts[stratum].rowsYes += total.rowsYes
          parts[stratum].weight += total.weight
          parts[stratum].weightYes += total.weightYes
        }
      }
    }
  }

  /// z of every PSU.
  ///
  /// - Returns: The smallest sum of squared z that rows with these sums can have.
  private static func addDeviations(
    _ psus: [PSUTotal], counts: CellCounts, frame: DesignFrame, to scratch: inout ShareScratch
  ) -> Double {
    scratch.strata.forEach { stratum in
      let factor = frame.factors[stratum] / counts.weight
      scratch.parts[stratum].factor = factor
      scratch.parts[stratum].factorSquared = factor * factor
    }
    let p = counts.proportion
    let no = (1 - p) * (1 - p)
    let yes = p * p
    var squares = 0.0
    frame.psuStrata.withUnsafeBufferPointer { strata in
      scratch.parts.withUnsafeMutableBufferPointer { parts in
        scratch.deviations.withUnsafeMutableBufferPointer { deviations in
          for (index, total) in psus.enumerated() {
            let stratum = Int(strata[total.psu])
            let z = parts[stratum].factor * (total.weightYes - p * total.weight)
            let smallest = total.smallestSquares
            squares += parts[stratum].factorSquared * (no * smallest.yes + yes * smallest.no)
            deviations[index] = z
            parts[stratum].sum += z
            parts[stratum].squares += z * z
          }
        }
      }
    }
    return squares
  }

  private static func addCentred(_ psus: [PSUTotal], frame: DesignFrame, to scratch: inout ShareScratch) {
    scratch.strata.forEach { stratum in
      scratch.parts[stratum].mean = scratch.parts[stratum].sum / Double(frame.sampled[stratum])
    }
    frame.psuStrata.withUnsafeBufferPointer { strata in
      scratch.parts.withUnsafeMutableBufferPointer { parts in
        scratch.deviations.withUnsafeBufferPointer { deviations in
          for (index, total) in psus.enumerated() {
            let stratum = Int(strata[total.psu])
            let deviation = deviations[index] - parts[stratum].mean
            parts[stratum].centred += deviation * deviation
          }
        }
      }
    }
  }
}

extension PSUTotal {
  /// The smallest sums of w^2 that rows with these sums can have, among those that say yes and those that say no: those
  /// of equal weights (Cauchy-Schwarz).
  fileprivate var smallestSquares: (yes: Double, no: Double) {
    // Two quotients at the price of one.
    let weights = SIMD2(weightYes, weight - weightYes)
    let rows = SIMD2(Double(rowsYes), Double(rows - rowsYes))
    let squares = (weights * weights / rows).replacing(with: 0, where: rows .<= 0)
    return (squares.x, squares.y)
  }
}
