"""Who takes part, with which command, and what of its estimates is compared."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agreement import ALL, ERRORS, INTERVALS, POINTS
from job import Job


@dataclass(frozen=True)
class Contender:
    key: str
    title: str
    command: Sequence[str]
    input: Path
    """Read into memory right before each run."""
    output: Path | None = None
    """Its estimates; a floor has none."""
    compared: Sequence[str] = ALL
    complete: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    needs: str = ""
    """What `prepare` has to make before the first run: parquet, fields, or nothing."""


def ours(pipeline: Path, job: Job, output: Path, *more: str) -> list[str]:
    return [str(pipeline), "run", "reference-job", "--pipelines", str(job.directory), "--output", str(output), "--quiet", *more]


def reference_contender(pipeline: Path, job: Job, work: Path) -> Contender:
    """The run whose estimates everyone is compared with."""
    output = work / "reference"
    return Contender("reference", "", ours(pipeline, job, output, "--no-cache"), job.responses, output / "estimates.csv")


def fast_contenders(pipeline: Path, job: Job, peers: Path, work: Path) -> list[Contender]:
    csv, parquet, directory = job.responses, work / "responses.parquet", str(job.directory)

    def own(key: str, title: str, *more: str, environment: dict[str, str] | None = None) -> Contender:
        output = work / key
        return Contender(key, title, ours(pipeline, job, output, *more), csv, output / "estimates.csv", environment=environment or {})

    def peer(key: str, title: str, script: str, *more: str, compared: Sequence[str] = ALL, warm: bool = False) -> Contender:
        output = work / f"{key}.csv"
        source = ["--parquet", str(parquet)] if warm else []
        command = [sys.executable, str(peers / script), directory, str(output), *more, *source]
        return Contender(key, title, command, parquet if warm else csv, output, compared, needs="parquet" if warm else "")

    return [
        own("ours", "pipeline, CSV", "--no-cache"),
        own("ours-1", "pipeline, CSV, one thread", "--no-cache", "--threads", "1"),
        own("ours-portable", "pipeline, CSV, no SIMD instructions", "--no-cache",
            environment={"PIPELINE_INSTRUCTIONS": "portable"}),
        peer("duckdb", "DuckDB, CSV, all in SQL", "duckdb_sql.py"),
        peer("polars", "Polars, CSV", "polars_lazy.py"),
        peer("polars-numpy", "Polars + NumPy, CSV", "polars_numpy.py"),
        peer("polars-points", "Polars, CSV, percentages without errors", "polars_lazy.py", "--points", compared=POINTS),
        own("ours-snapshot", "pipeline, its snapshot", environment={"XDG_CACHE_HOME": str(work / "cache")}),
        peer("duckdb-parquet", "DuckDB, Parquet", "duckdb_sql.py", warm=True),
        peer("polars-parquet", "Polars, Parquet", "polars_lazy.py", warm=True),
        peer("numpy-parquet", "Polars + NumPy, Parquet", "polars_numpy.py", warm=True),
        Contender("wc", "floor: `wc -l`", ["wc", "-l", str(csv)], csv),
        Contender("cat", "floor: `cat > /dev/null`", ["cat", str(csv)], csv),
        Contender("libcsv", "floor: libcsv alone, counting fields, two threads", [str(work / "fields"), str(csv)], csv, needs="fields"),
    ]


def slow_contenders(job: Job, peers: Path, work: Path) -> list[Contender]:
    """Run once only."""
    script = [sys.executable, str(peers / "svy_design.py"), str(job.directory)]
    full, total = work / "svy.csv", work / "svy-proportions.csv"
    return [
        Contender("svy", "svy, CSV, `mean` in all cells", [*script, str(full)], job.responses, full, INTERVALS),
        Contender("svy-prop", "svy, CSV, `prop` with its own Wilson interval, the 39 totals only", [*script, str(total), "--proportions"],
                  job.responses, total, ERRORS, complete=False),
    ]


def prepare(contenders: Sequence[Contender], job: Job, peers: Path, work: Path) -> None:
    """Makes, untimed, what some contenders read or run. The snapshot is made by the round that is not timed."""
    needs = {contender.needs for contender in contenders}
    if "parquet" in needs:
        subprocess.run([sys.executable, str(peers / "parquet.py"), str(job.directory), str(work / "responses.parquet")], check=True)
    if "fields" in needs:
        subprocess.run(["cc", "-O2", str(peers / "fields.c"), "-o", str(work / "fields"), "-lcsv", "-lpthread"], check=True)
