"""How our own time and memory grow: the reference job with one of its sizes changed at a time.

    python grow.py --output docs/performance.csv [--only rows,psus]

For each size the generator writes a directory, the pipeline runs over it some times, and the directory goes again.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from contenders import ours
from job import read_job
from measure import CommandFailed, Summary, measure, warm
from survey import count_rows

FIELDS = ("curve", "size", "bytes", "rows", "wall", "cpu", "rss", "snapshot_wall", "snapshot_cpu")

ROWS = 200_000
CURVES: dict[str, list[tuple[int, list[str]]]] = {
    "rows": [(n, ["--responses", str(n)]) for n in (50_000, 200_000, 800_000, 3_200_000)],
    "questions": [(n, ["--questions", str(n)]) for n in (90, 180, 360, 720)],
    "indicators": [(n, ["--indicators", str(n)]) for n in (5, 20, 39, 80, 120)],
    "cells": [((r + 1) * (s + 1), ["--regions", str(r), "--sectors", str(s)])
              for r, s in ((1, 1), (5, 8), (10, 16), (20, 32))],
    "PSUs": [(n, ["--psus", str(n)]) for n in (200, 2_000, 20_000, 100_000)],
    "replicates": [(n, ["--replicates", str(n)]) for n in (0, 20, 80, 200)],
}
"""What changes, and the options of `pipeline generate reference-job` for each point."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="the CSV file of the results")
    parser.add_argument("--pipeline", type=Path, default=Path(".build/release/pipeline"), help="our binary")
    parser.add_argument("--rounds", type=int, default=3, help="timed runs of each point")
    parser.add_argument("--only", help="curves, separated by commas")
    return parser.parse_args()


def point(arguments: list[str], settings: argparse.Namespace) -> list[float]:
    """Bytes, rows, and what a run takes from the file and from the snapshot."""
    with tempfile.TemporaryDirectory(prefix="grow-") as name:
        work = Path(name)
        rows = [] if "--responses" in arguments else ["--responses", str(ROWS)]
        subprocess.run([settings.pipeline, "generate", "reference-job", *rows, *arguments, "-o", work / "job"],
                       check=True, stdout=subprocess.DEVNULL)
        job = read_job(work / "job")
        cache = {"XDG_CACHE_HOME": str(work / "cache")}
        results = []
        for flags in (["--no-cache"], []):
            command = ours(settings.pipeline, job, work / "output", *flags)
            measure(command, work / "log", cache)
            costs = []
            for _ in range(settings.rounds):
                warm(job.responses)
                costs.append(measure(command, work / "log", cache))
            results.append(Summary.of(costs))
        file, snapshot = results
        return [job.responses.stat().st_size, count_rows(job.responses) - 1, round(file.wall, 4), round(file.cpu, 4),
                file.memory, round(snapshot.wall, 4), round(snapshot.cpu, 4)]


def main() -> None:
    settings = options()
    wanted = settings.only.split(",") if settings.only else list(CURVES)
    with open(settings.output, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for curve in wanted:
            for size, arguments in CURVES[curve]:
                row = [curve, size, *point(arguments, settings)]
                print(*row, file=sys.stderr, flush=True)
                writer.writerow(row)
                file.flush()


if __name__ == "__main__":
    try:
        main()
    except CommandFailed as error:
        raise SystemExit(f"grow: {error}") from None
