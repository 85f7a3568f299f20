"""Describes every CSV file of SampleData in SampleData/datapackage.json, a Frictionless Data Package: types, codes, keys
and references, so that a stranger can load and check the files without this project.

Questions come from the codebooks and keys from the definitions in Pipelines; what registers mean stands below.

usage: datapackage.py [OUTPUT]
"""

import csv
import hashlib
import json
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "SampleData"
PIPELINES = ROOT / "Pipelines"
# Not kept in the repository: `make nhanes` exports it from R.
NOT_OURS = "nhanes"

DATES = re.compile(r"_on$|_in_force$|_withdrawn$|^submitted$")
FLAGS = {"ldc", "sids", "star_eligible"}
NUMBERS = {"weight": "number", "value": "number", "stratum_size": "integer", "report_cycle": "integer"}
TITLES = {
    "iso3": "ISO 3166 code of the Party, or EU",
    "party": "ISO 3166 code of the Party, or EU",
    "region": "Regional group",
    "sector": "Sector of the institution",
    "submitted": "Day of submission",
    "weight": "Sampling weight",
    "stratum_size": "Institutions of the stratum",
    "network": "Network of institutions, the primary sampling unit",
    "cpb_in_force": "Entry into force of the Cartagena Protocol",
    "cpb_withdrawn": "Withdrawal from the Cartagena Protocol",
    "sp_party_in_force": "Entry into force of the Supplementary Protocol",
    "ldc": "Least developed country",
    "sids": "Small island developing State",
    "star_eligible": "Eligible for a GEF STAR allocation",
    "value": "True value in percent",
}
# Keys that no definition declares, and columns that name a row of another file, by the name of the file.
KEYS = {"risk-assessments": ["ra_id", "decision_id"], "truth": ["cycle", "indicator", "region", "sector"]}
REFERENCES = {
    "iso3": ("parties", "iso3"),
    "party": ("parties", "iso3"),
    "decision_id": ("decisions", "decision_id"),
    "amends": ("decisions", "decision_id"),
    "lmo_id": ("lmos", "lmo_id"),
}


def read(path):
    """YAML with every scalar as it is written: `no` is a code, not a truth value."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def declared_tables():
    """What the definitions say of each file: key, codebook, separator, and the codes of its dimensions."""
    tables = {}
    for path in sorted(PIPELINES.glob("*.yaml")):
        definition = read(path)
        for name, table in definition["tables"].items():
            file = (PIPELINES / table["path"]).resolve()
            found = tables.setdefault(file, {"codes": {}})
            # The same file may serve as a register of other units; its own key is the respondent.
            key = table.get("respondent") or table.get("unit")
            if "key" not in found or "respondent" in table:
                found["key"] = key
            if "codebook" in table:
                found["codebook"] = PIPELINES / table["codebook"]
            found["separator"] = table.get("multiple-separator", "|")
            for dimension in definition.get("dimensions", {}).values():
                if dimension.get("join", "responses") == name and "labels" in dimension:
                    found["codes"][dimension["column"]] = list(read(PIPELINES / dimension["labels"]))
    return tables


def question_field(key, question, codebook, separator):
    field = {"name": key, "type": "string"}
    if "label" in question:
        field["title"] = question["label"]
    if "section" in question:
        field["description"] = f"Section {question['section']}"
    codes = question.get("options", []) + [
        code for code in codebook.get("not-applicable", []) if code not in question.get("options", [])
    ]
    kind = question["type"]
    if kind == "one":
        field["constraints"] = {"enum": codes}
    elif kind == "many":
        one = "(?:" + "|".join(re.escape(code) for code in codes) + ")"
        field["constraints"] = {"pattern": f"{one}(?:{re.escape(separator)}{one})*"}
    elif kind != "text":
        field["type"] = kind
        field["missingValues"] = codebook["missing"] + codebook.get("not-applicable", [])
    return field


def plain_field(name, table, key):
    field = {"name": name, "type": NUMBERS.get(name, "string")}
    if name in TITLES:
        field["title"] = TITLES[name]
    constraints = {}
    if DATES.search(name):
        field["type"] = "date"
    elif name in FLAGS:
        field.update(type="boolean", trueValues=["1"], falseValues=["0"])
    elif name in ("iso3", "party"):
        constraints["pattern"] = "(?:[A-Z]{3}|EU)"
    elif name in table["codes"]:
        constraints["enum"] = table["codes"][name]
    if name in key:
        constraints["required"] = True
        if len(key) == 1:
            constraints["unique"] = True
    if constraints:
        field["constraints"] = constraints
    return field


def resource(path, tables, names):
    table = tables.get(path, {"codes": {}})
    stem = path.stem
    key = KEYS.get(stem) or [table["key"]]
    codebook = read(table["codebook"]) if "codebook" in table else {"questions": {}, "missing": [""]}
    with open(path, encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    fields = [
        question_field(name, codebook["questions"][name], codebook, table["separator"])
        if name in codebook["questions"]
        else plain_field(name, table, key)
        for name in header
    ]
    references = []
    for name in header:
        target, column = REFERENCES.get(name, (None, None))
        # Each family of files has its own registers beside it.
        family = "institutions-" if "institutions" in path.parts else ""
        if target and not (stem == target and name == column):
            same = "" if stem == target else family + target
            references.append({"fields": [name], "reference": {"resource": same, "fields": [column]}})
    schema = {"fields": fields, "missingValues": codebook["missing"], "primaryKey": key}
    if references:
        schema["foreignKeys"] = references
    contents = path.read_bytes()
    return {
        "name": names[path],
        "path": path.relative_to(DATA).as_posix(),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(contents),
        "hash": "sha256:" + hashlib.sha256(contents).hexdigest(),
        "schema": schema,
    }


def name(path):
    """Such as `parties`, `cycle-4-responses`, `institutions-parties`: unlike those of all other files."""
    parts = path.relative_to(DATA).with_suffix("").parts
    if parts[0] == "institutions" and len(parts) > 2 and parts[1] != "registers":
        parts = parts[1:]
    return "-".join(part for part in parts if part != "registers")


def text(package):
    """Indented JSON with a field a line."""
    lines = {}
    for one in package["resources"]:
        fields = one["schema"]["fields"]
        for place, field in enumerate(fields):
            fields[place] = f"field {len(lines)}"
            lines[json.dumps(fields[place])] = json.dumps(field, ensure_ascii=False)
    indented = json.dumps(package, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(
        line.replace(bare, lines[bare]) if (bare := line.strip().rstrip(",")) in lines else line for line in indented
    ) + "\n"


def main(output):
    files = sorted(path for path in DATA.rglob("*.csv") if NOT_OURS not in path.relative_to(DATA).parts)
    names = {path: name(path) for path in files}
    tables = declared_tables()
    package = {
        "name": "pipeline-sample-data",
        "title": "Invented national reports on biosafety, registers, and an invented survey of institutions",
        "description": "Every answer and every register record is invented: do not quote a number about a country.",
        "licenses": [{"name": "Apache-2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"}],
        "resources": [resource(path, tables, names) for path in files],
    }
    output.write_text(text(package), encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "datapackage.json")
