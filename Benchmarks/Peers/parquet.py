"""Writes the responses once as a Parquet file, which the warm contenders read; this is not timed.

The form is the one that Polars reads fastest of those tried (README.md): answers with a closed list of codes as enums, so that they
arrive as small integers, whole numbers as integers, LZ4, and at least two row groups a core.
"""

import argparse
from pathlib import Path

import polars as pl

from job import KEYS, Job, read_job


def write_parquet(job: Job, output: Path, compression: str = "lz4", row_group_size: int = 100_000) -> None:
    enums = {name: pl.Enum(codes) for name, codes in job.options().items()}
    named = {name: pl.Categorical for name in KEYS}
    types = enums | named | {"weight": pl.Float64}
    frame = pl.read_csv(job.responses, schema_overrides=types, infer_schema_length=10_000)
    frame.write_parquet(output, compression=compression, row_group_size=row_group_size, statistics=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="the directory of the reference job")
    parser.add_argument("output", type=Path, help="the Parquet file")
    options = parser.parse_args()
    write_parquet(read_job(options.directory), options.output)


if __name__ == "__main__":
    main()
