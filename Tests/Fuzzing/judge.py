#!/usr/bin/env python3
"""Others judge how we read CSV: Python's csv module, on the corpus and on seeded files with some damage that both accept,
and whoever wrote a file by the grammar of RFC 4180 and knows what stands in it. The csv module is laxer about quotes, so
what it accepts and we refuse says nothing; what both accept must be the same."""

import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FUZZ = HERE.parent.parent / ".build/fuzzing/release/fuzz"
DELIMITERS = ",;\t|: "
SEED = 4180


def readings(paths):
    environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=0", "SWIFT_BACKTRACE": "enable=no"}
    output = subprocess.run([FUZZ, "dump", *paths], stdout=subprocess.PIPE, check=True, env=environment).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    assert len(lines) == len(paths)
    for line in lines:
        line["bytes"] = bytes.fromhex(line["bytes"])
        line["header"] = [bytes.fromhex(name) for name in line["header"]]
        line["rows"] = [[bytes.fromhex(field) for field in row] for row in line["rows"]]
    return lines


# The csv module


def judged(reading):
    """The records as the csv module reads them, or None where it has no opinion."""
    # The csv module knows no other encodings, and no line that says what delimits fields.
    plain = reading["bytes"].removeprefix(b"\xef\xbb\xbf").lstrip(b'"').lower()
    if plain.startswith(b"sep=") or reading["bytes"][:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return None
    if reading["bytes"][:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    text = reading["bytes"].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    quote = reading.get("quote")
    dialect = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE, "quotechar": None}
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=reading["delimiter"], doublequote=True, strict=True, **dialect
        )
        return [[field.encode("utf-8", "surrogateescape") for field in record] for record in reader if record]
    except csv.Error:
        return None


def compare(reading, path):
    """Whether both accepted the file."""
    records = judged(reading)
    if records is None or "error" in reading:
        return False
    header, *rest = records
    problem = None
    if header != reading["header"]:
        problem = "header", header, reading["header"]
    elif (rows := [row for row in rest if len(row) == len(header)]) != reading["rows"]:
        problem = "rows", rows, reading["rows"]
    elif (odd := [len(row) for row in rest if len(row) != len(header)]) != [n for _, n in reading["misshapen"]]:
        problem = "records of another length", odd, reading["misshapen"]
    if problem:
        sys.exit(f"{path}: the csv module reads another file\n  {problem}\n  {reading['bytes']}")
    return True


# The grammar of RFC 4180, with all line ends


def written(random):
    """A file by the grammar: its bytes, header, records with the lines they start on."""
    delimiter = random.choice(DELIMITERS)
    end = random.choice(["\n", "\r\n", "\r", None])
    columns = random.randint(1, 6)
    text, line = "", 1
    records = []

    def line_end():
        return end or random.choice(["\n", "\r\n"])

    def field():
        pieces = ["a", "Bc", " ", '"', "'", *DELIMITERS, "\n", "\r\n", "\r", "é", "日本", "🎉", "\ufeff", "=1", "x" * 70]
        return "".join(random.choices(pieces, k=random.choice([0, 1, 1, 2, 5])))

    def breaks(value):
        return value.count("\n") + value.count("\r") - value.count("\r\n")

    count = random.randint(1, 30)
    for number in range(count):
        record = [field() for _ in range(columns)]
        if number == 0:
            record = [f"{value}{index}" for index, value in enumerate(record)]
            # A byte order mark at the very beginning would be none of the field.
            record[0] = record[0].lstrip("\ufeff") or "0"
        forms = []
        for value in record:
            needs = any(sign in value for sign in (delimiter, '"', "\n", "\r")) or (columns == 1 and not value)
            quoted = needs or random.random() < 0.3
            forms.append('"' + value.replace('"', '""') + '"' if quoted else value)
        records.append((line, [value.encode() for value in record]))
        text += delimiter.join(forms)
        line += sum(map(breaks, record)) + 1
        if number + 1 < count or random.random() < 0.7:
            text += line_end()
        while random.random() < 0.1 and number + 1 < count:
            text += "\n" if text.endswith("\n") else line_end()
            line += 1
    return delimiter, text.encode(), records


def check(reading, path, records):
    (_, header), *rest = records
    if (
        "error" in reading
        or reading["header"] != header
        or reading["rows"] != [row for _, row in rest]
        or reading["lines"] != [line for line, _ in rest]
        or reading["misshapen"]
    ):
        sys.exit(f"{path}: not what was written\n  {records}\n  {reading}")


def require(accepted, least, what):
    """A judgement of nothing is none."""
    if accepted < least:
        sys.exit(f"only {accepted} {what} are accepted by both readers; at least {least} were expected")


def damaged(random, content):
    signs = [b'"', b",", b"\n", b"\r", b"\r\n", b"a", b""]
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(content) + 1)
        content = content[:place] + random.choice(signs) + content[place + random.randint(0, 2) :]
    return content


def main():
    generator = random.Random(SEED)
    corpus = sorted((HERE / "corpus/csv").iterdir())
    accepted = sum(compare(reading, path) for reading, path in zip(readings(corpus), corpus))
    print(f"csv module: {accepted} of {len(corpus)} files of the corpus are accepted by both, and read alike")
    require(accepted, len(corpus) // 4, "files of the corpus")
    with tempfile.TemporaryDirectory() as folder:
        paths, known, broken = [], [], []
        for number in range(600):
            delimiter, content, records = written(generator)
            choices = bytes([DELIMITERS.index(delimiter), 0, *generator.randbytes(5)])
            for name, kind in [(f"{number}", content), (f"{number}-damaged", damaged(generator, content))]:
                path = pathlib.Path(folder, name)
                path.write_bytes(choices + kind)
                (broken if "damaged" in name else paths).append(path)
            known.append(records)
        for reading, path, records in zip(readings(paths), paths, known):
            check(reading, path, records)
        alike = sum(compare(reading, path) for reading, path in zip(readings(paths), paths))
        require(alike, len(paths) // 2, "files made from the grammar")
        print(f"RFC 4180: {len(paths)} files are read as they were written, {alike} of them by the csv module as well")
        accepted = sum(compare(reading, path) for reading, path in zip(readings(broken), broken))
        require(accepted, len(broken) // 10, "damaged files")
        print(f"csv module: {accepted} of {len(broken)} damaged files are accepted by both, and read alike")


if __name__ == "__main__":
    main()
