#!/usr/bin/env python3
"""Write the codebooks of the national report cycles from the reference data.

Usage: codebooks_from_reference.py REFERENCE_DIR

Reads questions-cycle-N.csv (N = 2..5) and the mandatory questions in registers.md from REFERENCE_DIR, and the
project's own labels from labels-cycle-N.csv next to this script. Writes codebook-cycle-N.yaml one directory up,
or nothing if the reference does not fit together (an unknown gate or code, a question without a label).
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path
from typing import Union

Cond = Union[str, list, dict]
Row = dict[str, str]

ORDINALS = {2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth"}
ORIGIN = "Generated once by scripts/codebooks_from_reference.py, then edited by hand."
TYPES = {"one": "one", "many": "many", "text": "text", "int": "integer"}

# Answers that say "this does not apply to us"; `false.noCna` and `false.oneCna` (no or only one authority, so none to
# coordinate) are among them. Not here: `false.notAvailable` (no such information), `false.other`, `none`, `0`.
NOT_APPLICABLE = {
    2: ["n/a"],
    3: ["n/a"],
    4: ["false.na", "false.noCna", "false.notApplicable", "false.oneCna", "na"],
    5: ["false.na", "false.noCna", "false.oneCna"],
}

# Renamings in the reference whose old code the previous cycle never offered: left out. Any other is an error.
NEVER_OFFERED = {(4, "Q167", "n/a"), (5, "Q131", "5-")}

# Words that YAML 1.1 or 1.2 reads as something other than text.
RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


class BadReference(Exception):
    """The reference data is missing, unreadable or contradicts itself."""


def scalar(text: str, quote: bool = False) -> str:
    """The text as a YAML flow scalar, in double quotes if asked for or if it is not a plain word."""
    if not quote and re.fullmatch(r"[A-Za-z]([\w.-]*\w)?", text, re.ASCII) and text.lower() not in RESERVED:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flow(value: Cond) -> str:
    """Nested dictionaries, lists and strings in YAML flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def split_codes(field: str) -> list[str]:
    r"""Codes joined with `|`; `\|` is a literal `|` inside a code."""
    return [code.replace("\\|", "|") for code in re.split(r"(?<!\\)\|", field)] if field else []


