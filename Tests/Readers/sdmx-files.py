"""Reads SDMX deliveries with pysdmx and with sdmx1, checks the data against the structure, and prints as a JSON list what
both found. Ends with status 1 and one line a problem where something is wrong.

usage: sdmx-files.py DIRECTORY..., each with data.csv and structure.xml
"""

import json
import logging
import pathlib
import sys

import sdmx
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.io.pd import stringify_dataframe
from pysdmx.model import DataType

CONTROL = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]


def with_pysdmx(data, structure):
    """The data set and its schema; reading the structure validates it against the schemas of SDMX-ML 3.0."""
    message = read_sdmx(structure, validate=True)
    dataset = get_datasets(data, structure, validate=True)
    if len(dataset) != 1:
        raise SystemExit(f"{len(dataset)} data sets, not one")
    return message, dataset[0]


def problems(message, dataset, header):
    """Whatever in the data the structure does not allow."""
    definition = message.get_data_structure_definitions()[0]
    components = list(definition.components)
    dimensions = [part.id for part in definition.components.dimensions]
    expected = CONTROL + [part.id for part in components]
    if sorted(header) != sorted(expected):
        yield f"the columns are {header}, the structure has {expected}"
    flow = message.get_dataflows()[0]
    if dataset.short_urn != f"Dataflow={flow.agency}:{flow.id}({flow.version})":
        yield f"the data name {dataset.short_urn}, the structure {flow.id}"
    frame = stringify_dataframe(dataset.data)
    for part in components:
        values = set(frame[part.id])
        if part.required and "" in values:
            yield f"{part.id} is mandatory and not everywhere"
        if part.enumeration is not None:
            unknown = values - {code.id for code in part.enumeration} - {""}
            if unknown:
                yield f"{part.id}: {sorted(unknown)[:5]} are not in {part.enumeration.id}"
        elif part.dtype == DataType.DOUBLE:
            for value in values - {""}:
                float(value)
        elif part.id != "TIME_PERIOD" and part.dtype != DataType.STRING:
            yield f"{part.id} has neither a list nor a type"
    for period in set(frame["TIME_PERIOD"]):
        if len(period) != 4 or not period.isdigit():
            yield f"{period} is no year"
    repeated = frame[frame.duplicated(dimensions)]
    if len(repeated):
        yield f"{len(repeated)} keys are not unique, such as {repeated.iloc[0][dimensions].to_dict()}"


def with_sdmx1(data, structure):
    """How many observations sdmx1 finds, and their sum."""
    logging.disable(logging.WARNING)
    message = sdmx.read_sdmx(structure)
    flow = next(iter(message.dataflow.values()))
    found = sdmx.read_sdmx(data, structure=flow)
    observations = [observation for part in found.data for observation in part.obs]
    return {
        "observations": len(observations),
        "sum": sum(float(one.value) for one in observations if one.value not in (None, "")),
        "dimensions": [part.id for part in flow.structure.dimensions],
        "codes": {name: len(codes) for name, codes in message.codelist.items()},
    }


def look(directory):
    data, structure = directory / "data.csv", directory / "structure.xml"
    message, dataset = with_pysdmx(data, structure)
    header = data.read_text(encoding="utf-8").splitlines()[0].split(",")
    found = list(problems(message, dataset, header))
    if found:
        print("\n".join(found), file=sys.stderr)
        raise SystemExit(1)
    definition = message.get_data_structure_definitions()[0]
    return {
        "observations": len(dataset.data),
        "sum": float(dataset.data["OBS_VALUE"].dropna().astype(float).sum()),
        "dimensions": [part.id for part in definition.components.dimensions],
        "names": {codes.id: {code.id: code.name for code in codes.items} for codes in message.get_codelists()},
        "sdmx1": with_sdmx1(data, structure),
    }


if __name__ == "__main__":
    print(json.dumps([look(pathlib.Path(directory)) for directory in sys.argv[1:]]))
