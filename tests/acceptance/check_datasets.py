"""`import --layout` and `export-dataset` beside nibabel, pycocotools and the layouts' own rules."""
import hashlib
import json
import pathlib

import nibabel
import numpy as np
from PIL import Image
from pycocotools import mask as coco_masks
from pycocotools.coco import COCO


def voxels(path):
    image = nibabel.load(path)
    return np.asanyarray(image.dataobj), image.affine


def same_image(a, b):
    (x, affine), (y, other) = voxels(a), voxels(b)
    return x.shape == y.shape and np.array_equal(x, y) and np.abs(affine - other).max() < 1e-3


def sources_of(cli, report_rows, folder):
    """The file's stem of every exported case, by its name in the data set."""
    patients = {case["id"]: case["patient"] for case in cli.run("cases").json["cases"]}
    return {row["name"]: patients[row["case"]] for row in report_rows}


def check_manifest(report, title, out, told):
    manifest = json.loads((out / "manifest.json").read_text())
    named = [file for case in manifest["cases"] for file in case["files"]] + manifest["files"]
    wrong = [file["path"] for file in named
             if hashlib.sha256((out / file["path"]).read_bytes()).hexdigest() != file["sha256"]]
    found = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()} - {"manifest.json"}
    report.check(f"{title}: manifest", not wrong and found == {file["path"] for file in named} and
                 told["files"] == len(named) + 1, f"{len(named)} files, {wrong or 'all hashes right'}")


def check_pairs(report, title, pairs, source, stems):
    """pairs: (name, image file, mask file) of every case."""
    wrong = [name for name, image, mask in pairs
             if not same_image(image, source / "images" / f"{stems[name]}.nii.gz") or
             not same_image(mask, source / "labels" / f"{stems[name]}.nii.gz")]
    report.check(f"{title}: voxels and affines by nibabel", pairs and not wrong, wrong or f"{len(pairs)} cases equal")


def nnunet_rules(out):
    """What nnunetv2's verify_dataset_integrity demands (nnunetv2/experiment_planning/verify_dataset_integrity.py)."""
    problems = []
    description = json.loads((out / "dataset.json").read_text())
    ending, channels = description["file_ending"], len(description["channel_names"])
    labels = sorted(v for v in description["labels"].values())
    if labels != list(range(len(labels))):
        problems.append(f"labels are not consecutive from 0: {labels}")
    cases = sorted({p.name[:-len(ending) - 5] for p in (out / "imagesTr").glob("*" + ending)})
    if len(cases) != description["numTraining"]:
        problems.append(f"numTraining {description['numTraining']}, cases {len(cases)}")
    for case in cases:
        mask, affine = voxels(out / "labelsTr" / (case + ending))
        if not set(np.unique(mask)) <= set(labels):
            problems.append(f"{case}: unexpected labels {np.unique(mask)}")
        for channel in range(channels):
            image, other = voxels(out / "imagesTr" / f"{case}_{channel:04d}{ending}")
            if image.shape != mask.shape or np.abs(affine - other).max() > 1e-3 or np.isnan(image).any():
                problems.append(f"{case}: channel {channel} does not fit the mask")
    splits = json.loads((out / "splits_final.json").read_text())
    if sorted(splits[0]["train"] + splits[0]["val"]) != cases:
        problems.append("splits_final.json does not hold every case once")
    return problems


def check_nnunet(cli, report, work, source):
    out = work / "Dataset001_Hippocampus"
    told = cli.run("export-dataset", "--layout", "nnunet", "--out", out, progress=True).json
    stems = sources_of(cli, told["cases"], out)
    check_manifest(report, "nnunet", out, told)
    problems = nnunet_rules(out)
    report.check("nnunet: the rules of verify_dataset_integrity", not problems, problems or "")
    pairs = []
    for row in told["cases"]:
        part = "Ts" if row["pool"] == "test" else "Tr"
        pairs.append((row["name"], out / f"images{part}" / f"{row['name']}_0000.nii.gz",
                      out / f"labels{part}" / f"{row['name']}.nii.gz"))
    check_pairs(report, "nnunet", pairs, source, stems)
    cli.run("export-dataset", "--layout", "nnunet", "--out", out, status=1, names=out)
    return out


def check_msd(cli, report, work, source):
    out = work / "Task04_Hippocampus"
    told = cli.run("export-dataset", "--layout", "msd", "--out", out, progress=True).json
    check_manifest(report, "msd", out, told)
    description = json.loads((out / "dataset.json").read_text())
    stems = sources_of(cli, told["cases"], out)
    entries = description["training"] + description.get("validation", [])
    pairs = [(pathlib.Path(e["image"]).name[:-7], out / e["image"], out / e["label"]) for e in entries]
    check_pairs(report, "msd", pairs, source, stems)
    report.check("msd: dataset.json", description["numTraining"] == len(description["training"]) and
                 description["labels"]["0"] == "background" and len(pairs) + description["numTest"] == len(told["cases"]),
                 f"{len(pairs)} with labels, {description['numTest']} to test")
    return out