def read_text(path: Path) -> str:
    """A UTF-8 file."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadReference(f"cannot read {path}: {error}") from error


def read_table(path: Path, columns: set[str]) -> list[Row]:
    """The rows of a CSV file that has `columns`; `key` is unique."""
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path)), strict=True))
    except csv.Error as error:
        raise BadReference(f"{path}: {error}") from error
    if not rows or any(None in row or None in row.values() or not columns <= set(row) for row in rows):
        raise BadReference(f"{path}: needs the columns {', '.join(sorted(columns))} and as many fields in each row")
    if len({row["key"] for row in rows}) != len(rows):
        raise BadReference(f"{path}: a key stands there twice")
    return rows


def read_mandatory(path: Path) -> dict[int, set[str]]:
    """The keys in the lines `Mandatory in cycle N (count): KEY KEY ...`, by cycle."""
    found = re.findall(r"^Mandatory in cycle (\d) \((\d+)\): (.*)$", read_text(path), re.MULTILINE)
    lists = {int(cycle): set(keys.split()) for cycle, _, keys in found}
    if set(lists) != {4, 5} or any(len(lists[int(cycle)]) != int(count) for cycle, count, _ in found):
        raise BadReference(f"{path}: expected the mandatory lists of cycles 4 and 5, each as long as it announces")
    return lists


def condition(expression: str, options: dict[str, list[str]], where: str) -> Cond:
    """`K=a|b`, `K!=a` and `K=*`, joined by ` OR `, as a condition of the pipeline format."""
    legs: list[Cond] = []
    for part in expression.split(" OR "):
        match = re.fullmatch(r"(\w+)(!?=)(.+)", part)
        if not match:
            raise BadReference(f"{where}: cannot read the condition {part!r}")
        key, operator, value = match.groups()
        if key not in options:
            raise BadReference(f"{where}: asked if {key}, which does not exist")
        if value == "*" and operator == "=":
            legs.append({"answered": key})
            continue
        codes = split_codes(value)
        unknown = [code for code in codes if code not in options[key]]
        if unknown:
            raise BadReference(f"{where}: {key} has no code {', '.join(unknown)}")
        chosen: Cond = {key: codes}
        legs.append(chosen if operator == "=" else {"all": [{"answered": key}, {"not": chosen}]})
    return legs[0] if len(legs) == 1 else {"any": legs}


def comparison(cycle: int, row: Row, previous: dict[str, list[str]], own: list[str], where: str) -> Cond | None:
    """`KEY` or `KEY{old=>new;..}`: the question of the cycle before, with the codes that were renamed since."""
    key, _, renamings = row["compare_to"].removesuffix("}").partition("{")
    if key not in previous:
        print(f"{where}: compared to {key}, which cycle {cycle - 1} does not have; left out", file=sys.stderr)
        return None
    values: dict[str, Cond] = {}
    for renaming in filter(None, renamings.split(";")):
        old, _, new = renaming.partition("=>")
        if (cycle, row["key"], old) in NEVER_OFFERED or old == new:
            continue
        if old not in previous[key] or new not in own:
            raise BadReference(f"{where}: renames {old} to {new}, but one of the two is not an option")
        values[old] = new
    return {f"cycle-{cycle - 1}": key, **({"values": values} if values else {})}


def codebook(cycle: int, rows: list[Row], before: list[Row], labels: dict[str, str], mandatory: set[str]) -> str:
    """The YAML text of one cycle's codebook."""
    options = {row["key"]: split_codes(row["options"]) for row in rows}
    previous = {row["key"]: split_codes(row["options"]) for row in before}
    problems = {
        "have no label": options.keys() - labels.keys(),
        "have a label but no question": labels.keys() - options.keys(),
        "are mandatory but not in the questionnaire": mandatory - options.keys(),
    }
    for problem, keys in problems.items():
        if keys:
            raise BadReference(f"cycle {cycle}: {', '.join(sorted(keys))} {problem}")
    absent = set(NOT_APPLICABLE[cycle]).difference(*options.values())
    if absent:
        raise BadReference(f"cycle {cycle}: no question offers the not-applicable code {', '.join(sorted(absent))}")
    lines = [f"# {ORDINALS[cycle]} national report: questions, answer codes and routing. {ORIGIN}", 'missing: [""]']
    lines += [f"not-applicable: {flow(NOT_APPLICABLE[cycle])}", "questions:"]
    for row in rows:
        key, where = row["key"], f"cycle {cycle}, {row['key']}"
        if row["type"] not in TYPES:
            raise BadReference(f"{where}: unknown type {row['type']!r}")
        if (row["type"] in ("one", "many")) != bool(options[key]):
            raise BadReference(f"{where}: a question of type {row['type']} with {len(options[key])} options")
        fields = [f"type: {TYPES[row['type']]}"]
        if options[key]:
            fields.append(f"options: {flow(options[key])}")
        if row["enabled_by"]:
            fields.append(f"asked-if: {flow(condition(row['enabled_by'], options, where))}")
        if key in mandatory:
            fields.append("mandatory: true")
        fields += [f"section: {scalar(row['section'])}", f"label: {scalar(labels[key], quote=True)}"]
        compared = comparison(cycle, row, previous, options[key], where) if row["compare_to"] else None
        if compared:
            fields.append(f"compare-to: {flow(compared)}")
        lines.append(f"  {scalar(key)}: {{{', '.join(fields)}}}")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(f"usage: {Path(__file__).name} REFERENCE_DIR", file=sys.stderr)
        return 2
    reference, here = Path(arguments[0]), Path(__file__).resolve().parent
    try:
        mandatory = read_mandatory(reference / "registers.md")
        columns = {"key", "section", "type", "options", "enabled_by", "compare_to"}
        questions = {cycle: read_table(reference / f"questions-cycle-{cycle}.csv", columns) for cycle in ORDINALS}
        texts = {}
        for cycle, rows in questions.items():
            labels = {row["key"]: row["label"] for row in read_table(here / f"labels-cycle-{cycle}.csv", {"key", "label"})}
            texts[cycle] = codebook(cycle, rows, questions.get(cycle - 1, []), labels, mandatory.get(cycle, set()))
        for cycle, text in texts.items():
            (here.parent / f"codebook-cycle-{cycle}.yaml").write_text(text, encoding="utf-8", newline="\n")
    except (BadReference, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
