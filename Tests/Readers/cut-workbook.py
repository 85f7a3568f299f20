"""Writes copies of a workbook, each without one piece of one of its parts, and prints the parts, a line a copy.

A piece is what a stream of the C library loses when a write fails: its buffer, and what is left of the words that it was
just given. So it goes from one place that buffers begin at to the next, by turns exactly and up to where the next tag or
attribute begins or a tag ends. Copies are called 0.xlsx, 1.xlsx and so on.

usage: cut-workbook.py RESULTS.xlsx DIRECTORY
"""

import pathlib
import re
import sys
import zipfile

BUFFER = 4096

path, directory = sys.argv[1], pathlib.Path(sys.argv[2])
with zipfile.ZipFile(path) as workbook:
    parts = {name: workbook.read(name) for name in workbook.namelist()}

number = 0
for name, whole in parts.items():
    for start in range(0, len(whole), BUFFER):
        end = min(start + BUFFER, len(whole))
        if number % 2:
            words = re.compile(rb"[< >]").search(whole, end)
            end = words.start() if words else len(whole)
        with zipfile.ZipFile(directory / f"{number}.xlsx", "w") as copy:
            for other, content in parts.items():
                copy.writestr(other, content[:start] + content[end:] if other == name else content)
        print(name)
        number += 1
