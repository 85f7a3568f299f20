"""Draws what curves.py measured: seconds and peak memory by rows.

    python plot.py docs/performance.csv [MORE.csv ...] --output docs/performance.svg
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

INK, QUIET, GRID = "#222222", "#666666", "#dddddd"
LINES = (("#1f4e79", "-", "o"), ("#b5541c", "--", "s"), ("#5b5b5b", ":", "^"), ("#7aa6cf", "-.", "D"))
"""Told apart by dash and mark as well as by colour, so that a grey print still reads."""

Curves = dict[str, list[tuple[float, float, float]]]
"""By label, ascending: rows, seconds, bytes of memory."""


def read_curves(paths: list[Path]) -> Curves:
    curves: Curves = defaultdict(list)
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                curves[row["label"]].append((float(row["rows"]), float(row["wall"]), float(row["rss"])))
    return {label: sorted(points) for label, points in curves.items()}


def thousands(rows: float, _: int) -> str:
    return f"{rows / 1e6:g} M" if rows >= 1e6 else f"{rows / 1e3:g} k" if rows else "0"


def panel(axes: Axes, curves: Curves, value: int, scale: float, title: str) -> None:
    """One measure, from zero, each line named at its end instead of in a legend."""
    for (label, points), (colour, dash, mark) in zip(curves.items(), LINES):
        rows, values = [p[0] for p in points], [p[value] * scale for p in points]
        axes.plot(rows, values, dash, marker=mark, color=colour, markersize=4, linewidth=1.5)
        axes.annotate(label, (rows[-1], values[-1]), xytext=(7, 0), textcoords="offset points", va="center", color=colour)
    axes.set_title(title, loc="left", color=INK, fontsize=11)
    axes.set_xlabel("rows", color=QUIET)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(FuncFormatter(thousands))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=QUIET, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, nargs="+", help="files of curves.py")
    parser.add_argument("--output", type=Path, default=Path("docs/performance.svg"), help="the picture")
    options = parser.parse_args()
    curves = read_curves(options.results)
    if not 0 < len(curves) <= len(LINES):
        raise SystemExit(f"plot: {len(curves)} labels; 1 to {len(LINES)} can be told apart")

    plt.rcParams.update({"font.family": "sans-serif", "font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "performance"})
    figure, (time, memory) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    panel(time, curves, 1, 1.0, "Seconds")
    panel(memory, curves, 2, 1e-6, "Peak memory, MB")
    figure.savefig(options.output, metadata={"Date": None})


if __name__ == "__main__":
    main()
