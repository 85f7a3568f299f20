"""The reference job, as every peer needs it: what is asked for, and how sums become intervals.

Nothing here is slow and nothing here is any peer's work: it reads the small YAML files, and it turns the 39 x 54 variances that a peer
has computed into Wilson intervals, in plain Python, for a peer's start is timed too and NumPy and SciPy take longer to load than this takes.
"""

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import atan, cos, exp, lgamma, log, log1p, pi, sin, sqrt
from pathlib import Path
from statistics import NormalDist

import yaml

KEYS = ("stratum", "network", "region", "sector")
GROUPINGS: tuple[tuple[str, ...], ...] = ((), ("region",), ("sector",), ("region", "sector"))
TOTAL = "_T"
COLUMNS = ("indicator", "region", "sector", "n", "n_yes", "estimate", "se", "ci_low", "ci_high")

Cell = tuple[str, str, str, int, int, float, float, int]
"""Indicator, region, sector, n, n_yes, p, variance, degrees of freedom."""


@dataclass(frozen=True)
class Indicator:
    """The share of those who gave one of `codes` among those who answered `column`; an empty field is no answer."""

    id: str
    column: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """A directory with the responses and their definition."""

    directory: Path
    indicators: tuple[Indicator, ...]

    @property
    def responses(self) -> Path:
        return self.directory / "responses.csv"

    @property
    def columns(self) -> tuple[str, ...]:
        """The question columns that the indicators ask for."""
        return tuple(indicator.column for indicator in self.indicators)

    def header(self) -> list[str]:
        with open(self.responses, encoding="utf-8", newline="") as file:
            return next(csv.reader(file))

    def options(self) -> dict[str, tuple[str, ...]]:
        """The codes of each question that has a closed list of them, from the pipeline's codebook; empty without a codebook."""
        definition = load_yaml(self.directory / "reference-job.yaml")
        codebook = definition["tables"]["responses"].get("codebook")
        if codebook is None:
            return {}
        questions = load_yaml(self.directory / codebook)["questions"]
        return {name: tuple(map(str, q["options"])) for name, q in questions.items() if q["type"] == "one"}


def load_yaml(path: Path) -> dict | list:
    """Every scalar as it is written (`no` is a code here, not a boolean), with libyaml's parser."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, loader)


def read_job(directory: Path) -> Job:
    indicators = []
    for entry in load_yaml(directory / "indicators.yaml"):
        [(column, codes)] = entry["numerator"].items()
        indicators.append(Indicator(entry["id"], column, (codes,) if isinstance(codes, str) else tuple(codes)))
    return Job(directory, tuple(indicators))


def arguments(description: str) -> argparse.ArgumentParser:
    """What every peer is told: where the job is and where its estimates go."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("directory", type=Path, help="the directory of the reference job")
    parser.add_argument("output", type=Path, help="the CSV file of the estimates")
    return parser


@cache
def student_t(df: int, probability: float = 0.975) -> float:
    """Quantile of Student's t with a whole number of degrees of freedom: Newton's method on the finite series of its distribution.

    Abramowitz and Stegun 26.7.3 and 26.7.4. Here because `import scipy.special` would cost each peer 0.2 seconds.
    """
    odd = df % 2
    log_scale = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * pi) / 2
    quantile = NormalDist().inv_cdf(probability)
    for _ in range(100):
        angle = atan(quantile / sqrt(df))
        square = cos(angle) ** 2
        term, series = (cos(angle), 0.0) if odd else (1.0, 0.0)
        for k in range(1 + odd, df, 2):
            series += term
            term *= square * k / (k + 1)
        inside = 2 / pi * (angle + sin(angle) * series) if odd else sin(angle) * series
        step = ((1 + inside) / 2 - probability) / exp(log_scale - (df + 1) / 2 * log1p(quantile * quantile / df))
        quantile -= step
        if abs(step) <= 1e-14 * quantile:
            break
    return quantile


def wilson(n: int, p: float, variance: float, df: int) -> tuple[float, float]:
    """95 % score interval with n_eff = p (1 - p) / V in place of n and Student's t in place of z; at 0 and 1 n_eff is n."""
    spread = p * (1 - p)
    if spread > 0 and variance == 0:
        return p, p
    size = spread / variance if spread > 0 else n
    t2 = student_t(df) ** 2
    centre = p + t2 / (2 * size)
    half = sqrt(t2 * (spread / size + t2 / (4 * size * size)))
    return (0.0 if p == 0 else (centre - half) / (1 + t2 / size)), (1.0 if p == 1 else (centre + half) / (1 + t2 / size))


def write_estimates(path: Path, cells: Iterable[Cell]) -> None:
    """One row an indicator and cell with answers, in percent; without degrees of freedom there is no error and no interval."""
    rows = []
    for indicator, region, sector, n, n_yes, p, variance, df in cells:
        if n == 0:
            continue
        spread: list[float | str] = ["", "", ""]
        if df > 0:
            variance = max(variance, 0.0)  # a sum of squares by its expansion may end a rounding error below zero
            spread = [100 * x for x in (sqrt(variance), *wilson(n, p, variance, df))]
        rows.append([indicator, region, sector, n, n_yes, 100 * p, *spread])
    write_rows(path, rows)


def write_rows(path: Path, rows: Iterable[Sequence]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
