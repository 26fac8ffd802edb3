#!/usr/bin/env python3
"""Models from and for other programs: what is trained here opens in PyTorch, what is traced there is imported, run, fine-tuned
and comes back, published weights give the masks that PyTorch gives, and damaged or hostile files are refused in one sentence.

usage: check_models.py BIN DATA WORKSPACE [--published] [--minutes M]
BIN holds bin/annotomy-cli and tests/model_logits; DATA the folders A01_msd_hippocampus and E01_brainchop; WORKSPACE is made and
must not exist. --published: the networks of E01 on a whole head as well, which takes minutes and 5 GB. Needs torch, nibabel.
"""
import argparse
import json
import os
import pathlib
import pickle
import subprocess
import sys
import zipfile

import nibabel
import numpy as np
import torch

from harness import Cli, Report

TILE = (32, 48, 32)  # i, j, k


class Traced(torch.nn.Module):
    """A small U-Net that nobody here has defined; in NIfTI's order of axes."""

    def __init__(self, outputs):
        super().__init__()
        nn = torch.nn

        def block(inputs, channels, stride):
            return nn.Sequential(nn.Conv3d(inputs, channels, 3, stride=stride, padding=1), nn.BatchNorm3d(channels), nn.PReLU(),
                                 nn.Conv3d(channels, channels, 3, padding=1), nn.InstanceNorm3d(channels, affine=True), nn.ELU())

        self.fine, self.coarse = block(1, 8, 1), block(8, 16, 2)
        self.up, self.head = nn.ConvTranspose3d(16, 8, 2, stride=2), nn.Conv3d(16, outputs, 1)

    def forward(self, x):
        fine = self.fine(x)
        return self.head(torch.cat([fine, self.up(self.coarse(fine))], 1))


def logits_here(program, model, image, outputs, folder):
    """Of an image [k, j, i] by the worker's own code."""
    image.astype(np.float32).tofile(folder / "in.f32")
    edges = [str(edge) for edge in image.shape[::-1]]
    subprocess.run([program, model, *edges, folder / "in.f32", folder / "out.f32"], check=True)
    return np.fromfile(folder / "out.f32", np.float32).reshape(outputs, *image.shape)


def logits_there(model, image, order="kji"):
    """Of the same image by PyTorch."""
    module = torch.jit.load(str(model)).eval()
    x = torch.from_numpy(image.astype(np.float32))
    with torch.inference_mode():
        if order == "kji":
            return module(x[None, None])[0].numpy()
        turned = module(x.permute(2, 1, 0).flip(0, 1)[None, None])[0]
        return turned.flip(1, 2).permute(0, 3, 2, 1).numpy()


def import_cases(cli, data, count):
    labels = data / "A01_msd_hippocampus/labels"
    images = sorted(p for p in (data / "A01_msd_hippocampus/images").iterdir() if (labels / p.name).exists())[:count]
    cases = [case["id"] for case in cli.run("import", *images, "--masks", labels, progress=True).json["cases"]]
    for case in cases[:-1]:
        cli.run("approve", case, "--as", "Reader")
    return cases


def segment_names(cli, case):
    """As the imported masks name them, by their value."""
    return [segment["name"] for segment in cli.run("case", case).json["segments"]]


def check_trained(cli, report, program, folder, minutes):
    trained = cli.run("train", "--recipe", "quick", "--minutes", minutes, progress=True).json
    cli.run("export-model", trained["model"], "--out", folder / "ours.pt")
    card = json.loads(zipped(folder / "ours.pt", "extra/card.json"))
    image = np.random.default_rng(1).normal(size=card["patch"][::-1])
    there = logits_there(folder / "ours.pt", image)
    here = logits_here(program, folder / "ours.pt", image, len(card["classes"]) + 1, folder)
    report.check("a model trained here gives PyTorch the same logits", np.abs(here - there).max() < 1e-4,
                 f"largest difference {np.abs(here - there).max():.1e} of {np.abs(there).max():.1f}")
    return trained["model"]


