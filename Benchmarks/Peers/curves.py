"""How our own time and memory grow: runs the pipeline over several directories of the reference job.

    python curves.py --output docs/performance.csv "from CSV=small" "from CSV=large"
    python curves.py --output docs/performance-snapshot.csv --snapshot "from the snapshot=small" "from the snapshot=large"

Each argument is LABEL=DIRECTORY; the points of one label become one line in plot.py. Medians of some runs, file in memory.
"""

import argparse
import csv
import sys
import tempfile
from pathlib import Path

from contenders import ours
from job import read_job
from measure import CommandFailed, Summary, measure, warm
from survey import count_rows

FIELDS = ("label", "bytes", "rows", "wall", "cpu", "rss")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("points", nargs="+", metavar="LABEL=DIRECTORY", help="a point of the curve LABEL")
    parser.add_argument("--output", type=Path, required=True, help="the CSV file of the results")
    parser.add_argument("--pipeline", type=Path, default=Path(".build/release/pipeline"), help="our binary")
    parser.add_argument("--rounds", type=int, default=3, help="timed runs of each point")
    parser.add_argument("--snapshot", action="store_true", help="from the columnar snapshot, made by one run before")
    return parser.parse_args()


def point(directory: Path, settings: argparse.Namespace, work: Path) -> list[float]:
    """Bytes, rows, and what a run takes."""
    job = read_job(directory)
    cache = {"XDG_CACHE_HOME": str(work / "cache")}
    command = ours(settings.pipeline, job, work / "output", *([] if settings.snapshot else ["--no-cache"]))
    measure(command, work / "log", cache)
    costs = []
    for _ in range(settings.rounds):
        warm(job.responses)
        costs.append(measure(command, work / "log", cache))
    summary = Summary.of(costs)
    rows = count_rows(job.responses) - 1
    return [job.responses.stat().st_size, rows, round(summary.wall, 4), round(summary.cpu, 4), summary.memory]


def main() -> None:
    settings = options()
    with open(settings.output, "w", newline="", encoding="utf-8") as file, tempfile.TemporaryDirectory(prefix="curves-") as name:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for text in settings.points:
            label, equals, directory = text.rpartition("=")
            if not equals:
                raise SystemExit(f"curves: {text!r} is not LABEL=DIRECTORY")
            row = [label, *point(Path(directory), settings, Path(name))]
            print(*row, file=sys.stderr, flush=True)
            writer.writerow(row)
            file.flush()


if __name__ == "__main__":
    try:
        main()
    except CommandFailed as error:
        raise SystemExit(f"curves: {error}") from None
