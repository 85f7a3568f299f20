#!/usr/bin/env python3
"""Runs pipelines on a real Spark: a standalone cluster of one master and two workers on this machine.

Every number has to be that of the embedded engine, to 1e-12. Then a worker is killed in the middle of a run, which must
end all the same; a run is interrupted, and its application must be gone; and a master is named that is not there.

    cluster.py --home DIR --binary FILE [--responses N] [NAME..]

NAME is a pipeline of Pipelines/, or `institutions` for a generated survey of N institutions.
"""

import argparse
import csv
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from standalone import Cluster

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Few tasks: the data is small, and two cores do them all.
SETTINGS = ["spark.sql.shuffle.partitions=4", "spark.executor.memory=2g", "spark.driver.memory=2g",
            "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1"]


class Runs:
    def __init__(self, options, work, cluster):
        self.options, self.work, self.cluster = options, work, cluster
        self.environment = os.environ | {"XDG_CACHE_HOME": str(work / "cache"), "SPARK_LOCAL_IP": "127.0.0.1"}

    def command(self, name, pipelines, output, *more):
        return [self.options.binary, "run", name, "--pipelines", str(pipelines), "--output", str(output), "--quiet",
                "--no-cache", *more]

    def spark(self, master):
        settings = [word for setting in SETTINGS for word in ("--spark-conf", setting)]
        return ["--engine", "spark", "--master", master, "--spark-home", str(self.options.home), *settings]

    def run(self, command):
        start = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        return done, time.monotonic() - start

    def local(self, name, pipelines):
        output = self.work / "local" / name
        done, seconds = self.run(self.command(name, pipelines, output))
        check(done.returncode == 0, f"{name} in this process", done.stderr)
        return output, seconds

    def same(self, name, pipelines, meanwhile=None):
        """Runs a pipeline on the cluster; every number must be the same."""
        expected, seconds = self.local(name, pipelines)
        output = self.work / "spark" / name
        start = time.monotonic()
        process = subprocess.Popen(
            self.command(name, pipelines, output, "--check-against", str(expected), *self.spark(self.cluster.url)),
            cwd=ROOT, env=self.environment, stderr=subprocess.PIPE, text=True)
        if meanwhile:
            meanwhile()
        _, error = process.communicate()
        took = time.monotonic() - start
        check(process.returncode == 0, f"{name} on the cluster", error)
        without_lines(expected, output, name)
        print(f"{name}: the same in {took:.1f} s on the cluster as in {seconds:.1f} s here", flush=True)


def check(holds, what, detail=""):
    if not holds:
        sys.exit(f"failed: {what}\n{detail}")


def without_lines(expected, found, name):
    """rejected.csv has no lines there; the rest is the same, in any order."""

    def rows(path):
        with open(path / "rejected.csv", newline="") as file:
            return sorted((row["file"], row["column"], row["scope"], row["reason"], row["value"])
                          for row in csv.DictReader(file))

    check(rows(expected) == rows(found), f"rejected.csv of {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=pathlib.Path, required=True, help="where Spark is installed")
    parser.add_argument("--binary", required=True, help="the pipeline")
    parser.add_argument("--responses", type=int, default=1_000_000, help="of the generated survey, a cycle")
    parser.add_argument("names", nargs="*", default=["cycle-2", "cycle-3", "cycle-4", "cycle-5", "institutions"])
    options = parser.parse_args()
    options.home = options.home.resolve()
    options.binary = str(pathlib.Path(options.binary).resolve())
    with tempfile.TemporaryDirectory(prefix="pipeline-cluster-") as folder:
        work = pathlib.Path(folder)
        cluster = Cluster(options.home, work)
        try:
            scenes(options, work, cluster)
        finally:
            cluster.stop()


def scenes(options, work, cluster):
    runs = Runs(options, work, cluster)
    pipelines = ROOT / "Pipelines"
    for name in options.names:
        if name != "institutions":
            runs.same(name, pipelines)
    if "institutions" in options.names:
        name, pipelines = survey(options, work, runs)

        def kill_a_worker():
            cluster.wait(lambda state: state["activeapps"], "an application", 120)
            time.sleep(20)
            # Its executor is a child of its own, and dies with it.
            killed = cluster.workers.pop()
            subprocess.run(["pkill", "-KILL", "-P", str(killed.pid)])
            killed.kill()
            killed.wait()
            print("killed a worker", flush=True)

        runs.same(name, pipelines, kill_a_worker)
    interrupted(runs, cluster, options.names[0] if options.names[0] != "institutions" else "cycle-2")


def survey(options, work, runs):
    """The definitions of the institutions over a survey of another size."""
    data = work / "data"
    done, _ = runs.run([
        options.binary, "generate", "institutions", "--responses", str(options.responses), "--cycles", "2..4", "--seed",
        "2026", "-o", str(data / "SampleData/institutions")])
    check(done.returncode == 0, "the survey is generated", done.stderr)
    (data / "Pipelines").symlink_to(ROOT / "Pipelines")
    definitions = data / "definitions"
    subprocess.run(["cp", "-r", ROOT / "Pipelines", definitions], check=True)
    return "institutions-cycle-4", definitions


def interrupted(runs, cluster, name):
    output = runs.work / "spark" / name
    before = (output / "run.json").read_bytes() if (output / "run.json").exists() else None
    process = subprocess.Popen(
        runs.command(name, ROOT / "Pipelines", output, *runs.spark(cluster.url)), cwd=ROOT, env=runs.environment,
        stderr=subprocess.PIPE, text=True)
    cluster.wait(lambda state: state["activeapps"], "an application", 120)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    check(process.returncode == 130, "an interrupted run ends with 130", error)
    cluster.wait(lambda state: not state["activeapps"], "no application left", 30)
    after = (output / "run.json").read_bytes() if (output / "run.json").exists() else None
    check(before == after, "the results before it are untouched")
    print("interrupted: the application is gone, the results are as before", flush=True)
    done, seconds = runs.run(runs.command(name, ROOT / "Pipelines", output, *runs.spark("spark://127.0.0.1:1")))
    check(done.returncode == 69, "a master that is not there ends with 69", done.stderr)
    after = (output / "run.json").read_bytes() if (output / "run.json").exists() else None
    check(before == after, "the results before it are untouched")
    print(f"no master: 69 after {seconds:.0f} s: {done.stderr.splitlines()[0]}", flush=True)


if __name__ == "__main__":
    main()
