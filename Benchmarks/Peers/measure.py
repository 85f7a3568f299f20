"""Runs a command and says what it took, by the kernel's own account of the finished process."""

import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class CommandFailed(Exception):
    """A command that was measured ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Cost:
    """Of one process, from its start to its end."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system, all threads."""
    memory: int
    """Peak resident bytes. A process starts with the pages of the one that started it, some 20 MB here: the smallest are no smaller."""


@dataclass(frozen=True)
class Summary:
    """Of several runs: medians, and the range of the wall time in seconds."""

    wall: float
    fastest: float
    slowest: float
    cpu: float | None
    memory: int | None
    """Neither is known of a run that is extrapolated."""

    @staticmethod
    def of(costs: Sequence[Cost]) -> "Summary":
        walls = [cost.wall for cost in costs]
        return Summary(statistics.median(walls), min(walls), max(walls), statistics.median(cost.cpu for cost in costs),
                       int(statistics.median(cost.memory for cost in costs)))


def measure(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs the command with its output in /dev/null and its errors in `log`."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
    ]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], list(command), {**os.environ, **(environment or {})}, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{log.read_text(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def warm(path: Path) -> None:
    """Reads the file, so that its pages are in memory."""
    block = bytearray(1 << 20)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(block):
            pass
