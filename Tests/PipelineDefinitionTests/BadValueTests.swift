import PipelineDefinition
import SurveyModel
import Testing

@Suite("A wrong value is refused with what it must be")
struct BadValueTests {
  private static let methods =
    "one of wilson, beta, wald, logit, arcsine, clopper-pearson, agresti-coull, jeffreys, likelihood"

  static let choices: [WrongDefinition] = [
    .top("an interval method", "interval: {method: ‹wilsen}") {
      .badValue($0, value: "wilsen", context: "value of `method`", expected: methods, nearest: "wilson")
    },
    .top("a method in capitals", "interval: {method: ‹Wilson}") {
      .badValue($0, value: "Wilson", context: "value of `method`", expected: methods, nearest: "wilson")
    },
    .top("a rule for lonely PSUs", "design: {lonely-psu: ‹remove}") {
      .badValue(
        $0, value: "remove", context: "value of `lonely-psu`", expected: "one of fail, certainty, adjust, average",
        nearest: nil)
    },
    .top("a kind of overlap", "trend: {overlap: ‹pus}") {
      .badValue($0, value: "pus", context: "value of `overlap`", expected: "one of psu, none", nearest: "psu")
    },
    .top("an adjustment", "trend: {adjust: ‹hollm}") {
      .badValue(
        $0, value: "hollm", context: "value of `adjust`", expected: "one of holm, benjamini-hochberg", nearest: "holm")
    },
    .top("a standard", "reliability: ‹nhcs") {
      .badValue($0, value: "nhcs", context: "value of `reliability`", expected: "one of nchs, none", nearest: "nchs")
    },
    .top("a type of replicates", "design: {replicates: {columns: w, type: ‹jkk}}") {
      .badValue(
        $0, value: "jkk", context: "value of `type`",
        expected: "one of brr, fay, jk1, jkn, bootstrap, successive-difference", nearest: "jk1")
    },
    .table("a roll-up", "{path: m.csv, unit: u, roll-up: ‹lastest}") {
      .badValue(
        $0, value: "lastest", context: "value of `roll-up`", expected: "one of none, latest, any, all, majority",
        nearest: "latest")
    },
    .table("a layout", "{path: m.csv, layout: ‹lnog}") {
      .badValue($0, value: "lnog", context: "layout", expected: "wide or long", nearest: "long")
    },
    .question("a type", "Q8: {type: ‹dates}") {
      .badValue(
        $0, value: "dates", context: "value of `type`", expected: "one of one, many, text, integer, number, date",
        nearest: "date")
    },
    .question("a truth", "Q8: {type: text, mandatory: ‹yes}") {
      .badValue($0, value: "yes", context: "value of `mandatory`", expected: "true or false", nearest: nil)
    },
    .indicator("a kind", "- {id: x, title: X, kind: ‹percent, numerator: {Q1: yes}}\n") {
      .badValue(
        $0, value: "percent", context: "value of `kind`", expected: "one of percentage, count", nearest: "percentage")
    },
    .condition("an empty that is no truth", "{Q6: {empty: ‹no}}") {
      .badValue($0, value: "no", context: "value of `empty`", expected: "true or false", nearest: nil)
    },
  ]

  static let numbers: [WrongDefinition] =
    ["0", "1", "95", "-0.1", "1.5"].map { level in
      .top("the level \(level)", "interval: {level: ‹\(level)}") {
        .badValue($0, value: level, context: "level", expected: "between 0 and 1, such as 0.95", nearest: nil)
      }
    }
    + ["high", "nan", "inf", "0,95", "''"].map { level in
      .top("the level \(level)", "interval: {level: ‹\"\(level)\"}") {
        .badValue($0, value: level, context: "value of `level`", expected: "a number", nearest: nil)
      }
    }
    + ["-1", "1.5", "1e12"].map { cell in
      .top("the smallest cell \(cell)", "min-cell: ‹\(cell)") {
        .badValue($0, value: cell, context: "value of `min-cell`", expected: "a whole number from 0", nearest: nil)
      }
    }
    + ["101%", "-1%", "1.01", "-0.01", "one", "%", "1 %", "nan", ""].map { share in
      .top("the rejected share \(share)", "max-rejected: ‹\"\(share)\"") {
        .badValue(
          $0, value: share, context: "value of `max-rejected`", expected: "a share such as 1% or 0.01", nearest: nil)
      }
    }
    + ["0", "-2", "1.5", "1e10"].map { count in
      .condition("at least \(count) related rows", "{related: {table: parties, on: party, at-least: ‹\(count)}}") {
        .badValue($0, value: count, context: "value of `at-least`", expected: "a whole number from 1", nearest: nil)
      }
    }
    + [
      .top("a year", "year: ‹20I9") {
        .badValue($0, value: "20I9", context: "value of `year`", expected: "a number", nearest: nil)
      },
      .condition("a bound", "{Q3: {at-least: ‹five}}") {
        .badValue($0, value: "five", context: "bound of Q3", expected: "a number", nearest: nil)
      },
    ]

  static let days: [WrongDefinition] =
    ["2019-13-01", "2019-2-01", "1.10.2019", "reference-date"].map { day in
      .top("the reference date \(day)", "reference-date: ‹\(day)") {
        .badValue(
          $0, value: day, context: "value of `reference-date`", expected: "a day written as 2019-10-01", nearest: nil)
      }
    }
    + [
      .top("the start of the period", "period: {from: ‹2019-02-29}") {
        .badValue(
          $0, value: "2019-02-29", context: "value of `from`", expected: "a day written as 2019-10-01", nearest: nil)
      },
      .condition("a text where the answer is a number", "{Q3: ‹five}") {
        .badValue($0, value: "five", context: "an answer to Q3, which is a number", expected: "a number", nearest: nil)
      },
      .condition("a day that does not exist", "{Q4: {before: ‹2019-02-29}}") {
        .badValue(
          $0, value: "2019-02-29", context: "date",
          expected: "a day such as 2019-10-01, or reference-date, period-from or period-to", nearest: nil)
      },
      .condition("a misspelled word for a day", "{Q4: {before: ‹refrence-date}}") {
        .badValue(
          $0, value: "refrence-date", context: "date",
          expected: "a day such as 2019-10-01, or reference-date, period-from or period-to", nearest: "reference-date")
      },
    ]

