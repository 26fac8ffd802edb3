#!/usr/bin/env python3
"""The learning loop on real MR: Medical Segmentation Decathlon Task04 (hippocampus), by the command line alone.

Imports 132 cases with their masks, approves 32, trains, proposes on 40 that are never approved and prints their mean
foreground Dice; then approves the other 60, retrains from that model and prints the Dice of the same 40.

usage: hippocampus.py CLI DATA WORKSPACE [--minutes M] [--shuffle SEED]
DATA holds images/ and labels/; WORKSPACE is made and must not exist.
"""
import argparse
import json
import pathlib
import random
import sys

from hippocampus_figures import Workspace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--minutes", default="10")
    parser.add_argument("--shuffle", type=int, default=4)
    options = parser.parse_args()
    if options.workspace.exists():
        sys.exit(f"{options.workspace} exists already")

    cli = Workspace(options.cli, options.workspace)

    labels = options.data / "labels"
    images = sorted(p for p in (options.data / "images").iterdir() if (labels / p.name).exists())
    random.Random(options.shuffle).shuffle(images)
    images = images[:132]
    cases = cli("import", *images, "--masks", labels)["cases"]
    by_patient = {case["patient"]: case["id"] for case in cases}
    ids = [by_patient[image.name.split(".")[0]] for image in images]
    first, later, held_out = ids[:32], ids[32:92], list(zip(ids[92:], images[92:]))

    def dice_of_held_out():
        cli("propose", *[case for case, _ in held_out])
        means = []
        for case, image in held_out:
            out = options.workspace / "exports" / image.name
            out.parent.mkdir(exist_ok=True)
            out.unlink(missing_ok=True)
            cli("export", case, "--format", "nifti", "--out", out)
            segments = cli("compare", labels / image.name, out)["segments"]
            means.append(sum(s["dice"] or 0.0 for s in segments) / len(segments))
        return sum(means) / len(means)

    for case in first:
        cli("approve", case, "--as", "Reader")
    trained = cli("train", "--minutes", options.minutes)
    before = dice_of_held_out()
    print(f"from {len(first)} cases: mean foreground Dice {before:.4f} on {len(held_out)} held-out cases", flush=True)
    for case in later:
        cli("approve", case, "--as", "Reader")
    retrained = cli("train", "--from", trained["model"], "--minutes", options.minutes)
    after = dice_of_held_out()
    print(f"from {len(first) + len(later)} cases: {after:.4f}; gate: {json.dumps(retrained['gate'])}")


if __name__ == "__main__":
    main()
