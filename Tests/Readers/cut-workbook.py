"""Writes copies of a workbook, each without one piece of one of its parts, and prints the parts, a line a copy.

A piece is what a stream of the C library loses when a write fails: 4,096 bytes, or what is left at the end of a part.
Copies are called 0.xlsx, 1.xlsx and so on.

usage: cut-workbook.py RESULTS.xlsx DIRECTORY
"""

import pathlib
import sys
import zipfile

PIECE = 4096

path, directory = sys.argv[1], pathlib.Path(sys.argv[2])
with zipfile.ZipFile(path) as workbook:
    parts = {name: workbook.read(name) for name in workbook.namelist()}

number = 0
for name, whole in parts.items():
    for start in range(0, len(whole), PIECE):
        with zipfile.ZipFile(directory / f"{number}.xlsx", "w", zipfile.ZIP_DEFLATED) as copy:
            for other, content in parts.items():
                copy.writestr(other, content[:start] + content[start + PIECE :] if other == name else content)
        print(name)
        number += 1
