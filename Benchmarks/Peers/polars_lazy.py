"""Polars alone: a lazy scan of the CSV or Parquet file on the streaming engine, and the variances in expressions.

The plan is the fastest of those tried (README.md has their times): one scan feeds two groupings, the weights by PSU, region and sector
and the counts by region and sector only; each indicator is two masked weight columns; from a CSV file the answers are read as enums.
"""

from pathlib import Path

import polars as pl

from job import GROUPINGS, KEYS, TOTAL, Job, arguments, read_job, write_estimates, write_rows

CELL = ("region", "sector")
W = pl.col("weight")


def scan(job: Job, parquet: Path | None) -> pl.LazyFrame:
    """The columns that the job needs, in their best types."""
    if parquet is not None:
        return pl.scan_parquet(parquet)
    options = job.options()
    types = {x: pl.Enum(options[x]) for x in job.columns if x in options}
    return pl.scan_csv(job.responses, schema_overrides=types | {"weight": pl.Float64}, infer_schema_length=0)


def masked(job: Job, rows: pl.LazyFrame) -> pl.LazyFrame:
    """For indicator i: `d{i}`, the weight of a row that answered, and `y{i}`, of one that said yes; null for every other row."""
    weights = []
    for i, x in enumerate(job.indicators):
        weights.append(pl.when(pl.col(x.column).is_not_null()).then(W).alias(f"d{i}"))
        weights.append(pl.when(pl.col(x.column).is_in(x.codes)).then(W).alias(f"y{i}"))
    return rows.select(*KEYS, *weights)


def by_stratum(psus: pl.DataFrame, grouping: tuple[str, ...], indicators: range) -> pl.DataFrame:
    """A row for each stratum and cell of the grouping, with a struct of sums for each indicator."""
    totals = psus.lazy()
    if grouping != CELL:
        totals = totals.group_by("stratum", "network", *grouping).agg(pl.col("^[dy][0-9]+$").sum())
    structs = []
    for i in indicators:
        d, y = pl.col(f"d{i}"), pl.col(f"y{i}")
        structs.append(pl.struct(d=d.sum(), y=y.sum(), dd=(d * d).sum(), dy=(d * y).sum(), yy=(y * y).sum(), psus=(d > 0).sum()).alias(str(i)))
    return labelled(totals.group_by("stratum", *grouping).agg(structs), grouping)


def counted(counts: pl.DataFrame, grouping: tuple[str, ...], indicators: range) -> pl.DataFrame:
    """A row for each cell of the grouping, with a struct of n and n_yes for each indicator."""
    structs = [pl.struct(n=pl.col(f"d{i}").sum(), n_yes=pl.col(f"y{i}").sum()).alias(str(i)) for i in indicators]
    frame = counts.lazy()
    return labelled(frame.group_by(*grouping).agg(structs) if grouping else frame.select(structs), grouping)


def labelled(frame: pl.LazyFrame, grouping: tuple[str, ...]) -> pl.LazyFrame:
    return frame.with_columns(pl.lit(TOTAL).alias(name) if name not in grouping else pl.col(name).cast(pl.String) for name in CELL)


def long(frames: list[pl.LazyFrame], index: tuple[str, ...], indicators: range) -> pl.LazyFrame:
    """From a column an indicator to a row an indicator."""
    wide = pl.concat(frames, how="diagonal")
    return wide.unpivot(list(map(str, indicators)), index=index, variable_name="indicator", value_name="sums").unnest("sums")


def estimates(job: Job, rows: pl.LazyFrame) -> pl.DataFrame:
    indicators = range(len(job.indicators))
    weights = masked(job, rows)
    values = pl.exclude(KEYS)
    psus, counts = pl.collect_all(
        [weights.group_by(KEYS).agg(values.sum()), weights.drop("stratum", "network").group_by(CELL).agg(pl.exclude(CELL).count())],
        engine="streaming")
    sizes = psus.lazy().group_by("stratum").agg(size=pl.col("network").n_unique())
    strata = long([by_stratum(psus, g, indicators) for g in GROUPINGS], ("stratum", *CELL), indicators)
    asked = long([counted(counts, g, indicators) for g in GROUPINGS], CELL, indicators)

    cell = ("indicator", *CELL)
    d, y, p, m = pl.col("d"), pl.col("y"), pl.col("y").sum().over(cell) / pl.col("d").sum().over(cell), pl.col("size")
    squares = pl.col("yy") - 2 * p * pl.col("dy") + p * p * pl.col("dd") - (y - p * d) ** 2 / m
    return (
        strata.join(sizes, on="stratum")
        .with_columns(squares=m / (m - 1) * squares)
        .group_by(cell)
        .agg(p=y.sum() / d.sum(), variance=pl.col("squares").sum() / d.sum() ** 2, df=pl.col("psus").sum() - (pl.col("psus") > 0).sum())
        .join(asked, on=cell)
        .with_columns(pl.col("indicator").replace_strict({str(i): x.id for i, x in enumerate(job.indicators)}))
        .select(*cell, "n", "n_yes", "p", "variance", "df")
        .collect(engine="in-memory")
    )


def points(job: Job, rows: pl.LazyFrame) -> pl.DataFrame:
    """The estimates without any error: the columns of the output as far as n, n_yes and the percentage."""
    indicators = range(len(job.indicators))
    values = pl.exclude(CELL)
    cells = (
        masked(job, rows).drop("stratum", "network").group_by(CELL)
        .agg(values.sum().name.prefix("w"), values.count()).collect(engine="streaming")
    )
    names = ("d", "y", "wd", "wy")
    frames = []
    for grouping in GROUPINGS:
        structs = [pl.struct(pl.col(f"{name}{i}").sum().alias(name) for name in names).alias(str(i)) for i in indicators]
        frame = cells.lazy()
        frames.append(labelled(frame.group_by(*grouping).agg(structs) if grouping else frame.select(structs), grouping))
    return (
        long(frames, CELL, indicators)
        .with_columns(pl.col("indicator").replace_strict({str(i): x.id for i, x in enumerate(job.indicators)}))
        .select("indicator", *CELL, "d", "y", 100 * pl.col("wy") / pl.col("wd"))
        .collect()
    )


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--parquet", type=Path, help="read this file, made by parquet.py, in place of the CSV file")
    parser.add_argument("--points", action="store_true", help="point estimates only")
    options = parser.parse_args()
    job = read_job(options.directory)
    rows = scan(job, options.parquet)
    if options.points:
        write_rows(options.output, ((*row, "", "", "") for row in points(job, rows).rows()))
    else:
        write_estimates(options.output, estimates(job, rows).rows())


if __name__ == "__main__":
    main()