def check_traced(cli, report, program, folder, case, names, minutes):
    torch.manual_seed(0)
    module = Traced(len(names) + 1).eval()
    torch.jit.trace(module, torch.zeros(1, 1, *TILE)).save(str(folder / "traced.pt"))
    card = {"channels": [{"name": "image", "modality": "MR", "normalisation": "imageZScore"}], "classes": names, "patch": TILE,
            "axisOrder": "ijk"}
    (folder / "card.json").write_text(json.dumps(card))
    model = cli.run("import-model", folder / "traced.pt", "--card", folder / "card.json", progress=True).json["id"]
    cli.run("propose", case, "--model", model, progress=True)
    image = np.random.default_rng(2).normal(size=TILE[::-1])
    cli.run("export-model", model, "--out", folder / "same.pt")
    before = logits_there(folder / "traced.pt", image, "ijk")
    here = logits_here(program, folder / "same.pt", image, len(names) + 1, folder)
    report.check("one traced in PyTorch gives the same logits here", np.abs(here - before).max() < 1e-4,
                 f"largest difference {np.abs(here - before).max():.1e} of {np.abs(before).max():.1f}")
    tuned = cli.run("train", "--from", model, "--minutes", minutes, progress=True).json
    history = cli.run("history", tuned["run"]).json["epochs"]
    report.check("it learns", history[-1]["trainLoss"] < history[0]["trainLoss"],
                 f"loss {history[0]['trainLoss']:.3f} to {history[-1]['trainLoss']:.3f} in {len(history)} epochs")
    cli.run("export-model", tuned["model"], "--out", folder / "tuned.pt")
    after = logits_there(folder / "tuned.pt", image, "ijk")
    here = logits_here(program, folder / "tuned.pt", image, len(names) + 1, folder)
    report.check("and comes back with other weights", np.abs(after - before).max() > 1e-2 and np.abs(here - after).max() < 1e-4,
                 f"largest difference {np.abs(here - after).max():.1e}")
    cli.run("propose", case, "--model", tuned["model"], progress=True)


