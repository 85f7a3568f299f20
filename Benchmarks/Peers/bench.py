"""Runs the reference job with every contender, side by side in one session, and prints what each took.

    python bench.py --data DIRECTORY [--rounds 5] [--only ours,polars] [--markdown FILE] [--no-slow]

Every run is a fresh process, timed as a whole, right after its input was read once (so it is in memory for everyone). The contenders
take turns, round by round, so that a disturbance of the machine meets all of them; medians are reported. One round before is not timed.
After every run the estimates are compared with ours; a difference above 1e-9 (relative) stops everything.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from agreement import Disagreement, Table, largest_difference, read_estimates
from contenders import Contender, fast_contenders, prepare, reference_contender, slow_contenders
from job import Job, read_job
from measure import CommandFailed, Cost, Summary, measure, warm
from report import Result, report
from survey import first_rows_in_r

PEERS = Path(__file__).parent


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the directory of the reference job")
    parser.add_argument("--pipeline", type=Path, default=Path(".build/release/pipeline"), help="our binary")
    parser.add_argument("--rounds", type=int, default=5, help="timed runs of each fast contender")
    parser.add_argument("--only", type=lambda text: text.split(","), help="these contenders only, separated by commas")
    parser.add_argument("--markdown", type=Path, help="write the report here too")
    parser.add_argument("--slow", action=argparse.BooleanOptionalAction, default=True, help="also svy and R survey, run once")
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(contender: Contender, ours: Table | None, work: Path) -> tuple[Cost, float | None]:
    """One measured run, and how far its estimates are from ours."""
    warm(contender.input)
    cost = measure(contender.command, work / "log", contender.environment)
    if ours is None or contender.output is None:
        return cost, None
    try:
        return cost, largest_difference(ours, read_estimates(contender.output), contender.compared, contender.complete)
    except Disagreement as error:
        raise Disagreement(f"{contender.key} does not agree: {error}") from None


def run_rounds(contenders: list[Contender], rounds: int, ours: Table, work: Path) -> list[Result]:
    """Everyone once untimed, then all of them in turn, each round beginning with the next one."""
    costs: dict[str, list[Cost]] = {contender.key: [] for contender in contenders}
    apart: dict[str, float | None] = {}
    for number in range(rounds + 1):
        shift = number % max(len(contenders), 1)
        for contender in contenders[shift:] + contenders[:shift]:
            cost, difference = run(contender, ours, work)
            say(f"round {number or 'untimed'}: {contender.key:16} {cost.wall:8.3f} s")
            if difference is not None:
                apart[contender.key] = max(difference, apart.get(contender.key) or 0.0)
            if number > 0:
                costs[contender.key].append(cost)
    return [Result(contender.key, contender.title, Summary.of(costs[contender.key]), apart.get(contender.key)) for contender in contenders]


def run_slow(settings: argparse.Namespace, job: Job, ours: Table, work: Path) -> list[Result]:
    results = []
    for contender in slow_contenders(job, PEERS, work):
        if settings.only is None or contender.key in settings.only:
            say(f"once: {contender.key}")
            cost, difference = run(contender, ours, work)
            results.append(Result(contender.key, contender.title, Summary.of([cost]), difference))
    if settings.only is None or "r" in settings.only:
        say("once: r")
        results.append(first_rows_in_r(settings.pipeline, job, PEERS, work))
    return results


def main() -> None:
    settings = options()
    if settings.rounds < 1:
        raise SystemExit("--rounds must be at least 1")
    job = read_job(settings.data)
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as name:
        work = Path(name)
        reference = reference_contender(settings.pipeline, job, work)
        say("our estimates, untimed")
        run(reference, None, work)
        ours = read_estimates(reference.output)
        chosen = [c for c in fast_contenders(settings.pipeline, job, PEERS, work) if settings.only is None or c.key in settings.only]
        prepare(chosen, job, PEERS, work)
        results = run_rounds(chosen, settings.rounds, ours, work)
        if settings.slow:
            results += run_slow(settings, job, ours, work)
    text = report(results, job, settings.pipeline, settings.rounds)
    print(text)
    if settings.markdown is not None:
        settings.markdown.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (CommandFailed, Disagreement) as error:
        raise SystemExit(f"bench: {error}") from None
