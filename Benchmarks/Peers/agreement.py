"""Compares a peer's estimates with ours, cell by cell."""

import csv
from collections.abc import Sequence
from pathlib import Path

TOLERANCE = 1e-9
"""Relative. Different orders of summation differ by some 1e-14."""

POINTS = ("n", "n_yes", "estimate")
ERRORS = ("n", "estimate", "se")
INTERVALS = ("n", "estimate", "se", "ci_low", "ci_high")
ALL = ("n", "n_yes", "estimate", "se", "ci_low", "ci_high")

Table = dict[tuple[str, str, str], dict[str, str]]


class Disagreement(Exception):
    """Two contenders gave different answers, so their times must not be compared."""


def read_estimates(path: Path) -> Table:
    """The cells that have answers; who prints cells without any, and how, is a matter of taste."""
    with open(path, encoding="utf-8", newline="") as file:
        return {(row["indicator"], row["region"], row["sector"]): row for row in csv.DictReader(file) if row.get("n") != "0"}


def largest_difference(ours: Table, theirs: Table, columns: Sequence[str], complete: bool = True) -> float:
    """The largest relative difference; an error where it exceeds the tolerance, a number is missing, or a cell is.

    `complete`: theirs must have every cell of ours, not only some.
    """
    unknown = theirs.keys() - ours.keys()
    missing = ours.keys() - theirs.keys() if complete else set()
    if unknown or missing or not theirs:
        raise Disagreement(f"{len(missing)} cells are missing and {len(unknown)} unknown: {sorted(unknown | missing)[:3]}")
    largest = 0.0
    for cell, row in theirs.items():
        for column in columns:
            mine, other = ours[cell][column], row[column]
            if mine == other:
                continue
            if mine == "" or other == "":
                raise Disagreement(f"{column} of {cell}: ours is {mine!r}, theirs is {other!r}")
            a, b = float(mine), float(other)
            difference = abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0
            if not difference <= TOLERANCE:
                raise Disagreement(f"{column} of {cell}: ours is {mine}, theirs is {other}, apart by {difference:.1e}")
            largest = max(largest, difference)
    return largest