def zipped(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(next(entry for entry in archive.namelist() if entry.endswith("/" + name)))


def rewritten(source, target, change):
    """A copy of an archive whose entries `change` has looked at."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, change(entry, old.read(entry)))


class Command:
    def __reduce__(self):
        return os.system, ("touch harmed",)


def hostile_files(folder, data):
    whole = (folder / "traced.pt").read_bytes()
    for name, size in (("cut", len(whole) // 2), ("almost", len(whole) - 20), ("nothing", 0)):
        (folder / f"{name}.pt").write_bytes(whole[:size])
        yield f"{name}.pt"
    rewritten(folder / "traced.pt", folder / "newer.pt", lambda n, b: b"99\n" if n.endswith("/version") else b)
    yield "newer.pt"
    rewritten(folder / "traced.pt", folder / "operator.pt",
              lambda n, b: b.replace(b"torch.cat(", b"torch.catch_me(") if n.endswith(".py") else b)
    yield "operator.pt"
    rewritten(folder / "traced.pt", folder / "writes.pt",
              lambda n, b: b.replace(b"torch.cat(", b'torch.from_file("harmed", True, 4); torch.cat(') if n.endswith(".py") else b)
    yield "writes.pt"
    torch.save({"weight": torch.zeros(2), "x": Command()}, folder / "command.pth")
    yield "command.pth"
    (folder / "plain.pkl").write_bytes(pickle.dumps(Command()))
    yield "plain.pkl"
    safe = (data / "E01_brainchop/model5_gw_ae/model.pth").read_bytes()
    (folder / "cut.safetensors").write_bytes(safe[:-100])
    yield "cut.safetensors"
    (folder / "long.safetensors").write_bytes(b"\xff" * 7 + b"\x7f" + safe[8:])
    yield "long.safetensors"
    (folder / "text.pt").write_text("this is no model")
    yield "text.pt"


def check_hostile(cli, report, folder, data):
    before = cli.run("models").json["models"]
    architecture = data / "E01_brainchop/model5_gw_ae/model.json"
    for name in hostile_files(folder, data):
        cli.run("import-model", folder / name, "--architecture", architecture, "--card", folder / "card.json", status=1, names=name)
    report.check("the models are what they were", cli.run("models").json["models"] == before)
    report.check("nothing was run", not list(folder.rglob("harmed")) and not pathlib.Path("harmed").exists())


def reference_mask(folder, image):
    """By PyTorch, from the description alone: brainchop's quantiles, kernels as they are, on the image's own axes."""
    described = json.loads((folder / "model.json").read_text())
    path = folder / "model.pth"
    if zipfile.is_zipfile(path):
        weights = torch.load(path, map_location="cpu")
    else:
        from safetensors.torch import load_file
        weights = load_file(path)
    x = np.asarray(image.dataobj).astype(np.float32)
    low, high = np.quantile(x, [0.02, 0.98])
    x = torch.from_numpy(np.clip((x - low) / (high - low), 0, 1).astype(np.float32))[None, None]
    activation = torch.nn.functional.gelu if described.get("gelu") else torch.nn.functional.elu if described.get("elu") else torch.relu
    names = [name for name in weights if name.endswith("weight")]
    with torch.inference_mode():
        for number, (name, layer) in enumerate(zip(names, described["layers"])):
            x = torch.nn.functional.conv3d(x, weights[name], weights.get(name[:-6] + "bias"), padding=layer["padding"],
                                           dilation=layer["dilation"])
            if number + 1 < len(names):
                x = torch.nn.functional.group_norm(x, x.shape[1]) if described["bnorm"] else x
                x = activation(x)
    return x[0].argmax(0).numpy()


def check_published(cli, report, folder, data):
    published = data / "E01_brainchop"
    image = nibabel.load(published / "t1_crop.nii.gz")
    case = cli.run("import", published / "t1_crop.nii.gz", progress=True).json["cases"][0]["id"]
    for name, classes in (("mindgrab", ["Brain"]), ("model5_gw_ae", ["White matter", "Grey matter"])):
        (folder / "classes.json").write_text(json.dumps({"classes": classes}))
        model = cli.run("import-model", published / name / "model.pth", "--architecture", published / name / "model.json",
                        "--card", folder / "classes.json", "--name", name, progress=True).json["id"]
        done = subprocess.run([cli.program, "--workspace", cli.workspace, "propose", str(case), "--model", str(model)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        report.check(f"{name} runs on a whole head", done.returncode == 0)
        cli.run("export", case, "--format", "nifti", "--out", folder / f"{name}.nii.gz", progress=True)
        found = nibabel.load(folder / f"{name}.nii.gz")
        axes = nibabel.orientations.ornt_transform(nibabel.io_orientation(found.affine), nibabel.io_orientation(image.affine))
        mask = np.asarray(nibabel.orientations.apply_orientation(np.asarray(found.dataobj), axes))
        reference = reference_mask(published / name, image)
        share = (mask != reference).mean()
        report.check(f"{name} finds what PyTorch finds", share < 1e-3,
                     f"{(mask != reference).sum()} of {mask.size} voxels differ; {(reference > 0).sum()} belong to classes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("workspace", type=pathlib.Path)
    parser.add_argument("--published", action="store_true")
    parser.add_argument("--minutes", default="1")
    options = parser.parse_args()
    if options.workspace.exists():
        sys.exit(f"{options.workspace} exists already")
    options.workspace.mkdir(parents=True)
    folder = options.workspace / "files"
    folder.mkdir()
    report = Report()
    cli = Cli(options.bin / "bin/annotomy-cli", options.workspace / "workspace", report)
    program = options.bin / "tests/model_logits"
    cases = import_cases(cli, options.data, 9)
    names = segment_names(cli, cases[0])
    check_trained(cli, report, program, folder, options.minutes)
    check_traced(cli, report, program, folder, cases[-1], names, options.minutes)
    check_hostile(cli, report, folder, options.data)
    if options.published:
        check_published(cli, report, folder, options.data)
    sys.exit(1 if report.failures() else 0)


if __name__ == "__main__":
    main()
