"""The pictures beside the page: ratios against their limits, and goodput, p99 and lag against load.

A command of its own, `python -m bench.plots`, so that measuring needs nothing to draw with. It shows them on the page.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "ctcpost"  # the same figures give the same bytes

from matplotlib import pyplot as plt  # noqa: E402  # after the choice of where it draws

from bench import ramp_figures, report  # noqa: E402
from bench.ramp_figures import RampFigures  # noqa: E402
from bench.results import DOCS, Results, fingerprint, read  # noqa: E402

COLOURS = {"aim": "tab:green", "must": "tab:blue", "missed": "tab:red", "not judged": "tab:gray"}
WITHOUT_DATE = {"Date": None}


def ratios(results: Results, file: Path) -> None:
    """Draw each metric's ratio with its interval, its must and its aim."""
    figure, axes = plt.subplots(figsize=(8, 0.6 * len(results) + 1.4), layout="constrained")
    for place, one in enumerate(results.values()):
        error = [[one["ratio"] - one["low"]], [one["high"] - one["ratio"]]]
        axes.errorbar(one["ratio"], place, xerr=error, fmt="o", capsize=4, color=COLOURS[one["verdict"]])
        axes.plot(one["must"], place, marker="|", markersize=20, color="black")
        axes.plot(one["aim"], place, marker="|", markersize=20, color="tab:green")
    better = {"higher": "more", "lower": "less"}
    axes.set_yticks(
        range(len(results)), [f"{name}, {better[one['better']]} is better" for name, one in results.items()]
    )
    axes.set_ylim(len(results) - 0.3, -0.7)
    axes.set_xlim(left=0)
    axes.set_xlabel("ours over raw; black: must, green: aim")
    axes.grid(axis="x", alpha=0.3)
    figure.savefig(file, metadata=WITHOUT_DATE | {"Title": fingerprint(results)})
    plt.close(figure)


def load(told: RampFigures, file: Path) -> None:
    """Draw what a simulator's ramp told: goodput, p99 and lag against the load offered."""
    steps: Sequence[Mapping[str, Any]] = told["steps"]
    offered = [step["offered_per_s"] for step in steps]
    rows = (
        ("goodput, 1/s", [step["goodput_per_s"] for step in steps]),
        ("p99, ms", [step["p99_ms"] for step in steps]),
        ("lag, s", [step["lag_s"] for step in steps]),
    )
    figure, axes = plt.subplots(len(rows), sharex=True, figsize=(8, 7), layout="constrained")
    for (label, values), place in zip(rows, axes, strict=True):
        place.plot(offered, values, marker="o")
        place.set_ylabel(label)
        place.grid(alpha=0.3)
    axes[0].plot(offered, offered, linestyle=":", color="gray", label="offered")
    axes[0].legend()
    axes[-1].set_xlabel("load offered, 1/s")
    figure.savefig(file, metadata=WITHOUT_DATE)
    plt.close(figure)


if __name__ == "__main__":
    measured = read(DOCS / "performance.json")
    ratios(measured, DOCS / "performance.svg")
    if (DOCS / "peak_hour.json").exists():
        ramp_figures.read(DOCS / "peak_hour.json")
    if (DOCS / "load.json").exists():
        load(ramp_figures.read(DOCS / "load.json"), DOCS / "load.svg")
    report.write(DOCS / "performance.md", measured)
