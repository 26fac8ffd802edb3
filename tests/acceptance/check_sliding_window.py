#!/usr/bin/env python3
"""Sliding-window inference against MONAI's sliding_window_inference: one run, one machine, the same TorchScript file, image,
tiles of 96^3, overlap 0.5, Gaussian weights and threads; a fresh process for every measurement, in turns.

Usage: check_sliding_window.py build/release/bin/bench_sliding_window [--rounds N] [--threads N]
Needs Python's torch, monai and numpy. Probabilities may differ by 1e-3 at most and by 1e-5 in the mean; wall time must be at
most a half, peak memory (of the process) at most 0.65. With the crop to the body, whose tiles are others, wall time must be at
most a quarter. Wall times mean little while other programs run: the load is printed, and CPU times beside them.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from harness import Report

SIZE = (128, 256, 256)  # k, j, i
TILE = (96, 96, 96)
OUTPUTS = 2


def run_monai(folder, threads, out):
    """In a process of its own: prints the costs as JSON, writes the probabilities [output][k][j][i] to `out`."""
    import numpy
    import torch
    from monai.inferers import sliding_window_inference

    torch.set_num_threads(threads)
    model = torch.jit.load(str(folder / "model.pt")).eval()
    values = numpy.fromfile(folder / "image.raw", dtype=numpy.float32)
    image = torch.from_numpy(values).reshape(1, 1, *SIZE)
    with torch.inference_mode():
        wall, cpu = time.perf_counter(), time.process_time()
        found = sliding_window_inference(image, TILE, 1, lambda x: torch.softmax(model(x), 1), overlap=0.5, mode="gaussian")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if out:
        found.numpy().tofile(out)
    print(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": peak, "versions": f"torch {torch.__version__}"}))


def costs_of(command):
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}  # as the worker is started; spinning threads cost both alike
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, env=environment, check=True)
    return json.loads(done.stdout.decode().splitlines()[-1])


def differences(ours, theirs):
    """Largest and mean difference; ours is [k][output][j][i]."""
    import numpy

    a = numpy.memmap(ours, dtype=numpy.float32, mode="r", shape=(SIZE[0], OUTPUTS, *SIZE[1:]))
    b = numpy.memmap(theirs, dtype=numpy.float32, mode="r", shape=(OUTPUTS, *SIZE))
    largest, total = 0.0, 0.0
    for k in range(SIZE[0]):
        plane = numpy.abs(a[k].astype(numpy.float64) - b[:, k])
        largest, total = max(largest, float(plane.max())), total + float(plane.mean())
    return largest, total / SIZE[0]


def median(runs, what):
    return statistics.median(run[what] for run in runs)


def told(name, runs):
    spread = ", ".join(f"{run['wall']:.1f}" for run in runs)
    print(f"      {name}: wall {median(runs, 'wall'):.1f} s ({spread}), CPU {median(runs, 'cpu'):.1f} s, "
          f"peak {median(runs, 'peak_mb'):.0f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--monai", help=argparse.SUPPRESS)  # the folder: this is the process that runs MONAI
    parser.add_argument("--out", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.monai:
        return run_monai(pathlib.Path(options.monai), options.threads, options.out)
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([options.bench, "--make", folder], check=True)
        threads = ["--threads", options.threads]
        theirs = [sys.executable, __file__, options.bench, *threads, "--monai", folder]
        ours = [options.bench, folder, *threads]
        runs = {"MONAI": [], "ours": [], "ours, cropped": []}
        for turn in range(options.rounds):
            first = turn == 0
            print(f"      turn {turn + 1}, load {os.getloadavg()[0]:.1f}", flush=True)
            runs["MONAI"].append(costs_of(theirs + (["--out", folder / "theirs.raw"] if first else [])))
            runs["ours"].append(costs_of(ours + (["--out", folder / "ours.raw"] if first else [])))
            runs["ours, cropped"].append(costs_of(ours + ["--crop"]))
        largest, mean = differences(folder / "ours.raw", folder / "theirs.raw")
    for who, costs in runs.items():
        told(who, costs)
    print(f"      {runs['MONAI'][0]['versions']}, {options.threads} threads; cropped to {runs['ours, cropped'][0]['size']}; "
          f"a predictor is made in {median(runs['ours'], 'creation'):.2f} s")
    wall, cpu, peak = (median(runs["MONAI"], what) / median(runs["ours"], what) for what in ("wall", "cpu", "peak_mb"))
    crop = median(runs["MONAI"], "wall") / median(runs["ours, cropped"], "wall")
    report.check("the same probabilities", largest <= 1e-3 and mean <= 1e-5, f"at most {largest:.1e}, mean {mean:.1e}")
    report.check("twice as quick at identical tiles", wall >= 2, f"{wall:.2f} times by wall, {cpu:.2f} by CPU time")
    report.check("at most 0.65 of the peak memory", 1 / peak <= 0.65, f"{1 / peak:.2f}")
    report.check("four times as quick with the crop (other tiles)", crop >= 4, f"{crop:.2f} times by wall")
    return 1 if report.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
