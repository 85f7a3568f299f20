extension FileKind {
  /// What it is, as in "a.csv is ..".
  var words: String {
    switch self {
    case .excelWorkbook: "an Excel workbook (.xlsx), not CSV"
    case .openDocumentSpreadsheet: "an OpenDocument spreadsheet (.ods), not CSV"
    case .wordDocument: "a text document (Word or OpenDocument), not CSV"
    case .oldOfficeDocument: "an old Excel workbook (.xls) or another old Office document, not CSV"
    case .zip(let names):
      "a zip archive, not CSV" + (names.isEmpty ? "" : "; it holds \(Self.list(names))")
    case .spss: "an SPSS file (.sav or .zsav), not CSV"
    case .spssPortable: "an SPSS portable file (.por), not CSV"
    case .stata: "a Stata file (.dta), not CSV"
    case .sas: "a SAS file (.sas7bdat), not CSV"
    case .sasTransport: "a SAS transport file (.xpt), not CSV"
    case .parquet: "a Parquet file, not CSV"
    case .arrow: "an Arrow file (Feather), not CSV"
    case .sqlite: "an SQLite database, not CSV"
    case .pdf: "a PDF document, not CSV"
    case .rtf: "an RTF document, not CSV"
    case .html: "an HTML page, not CSV"
    case .xml: "an XML file, not CSV"
    case .excelXML: "an Excel workbook in XML, not CSV"
    case .json: "a JSON file, not CSV"
    case .gzip: "compressed by gzip, and its name does not end in .gz"
    case .gzipTwice: "compressed by gzip twice"
    case .tar: "a tar archive, not CSV"
    case .zstd: "compressed by zstd, not CSV"
    case .bzip2: "compressed by bzip2, not CSV"
    case .xz: "compressed by xz, not CSV"
    case .sevenZip: "a 7-Zip archive, not CSV"
    case .rar: "a RAR archive, not CSV"
    case .wideText(let name): "text in \(name.uppercased()) without a byte order mark"
    case .narrowText(let name, let isMarked):
      "not in \(name)\(isMarked ? ", as its byte order mark says" : ""): it has no zero byte"
    }
  }

  var advice: String {
    switch self {
    case .excelWorkbook, .openDocumentSpreadsheet, .oldOfficeDocument, .excelXML:
      "save the sheet as \"CSV UTF-8\" in the spreadsheet program, and let `path` name the CSV file"
    case .zip: "unpack it, and let `path` name the CSV file in it"
    case .spss, .spssPortable, .stata, .sas, .sasTransport:
      "save the data as CSV UTF-8, with codes and not with labels, and let `path` name the CSV file"
    case .parquet, .arrow, .sqlite, .xml, .json: "export the data as CSV UTF-8, and let `path` name the CSV file"
    case .html: "a download that failed is often such a page: download the data again, as CSV"
    case .wordDocument, .pdf, .rtf: "export the data as CSV UTF-8 from the program that has them"
    case .gzip: "rename it, so that the name ends in .csv.gz"
    case .gzipTwice: "unpack it once and let the name of what comes out end in .gz"
    case .zstd, .bzip2, .xz, .sevenZip, .rar, .tar:
      "unpack it; only gzip is read without unpacking, by names that end in .gz"
    case .wideText(let name): "write `encoding: \(name)` in the definition of the table, or save the file as UTF-8"
    case .narrowText(_, isMarked: true): "remove the mark, the first two bytes, or save the file as UTF-8"
    case .narrowText: "remove `encoding` from the definition of the table, or write what the file was saved in"
    }
  }

  private static func list(_ names: [String]) -> String {
    let most = 3
    let shown = names.prefix(most).map { $0.truncatedName }.joined(separator: ", ")
    return names.count > most ? "\(shown) and \(names.count - most) more" : shown
  }
}

extension String {
  /// A name of an archive is not to be trusted to be short.
  fileprivate var truncatedName: String { count > 80 ? prefix(80) + ".." : self }
}
