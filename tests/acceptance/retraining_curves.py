#!/usr/bin/env python3
"""What each strategy of choosing the next case brings, on real MR: Medical Segmentation Decathlon Task04 (hippocampus).

A third of the labelled cases is held out, the same for all (pool "test"). For every seed ten of the others are approved and a
first model is trained; then every strategy goes its own way from there: in each round `rank` chooses ten cases, which are
approved as their masks are, the last model is fine-tuned on all that is approved, and judged on the held-out third. All by the
command line. Rows go to WORK/curves.csv as they are measured; run again, the script goes on where it was stopped.

usage: retraining_curves.py CLI DATA WORK [--strategies A,B] [--seeds 1,2,3] [--rounds N] [--minutes M] [--first-minutes M]
DATA holds images/ and labels/. Minutes are wall time: nothing else should run. draw_retraining_curves.py draws the rows.
"""
import argparse
import csv
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

STEP = 10  # cases a round
FIELDS = ["seed", "strategy", "round", "cases", "dice", "classDice", "trainMinutes", "rankSeconds", "roundSeconds", "chosen"]
CLASSES = {"0": "background", "1": "anterior", "2": "posterior"}


def write_data_set(data, folder):
    """An MSD data set whose parts fix the pools: two thirds to choose from, one third held out."""
    labelled = sorted(p.name for p in (data / "images").glob("*.nii.gz") if (data / "labels" / p.name).exists())
    random.Random(7).shuffle(labelled)  # as hippocampus_figures.py
    held_out = labelled[: len(labelled) // 3]
    # One case is named as validation, and never approved: only then is "training" taken as a pool.
    validation, training = labelled[len(held_out)], labelled[len(held_out) + 1 :]
    for name in labelled:
        part = "Ts" if name in held_out else "Tr"
        for kind in ("images", "labels"):
            (folder / f"{kind}{part}").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(data / kind / name, folder / f"{kind}{part}" / name)
    pair = lambda name: {"image": f"./imagesTr/{name}", "label": f"./labelsTr/{name}"}
    description = {
        "name": "Hippocampus",
        "modality": {"0": "MRI"},
        "labels": CLASSES,
        "training": [pair(name) for name in training],
        "validation": [pair(validation)],
        "test": [f"./imagesTs/{name}" for name in held_out],
    }
    (folder / "dataset.json").write_text(json.dumps(description, indent=1))
    return [name.split(".")[0] for name in training], [name.split(".")[0] for name in held_out]


class Workspace:
    def __init__(self, cli, folder):
        self.cli, self.folder = cli, folder

    def __call__(self, *arguments):
        command = [self.cli, "--workspace", str(self.folder), "--json", *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"failed with {done.returncode}: {' '.join(command)}\n{done.stderr[-500:]}")
        return json.loads(done.stdout)

    def approve(self, cases):
        approved = {case["id"] for case in self("cases")["cases"] if case["state"] == "approved"}
        wanted = [case for case in cases if case not in approved]
        if wanted:
            self("approve", *wanted, "--as", "Reference")

    def train(self, minutes, seed, start=None):
        further = ["--from", start] if start else ["--recipe", "standard"]
        return self("train", "--minutes", minutes, "--seed", seed, *further)["model"]

    def dice(self, model):
        report = self("evaluate", "--pool", "test", "--model", model, "--out", self.folder / "report")
        by_class = {name: figures["dice"] for name, figures in report["classes"].items()}
        return sum(by_class.values()) / len(by_class), by_class


class Curves:
    """The rows measured so far."""

    def __init__(self, path):
        self.path = path
        self.rows = list(csv.DictReader(path.open())) if path.exists() else []

    def has(self, seed, strategy, round_number):
        return any((int(r["seed"]), r["strategy"], int(r["round"])) == (seed, strategy, round_number) for r in self.rows)

    def add(self, **row):
        row = {name: row.get(name, "") for name in FIELDS}
        is_new = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, FIELDS)
            if is_new:
                writer.writeheader()
            writer.writerow(row)
        self.rows.append({name: str(value) for name, value in row.items()})
        print(f"seed {row['seed']} {row['strategy']} round {row['round']}: {row['cases']} cases, Dice {row['dice']}", flush=True)


