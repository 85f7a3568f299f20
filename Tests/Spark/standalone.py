"""A Spark cluster on this machine: one master and two workers, each a process of its own."""

import json
import os
import random
import subprocess
import sys
import time
import urllib.request


class Cluster:
    """A master and two workers, each a process of its own."""

    def __init__(self, home, work):
        self.home, self.work = home, work
        self.port = random.randrange(20_000, 30_000)
        self.environment = os.environ | {
            "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(work / "workers")}
        self.master = self.start(
            "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(self.port),
            "--webui-port", str(self.port + 1))
        self.workers = [
            self.start(
                f"worker-{number}", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1",
                "--memory", "3g", "--webui-port", str(self.port + 2 + number), self.url)
            for number in range(2)]
        self.wait(lambda state: len(self.alive(state)) == 2, "two workers")

    @property
    def url(self):
        return f"spark://127.0.0.1:{self.port}"

    def start(self, name, *command):
        log = open(self.work / f"{name}.log", "wb")
        return subprocess.Popen(
            [self.home / "bin/spark-class", *command], env=self.environment, cwd=self.work, stdout=log, stderr=log)

    def state(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port + 1}/json/", timeout=5) as answer:
            return json.load(answer)

    @staticmethod
    def alive(state):
        return [worker for worker in state["workers"] if worker["state"] == "ALIVE"]

    def wait(self, holds, what, seconds=60):
        for _ in range(seconds * 4):
            try:
                if holds(self.state()):
                    return
            except OSError:
                pass
            time.sleep(0.25)
        sys.exit(f"the cluster has not got {what} after {seconds} s")

    def stop(self):
        for process in [*self.workers, self.master]:
            process.terminate()
        for process in [*self.workers, self.master]:
            process.wait()
