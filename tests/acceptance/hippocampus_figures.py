#!/usr/bin/env python3
"""How good a model becomes on real MR: Medical Segmentation Decathlon Task04 (hippocampus), by the command line alone.

A third of the labelled cases, drawn once (seed 7), is held out and never approved. Of the others as many are approved as asked
for; their pools are drawn by the program, so that about a fifth of them validates and does not teach. Each seed draws its own
cases and trains its own model. Prints one JSON line per model: mean foreground Dice of the held-out cases, alone and with
mirroring, and with several seeds on the same cases (--same-cases) that of their ensemble.

usage: hippocampus_figures.py CLI DATA WORKFOLDER --cases N --minutes M [--recipe planned] [--seeds 1 2 3] [--same-cases]
                              [--held-out N]
DATA holds images/ and labels/; WORKFOLDER is made and must not exist.
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import time


class Workspace:
    def __init__(self, cli, folder):
        self.cli, self.folder = cli, folder

    def __call__(self, *arguments):
        command = [self.cli, "--workspace", str(self.folder), "--json", *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"failed with {done.returncode}: {' '.join(command)}")
        return json.loads(done.stdout)


def held_out_dice(cli, held_out, labels, out, *options):
    """Mean over cases and classes, and both classes' means."""
    cli("propose", *[case for case, _ in held_out], *options)
    by_class = {}
    for case, image in held_out:
        out.mkdir(exist_ok=True)
        path = out / image.name
        path.unlink(missing_ok=True)
        cli("export", case, "--format", "nifti", "--out", path)
        for segment in cli("compare", labels / image.name, path)["segments"]:
            by_class.setdefault(segment["value"], []).append(segment["dice"] or 0.0)
    means = {value: statistics.mean(dice) for value, dice in sorted(by_class.items())}
    return statistics.mean(means.values()), means


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--recipe", default="planned")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--same-cases", action="store_true")
    parser.add_argument("--held-out", type=int, default=0, help="only so many of the held-out third; 0: all")
    options = parser.parse_args()
    options.work.mkdir(parents=True)

    labels = options.data / "labels"
    images = sorted(p for p in (options.data / "images").iterdir() if (labels / p.name).exists())
    random.Random(7).shuffle(images)
    third = len(images) // 3
    unseen, rest = images[:third], images[third:]
    if options.held_out:
        unseen = unseen[:options.held_out]

    cli = None
    models, results = [], []
    for seed in options.seeds:
        if cli is None or not options.same_cases:
            cli = Workspace(options.cli, options.work / f"seed-{seed}")
            chosen = sorted(rest)
            random.Random(seed).shuffle(chosen)
            chosen = chosen[:options.cases]
            cases = cli("import", *chosen, *unseen, "--masks", labels)["cases"]
            number = {case["patient"]: case["id"] for case in cases}
            held_out = [(number[p.name.split(".")[0]], p) for p in unseen]
            for image in chosen:
                cli("approve", number[image.name.split(".")[0]], "--as", "Reader")
            models = []
        begin = time.monotonic()
        trained = cli("train", "--recipe", options.recipe, "--minutes", options.minutes, "--seed", seed)
        minutes = (time.monotonic() - begin) / 60
        models.append(trained["model"])
        card = cli("model", trained["model"])["card"]
        out = options.work / "out"
        mean, by_class = held_out_dice(cli, held_out, labels, out, "--model", trained["model"])
        mirrored, _ = held_out_dice(cli, held_out, labels, out, "--model", trained["model"], "--tta")
        result = {"seed": seed, "recipe": options.recipe, "cases": options.cases, "minutes": options.minutes,
                  "minutesTaken": round(minutes, 2), "trainingCases": card["figures"]["trainingCases"],
                  "steps": card["figures"]["steps"], "heldOut": len(held_out), "dice": round(mean, 4),
                  "classDice": {k: round(v, 4) for k, v in by_class.items()}, "diceMirrored": round(mirrored, 4),
                  "temperature": round(card["temperature"], 3),
                  "calibrationError": [round(card["figures"].get(k, -1), 4)
                                       for k in ("calibrationErrorBefore", "calibrationError")],
                  "network": [card["recipe"][k] for k in ("network", "baseWidth", "patch", "mirrorAxes")]}
        results.append(result)
        print(json.dumps(result), flush=True)
        if options.same_cases and len(models) > 1:
            chosen_models = [a for model in models for a in ("--model", model)]
            for rule in ("mean", "vote", "staple"):
                mean, _ = held_out_dice(cli, held_out, labels, out, *chosen_models, "--ensemble", rule)
                print(json.dumps({"ensemble": rule, "models": len(models), "dice": round(mean, 4)}), flush=True)
            mean, by_class = held_out_dice(cli, held_out, labels, out, *chosen_models, "--tta")
            print(json.dumps({"ensemble": "mean", "models": len(models), "tta": True, "dice": round(mean, 4),
                              "classDice": {k: round(v, 4) for k, v in by_class.items()}}), flush=True)
    if len(results) > 1:
        dice = [r["dice"] for r in results]
        print(json.dumps({"mean": round(statistics.mean(dice), 4), "sd": round(statistics.stdev(dice), 4)}))


if __name__ == "__main__":
    main()
