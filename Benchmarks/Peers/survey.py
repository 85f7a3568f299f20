"""R survey on the first 50,000 rows and one indicator, compared with ours on the same rows and extrapolated to the job."""

import csv
import itertools
import shutil
from pathlib import Path

from agreement import Disagreement, largest_difference, read_estimates
from contenders import ours
from job import Job, read_job
from measure import CommandFailed, Summary, measure
from report import Result

ROWS = 50_000


def first_rows(job: Job, directory: Path) -> Job:
    """A copy of the job with the first rows only; no field of the job holds a line break, so a row is a line."""
    directory.mkdir()
    for definition in job.directory.glob("*.yaml"):
        shutil.copy(definition, directory)
    with open(job.responses, "rb") as source, open(directory / "responses.csv", "wb") as target:
        target.writelines(itertools.islice(source, ROWS + 1))
    return read_job(directory)


def first_rows_in_r(pipeline: Path, job: Job, peers: Path, work: Path) -> Result:
    """Reading and building the design grow with the rows, estimating with the rows and the indicators; loading R is counted once."""
    if shutil.which("Rscript") is None:
        raise CommandFailed("Rscript is not installed: run with --no-slow, or install r-cran-survey and r-cran-data.table")
    small = first_rows(job, work / "first-rows")
    measure(ours(pipeline, small, work / "first-rows-ours", "--no-cache"), work / "log")
    indicator = small.indicators[0]
    found, seconds = work / "r.csv", work / "r-seconds.csv"
    question = [indicator.id, indicator.column, "|".join(indicator.codes)]
    command = ["Rscript", str(peers / "survey.R"), str(small.directory), str(found), *question, str(seconds)]
    cost = measure(command, work / "log")

    with open(seconds, encoding="utf-8", newline="") as file:
        [took] = csv.DictReader(file)
    compared = ("estimate", "se", "ci_low", "ci_high") if took["method"] == "wilson" else ("estimate", "se")
    theirs = read_estimates(found)
    mine = {cell: row for cell, row in read_estimates(work / "first-rows-ours" / "estimates.csv").items() if cell[0] == indicator.id}
    try:
        difference = largest_difference(mine, theirs, compared)
    except Disagreement as error:
        raise Disagreement(f"R survey does not agree: {error}") from None

    read, build, estimate = (float(took[phase]) for phase in ("read", "build", "estimate"))
    growth = (count_rows(job.responses) - 1) / int(took["rows"])
    loading = cost.wall - read - build - estimate
    wall = loading + growth * (read + build + estimate * len(job.indicators))
    title = f"R survey {took['version']}, CSV, extrapolated from {int(took['rows']):,} rows and one indicator ({cost.wall:.1f} s)"
    return Result("r", title, Summary(wall, wall, wall, None, None), difference)


def count_rows(path: Path) -> int:
    with open(path, "rb", buffering=0) as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
