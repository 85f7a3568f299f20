"""Writes copies of a workbook, each without one piece of one of its parts, and prints the parts, a line a copy.

Told a number of bytes, a piece is what a stream of the C library with such a buffer loses when a write fails: its buffer,
and what is left of the words that it was just given. So it goes from one place that buffers begin at to the next, once
exactly and once up to where the next tag or attribute begins or a tag ends.

Told "repeats", it is the piece that is hardest to miss: 512 bytes or more, from a tag to the next one with the same text
below the same tags, so that what remains is well-formed.

Copies are called 0.xlsx, 1.xlsx and so on. The theme is left whole: it is the same in every workbook.

usage: cut-workbook.py RESULTS.xlsx DIRECTORY BYTES|repeats
"""

import collections
import pathlib
import re
import sys
import zipfile

SHORTEST = 512
REPEATS_OF_A_TAG = 4


def buffers(whole, length):
    for start in range(0, len(whole), length):
        end = min(start + length, len(whole))
        words = re.compile(rb"[< >]").search(whole, end)
        yield from {(start, end), (start, words.start() if words else len(whole))}


def repeats(whole):
    places, open_tags = collections.defaultdict(list), []
    for tag in re.finditer(rb"<(/?)([\w:]+)[^>]*?(/?)>", whole):
        if tag[1]:
            open_tags.pop()
            continue
        places[*open_tags, tag[0]].append(tag.start())
        if not tag[3]:
            open_tags.append(tag[2])
    for starts in places.values():
        pieces = [
            (start, end)
            for start in starts
            for end in [next((other for other in starts if other >= start + SHORTEST), None)]
            if end
        ]
        yield from pieces[:: max(1, len(pieces) // REPEATS_OF_A_TAG)]


path, directory, kind = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
with zipfile.ZipFile(path) as workbook:
    parts = {name: workbook.read(name) for name in workbook.namelist()}

number = 0
for name, whole in parts.items():
    if name == "xl/theme/theme1.xml":
        continue
    for start, end in sorted(repeats(whole) if kind == "repeats" else buffers(whole, int(kind))):
        with zipfile.ZipFile(directory / f"{number}.xlsx", "w") as copy:
            for other, content in parts.items():
                copy.writestr(other, content[:start] + content[end:] if other == name else content)
        print(name)
        number += 1