class State:
    """What a workspace has got so far: written whole after each step."""

    def __init__(self, path):
        self.path = path
        self.values = json.loads(path.read_text()) if path.exists() else {}

    def once(self, key, make):
        if key not in self.values:
            self.values[key] = make()
            aside = self.path.with_suffix(".part")
            aside.write_text(json.dumps(self.values))
            aside.replace(self.path)
        return self.values[key]


def first_round(cli, data_set, parts, folder, seed, minutes, curves):
    """Ten cases and a first model; every strategy's workspace is a copy of this one."""
    folder.mkdir(parents=True, exist_ok=True)
    state = State(folder / "state.json")
    workspace = Workspace(cli, folder / "workspace")
    training, held_out = parts
    imported = state.once("import", lambda: {case["patient"]: case["id"]
                                             for case in workspace("import", "--layout", "msd", data_set)["cases"]})
    key = lambda name: next(number for patient, number in imported.items() if patient.endswith(name))
    workspace.approve([key(name) for name in held_out])
    workspace.approve([key(name) for name in random.Random(seed).sample(training, STEP)])
    begin = time.time()
    model = state.once("model0", lambda: workspace.train(minutes, seed))
    if not curves.has(seed, "first", 0):
        mean, by_class = workspace.dice(model)
        curves.add(seed=seed, strategy="first", round=0, cases=STEP, dice=round(mean, 4), trainMinutes=minutes,
                   classDice=json.dumps(by_class), roundSeconds=round(time.time() - begin))
    return folder


def one_round(workspace, state, strategy, seed, number, minutes, curves):
    begin = time.time()
    start = state.values[f"model{number - 1}"]

    # The last three models can disagree; as long as there is one alone, its entropy decides.
    models = [state.values[f"model{n}"] for n in range(max(0, number - 3), number)][::-1]
    alone = strategy != "disagreement" or len(models) == 1
    asked = "entropy" if strategy == "disagreement" and alone else strategy

    def choose():
        ranking = workspace("rank", "--strategy", asked, "--count", STEP, "--random-share", 0, "--seed", 1000 * seed + number,
                            *[word for model in models[: 1 if alone else 3] for word in ("--model", model)])
        return [[case["case"], case["reason"]] for case in ranking["cases"]]

    chosen = [case for case, _ in state.once(f"chosen{number}", choose)]
    ranked = time.time() - begin
    workspace.approve(chosen)
    model = state.once(f"model{number}", lambda: workspace.train(minutes, seed, start))
    mean, by_class = workspace.dice(model)
    curves.add(seed=seed, strategy=strategy, round=number, cases=STEP * (number + 1), dice=round(mean, 4),
               classDice=json.dumps(by_class), trainMinutes=minutes, rankSeconds=round(ranked),
               roundSeconds=round(time.time() - begin), chosen=" ".join(map(str, chosen)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--strategies", default="random,foreground-random,entropy,margin,disagreement,diversity,clasp-pe")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--first-minutes", type=float, default=6)
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    data_set = options.work / "Task04_Hippocampus"
    parts = State(options.work / "parts.json").once("parts", lambda: write_data_set(options.data, data_set))
    curves = Curves(options.work / "curves.csv")
    for seed in map(int, options.seeds.split(",")):
        base = options.work / f"seed-{seed}" / "first"
        first_round(options.cli, data_set, parts, base, seed, options.first_minutes, curves)
        for strategy in options.strategies.split(","):
            folder = options.work / f"seed-{seed}" / strategy
            if not folder.exists():
                aside = folder.with_suffix(".part")
                shutil.rmtree(aside, ignore_errors=True)
                shutil.copytree(base, aside)
                aside.rename(folder)
            workspace, state = Workspace(options.cli, folder / "workspace"), State(folder / "state.json")
            for number in range(1, options.rounds + 1):
                if not curves.has(seed, strategy, number):
                    one_round(workspace, state, strategy, seed, number, options.minutes, curves)


if __name__ == "__main__":
    main()
