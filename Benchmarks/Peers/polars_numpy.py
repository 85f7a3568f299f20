"""Polars and NumPy: Polars reads the columns that are needed, NumPy adds them up by PSU with `bincount`.

What a statistician with both at hand writes: an answer becomes 0 (missing), 1 (no) or 2 (yes) while the file is read; then one pass an
indicator adds the weights by PSU, region, sector and answer, and one counts them by region, sector and answer.
"""

from pathlib import Path

import numpy as np
import polars as pl

from job import GROUPINGS, KEYS, TOTAL, Cell, Job, arguments, read_job, write_estimates
from polars_lazy import scan


def coded(job: Job, rows: pl.LazyFrame) -> pl.DataFrame:
    answers = []
    for i, x in enumerate(job.indicators):
        said_yes = pl.col(x.column).is_in(x.codes)
        answers.append((said_yes.cast(pl.UInt8) + 1).fill_null(0).alias(str(i)))
    return rows.select(*KEYS, "weight", *answers).collect(engine="streaming")


def ranks(column: pl.Series) -> tuple[list[str], np.ndarray]:
    """The distinct values, and the place of each row's value among them."""
    values = column.cast(pl.Categorical)
    used, places = compact(values.to_physical().to_numpy().astype(np.int64))
    kinds = values.unique()
    names = dict(zip(kinds.to_physical().to_list(), kinds.cast(pl.String).to_list()))
    return [names[code] for code in used.tolist()], places


def compact(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The codes that occur, ascending, and the place of each row's code among them: `np.unique` without its sort, for small codes."""
    present = np.bincount(codes) > 0
    return np.flatnonzero(present), (np.cumsum(present) - 1)[codes]


def estimates(job: Job, rows: pl.LazyFrame) -> list[Cell]:
    frame = coded(job, rows)
    count = len(job.indicators)
    (strata, stratum), (networks, network), (regions, region), (sectors, sector) = (ranks(frame[key]) for key in KEYS)
    pairs, psu = compact(stratum * len(networks) + network)
    starts = np.searchsorted(pairs // len(networks), np.arange(len(strata)))
    sizes = np.diff(np.append(starts, len(pairs)))
    shape = (len(regions), len(sectors))
    cell = region * shape[1] + sector
    used, dense = compact(cell * len(pairs) + psu)
    dense *= 3
    cell *= 3
    weight = frame["weight"].to_numpy()

    sums = np.zeros((2, count, shape[0] * shape[1] * len(pairs)))
    counts = np.empty((2, count, *shape), dtype=np.int64)
    for i in range(count):
        answer = frame[str(i)].to_numpy()
        by_answer = np.bincount(dense + answer, weight, 3 * len(used)).reshape(-1, 3)
        sums[0, i, used] = by_answer[:, 1] + by_answer[:, 2]
        sums[1, i, used] = by_answer[:, 2]
        answers = np.bincount(cell + answer, minlength=3 * shape[0] * shape[1]).reshape(*shape, 3)
        counts[0, i] = answers[..., 1] + answers[..., 2]
        counts[1, i] = answers[..., 2]
    sums = sums.reshape(2, count, *shape, len(pairs))

    cells: list[Cell] = []
    for grouping in GROUPINGS:
        rest = tuple(axis for axis, name in ((2, "region"), (3, "sector")) if name not in grouping)
        d, y = sums.sum(axis=rest, keepdims=True)
        n, n_yes = counts.sum(axis=rest, keepdims=True)
        for r, s in np.ndindex(n.shape[1:]):
            variance, p, df = linearized(d[:, r, s], y[:, r, s], starts, sizes)
            names = regions[r] if "region" in grouping else TOTAL, sectors[s] if "sector" in grouping else TOTAL
            cells += [(x.id, *names, *row) for x, row in zip(job.indicators, zip(
                n[:, r, s].tolist(), n_yes[:, r, s].tolist(), p.tolist(), variance.tolist(), df.tolist()))]
    return cells


def linearized(d: np.ndarray, y: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variance, percentage and degrees of freedom of every indicator in one cell, from the sums (indicator, PSU); strata are runs of PSUs."""
    total = d.sum(axis=1)
    p = y.sum(axis=1) / total
    z = (y - p[:, None] * d) / total[:, None]
    stratum_sums = np.add.reduceat(z, starts, axis=1)
    squares = np.add.reduceat(z * z, starts, axis=1) - stratum_sums**2 / sizes
    psus = np.add.reduceat((d > 0).astype(np.int64), starts, axis=1)
    return (sizes / (sizes - 1) * squares).sum(axis=1), p, psus.sum(axis=1) - (psus > 0).sum(axis=1)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--parquet", type=Path, help="read this file, made by parquet.py, in place of the CSV file")
    options = parser.parse_args()
    job = read_job(options.directory)
    write_estimates(options.output, estimates(job, scan(job, options.parquet)))


if __name__ == "__main__":
    main()
