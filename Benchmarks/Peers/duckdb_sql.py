"""DuckDB: from the CSV file to percentages and variances in one SQL statement.

The plan is the fastest of those tried (README.md has their times). What makes it fast: every column has its type, so nothing is sniffed;
columns that are not selected are not converted; the two weights of an indicator (of those who answered, of those who said yes) are
computed once in a subquery, so that a sum and a count share them; and the table stays wide, one row a PSU, region and sector, until
only a row a stratum and cell is left to be turned into rows by indicator.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from job import KEYS, Job, arguments, read_job, write_estimates

SQUARES = {"d": "sum(d{i})", "y": "sum(y{i})", "dd": "sum(d{i} * d{i})", "dy": "sum(d{i} * y{i})", "yy": "sum(y{i} * y{i})",
           "psus": "count_if(d{i} > 0)"}
COUNTS = {"n": "sum(n{i})", "n_yes": "sum(m{i})"}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def source(job: Job, parquet: Path | None) -> str:
    if parquet is not None:
        return f"read_parquet({quoted(str(parquet))})"
    types = {column: "VARCHAR" for column in job.header()} | {"weight": "DOUBLE"}
    columns = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in types.items())
    return (f"read_csv({quoted(str(job.responses))}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            f"new_line = '\\n', parallel = true, columns = {{{columns}}})")


def statement(job: Job, rows: str) -> str:
    keys = ", ".join(KEYS)
    numbered = list(enumerate(job.indicators))

    def each(*templates: str) -> str:
        return ", ".join(template.format(i=i) for i, _ in numbered for template in templates)

    masked = ", ".join(
        f"CASE WHEN {x.column} IS NOT NULL THEN weight END AS d{i}, "
        f"CASE WHEN {x.column} IN ({', '.join(map(quoted, x.codes))}) THEN weight END AS y{i}"
        for i, x in numbered)
    sums = each("sum(d{i}) AS d{i}", "sum(y{i}) AS y{i}")

    def named(expressions: dict[str, str]) -> str:
        return each(*(f"{expression} AS {name}{{i}}" for name, expression in expressions.items()))

    def by_indicator(table: str, names: Iterable[str]) -> str:
        """From a column an indicator to a row an indicator."""
        tuples = ", ".join(f"({', '.join(f'{name}{i}' for name in names)}) AS {quoted(x.id)}" for i, x in numbered)
        return f"FROM {table} UNPIVOT (({', '.join(names)}) FOR indicator IN ({tuples}))"

    return f"""
WITH masked AS (SELECT {keys}, {masked} FROM {rows}),
finest AS MATERIALIZED (
  SELECT {keys}, {each("coalesce(sum(d{i}), 0) AS d{i}", "coalesce(sum(y{i}), 0) AS y{i}", "count(d{i}) AS n{i}", "count(y{i}) AS m{i}")}
  FROM masked GROUP BY {keys}),
sizes AS (SELECT stratum, count(DISTINCT network) AS size FROM finest GROUP BY stratum),
by_region AS MATERIALIZED (SELECT stratum, network, region, {sums} FROM finest GROUP BY stratum, network, region),
psu AS (
  SELECT stratum, region, sector, {each("d{i}", "y{i}")} FROM finest
  UNION ALL SELECT stratum, '_T', sector, {sums} FROM finest GROUP BY stratum, network, sector
  UNION ALL SELECT stratum, region, '_T', {each("d{i}", "y{i}")} FROM by_region
  UNION ALL SELECT stratum, '_T', '_T', {sums} FROM by_region GROUP BY stratum, network),
stratum_sums AS (SELECT stratum, region, sector, {named(SQUARES)} FROM psu GROUP BY stratum, region, sector),
strata AS MATERIALIZED ({by_indicator("stratum_sums", SQUARES)}),
cell_counts AS (
  SELECT coalesce(region, '_T') AS region, coalesce(sector, '_T') AS sector, {named(COUNTS)}
  FROM finest GROUP BY CUBE (region, sector)),
counts AS ({by_indicator("cell_counts", COUNTS)}),
cells AS (
  SELECT indicator, region, sector, sum(d) AS total, sum(y) / sum(d) AS p, sum(psus) - count_if(psus > 0) AS df
  FROM strata GROUP BY indicator, region, sector),
variances AS (
  SELECT indicator, region, sector, sum(size / (size - 1) * (yy - 2 * p * dy + p * p * dd - (y - p * d) ** 2 / size)) AS squares
  FROM strata JOIN cells USING (indicator, region, sector) JOIN sizes USING (stratum) GROUP BY indicator, region, sector)
SELECT indicator, region, sector, n::BIGINT, n_yes::BIGINT, p, squares / total ** 2, df::BIGINT
FROM cells JOIN variances USING (indicator, region, sector) JOIN counts USING (indicator, region, sector)"""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--parquet", type=Path, help="read this file, made by parquet.py, in place of the CSV file")
    options = parser.parse_args()
    job = read_job(options.directory)
    connection = duckdb.connect(config={"preserve_insertion_order": "false"})
    write_estimates(options.output, connection.execute(statement(job, source(job, options.parquet))).fetchall())


if __name__ == "__main__":
    main()
