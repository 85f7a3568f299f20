"""Reads a workbook with openpyxl and prints what it holds as JSON.

usage: workbook.py RESULTS.xlsx
"""

import json
import sys

import openpyxl


def cell(cell):
    is_number = cell.data_type == "n" and cell.value is not None
    return {
        "type": cell.data_type,
        "text": cell.value if cell.data_type in ("s", "f") else None,
        "number": cell.value if is_number else None,
        "format": cell.number_format,
    }


def chart(chart):
    return {
        "kind": type(chart).__name__,
        "isStacked": chart.grouping == "stacked",
        "categories": chart.series[0].cat.strRef.f,
        "values": [series.val.numRef.f for series in chart.series],
        "errorBars": [
            {"kind": series.errBars.errValType, "direction": series.errBars.errBarType, "size": series.errBars.val}
            for series in chart.series
            if series.errBars
        ],
    }


def sheet(sheet):
    return {
        "name": sheet.title,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "charts": [chart(each) for each in sheet._charts],
        "rules": [
            {"range": str(ranges.sqref), "kind": rule.type}
            for ranges in sheet.conditional_formatting
            for rule in ranges.rules
        ],
        "widths": {letter: column.width for letter, column in sheet.column_dimensions.items()},
        "rows": [[cell(each) for each in row] for row in sheet.iter_rows()],
    }


workbook = openpyxl.load_workbook(sys.argv[1])
json.dump(
    {
        "title": workbook.properties.title,
        "created": workbook.properties.created.isoformat(),
        "sheets": [sheet(each) for each in workbook.worksheets],
    },
    sys.stdout,
)
