#!/usr/bin/env python3
"""Does the gate promote a model that is worse? Twenty short, noisy retrainings on real hippocampi, judged on a second pool that
neither training nor gate ever sees.

Starts from a model trained for --first minutes on 30 approved cases. Each loop approves two more cases, of which every third
time one with a spoiled mask (shifted by four voxels), retrains from the current model for --minutes with a seed of its own, and
lets the gate decide. Then candidate and former model propose on the unseen pool; the mean difference of Dice, case by case,
has a 95 % bootstrap interval. A promotion is wrong when that whole interval lies below 0.

usage: gate_loops.py CLI DATA WORKSPACE [--loops 20] [--minutes 0.5] [--first 3] [--unseen 40]
Needs numpy and nibabel for the spoiled masks. Prints one JSON line per loop and the count of wrong promotions; exits 1 with any.
"""
import argparse
import json
import pathlib
import random
import statistics
import sys

import nibabel
import numpy

from hippocampus_figures import Workspace


def interval(differences, resamples=2000):
    draw = random.Random(1)
    means = sorted(statistics.mean(draw.choices(differences, k=len(differences))) for _ in range(resamples))
    return means[int(0.025 * resamples)], means[int(0.975 * resamples)]


def spoil(mask, out):
    image = nibabel.load(mask)
    voxels = numpy.roll(numpy.asarray(image.dataobj), 4, axis=1)
    nibabel.save(nibabel.Nifti1Image(voxels, image.affine), out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--loops", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--first", type=float, default=3)
    parser.add_argument("--unseen", type=int, default=40)
    options = parser.parse_args()
    if options.workspace.exists():
        sys.exit(f"{options.workspace} exists already")

    cli = Workspace(options.cli, options.workspace)

    labels = options.data / "labels"
    images = sorted(p for p in (options.data / "images").iterdir() if (labels / p.name).exists())
    random.Random(11).shuffle(images)
    unseen, rest = images[:options.unseen], images[options.unseen:]
    masks = options.workspace.parent / (options.workspace.name + "-masks")
    masks.mkdir(parents=True)
    for n, image in enumerate(rest):
        target = masks / image.name
        if n >= 30 and (n - 30) % 6 == 0:
            spoil(labels / image.name, target)
        else:
            target.write_bytes((labels / image.name).read_bytes())
    needed = rest[:30 + 2 * options.loops]
    ids = {c["patient"]: c["id"] for c in cli("import", *needed, "--masks", masks)["cases"]}
    ids.update({c["patient"]: c["id"] for c in cli("import", *unseen)["cases"]})

    def approve(image):
        cli("approve", ids[image.name.split(".")[0]], "--as", "Reader")

    known = {}

    def dice_of(model):
        if model not in known:
            cli("propose", *[ids[p.name.split(".")[0]] for p in unseen], "--model", model)
            values = []
            for image in unseen:
                out = options.workspace / "exports" / image.name
                out.parent.mkdir(exist_ok=True)
                out.unlink(missing_ok=True)
                cli("export", ids[image.name.split(".")[0]], "--format", "nifti", "--out", out)
                segments = cli("compare", labels / image.name, out)["segments"]
                values.append(statistics.mean(s["dice"] or 0.0 for s in segments))
            known[model] = values
        return known[model]

    for image in needed[:30]:
        approve(image)
    current = cli("train", "--recipe", "planned", "--minutes", options.first)["model"]
    promoted = wrong = 0
    for loop in range(options.loops):
        for image in needed[30 + 2 * loop:32 + 2 * loop]:
            approve(image)
        trained = cli("train", "--from", current, "--minutes", options.minutes, "--seed", 100 + loop)
        before, after = dice_of(current), dice_of(trained["model"])
        difference = [a - b for a, b in zip(after, before)]
        low, high = interval(difference)
        is_wrong = trained["promoted"] and high < 0
        promoted += trained["promoted"]
        wrong += is_wrong
        print(json.dumps({"loop": loop, "model": trained["model"], "promoted": trained["promoted"], "wrong": is_wrong,
                          "unseenBefore": round(statistics.mean(before), 4), "unseenAfter": round(statistics.mean(after), 4),
                          "interval": [round(low, 4), round(high, 4)], "reason": trained["gate"]["reason"]}), flush=True)
        if trained["promoted"]:
            current = trained["model"]
    print(json.dumps({"loops": options.loops, "promoted": promoted, "wrong": wrong}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
