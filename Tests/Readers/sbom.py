"""Checks docs/sbom.cdx.json against the schema of CycloneDX 1.6 and prints, as JSON, each component's name, version,
scope and licences. Ends with status 1 where the file is none.

usage: sbom.py FILE
"""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = pathlib.Path(sys.argv[1]).read_text()
problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
if problem:
    raise SystemExit(str(problem))
json.dump(
    [
        {
            "kind": part["bom-ref"].split("/")[0],
            "name": part["name"],
            "version": part["version"],
            "isRequired": part["scope"] == "required",
            "licences": [
                entry.get("expression") or entry["license"].get("id") or entry["license"]["name"]
                for entry in part.get("licenses", [])
            ],
        }
        for part in json.loads(text)["components"]
    ],
    sys.stdout,
)
