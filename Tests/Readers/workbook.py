"""Reads a workbook with openpyxl and prints what an analyst would find in it as JSON.

usage: workbook.py RESULTS.xlsx
"""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheets = {}
for sheet in book.worksheets:
    cells = [
        {"place": cell.coordinate, "value": cell.value, "type": cell.data_type, "format": cell.number_format}
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    sheets[sheet.title] = {
        "cells": cells,
        "rows": sheet.max_row,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "widths": [dimension.width for dimension in sheet.column_dimensions.values()],
        "bars": sum(
            rule.type == "dataBar" for rules in sheet.conditional_formatting for rule in rules.rules
        ),
        # Of each chart: how many series there are, and how many have error bars.
        "charts": [
            {"series": len(chart.series), "errorBars": sum(series.errBars is not None for series in chart.series)}
            for chart in sheet._charts
        ],
    }
json.dump(
    {"names": book.sheetnames, "sheets": sheets, "created": book.properties.created.isoformat()}, sys.stdout
)
