"""The reference job at several sizes: in this process, on Spark with two cores, and on a Spark cluster of two workers.

    python scale.py --home SPARK --binary PIPELINE [--sizes 0.1,1,5] [--csv FILE] [--markdown FILE]

Every run is a process of its own, after its input was read once, and every number of Spark has to be that of the embedded engine.
Memory is the largest sum of what the processes of a run hold (PSS), looked at twice a second, and more often in the first;
a cluster's master and workers belong to it. What Spark reads, shuffles and answers with is what its event log says.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from measure import CommandFailed, warm
from standalone import Cluster

ENGINES = ("embedded", "local[2]", "two workers")


@dataclass(frozen=True)
class Run:
    """One run: wall-clock and CPU seconds, and the rest in bytes, but for rows."""

    gigabytes: float
    bytes: int
    rows: int
    engine: str
    wall: float
    memory: int
    driver: int
    """Of `memory`, what the command and Spark's driver take; without a cluster, that is all."""
    read: int = 0
    shuffled: int = 0
    answered: int = 0
    task_seconds: float = 0
    """CPU seconds of the tasks."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True, help="where Spark is installed")
    parser.add_argument("--binary", type=Path, required=True, help="the pipeline")
    parser.add_argument("--sizes", default="0.1,1,5", help="GB, separated by commas")
    parser.add_argument("--engines", default=",".join(ENGINES), help="separated by commas")
    parser.add_argument("--csv", type=Path, help="where the numbers go")
    parser.add_argument("--markdown", type=Path, help="where the tables go, too")
    return parser.parse_args()


def proportional_set_size(process: int) -> int:
    """Bytes in memory, those that processes share divided among them; 0 of a process that is gone."""
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def children() -> dict[int, list[int]]:
    result: dict[int, list[int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{entry}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        result.setdefault(parent, []).append(int(entry))
    return result


class Memory(threading.Thread):
    """Watches processes and everything that they start."""

    def __init__(self, run: int, others: Sequence[int]) -> None:
        super().__init__(daemon=True)
        self.run_process, self.others = run, others
        self.most = self.most_in_run = 0
        self.done = threading.Event()

    def run(self) -> None:
        start = time.monotonic()
        while not self.done.wait(0.5 if time.monotonic() - start > 1 else 0.02):
            tree = children()

            def below(process: int) -> int:
                return proportional_set_size(process) + sum(below(child) for child in tree.get(process, ()))

            own = below(self.run_process)
            self.most_in_run = max(self.most_in_run, own)
            self.most = max(self.most, own + sum(map(below, self.others)))


def timed(command: Sequence[str], environment: dict[str, str], log: Path, others: Sequence[int] = ()) -> tuple[float, int, int]:
    """Wall-clock seconds, and bytes at the most: of all, and of the command with what it starts."""
    start = time.monotonic()
    with open(log, "wb") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        memory = Memory(process.pid, others)
        memory.start()
        status = process.wait()
    wall = time.monotonic() - start
    memory.done.set()
    memory.join()
    if status != 0:
        raise CommandFailed(f"{' '.join(command)} ended with {status}:\n{log.read_text(errors='replace')[-2000:]}")
    return wall, memory.most, memory.most_in_run


def tasks(logs: Path) -> tuple[int, int, int, float]:
    """What the tasks of the one application did: bytes read, bytes shuffled, bytes of answers, CPU seconds."""
    (log,) = logs.iterdir()
    read = shuffled = answered = 0
    seconds = 0.0
    with open(log, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if event["Event"] != "SparkListenerTaskEnd" or "Task Metrics" not in event:
                continue
            metrics = event["Task Metrics"]
            read += metrics["Input Metrics"]["Bytes Read"]
            shuffled += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
            answered += metrics["Result Size"] if event["Task Type"] == "ResultTask" else 0
            seconds += metrics["Executor CPU Time"] / 1e9
    return read, shuffled, answered, seconds


class Study:
    def __init__(self, settings: argparse.Namespace, work: Path) -> None:
        self.home, self.binary = settings.home.resolve(), settings.binary.resolve()
        self.work = work
        self.environment = os.environ | {"XDG_CACHE_HOME": str(work / "cache"), "SPARK_LOCAL_IP": "127.0.0.1"}

    def generate(self, rows: int) -> Path:
        job = self.work / "job"
        shutil.rmtree(job, ignore_errors=True)
        subprocess.run([self.binary, "generate", "reference-job", "--responses", str(rows), "-o", job],
                       check=True, stdout=subprocess.DEVNULL)
        return job

    def command(self, job: Path, output: str, *more: str) -> list[str]:
        return [str(self.binary), "run", "reference-job", "--pipelines", str(job), "--output", str(self.work / output),
                "--no-cache", "--quiet", *more]

    def spark(self, job: Path, master: str, others: Sequence[int]) -> tuple[tuple[float, int, int], tuple[int, int, int, float]]:
        logs = self.work / "events"
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir()
        settings = {
            "spark.driver.memory": "2g", "spark.executor.memory": "2g", "spark.sql.shuffle.partitions": "8",
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": logs.as_uri(), "spark.eventLog.compress": "false", "spark.eventLog.rolling.enabled": "false"}
        words = [word for key, value in settings.items() for word in ("--spark-conf", f"{key}={value}")]
        command = self.command(job, "spark", "--engine", "spark", "--master", master, "--spark-home", str(self.home),
                               "--check-against", str(self.work / "embedded"), *words)
        return timed(command, self.environment, self.work / "log", others), tasks(logs)

    def run(self, gigabytes: float, rows: int, engines: Sequence[str]) -> list[Run]:
        job = self.generate(rows)
        responses = job / "responses.csv"
        size = responses.stat().st_size
        results = []

        def add(engine: str, cost: tuple[float, int, int], *done: float) -> None:
            results.append(Run(gigabytes, size, rows, engine, round(cost[0], 2), cost[1], cost[2], *done))
            print(f"{gigabytes} GB, {engine}: {cost[0]:.1f} s", file=sys.stderr, flush=True)

        warm(responses)
        add("embedded", timed(self.command(job, "embedded"), self.environment, self.work / "log"))
        if "local[2]" in engines:
            warm(responses)
            cost, done = self.spark(job, "local[2]", [])
            add("local[2]", cost, *done)
        if "two workers" in engines:
            cluster = Cluster(self.home, self.work)
            try:
                warm(responses)
                cost, done = self.spark(job, cluster.url, [process.pid for process in [cluster.master, *cluster.workers]])
            finally:
                cluster.stop()
            add("two workers", cost, *done)
        return results


def table(runs: Sequence[Run]) -> str:
    lines = ["| GB | rows | engine | s | / embedded | MB/s | peak GB | read GB | shuffled MB | answers MB | CPU s of tasks |",
             "|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    embedded = {run.gigabytes: run.wall for run in runs if run.engine == "embedded"}
    for run in runs:
        own = run.engine == "embedded"
        cells = [f"{run.gigabytes:g}", f"{run.rows:,}", run.engine, f"{run.wall:.1f}", f"{run.wall / embedded[run.gigabytes]:.1f}",
                 f"{run.bytes / 1e6 / run.wall:.0f}", f"{run.memory / 1e9:.2f}"]
        cells += [""] * 4 if own else [f"{run.read / 1e9:.2f}", f"{run.shuffled / 1e6:.0f}", f"{run.answered / 1e6:.1f}",
                                       f"{run.task_seconds:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    settings = options()
    engines = settings.engines.split(",")
    if unknown := set(engines) - set(ENGINES):
        raise SystemExit(f"scale: no such engine: {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        study = Study(settings, Path(name))
        sample = 10_000
        bytes_per_row = (study.generate(sample) / "responses.csv").stat().st_size / sample
        runs: list[Run] = []
        for gigabytes in map(float, settings.sizes.split(",")):
            runs += study.run(gigabytes, round(gigabytes * 1e9 / bytes_per_row), engines)
            if settings.csv:
                with open(settings.csv, "w", newline="", encoding="utf-8") as file:
                    writer = csv.DictWriter(file, [field.name for field in fields(Run)], lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(map(asdict, runs))
    text = table(runs)
    print(text)
    if settings.markdown:
        settings.markdown.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except CommandFailed as error:
        raise SystemExit(f"scale: {error}") from None
