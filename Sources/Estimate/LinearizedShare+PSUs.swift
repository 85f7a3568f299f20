import SurveyModel

extension LinearizedShare {
  /// With the sums of each PSU: three walks over the PSUs in their order, each adding into the stratum of the PSU, so
  /// that the sums of a stratum are in the order of its PSUs and no stratum needs a list of its own.
  init?(_ psus: [PSUTotal], variance: StratifiedVariance, keepsResiduals: Bool, scratch: inout ShareScratch) {
    let frame = variance.frame
    scratch.prepare(strata: frame.sampled.count, psus: psus.count)
    defer { scratch.clear() }
    scratch.addWeights(of: psus, frame: frame)
    var counts = CellCounts()
    scratch.strata.forEach { stratum in
      let part = scratch.weights[stratum]
      counts.add(
        stratum: stratum, rows: part.rows, rowsYes: part.rowsYes, weight: part.weight, weightYes: part.weightYes,
        frame: frame)
    }
    guard counts.rows > 0 else { return nil }
    self.counts = counts
    var sum = variance
    sum.noteRows(scratch.addDeviations(of: psus, counts: counts, frame: frame))
    scratch.addDistances(of: psus, frame: frame)
    scratch.strata.forEach { stratum in
      let distances = scratch.distances[stratum]
      sum.add(
        stratum: stratum, psus: scratch.weights[stratum].psus, mean: distances.mean,
        squares: scratch.deviations[stratum].squares, centred: distances.squares)
    }
    degreesOfFreedom = psus.count - scratch.strata.count
    self.variance = sum.total
    sumOfSquares = sum.squares
    if keepsResiduals {
      residuals = Array(unsafeUninitializedCapacity: psus.count) { residuals, count in
        for index in psus.indices {
          residuals.initializeElement(
            at: index, to: CellShare.Residual(psu: psus[index].psu, value: scratch.z[index]))
        }
        count = psus.count
      }
    }
  }
}

/// The walks. The PSUs of all cells and indicators pass here, so they are over unchecked memory (PSUs and strata are
/// numbered by the table that hands them over), and what a stratum adds up to stays at hand until the next PSU lies in
/// another: in a cell of one stratum, through memory, each sum would wait for the one before to be stored.
extension ShareScratch {
  fileprivate mutating func addWeights(of psus: [PSUTotal], frame: DesignFrame) {
    guard let first = psus.first else { return }
    frame.psuStrata.withUnsafeBufferPointer { strataOfPSUs in
      weights.withUnsafeMutableBufferPointer { weights in
        var stratum = Int(strataOfPSUs[first.psu])
        strata.insert(stratum)
        var part = StratumWeights()
        for total in psus {
          let next = Int(strataOfPSUs[total.psu])
          if next != stratum {
            weights[stratum] = part
            stratum = next
            part = weights[next]
            if part.psus == 0 { strata.insert(next) }
          }
          part.psus += 1
          part.rows += total.rows
          part.rowsYes += total.rowsYes
          part.weight += total.weight
          part.weightYes += total.weightYes
        }
        weights[stratum] = part
      }
    }
  }

  /// z of every PSU.
  ///
  /// - Returns: The smallest sum of squared z that rows with these sums can have.
  fileprivate mutating func addDeviations(of psus: [PSUTotal], counts: CellCounts, frame: DesignFrame) -> Double {
    strata.forEach { stratum in
      let factor = frame.factors[stratum] / counts.weight
      deviations[stratum] = StratumDeviations(factor: factor, factorSquared: factor * factor)
    }
    guard let first = psus.first else { return 0 }
    let p = counts.proportion
    let no = (1 - p) * (1 - p)
    let yes = p * p
    var squares = 0.0
    frame.psuStrata.withUnsafeBufferPointer { strataOfPSUs in
      deviations.withUnsafeMutableBufferPointer { deviations in
        z.withUnsafeMutableBufferPointer { z in
          var stratum = Int(strataOfPSUs[first.psu])
          var part = deviations[stratum]
          for (index, total) in psus.enumerated() {
            let next = Int(strataOfPSUs[total.psu])
            if next != stratum {
              deviations[stratum] = part
              stratum = next
              part = deviations[next]
            }
            let value = part.factor * (total.weightYes - p * total.weight)
            let smallest = total.smallestSquares
            squares += part.factorSquared * (no * smallest.yes + yes * smallest.no)
            z[index] = value
            part.sum += value
            part.squares += value * value
          }
          deviations[stratum] = part
        }
      }
    }
    return squares
  }

  fileprivate mutating func addDistances(of psus: [PSUTotal], frame: DesignFrame) {
    strata.forEach { stratum in
      distances[stratum] = StratumDistances(mean: deviations[stratum].sum / Double(frame.sampled[stratum]))
    }
    guard let first = psus.first else { return }
    frame.psuStrata.withUnsafeBufferPointer { strataOfPSUs in
      distances.withUnsafeMutableBufferPointer { distances in
        z.withUnsafeBufferPointer { z in
          var stratum = Int(strataOfPSUs[first.psu])
          var part = distances[stratum]
          for (index, total) in psus.enumerated() {
            let next = Int(strataOfPSUs[total.psu])
            if next != stratum {
              distances[stratum] = part
              stratum = next
              part = distances[next]
            }
            let distance = z[index] - part.mean
            part.squares += distance * distance
          }
          distances[stratum] = part
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
