#!/usr/bin/env python3
"""Draws the rows of retraining_curves.py: mean foreground Dice on the held-out cases against approved cases.

One line a strategy, the mean over seeds, with the span of the seeds behind it; below, what each strategy is above or below
foreground-aware random, in points of Dice. Prints the same figures as a table. Needs matplotlib.

usage: draw_retraining_curves.py CSV OUT.svg
"""
import collections
import csv
import statistics
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

BASE = "foreground-random"
COLOURS = {"random": "#98a3ae", BASE: "#333c44", "entropy": "#e6b45a", "margin": "#e0606b", "diversity": "#6cc08b",
           "disagreement": "#be96ff", "clasp-pe": "#2f7fc1"}


def read(path):
    """{strategy: {cases: {seed: dice}}}; every strategy begins with its seed's first model."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    first = {row["seed"]: row for row in rows if row["strategy"] == "first"}
    curves = collections.defaultdict(lambda: collections.defaultdict(dict))
    for row in rows:
        if row["strategy"] == "first":
            continue
        for point in (first[row["seed"]], row):
            curves[row["strategy"]][int(point["cases"])][row["seed"]] = float(point["dice"])
    return curves, rows


def table(curves):
    for strategy, points in curves.items():
        for cases, by_seed in sorted(points.items()):
            base = curves.get(BASE, {}).get(cases, {})
            paired = [dice - base[seed] for seed, dice in by_seed.items() if seed in base]
            difference = f"{100 * statistics.mean(paired):+.2f}" if paired else ""
            print(f"{strategy:18} {cases:4} cases  {statistics.mean(by_seed.values()):.4f}  "
                  f"({min(by_seed.values()):.4f} to {max(by_seed.values()):.4f}, {len(by_seed)} seeds)  {difference}")


def draw(curves, rows, out):
    figure, (above, below) = plt.subplots(2, 1, figsize=(8, 7), sharex=True, height_ratios=[3, 2])
    for strategy, points in sorted(curves.items()):
        cases = sorted(points)
        colour = COLOURS.get(strategy)
        means = [statistics.mean(points[n].values()) for n in cases]
        above.plot(cases, means, "o-", color=colour, markersize=4, label=strategy)
        above.fill_between(cases, [min(points[n].values()) for n in cases], [max(points[n].values()) for n in cases],
                           color=colour, alpha=0.12, linewidth=0)
        base = curves.get(BASE, {})
        if strategy != BASE and base:
            common = [n for n in cases if set(points[n]) & set(base.get(n, {}))]
            below.plot(common, [100 * statistics.mean(points[n][s] - base[n][s] for s in points[n] if s in base[n])
                                for n in common], "o-", color=colour, markersize=4)
    seeds = sorted({row["seed"] for row in rows})
    minutes = {row["trainMinutes"] for row in rows if row["strategy"] != "first"}
    above.set_title(f"Hippocampus: {len(seeds)} seeds, {' or '.join(sorted(minutes))} minutes of training a round")
    above.set_ylabel("mean foreground Dice, held out")
    above.legend(frameon=False)
    below.axhline(0, color=COLOURS[BASE], linewidth=1)
    below.set_ylabel(f"points above {BASE}")
    below.set_xlabel("approved cases")
    for axes in (above, below):
        axes.grid(color="#dfe3e7", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    curves, rows = read(sys.argv[1])
    table(curves)
    draw(curves, rows, sys.argv[2])


if __name__ == "__main__":
    main()
