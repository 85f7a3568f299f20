"""Runs statements in DuckDB: each line of standard input is one, as JSON; each line of standard output what it answers."""

import json
import sys

import duckdb


def text(value):
    return None if value is None else repr(value) if isinstance(value, float) else str(value)


connection = duckdb.connect()
for line in sys.stdin:
    try:
        rows = connection.execute(json.loads(line)).fetchall()
        answer = {"rows": [[text(value) for value in row] for row in rows]}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
