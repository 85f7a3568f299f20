"""Draws what grow.py measured: processor time by row, as one size of the job changes.

    python plot.py docs/performance.csv --output docs/performance.svg
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
LINES = (("cpu", "from CSV", "#1f4e79", "-", "o"), ("snapshot_cpu", "from the snapshot", "#b5541c", "--", "s"))
"""Told apart by dash and mark as well as by colour, so that a grey print still reads."""


def read_curves(path: Path) -> dict[str, list[dict[str, float]]]:
    """By curve, its points, ascending."""
    curves: dict[str, list[dict[str, float]]] = defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            curve = row.pop("curve")
            curves[curve].append({name: float(value) for name, value in row.items()})
    return {curve: sorted(points, key=lambda point: point["size"]) for curve, points in curves.items()}


def short(size: float, _: int = 0) -> str:
    return f"{size / 1e6:g} M" if size >= 1e6 else f"{size / 1e3:g} k" if size >= 1e4 else f"{size:g}"


def panel(axes: Axes, curve: str, points: list[dict[str, float]]) -> None:
    sizes = [point["size"] for point in points]
    for field, label, colour, dash, mark in LINES:
        values = [point[field] / point["rows"] * 1e6 for point in points]
        axes.plot(sizes, values, dash, marker=mark, color=colour, markersize=4, linewidth=1.5, label=label)
    axes.set_title(curve, loc="left", color=INK, fontsize=11)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(FuncFormatter(short))
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=QUIET, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="the file of grow.py")
    parser.add_argument("--output", type=Path, default=Path("docs/performance.svg"), help="the picture")
    options = parser.parse_args()
    curves = read_curves(options.results)
    plt.rcParams.update({"font.family": "sans-serif", "font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "grow"})
    figure, all_axes = plt.subplots(2, 3, figsize=(11, 6), layout="constrained")
    for axes, (curve, points) in zip(all_axes.flat, curves.items()):
        panel(axes, curve, points)
    all_axes.flat[0].legend(frameon=False, labelcolor=QUIET)
    figure.suptitle("Processor time, microseconds a row", x=0.01, ha="left", color=INK, fontsize=12)
    figure.savefig(options.output, metadata={"Date": None})


if __name__ == "__main__":
    main()
