"""What goes wrong while learning: each ends in one sentence, and the current model stays as it was."""
import os
import shutil
import subprocess
import threading
import time

import nibabel
import numpy as np

from check_bad_input import fill


def prepared(cli, data, count=9, approved=7):
    folder = data("A01_msd_hippocampus")
    images = [i for i in sorted((folder / "images").glob("*.nii.gz")) if (folder / "labels" / i.name).exists()][:count]
    cases = cli.run("import", *images, "--masks", folder / "labels").json["cases"]
    for case in cases[:approved]:
        cli.run("approve", case["id"], "--as", "Dr Test")
    trained = cli.run("train", "--minutes", "0.2", "--seed", "3", "--recipe", "quick", progress=True).json
    return cases, trained["model"]


class Standing:
    """The current model and its file, to be found unchanged later."""

    def __init__(self, cli, report):
        self.cli, self.report = cli, report
        self.before = self.state()

    def state(self):
        current = [m for m in self.cli.run("models").json["models"] if m["current"]]
        return [(m["id"], m["hash"], (self.cli.workspace / m["file"]).stat().st_size) for m in current]

    def check(self, name):
        self.report.check(f"{name}: the current model is untouched", self.state() == self.before, self.before)


def check_memory(cli, report, standing, cases):
    """The address space of everything that is started is limited to what LibTorch needs to start, and little more: a job
    steps down and does its work, or ends in a sentence."""
    program = cli.program
    for name, megabytes, command in (("propose", 900, ["propose", str(cases[8]["id"])]),
                                     ("train", 900, ["train", "--minutes", "0.2", "--recipe", "standard"]),
                                     ("propose", 500, ["propose", str(cases[8]["id"])])):
        done = subprocess.run(["prlimit", f"--as={megabytes << 20}", program, "--workspace", str(cli.workspace), "--json",
                               *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, text=True)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        sentence = lines[-1] if lines else ""
        ended = done.returncode == 1 and sentence.rstrip().endswith(".")
        report.check(f"{name} within {megabytes} MB", ended or (done.returncode == 0 and megabytes > 500),
                     f"exit {done.returncode}: {sentence[:200]}")
        if ended:
            standing.check(f"{name} within {megabytes} MB")
        standing.before = standing.state()


def check_nan(cli, report, standing, work, data):
    """A case of nothing but NaN among the approved ones, and one with some NaN."""
    folder = data("A01_msd_hippocampus")
    image = sorted((folder / "images").glob("*.nii.gz"))[-1]
    loaded = nibabel.load(image)
    voxels = np.asarray(loaded.dataobj, dtype=np.float32)
    some = voxels.copy()
    some[::7] = np.nan
    masks = work / "nan-masks"
    masks.mkdir()
    for name, content in (("all_nan", np.full_like(voxels, np.nan)), ("some_nan", some)):
        nibabel.save(nibabel.Nifti1Image(content, loaded.affine), work / f"{name}.nii.gz")
        shutil.copy(folder / "labels" / image.name, masks / f"{name}.nii.gz")
    ids = [c["id"] for c in cli.run("import", work / "some_nan.nii.gz", "--masks", masks, progress=True).json["cases"]]
    cli.run("approve", ids[0], "--as", "Dr Test")
    cli.run("train", "--minutes", "0.1", "--recipe", "quick", "--seed", "4", progress=True)
    done = cli.run("propose", ids[0], progress=True).json
    report.check("some NaN: proposed", len(done["proposals"]) == 1 and np.isfinite(done["proposals"][0]["meanEntropy"]))
    imported = cli.run("import", work / "all_nan.nii.gz", "--masks", masks, progress=True).json["cases"]
    if imported:
        cli.run("propose", imported[0]["id"], status=1, progress=True)
    standing.before = standing.state()


def check_vanishing_case(cli, report, standing, cases):
    """The decoded image of a case is deleted while a training begins, and so are its files."""
    running = subprocess.Popen([cli.program, "--workspace", str(cli.workspace), "--json", "train", "--minutes", "0.3",
                                "--recipe", "quick"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    gone = [f for f in (cli.workspace / "cache").glob("*.avol")]
    for file in gone:
        file.unlink()
    out, err = running.communicate(timeout=300)
    lines = [line for line in err.splitlines() if line.strip()]
    good = running.returncode == 0 or (running.returncode == 1 and lines[-1].rstrip().endswith("."))
    report.check("images deleted while training", good, f"exit {running.returncode}: {lines[-1][:200] if lines else out[:100]}")
    cli.run("propose", cases[8]["id"], progress=True)  # decoded again
    standing.before = standing.state()


def check_full_disk(cli, report, work, data):
    """The disk fills up while a training writes its checkpoints."""
    mounted = work / "tmpfs"
    mounted.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", mounted]).returncode:
        print("note  a small disk cannot be mounted here: not checked", flush=True)
        return
    try:
        small = cli.at(mounted / "workspace")
        cases, _ = prepared(small, data)
        standing = Standing(small, report)
        running = subprocess.Popen([small.program, "--workspace", str(small.workspace), "--json", "train", "--minutes", "1",
                                    "--recipe", "quick", "--from", "current"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        threading.Timer(8, fill, [mounted]).start()
        out, err = running.communicate(timeout=300)
        lines = [line for line in err.splitlines() if line.strip()]
        report.check("disk full while checkpointing", running.returncode == 1 and lines[-1].rstrip().endswith("."),
                     f"exit {running.returncode}: {lines[-1][:200] if lines else out[:100]}")
        (mounted / "filler").unlink()
        standing.check("disk full while checkpointing")
        small.run("propose", cases[8]["id"], progress=True)
        fill(mounted)
        small.run("propose", cases[8]["id"], "--uncertainty", mounted / "u.nii.gz", status=1, progress=True)
        report.check("disk full: no half map", not (mounted / "u.nii.gz").exists())
        (mounted / "filler").unlink()
        standing.check("disk full while proposing")
    finally:
        subprocess.run(["umount", mounted])


def check_ensemble_and_maps(cli, report, work, cases, model):
    """Maps lie on the image's own grid and agree with the mask; mirroring and each rule work."""
    case = cases[8]["id"]
    probability, entropy = work / "p.nii.gz", work / "u.nii.gz"
    cli.run("propose", case, "--model", model, "--probabilities", probability, "--uncertainty", entropy, progress=True)
    out = work / "mask.nii.gz"
    cli.run("export", case, "--format", "nifti", "--out", out)
    p, u, mask = nibabel.load(probability), nibabel.load(entropy), nibabel.load(out)
    report.check("maps on the mask's grid", p.shape == mask.shape == u.shape and np.allclose(p.affine, mask.affine, atol=1e-3)
                 and np.allclose(u.affine, mask.affine, atol=1e-3), p.shape)
    values, unsure = p.get_fdata(), u.get_fdata()
    report.check("probabilities from 0 to 1, entropy from 0 to log 3", values.min() >= 0 and values.max() <= 1.0001
                 and unsure.min() >= 0 and unsure.max() <= np.log(3) + 1e-4, (values.max(), unsure.max()))
    for rule in ("mean", "weighted", "vote", "staple"):
        weights = ["--weights", "1", "--weights", "2"] if rule == "weighted" else []
        cli.run("propose", case, "--model", model, "--model", model, "--ensemble", rule, *weights, progress=True)
    cli.run("propose", case, "--model", model, "--tta", progress=True)
    cli.run("propose", case, "--model", "no such model", status=1, names="no such model")
    cli.run("propose", case, "--probabilities", work / "nowhere" / "p.nii.gz", status=1, progress=True)


def check(cli, report, work, data):
    cases, model = prepared(cli, data)
    standing = Standing(cli, report)
    check_ensemble_and_maps(cli, report, work, cases, model)
    check_memory(cli, report, standing, cases)
    check_vanishing_case(cli, report, standing, cases)
    check_nan(cli, report, standing, work, data)
    check_full_disk(cli, report, work, data)
