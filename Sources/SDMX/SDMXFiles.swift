import Export

/// Results for SDMX tools, as one delivery of two files: the observations as SDMX-CSV 2.0 and everything that explains
/// their codes as SDMX-ML 3.0.
///
/// One observation is one number: an indicator in a cell in a cycle, and under MEASURE what the number is (the estimate,
/// its standard error, an end of its interval, a count, a change, a slope). Codes are those of SDMX's cross-domain code
/// lists where these have one. The same results make the same bytes.
public struct SDMXFiles: Sendable {
  /// What the two files are called in their directory.
  public static let dataName = "data.csv"
  public static let structureName = "structure.xml"
  /// The agency that maintains the structure; the publishing agency replaces it by its own.
  public static let defaultAgency = "PIPELINE"

  /// SDMX-CSV 2.0, with all digits.
  public let data: [UInt8]
  /// SDMX-ML 3.0: agency, code lists, concepts, data structure and dataflow.
  public let structure: [UInt8]

  /// - Parameter agency: The id of the maintenance agency; what SDMX does not allow in one is replaced.
  /// - Throws: `SDMXError` where a cycle has no place on the time axis, or shares it with another.
  public init(_ results: Results, agency: String = defaultAgency) throws {
    let definition = try DataStructure(results, agency: agency)
    structure = try StructureMessage(definition, prepared: results.record.finished).bytes()
    data = try DataTable(results, structure: definition).bytes
  }
}
