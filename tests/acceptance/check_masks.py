"""`compare` beside published volumes, plastimatch and brute force."""
import itertools
import re
import subprocess

import nibabel
import numpy as np
from scipy.spatial.distance import cdist

from independent import read_nifti, read_nrrd

KEYS = ["value", "voxelsReference", "voxelsMask", "tp", "fp", "fn", "tn", "precision", "recall", "f1", "dice", "iou",
        "accuracy", "falsePositiveRate", "falseNegativeRate", "volumeReferenceMl", "volumeMaskMl", "hdMm", "hd95Mm",
        "assdMm", "nsd"]


def read(path):
    return read_nrrd(path) if str(path).endswith(".nrrd") else read_nifti(path)


def surface(mask, grid):
    """Centres in mm of the voxels with a face neighbour outside the mask: docs/metrics.md."""
    padded = np.pad(mask, 1)
    inside = np.ones_like(mask)
    for axis, shift in itertools.product(range(3), (-1, 1)):
        inside &= np.roll(padded, shift, axis)[1:-1, 1:-1, 1:-1]
    return grid.origin + (np.argwhere(mask & ~inside) * grid.spacing) @ grid.direction


def nearest(a, b):
    return np.concatenate([cdist(part, b).min(axis=1) for part in np.array_split(a, max(1, len(a) // 500))])


def expected_figures(a, b, grid, tolerance):
    tp, fp, fn = (int(np.count_nonzero(x)) for x in (a & b, ~a & b, a & ~b))
    tn = a.size - tp - fp - fn
    ratio = lambda part, whole: part / whole if whole else None
    volume = abs(np.linalg.det(grid.direction)) * np.prod(grid.spacing) / 1000
    figures = {"voxelsReference": tp + fn, "voxelsMask": tp + fp, "tp": tp, "fp": fp, "fn": fn, "tn": tn,
               "precision": ratio(tp, tp + fp), "recall": ratio(tp, tp + fn), "f1": ratio(2 * tp, 2 * tp + fp + fn),
               "dice": ratio(2 * tp, 2 * tp + fp + fn), "iou": ratio(tp, tp + fp + fn), "accuracy": (tp + tn) / a.size,
               "falsePositiveRate": ratio(fp, fp + tn), "falseNegativeRate": ratio(fn, fn + tp),
               "volumeReferenceMl": (tp + fn) * volume, "volumeMaskMl": (tp + fp) * volume,
               "hdMm": None, "hd95Mm": None, "assdMm": None, "nsd": None}
    if a.any() and b.any():
        surfaces = surface(a, grid), surface(b, grid)
        there, back = nearest(*surfaces), nearest(*reversed(surfaces))
        pooled = np.concatenate([there, back])
        figures.update(hdMm=pooled.max(), hd95Mm=max(np.percentile(there, 95), np.percentile(back, 95)),
                       assdMm=pooled.mean(), nsd=float(np.mean(pooled <= tolerance + 1e-6)))
    return figures


def compare(cli, report, name, reference, mask, tolerance=1.0):
    """One row per segment: every figure of the program beside the definitions."""
    told = cli.run("compare", reference, mask, "--tolerance", tolerance).json["segments"]
    a, grid = read(reference)
    b = read(mask)[0]
    values = sorted((set(np.unique(a)) | set(np.unique(b))) - {0})
    report.check(f"compare {name}: segments", [s["value"] for s in told] == values, [s["value"] for s in told])
    for segment in told:
        missing = [key for key in KEYS if key not in segment]
        report.check(f"compare {name} {segment['value']}: names", not missing, missing or "")
        expected = expected_figures(a == segment["value"], b == segment["value"], grid, tolerance)
        wrong = [f"{key} {segment[key]} not {want}" for key, want in expected.items()
                 if (segment[key] is None) != (want is None) or want is not None and abs(segment[key] - want) > 1e-6]
        report.check(f"compare {name} {segment['value']}: 20 figures", not wrong, "; ".join(wrong) or
                     f"Dice {segment['dice']}, HD {segment['hdMm']}, HD95 {segment['hd95Mm']}, ASSD {segment['assdMm']}")
    return told


def beside_plastimatch(report, name, reference, mask, told):
    done = subprocess.run(["plastimatch", "dice", "--all", reference, mask], capture_output=True, text=True)
    counts = {key: int(re.search(rf"^{key}:\s+(\d+)", done.stdout, re.M).group(1)) for key in ("TP", "TN", "FN", "FP")}
    dice = float(re.search(r"DICE:\s+([\d.]+)", done.stdout).group(1))
    iou = counts["TP"] / (counts["TP"] + counts["FP"] + counts["FN"])
    report.check(f"plastimatch {name}: Dice, IoU", abs(dice - told["dice"]) <= 1e-6 and abs(iou - told["iou"]) <= 1e-6 and
                 all(counts[key] == told[key.lower()] for key in counts), f"{dice} / {told['dice']:.7f}, {iou:.7f}")


def perturbed(source, out, seed):
    """The mask moved by a voxel or two and partly eroded, on the same grid."""
    image = nibabel.load(source)
    mask = np.asanyarray(image.dataobj) > 0
    random = np.random.default_rng(seed)
    moved = np.roll(mask, random.integers(-2, 3, 3), (0, 1, 2)) & (random.random(mask.shape) > 0.02)
    nibabel.save(nibabel.Nifti1Image(moved.astype(np.uint8), image.affine), out)
    return out


def from_nrrd(path, out):
    """The same mask as NIfTI, written by nibabel."""
    values, grid = read_nrrd(path)
    affine = np.eye(4)
    affine[:3, :3] = (grid.direction * grid.spacing[:, None]).T
    affine[:3, 3] = grid.origin
    nibabel.save(nibabel.Nifti1Image(values.astype(np.uint8), np.diag([-1, -1, 1, 1]) @ affine), out)
    return out


def check_published_volumes(cli, report, work, data):
    for name, volume in (("brain1", 16412.66), ("brain2", 1797.18), ("breast1", 132.43)):
        mask = data(f"A04_pyradiomics/{name}_label.nrrd")
        told = compare(cli, report, f"A04 {name}", mask, mask)
        report.check(f"A04 {name}: published volume", abs(told[0]["volumeReferenceMl"] * 1000 - volume) < 0.01,
                     told[0]["volumeReferenceMl"] * 1000)
        copy = from_nrrd(mask, work / f"{name}.nii.gz")
        other = perturbed(copy, work / f"{name}_moved.nii.gz", len(name))
        beside_plastimatch(report, f"A04 {name}", copy, other, compare(cli, report, f"A04 {name} moved", mask, other)[0])


def check_phantom(cli, report, data):
    mask = data("A06_ibsi1_digital_phantom/nifti/mask/mask.nii.gz")
    told = compare(cli, report, "A06 phantom", mask, mask)
    report.check("A06 phantom: 592 mm3", abs(told[0]["volumeReferenceMl"] - 0.592) < 1e-9, told[0]["volumeReferenceMl"])
    folder = data("A06_ibsi1_digital_phantom/degenerate_masks/uninformative/mask")
    masks = sorted(folder.glob("*.nii.gz"))
    for a, b in itertools.product(masks, masks):
        compare(cli, report, f"A06 {a.name[:-7]} {b.name[:-7]}", a, b)
    foreign = data("A03_ibsi_sts/STS_008") and data.shared / "A03_ibsi_sts/nifti/STS_008/CT_mask.nii.gz"
    cli.run("compare", mask, foreign, status=1, names=foreign.name)
    cli.run("compare", mask, mask, "--tolerance", "-1", status=2)
    cli.run("compare", mask, "nowhere.nii.gz", status=1, names="nowhere.nii.gz")


def check(cli, report, work, data):
    check_published_volumes(cli, report, work, data)
    check_phantom(cli, report, data)
    for patient in sorted((data.shared / "A03_ibsi_sts/nifti").iterdir()):
        for mask in sorted(patient.glob("CT_mask.nii.gz")):
            name = f"A03 {patient.name} {mask.name[:-12]}"
            other = perturbed(mask, work / "moved.nii.gz", int(patient.name[-3:]))
            beside_plastimatch(report, name, mask, other, compare(cli, report, name, mask, other, 2.5)[0])
    for mask in sorted(data("D01_dcmqi/segmentations").glob("*.nrrd")):
        compare(cli, report, f"D01 {mask.name}", mask, mask)
