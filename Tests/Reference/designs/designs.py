"""Recomputes the designs of this folder with svy and writes what it says, expected-svy/dNN.csv.

    python designs.py [FOLDER]

p, se, df and the intervals beta and logit (svy's names) are svy's own. The answers are coded a second time here, by hand and not
from indicators.yaml. Every number is compared with R's in expected/ on the spot. Where svy differs in its definitions, `reason` says
how and the number is left out; any other difference stops the script.
"""

import csv
import fnmatch
import logging
import sys
from collections import Counter, defaultdict
from pathlib import Path

import polars as pl
import svy
import yaml

logging.disable(logging.WARNING)
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
TOLERANCE = 1e-9

YES_NO = {"yes", "no"}
USED = {"yes", "sometimes"}
USE = USED | {"no", "never"}


def routed_out(row):
    """Not asked whether the service helped: not a user, and no answer is there."""
    return row["helped"] == "" and row["use"] in (USE - USED) | {"n/a"}


def at_least_three(row):
    return row["size_class"] != "" and int(row["size_class"]) >= 3


# id: (denominator, numerator, eligible)
INDICATORS = {
    "uses": (lambda r: r["use"] in USE, lambda r: r["use"] in USED, None),
    "rare": (lambda r: r["defect"] in YES_NO, lambda r: r["defect"] == "yes", None),
    "nearly": (lambda r: r["known"] in YES_NO, lambda r: r["known"] == "yes", None),
    "never": (lambda r: r["use"] in USE, lambda r: r["use"] == "never", None),
    "always": (lambda r: r["use"] in USE, lambda r: r["use"] != "never", None),
    "helped": (lambda r: r["helped"] in YES_NO, lambda r: r["helped"] == "yes", None),
    "helped-of-all": (lambda r: r["helped"] in YES_NO or routed_out(r), lambda r: r["helped"] == "yes", None),
    "topics": (lambda r: r["topics"] != "", lambda r: {"a", "b"} <= set(r["topics"].split("|")), at_least_three),
}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def stratum_of(row, design):
    return "/".join(f"{len(row[c])}:{row[c]}" for c in design.get("strata", []))


def rows_of(name, definition, indicator):
    """The rows of one indicator with y, d, weight, stratum, psu, population size and replicate weights as numbers."""
    design = definition.get("design", {})
    rows = read(FOLDER / f"{name}.csv")
    population = design.get("population", {})
    sizes = None
    if "table" in population:
        register = [r for r in read(FOLDER / f"{name}-register.csv") if r["status"] == "member"]
        sizes = defaultdict(int)
        for member in register:
            sizes[stratum_of(member, design)] += 1
        members = {r["member"] for r in register}
        rows = [r for r in rows if r["member"] in members]
    if sizes is None or "weight" in design:  # in a sample an empty text is no name of a stratum or PSU
        names = design.get("strata", []) + ([design["psu"]] if "psu" in design else [])
        rows = [r for r in rows if all(r[name] for name in names)]
    denominator, numerator, eligible = INDICATORS[indicator]
    result = []
    for number, row in enumerate(rows):
        may = eligible is None or eligible(row)
        d = may and denominator(row)
        stratum = stratum_of(row, design)
        size = sizes[stratum] if sizes is not None else float(row[population["column"]]) if population else None
        out = {
            "area": row["area"] or "_U", "kind": row["kind"] or "_U", "d": d, "y": 1.0 if d and numerator(row) else 0.0,
            "known": d or not may, "stratum": stratum, "psu": row[design["psu"]] if "psu" in design else str(number),
            "w": float(row[design["weight"]]) if "weight" in design else 1.0, "size": size,
        }
        if "replicates" in design:
            columns = [c for c in row if fnmatch.fnmatchcase(c, design["replicates"]["columns"])]
            for place, column in enumerate(columns, 1):
                out[f"replicate{place}"] = float(row[column])
        result.append(out)
    if population and "weight" not in design:  # a census with non-response: N_h / n_h of those whose status is known
        result = [r for r in result if r["known"]]
        known = defaultdict(set)
        for r in result:
            known[r["stratum"]].add(r["psu"])
        for r in result:
            r["w"] = r["size"] / len(known[r["stratum"]])
    return result


# svy asks for a rule also where a lonely PSU is its whole stratum; under `fail` these are the only ones left, and add nothing.
SINGLETON = {"adjust": "center", "average": "scale", "certainty": "skip", "fail": "skip"}


def replicate_weights(spec, count):
    """svy's factor is R's scale times rscales; its own default where that is the definition of docs/statistics.md 3.3."""
    scale = spec.get("scale")
    rscales = spec.get("rscales")
    factors = None
    if scale is not None or rscales is not None or spec["type"] == "bootstrap":
        # The bootstrap of survey divides by R - 1, that of svy by R.
        default = {"jk1": (count - 1) / count, "jkn": 1, "bootstrap": 1 / (count - 1), "brr": 1 / count}
        base = scale if scale is not None else default[spec["type"]]
        each = rscales if isinstance(rscales, list) else [1.0 if rscales is None else rscales] * count
        factors = [base * r for r in each]
    common = {"prefix": "replicate", "n_reps": count, "df": spec.get("df"), "scale": factors}
    match spec["type"]:
        case "brr":
            return svy.BrrWgts(**common)
        case "fay":
            return svy.BrrWgts(fay_coef=spec["fay"], **common)
        case "jk1":
            return svy.JackknifeWgts(kind="jk1", **common)
        case "jkn":
            return svy.JackknifeWgts(kind="jkn", **common)
        case "bootstrap":
            return svy.BootstrapWgts(**common)
        case _:
            return svy.SdrWgts(**common)


