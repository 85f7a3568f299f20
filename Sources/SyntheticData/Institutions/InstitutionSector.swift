/// What kind of institution answers; with the region it names the stratum.
public enum InstitutionSector: String, CaseIterable, Sendable {
  case ministry, laboratory, customs, university
}
