"""svy: the linearized errors and design-based intervals of a package for survey samples, on Polars and Rust.

By default all 54 cells of all indicators: `mean` of the 0/1 answer in the domain of those who answered, which is svy's quickest way to
the same p, se and df, and the Wilson interval from these, as for every peer. With `--proportions` its own `prop` and its own Wilson
interval, for the total only: its definition adjusts the effective size differently, so that only p and se can be compared. svy does not
count those who said yes; `n_yes` is left empty.
"""

import logging

import polars as pl
import svy

from job import GROUPINGS, KEYS, TOTAL, Job, arguments, read_job, wilson, write_rows

CELL = ("region", "sector")


def sample(job: Job) -> svy.Sample:
    """Only what is needed: the design, and each answer as 1, 0 or missing."""
    answers = [pl.col(x.column).is_in(x.codes).cast(pl.Float64).alias(x.id) for x in job.indicators]
    types = {"weight": pl.Float64}
    rows = pl.scan_csv(job.responses, schema_overrides=types, infer_schema_length=0).select(*KEYS, "weight", *answers)
    return svy.Sample(rows.collect(engine="streaming"), svy.Design(stratum="stratum", psu="network", wgt="weight"))


def means(job: Job, data: svy.Sample) -> list[list]:
    result = []
    for x in job.indicators:
        for grouping in GROUPINGS:
            found = data.estimation.mean(x.id, by=grouping or None, where=pl.col(x.id).is_not_null())
            for e in found.estimates:
                level = dict(zip(grouping, e.by_level or ()))
                interval = wilson(e.n, e.est, e.se**2, e.df)
                result.append([x.id, *(level.get(name, TOTAL) for name in CELL), e.n, "", *(100 * v for v in (e.est, e.se, *interval))])
    return result


def proportions(job: Job, data: svy.Sample) -> list[list]:
    result = []
    for x in job.indicators:
        found = data.estimation.prop(x.id, where=pl.col(x.id).is_not_null(), ci_method="wilson")
        yes = next(e for e in found.estimates if float(e.y_level) == 1)
        result.append([x.id, TOTAL, TOTAL, yes.n, "", *(100 * v for v in (yes.est, yes.se, yes.lci, yes.uci))])
    return result


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--proportions", action="store_true", help="svy's proportions with its own Wilson interval, for the total only")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    job = read_job(options.directory)
    write_rows(options.output, (proportions if options.proportions else means)(job, sample(job)))


if __name__ == "__main__":
    main()