  static let characters: [WrongDefinition] =
    ["delimiter", "quote"].flatMap { key in
      let texts = [("''", ""), ("';;'", ";;"), ("é", "é"), ("\"\\n\"", "\n"), ("\"\\r\"", "\r"), ("\"\\0\"", "\0")]
      return texts.map { written, value in
        WrongDefinition.table("the \(key) \(written)", "{path: m.csv, \(key): ‹\(written)}") {
          .badValue($0, value: value, context: "value of `\(key)`", expected: "a single ASCII character", nearest: nil)
        }
      }
    }
    + [
      ("''", ""), ("\"; \\n\"", "; \n"), ("\"\\r\"", "\r"), ("\"\\0\"", "\0"),
      ("12345678901234567", "12345678901234567"),
    ]
    .map { written, value in
      WrongDefinition.table("the separator \(written)", "{path: m.csv, multiple-separator: ‹\(written)}") {
        .badValue(
          $0, value: value, context: "value of `multiple-separator`",
          expected: "one to 16 characters other than line breaks", nearest: nil)
      }
    }
    + [("decimal", "';'", ";", "\".\" or \",\""), ("decimal", "comma", "comma", "\".\" or \",\"")]
    .map { key, written, value, expected in
      WrongDefinition.table("the \(key) mark \(written)", "{path: m.csv, \(key): ‹\(written)}") {
        .badValue($0, value: value, context: "value of `\(key)`", expected: expected, nearest: nil)
      }
    }

  static let fileForms: [WrongDefinition] =
    [
      .table("names of no known rows", "{path: m.csv, header-rows: 2, header-names: ‹join}") {
        .badValue(
          $0, value: "join", context: "value of `header-names`", expected: "first or joined", nearest: "joined")
      },
      .table("names of one row put together", "{path: m.csv, header-names: ‹joined}") {
        .conflict(
          $0, problem: "`header-names: joined` puts the names of several rows together, and there is one",
          advice: "say by `header-rows` how many rows the names stand in")
      },
    ]
    + [
      (
        "header-rows", 1, 100, "the row with the names counts as one",
        ["0", "-1", "101", "2.0", "two", "+2", "''", " 2"]
      ),
      ("skip-rows", 0, 1_000_000, "the lines above the header", ["-1", "1000001", "1e3", "none", "٣"]),
    ].flatMap { key, low, high, meaning, texts in
      texts.map { text in
        let value = text == "''" ? "" : text == " 2" ? "2 " : text
        let written = text == " 2" ? "'2 '" : text
        return .table("\(key) \(text)", "{path: m.csv, \(key): ‹\(written)}") {
          .badValue(
            $0, value: value, context: "value of `\(key)`",
            expected: "a whole number from \(low) to \(high): \(meaning)",
            nearest: nil)
        }
      }
    }
    + [
      ("latin-l", "latin-1"), ("utf-61", "utf-16"), ("utf-8//IGNORE", nil), ("''", nil),
      ("windows-1252x", "windows-1252"),
    ]
    .map { name, nearest in
      .table("the encoding \(name)", "{path: m.csv, encoding: ‹\(name)}") {
        .badValue(
          $0, value: name == "''" ? "" : name, context: "value of `encoding`",
          expected: "an encoding that `iconv -l` lists, such as utf-8, utf-16, windows-1252 or latin-1",
          nearest: nearest)
      }
    }

  @Test("What stands above the data, and encodings", arguments: fileForms)
  func wrongFileForms(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("A word that is no choice", arguments: choices)
  func words(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("A number that is none, or out of range", arguments: numbers)
  func wrongNumbers(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("A day that is none", arguments: days)
  func wrongDays(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("A separator or a mark of numbers that cannot be one", arguments: characters)
  func separators(wrong: WrongDefinition) throws { try wrong.check() }

  @Test("A title has at most 70 characters, counted as readers count", arguments: ["x", "é", "e\u{301}", "🇸🇰"])
  func titles(character: String) throws {
    func wrong(_ count: Int) -> WrongDefinition {
      let title = String(repeating: character, count: count)
      return .indicator("\(count)", "- {id: x, title: ‹\"\(title)\", numerator: {Q1: yes}}\n") {
        .badValue($0, value: title, context: "title", expected: "at most 70 characters long", nearest: nil)
      }
    }
    try wrong(71).check()
    var fixture = DefinitionFixture()
    fixture.change("indicators.yaml", "First", to: String(repeating: character, count: 70))
    #expect(try fixture.cycle().indicators[0].title.count == 70)
  }

  @Test(
    "A pair of cycles is written with an arrow",
    arguments: ["cycle-3", "cycle-3 - cycle-4", "-> cycle-4", "a -> ", "a -> b -> c"])
  func pairs(text: String) throws {
    let wrong = WrongDefinition.indicator(
      text, "- id: x\n  title: X\n  numerator: {Q1: yes}\n  comparability: {‹\"\(text)\": why}\n"
    ) {
      .badValue($0, value: text, context: "pair of cycles", expected: "written as `cycle-3 -> cycle-4`", nearest: nil)
    }
    try wrong.check()
  }
}