def sample_of(rows, design):
    data = pl.DataFrame(rows)
    if "replicates" in design:
        count = sum(c.startswith("replicate") for c in data.columns)
        return svy.Sample(data, svy.Design(wgt="w", rep_wgts=replicate_weights(design["replicates"], count)))
    return svy.Sample(
        data,
        svy.Design(
            stratum="stratum" if design.get("strata") else None, psu="psu" if "psu" in design else None, wgt="w",
            pop_size="size" if "population" in design else None, singleton=SINGLETON[design.get("lonely-psu", "fail")] if design.get("strata") else None,
        ),
    )


def share(sample, where, design, level, method):
    center = "estimate" if design.get("replicates", {}).get("mse") else "rep_mean"
    kind = "replication" if "replicates" in design else "taylor"
    result = sample.estimation.prop("y", where=where, method=kind, ci_method=method, alpha=1 - level, variance_center=center)
    return next(e for e in result.estimates if float(e.y_level) == 1)


def near(mine, theirs):
    return abs(mine - theirs) <= TOLERANCE * max(abs(mine), abs(theirs), 1e-3)


COLUMNS = ["indicator", "area", "kind", "estimate", "se", "df", "beta_low", "beta_high", "logit_low", "logit_high"]


def reason(r, design, rows):
    """Why svy has another standard error and interval in this cell, or none; None where it must agree."""
    cell = [x for x in rows if x["d"] and x["w"] > 0 and all(r[key] in ("_T", x[key]) for key in ("area", "kind"))]
    replicates = design.get("replicates")
    if replicates:
        columns = [c for c in rows[0] if c.startswith("replicate")]
        if any(sum(x[c] for x in cell) == 0 for c in columns):
            return "svy has no standard error where a replicate has no weight in the cell; R drops the replicate"
        rscales = replicates.get("rscales")
        if isinstance(rscales, list) and 0 in rscales and not replicates.get("mse"):
            return "svy centres on the mean of all replicates, R on the mean of those with a factor above 0"
    if design.get("lonely-psu") == "average":
        psus = {(x["stratum"], x["psu"]) for x in rows}
        lonely = {x["stratum"] for x in cell if x["size"] == 1 and sum(h == x["stratum"] for h, _ in psus) == 1}
        if lonely:
            return "svy's scale counts a PSU that is its whole stratum among the lonely ones, R does not"
    return None


COLUMNS = ["indicator", "area", "kind", "estimate", "se", "df", "beta_low", "beta_high", "logit_low", "logit_high"]


def compute(name, definition):
    """The rows of expected-svy, with what agrees."""
    design = definition.get("design") or {}
    replicates = design.get("replicates")
    level = definition["interval"]["level"]
    prepared = {}
    written = []
    for r in read(FOLDER / "expected" / f"{name}.csv"):
        # At 0 and 100 % svy has no interval of these two, and no level "yes" to say p of where nobody says it.
        if r["indicator"] not in INDICATORS or r["n"] == "0" or r["n_yes"] in ("0", r["n"]):
            continue
        if r["indicator"] not in prepared:
            rows = rows_of(name, definition, r["indicator"])
            prepared[r["indicator"]] = rows, sample_of(rows, design)
        rows, sample = prepared[r["indicator"]]
        where = pl.col("d") & (pl.col("w") > 0)
        for dimension in ("area", "kind"):
            if r[dimension] != "_T":
                where = where & (pl.col(dimension) == r[dimension])
        beta = share(sample, where, design, level, "beta")
        logit = share(sample, where, design, level, "logit")
        mine = {
            "estimate": 100 * beta.est, "se": 100 * beta.se, "df": beta.df, "beta_low": 100 * beta.lci, "beta_high": 100 * beta.uci,
            "logit_low": 100 * logit.lci, "logit_high": 100 * logit.uci,
        }
        why = reason(r, design, rows)
        row = {key: r[key] for key in COLUMNS[:3]}
        for column, value in mine.items():
            row[column] = ""
            # Without degrees of freedom neither has an error; a census has an interval here, none there where df is 0.
            if r[column] == "" or r["case"] == "a" and column not in ("estimate", "se"):
                continue
            if replicates and float(r["df"]) != beta.df and column not in ("estimate", "se"):
                left_out["svy's df is R - 1 in every cell; R's is the rank of the cell's replicate weights less one"] += 1
            elif why and column not in ("estimate", "df"):
                left_out[why] += 1
            elif near(value, float(r[column])):
                row[column] = f"{value:.17g}" if column in ("estimate", "se", "df") else f"{value:.12g}"
            else:
                problems.append(f"{name} {r['indicator']} {r['area']} {r['kind']} {column}: svy {value!r}, R {r[column]}")
        counts["estimates"] += 1
        if r["area"] == "_T" or r["kind"] == "_T":  # crossings are compared here and not kept, to save bytes
            written.append(row)
    return written


problems = []
left_out = Counter()
counts = Counter()
(FOLDER / "expected-svy").mkdir(exist_ok=True)
for old in (FOLDER / "expected-svy").glob("*.csv"):
    old.unlink()
for path in sorted(FOLDER.glob("d[0-9]*.yaml")):
    name = path.stem
    definition = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "by-unit" in definition["indicators"] or "roll-up" in definition["tables"]["responses"]:
        continue  # svy rolls nothing up
    written = compute(name, definition)
    if not written:
        continue  # refused
    with open(FOLDER / "expected-svy" / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)
    counts["designs"] += 1
print(f"svy {svy.__version__}: {counts['designs']} designs, {counts['estimates']} estimates agree with R to {TOLERANCE}")
for why, count in left_out.items():
    print(f"{count} values left out: {why}")
if problems:
    sys.exit("\n".join(["svy and R differ:", *problems]))
