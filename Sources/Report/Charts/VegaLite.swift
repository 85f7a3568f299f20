/// The part of Vega-Lite's grammar that the report draws with, as values: a specification is encoded, never glued
/// together from strings. Names are those of the Vega-Lite schema, version 6.
struct ChartSpecification: Encodable, Sendable {
  let schema = "https://vega.github.io/schema/vega-lite/v6.json"
  var description: String
  var width = "container"
  /// Pixels; nil where the script knows it, from the number of rows.
  var height: Int?
  /// Rows are handed over by name when the page is drawn.
  var data = NamedData()
  var layer: [Layer]
  /// The legends and scales that the layers share.
  var encoding: [Channel: Encoding]

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case description, width, height, data, layer, encoding
  }
}

struct NamedData: Encodable, Sendable {
  var name = "rows"
}

/// One mark of a chart and what it shows.
struct Layer: Encodable, Sendable {
  var mark: Mark
  var encoding: [Channel: Encoding]
  var transform: [Transform]?
}

/// The kind of a mark. Colours come from the page, by the name of the style.
struct Mark: Encodable, Sendable {
  enum Kind: String, Encodable, Sendable { case rule, point, line, area }

  var type: Kind
  var style: String
  var filled: Bool?
  var size: Int?
  var strokeWidth: Double?
  /// What assistive technology is told of each mark.
  var aria: Bool?
}

/// Which rows a layer draws: those whose field has this value.
struct Transform: Encodable, Sendable {
  struct Filter: Encodable, Sendable {
    var field: String
    var equal: String
  }

  var filter: Filter
}

enum Channel: String, Encodable, CodingKeyRepresentable, Sendable {
  case x, x2, y, y2, color, shape, tooltip, order, description, detail
}

/// How a field of the rows becomes a place, a colour or a shape.
struct Encoding: Encodable, Sendable {
  enum FieldType: String, Encodable, Sendable { case quantitative, nominal, ordinal }

  var field: String
  var type: FieldType?
  var title: String?
  var axis: Axis?
  var scale: Scale?
  var legend: Legend?
  /// False: in the order of the rows.
  var isSorted = true

  enum CodingKeys: CodingKey { case field, type, title, axis, scale, legend, sort }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(field, forKey: .field)
    try container.encodeIfPresent(type, forKey: .type)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encodeIfPresent(axis, forKey: .axis)
    try container.encodeIfPresent(scale, forKey: .scale)
    try container.encodeIfPresent(legend, forKey: .legend)
    if !isSorted { try container.encodeNil(forKey: .sort) }
  }
}

struct Axis: Encodable, Sendable {
  /// nil: no title.
  var title: String?
  var format: String?
  var labelLimit: Int?
  var grid: Bool?
  var tickCount: Int?

  enum CodingKeys: CodingKey { case title, format, labelLimit, grid, tickCount }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    // A title that is left out would be made of the name of the field.
    try container.encode(title, forKey: .title)
    try container.encodeIfPresent(format, forKey: .format)
    try container.encodeIfPresent(labelLimit, forKey: .labelLimit)
    try container.encodeIfPresent(grid, forKey: .grid)
    try container.encodeIfPresent(tickCount, forKey: .tickCount)
  }
}

struct Scale: Encodable, Sendable {
  enum Domain: Encodable, Sendable {
    case numbers([Double])
    case words([String])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .numbers(let numbers): try container.encode(numbers)
      case .words(let words): try container.encode(words)
      }
    }
  }

  var domain: Domain?
  /// Shapes; colours are those of the page.
  var range: [String]?
  var zero: Bool?
  var nice: Bool?
}

struct Legend: Encodable, Sendable {
  var title: String?
  var orient = "top"

  enum CodingKeys: CodingKey { case title, orient }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .title)
    try container.encode(orient, forKey: .orient)
  }
}