def check_bids(cli, report, work, source):
    out = work / "bids"
    cli.run("export-dataset", "--layout", "bids", "--out", out, status=1, names="suffix", progress=True)
    report.check("bids: a refusal leaves nothing", not out.exists() and not out.with_name("bids.part").exists())
    told = cli.run("export-dataset", "--layout", "bids", "--suffix", "T1w", "--out", out, progress=True).json
    check_manifest(report, "bids", out, told)
    stems = sources_of(cli, told["cases"], out)
    pairs = [(row["name"], out / row["name"] / "anat" / f"{row['name']}_T1w.nii.gz",
              out / "derivatives/annotomy" / row["name"] / "anat" / f"{row['name']}_dseg.nii.gz") for row in told["cases"]]
    check_pairs(report, "bids", pairs, source, stems)
    main, derived = (json.loads((out / p / "dataset_description.json").read_text()) for p in (".", "derivatives/annotomy"))
    table = (out / "derivatives/annotomy/dseg.tsv").read_text().splitlines()
    report.check("bids: descriptions", main["DatasetType"] == "raw" and derived["DatasetType"] == "derivative" and
                 derived["GeneratedBy"][0]["Name"] == "Annotomy" and table[0].split("\t")[:2] == ["index", "name"],
                 f"{len(table) - 1} rows in dseg.tsv")
    return out


def is_picture_of(picture, values):
    """Whether brighter pixels are larger values, throughout."""
    in_order = picture.ravel()[np.argsort(values.ravel(), kind="stable")].astype(int)
    return picture.shape == values.shape and np.all(np.diff(in_order) >= 0) and (in_order[-1] > in_order[0] or np.ptp(values) == 0)


def check_coco(cli, report, work, source):
    out = work / "coco"
    told = cli.run("export-dataset", "--layout", "coco", "--out", out, progress=True).json
    check_manifest(report, "coco", out, told)
    stems = sources_of(cli, told["cases"], out)
    wrong, pictures, parts = [], 0, 0
    for file in sorted((out / "annotations").glob("instances_*.json")):
        part = file.stem.split("_")[1]
        coco = COCO(file)
        for image in coco.loadImgs(coco.getImgIds()):
            mask = voxels(source / "labels" / f"{stems[image['case']]}.nii.gz")[0]
            values = voxels(source / "images" / f"{stems[image['case']]}.nii.gz")[0]
            # The grids of this collection run to the right, anterior and superior: axial pictures are turned twice.
            expected = mask[::-1, ::-1, image["slice"]].T
            picture = np.asarray(Image.open(out / "images" / part / image["file_name"]))
            pictures += 1
            labels = np.zeros_like(expected)
            for one in coco.loadAnns(coco.getAnnIds([image["id"]])):
                parts += 1
                pixels = coco.annToMask(one)
                labels[pixels > 0] = one["category_id"]
                if one["area"] != pixels.sum() or list(coco_masks.toBbox(one["segmentation"])) != one["bbox"]:
                    wrong.append(f"{image['file_name']}: area or box")
            if not np.array_equal(labels, expected):
                wrong.append(f"{image['file_name']}: mask")
            if not is_picture_of(picture, values[::-1, ::-1, image["slice"]].T):
                wrong.append(f"{image['file_name']}: picture")
    report.check("coco: every slice by pycocotools", pictures and not wrong, wrong[:3] or f"{pictures} pictures, {parts} masks")


def check_again(cli, report, work, layout, folder, source, stems_by_order):
    """The exported data set into a new workspace, and out again: the same voxels."""
    other = cli.at(work / f"again_{layout}")
    told = other.run("import", "--layout", layout, folder, progress=True).json
    names = [c["patient"] for c in told["cases"]]
    with_masks = [c for c in told["cases"] if c["revision"]]
    report.check(f"{layout} again: cases with masks", len(with_masks) == len(told["cases"]) == len(stems_by_order) and
                 not told["skipped"], f"{len(with_masks)} of {len(told['cases'])}; reserved {told['reserved']}")
    wrong = []
    for case in told["cases"]:
        file = work / f"again_{layout}.nii.gz"
        other.run("export", case["id"], "--format", "nifti", "--out", file)
        if not same_image(file, source / "labels" / f"{stems_by_order[case['patient']]}.nii.gz"):
            wrong.append(case["patient"])
    report.check(f"{layout} again: masks", not wrong, wrong or f"{len(names)} equal")
    approved = other.run("approve", *[c["id"] for c in told["cases"]], "--as", "Again").json["approved"]
    return {patient["case"]: patient["pool"] for patient in approved}, told


def check(cli, report, work, data):
    source = data("A01_msd_hippocampus")
    own = cli.at(work / "datasets")
    told = own.run("import", "--layout", "msd", source, progress=True).json
    report.check("A01 as msd: cases", len(told["cases"]) == 177 and sum(bool(c["revision"]) for c in told["cases"]) == 176,
                 f"{len(told['cases'])} cases, {len(told['notes'])} notes")
    chosen = [c["id"] for c in told["cases"] if c["revision"]][:14]
    pools = {a["case"]: a["pool"] for a in own.run("approve", *chosen, "--as", "Tester").json["approved"]}
    report.check("A01: both pools were drawn", {"train", "validation"} <= set(pools.values()), sorted(pools.values()))
    folders = {"nnunet": check_nnunet(own, report, work, source), "msd": check_msd(own, report, work, source),
               "bids": check_bids(own, report, work, source)}
    check_coco(own, report, work, source)
    for layout, folder in folders.items():
        rows = json.loads((folder / "manifest.json").read_text())["cases"]
        stems = sources_of(own, rows, folder)
        again, told = check_again(own, report, work, layout, folder, source, stems)
        ids = {c["patient"]: c["id"] for c in told["cases"]}
        moved = [row["name"] for row in rows if again[ids[row["name"]]] != pools[row["case"]]]
        report.check(f"{layout} again: every case keeps its pool", not moved, moved or "")
