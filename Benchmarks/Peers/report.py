"""The table of a benchmark, readable in a terminal and as Markdown."""

import datetime
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from job import Job
from measure import Summary

PACKAGES = ("duckdb", "polars", "numpy", "svy")

RATIOS = (
    ("Polars / ours", "polars", "ours"),
    ("Polars + NumPy / ours", "polars-numpy", "ours"),
    ("Polars without errors / ours", "polars-points", "ours"),
    ("DuckDB / ours", "duckdb", "ours"),
    ("svy / ours", "svy", "ours"),
    ("R survey (extrapolated) / ours", "r", "ours"),
    ("one thread / ours (gain of the other cores)", "ours-1", "ours"),
    ("without SIMD instructions / ours", "ours-portable", "ours"),
    ("libcsv alone / ours", "libcsv", "ours"),
    ("ours / `wc -l`", "ours", "wc"),
    ("Polars, Parquet / our snapshot", "polars-parquet", "ours-snapshot"),
    ("Polars + NumPy, Parquet / our snapshot", "numpy-parquet", "ours-snapshot"),
    ("DuckDB, Parquet / our snapshot", "duckdb-parquet", "ours-snapshot"),
    ("ours / our snapshot", "ours", "ours-snapshot"),
)


@dataclass(frozen=True)
class Result:
    key: str
    title: str
    summary: Summary
    difference: float | None
    """The largest relative difference from our estimates, where there are estimates."""


def report(results: Sequence[Result], job: Job, pipeline: Path, rounds: int) -> str:
    rows = [["contender", "wall s", "min - max", "CPU s", "peak MB", "largest difference"]]
    for result in results:
        s = result.summary
        rows.append([
            result.title, f"{s.wall:.3f}", f"{s.fastest:.3f} - {s.slowest:.3f}", "" if s.cpu is None else f"{s.cpu:.2f}",
            "" if s.memory is None else f"{s.memory / 1e6:.0f}", "" if result.difference is None else f"{result.difference:.0e}",
        ])
    wall = {result.key: result.summary.wall for result in results}
    ratios = [["ratio of wall times", ""]]
    ratios += [[title, f"{wall[over] / wall[under]:.2f}"] for title, over, under in RATIOS if over in wall and under in wall]
    return "\n\n".join([
        f"{machine()}\n{versions(pipeline)}\n{job.responses.name}: {job.responses.stat().st_size:,} bytes; "
        f"{len(job.indicators)} indicators; medians of {rounds} rounds; {datetime.date.today()}",
        *(table(body) for body in (rows, ratios) if len(body) > 1),
    ])


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(3, *(len(row[place]) for row in rows)) for place in range(len(rows[0]))]
    lines = [[cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths))] for row in rows]
    rule = ["-" * width if place == 0 else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def machine() -> str:
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GB; Linux {platform.release()}; load {os.getloadavg()[0]:.1f}"


def versions(pipeline: Path) -> str:
    ours = subprocess.run([pipeline, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return "; ".join([f"pipeline {ours}", *(f"{name} {metadata.version(name)}" for name in PACKAGES), f"Python {platform.python_version()}"])
