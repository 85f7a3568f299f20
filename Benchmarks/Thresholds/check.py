#!/usr/bin/env python3
"""Checks what does not depend on how busy the machine is: instructions and allocations of the release binary.

A row costs what a run of many rows takes more than one of few, so that the start and the estimates drop out. Both are
compared with thresholds.json; status 1 where one is over.

    check.py             measures and compares
    check.py --record    writes what it measures into thresholds.json
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BINARY = ROOT / ".build/release/pipeline"
THRESHOLDS = HERE / "thresholds.json"

# Few PSUs, so that the smaller file has met all of them in all their cells and a row more makes none.
PSUS = 100
FEW, MANY = 5000, 20000
# Rows so narrow that what is done for each respondent, and for each morsel of a MiB, is not lost among their fields.
FEW_NARROW, MANY_NARROW = 100_000, 400_000
NARROW = """\
pipeline: narrow
title: Narrow rows
year: 2024
tables:
  responses: {path: responses.csv, codebook: codebook.yaml, respondent: id}
indicators: indicators.yaml
"""
NARROW_INDICATORS = '- {id: N, title: Yes, unit: response, numerator: {answer: "yes"}}\n'
NARROW_CODEBOOK = 'questions:\n  answer: {type: one, options: ["yes", "no"]}\n'

# Valgrind knows no AVX-512, and the count must not depend on the processor. Swift's hashing is seeded anew in every
# process otherwise.
FIXED = {"SWIFT_DETERMINISTIC_HASHING": "1"}
if platform.machine() == "x86_64":
    FIXED["PIPELINE_INSTRUCTIONS"] = "sse2"


class Measured:
    """Runs the pipeline under valgrind, and with counted allocations."""

    def __init__(self, work):
        self.work = work
        # Debian's Valgrind stumbles over the debug information of Swift.
        self.binary = work / "pipeline"
        subprocess.run(["strip", "--strip-debug", "-o", self.binary, BINARY], check=True)

    def preload(self, name):
        """Compiles one of the libraries that stand beside this script, once."""
        library = self.work / f"{name}.so"
        if not library.exists():
            source = HERE / f"{name}.c"
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-fno-builtin", "-o", library, source], check=True)
        return {"LD_PRELOAD": str(library)}

    def pipeline(self, *arguments, before=(), **environment):
        """Runs the pipeline and answers with what it wrote to standard error."""
        environment = os.environ | FIXED | {"XDG_CACHE_HOME": str(self.work / "cache")} | environment
        command = [*before, self.binary, *arguments]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} ended with status {result.returncode}:\n{result.stderr}")
        return result.stderr

    def run(self, name, *options, **how):
        return self.pipeline(
            "run", name, "--output", self.work / "Output", "--quiet", "--threads", "1", *options, **how)

    def instructions(self, name, *options):
        valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        words = self.run(name, *options, before=valgrind, **self.preload("copy_sigmask"))
        found = re.search(r"Collected : (\d+)", words)
        return int(found[1]) if found else sys.exit(f"callgrind counted nothing:\n{words}")

    def allocations(self, name, *options):
        counted = self.work / "allocations"
        self.run(name, *options, ALLOCATIONS_FILE=str(counted), **self.preload("count_allocations"))
        return int(counted.read_text())


def write_narrow(directory, rows):
    directory.mkdir()
    (directory / "narrow.yaml").write_text(NARROW)
    (directory / "indicators.yaml").write_text(NARROW_INDICATORS)
    (directory / "codebook.yaml").write_text(NARROW_CODEBOOK)
    with open(directory / "responses.csv", "w") as file:
        file.write("id,answer\n")
        file.writelines(f"respondent-{row:08d},{'yes' if row % 3 else 'no'}\n" for row in range(rows))


def measure(work):
    """Yields the name of each measure and its value."""
    measured = Measured(work)
    jobs = []
    for rows in (FEW, MANY):
        directory = work / str(rows)
        measured.pipeline(
            "generate", "reference-job", "--responses", str(rows), "--psus", str(PSUS), "-o", directory)
        jobs.append(("reference-job", "--pipelines", directory))

    def a_row(count, *options):
        few, many = (count(*job, *options) for job in jobs)
        return few, (many - few) / (MANY - FEW)

    for unit, count in ("instructions", measured.instructions), ("allocations", measured.allocations):
        whole, row = a_row(count, "--no-cache")
        yield f"{unit} a row, from the file", row
        # The first run with a cache leaves the snapshot that the counted run reads.
        for job in jobs:
            measured.run(*job)
        yield f"{unit} a row, from a snapshot", a_row(count)[1]
        yield f"{unit}, {FEW} rows from the file", whole
        yield f"{unit}, institutions-cycle-4", count("institutions-cycle-4", "--no-cache")
    narrow = []
    for rows in (FEW_NARROW, MANY_NARROW):
        directory = work / f"narrow-{rows}"
        write_narrow(directory, rows)
        narrow.append(measured.instructions("narrow", "--pipelines", directory, "--no-cache"))
    yield "instructions a narrow row, from the file", (narrow[1] - narrow[0]) / (MANY_NARROW - FEW_NARROW)


def compare(values, thresholds):
    """Prints a table; answers with whether all measures are within their limits."""
    is_within = True
    print(f"{'':44} {'measured':>15} {'recorded':>15} {'limit':>15}")
    for name, value in values:
        recorded = thresholds["measures"].get(name)
        limit = None if recorded is None else recorded * (1 + thresholds["tolerance"])
        if name.startswith("allocations a row"):
            # So few that a tenth more of them means nothing: no more than this, whatever they were.
            limit = thresholds["allocations a row"]
        is_over = limit is None or value > limit
        is_within = is_within and not is_over
        figures = ["-" if figure is None else f"{figure:,.3f}" for figure in (value, recorded, limit)]
        print(f"{name:44} {figures[0]:>15} {figures[1]:>15} {figures[2]:>15}{'  OVER' if is_over else ''}", flush=True)
    return is_within


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="write what is measured into thresholds.json")
    arguments = parser.parse_args()
    thresholds = json.loads(THRESHOLDS.read_text())
    if not arguments.record and platform.machine() != thresholds["machine"]:
        sys.exit(f"thresholds.json holds the counts of {thresholds['machine']}, not of {platform.machine()}")
    with tempfile.TemporaryDirectory() as work:
        values = measure(pathlib.Path(work))
        if not arguments.record:
            sys.exit(0 if compare(values, thresholds) else 1)
        measures = {}
        for name, value in values:
            measures[name] = round(value, 3)
            print(f"{name:44} {value:15,.3f}", flush=True)
        thresholds |= {"machine": platform.machine(), "measures": measures}
        THRESHOLDS.write_text(json.dumps(thresholds, indent=2) + "\n")


main()
