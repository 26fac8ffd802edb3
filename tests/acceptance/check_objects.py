"""DICOM segmentations, structure sets and reports written on real series: faultless to dciodvfy, the same voxels to pydicom,
open to highdicom, and equal when they are attached again."""
import pathlib
import shutil
import subprocess

import nibabel
import numpy as np
import pydicom

from independent import read_nifti

SERIES = {"A03 CT": "A03_ibsi_sts/STS_008/CT/image", "A03 MR": "A03_ibsi_sts/STS_008/MR_T1/image",
          "A03 PET": "A03_ibsi_sts/STS_008/PET/image", "B03 oblique MR": "B03_brain_tumor_multiseries",
          "B05 sagittal decubitus": "B05_t1_sag_decubitus", "B07 CT head": "B07_slicer_cthead",
          "D03 oblique CT": "D03_rt_utils/oriented_data", "B10 enhanced MR": "B10_enhanced_mr",
          "A02 nameless CT": "A02_totalseg_ct"}
REGULARISED = {"B01 regularised tilt": "B01_ge_ct_tilt"}
NAMES = {1: "Leber (groß)", 2: "腫瘍", 3: "point"}


def faults(path, *ignored):
    """The errors of dciodvfy; none where it is not installed."""
    if not shutil.which("dciodvfy"):
        return []
    done = subprocess.run(["dciodvfy", path], capture_output=True)
    lines = (done.stderr + done.stdout).decode("utf-8", "replace").splitlines()
    return [line for line in lines if line.startswith("Error") and not any(part in line for part in ignored)]


def write_mask(image, path):
    """A shell with a hole, a blob of threshold values that touches it, and a lone voxel in a corner."""
    values = np.asanyarray(image.dataobj).astype(float)
    while values.ndim > 3:
        values = values[..., 0]
    i, j, k = np.meshgrid(*[np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in values.shape], indexing="ij")
    r = np.sqrt((i / .8) ** 2 + (j / .6) ** 2 + (k / 1.1) ** 2)
    mask = np.zeros(values.shape, np.uint8)
    mask[(r < 1) & (r > .4)] = 1
    mask[(values > np.quantile(values, .9)) & (i > 0)] = 2
    mask[0, -1, -1] = 3
    nibabel.save(nibabel.Nifti1Image(mask, image.affine), path)
    return mask


def voxels_of_segmentation(path, affine, shape):
    """(label, voxels) of a SEG put onto a NIfTI grid by its frames' positions, with pydicom alone."""
    data = pydicom.dcmread(path)
    frames = data.pixel_array.reshape(-1, data.Rows, data.Columns)
    shared = data.SharedFunctionalGroupsSequence[0]
    cosines = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    spacing = np.array(shared.PixelMeasuresSequence[0].PixelSpacing, float)
    inverse = np.linalg.inv(np.diag([-1, -1, 1, 1]) @ affine)
    found = {s.SegmentNumber: (s.SegmentLabel, np.zeros(shape, bool)) for s in data.SegmentSequence}
    for frame, groups in zip(frames, data.PerFrameFunctionalGroupsSequence):
        rows, columns = np.nonzero(frame)
        position = np.array(groups.PlanePositionSequence[0].ImagePositionPatient, float)
        points = (position[:, None] + cosines[:3, None] * columns * spacing[1] + cosines[3:, None] * rows * spacing[0])
        index = inverse[:3, :3] @ points + inverse[:3, 3:]
        assert not index.size or np.abs(index - np.round(index)).max() < 0.02
        found[groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber][1][tuple(np.round(index).astype(int))] = True
    return found, data


def check_highdicom(report, title, path):
    try:
        import highdicom
    except ImportError:
        return
    try:
        segments = highdicom.seg.segread(path).number_of_segments
        report.check(f"{title}: highdicom opens the segmentation", segments == 3, segments)
    except Exception as error:  # whatever highdicom holds against it
        report.check(f"{title}: highdicom opens the segmentation", False, repr(error))


def check_segmentation(cli, report, title, case, mask, affine, out):
    cli.run("export", case, "--format", "dicom-seg", "--out", out, progress=True)
    found, data = voxels_of_segmentation(out, affine, mask.shape)
    same = {label: np.array_equal(voxels, mask == value) for value, (label, voxels) in zip(NAMES, found.values())}
    report.check(f"{title}: pydicom reads the same voxels", list(same) == list(NAMES.values()) and all(same.values()), same)
    slices = sum(len(np.unique(np.nonzero(mask == value)[axis])) for value in NAMES for axis in [slice_axis(data, affine)])
    report.check(f"{title}: one frame per segment and slice", data.NumberOfFrames == slices, f"{data.NumberOfFrames} of {slices}")
    check_highdicom(report, title, out)
    return data


def slice_axis(data, affine):
    cosines = np.array(data.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient, float)
    normal = np.cross(cosines[:3], cosines[3:]) * [-1, -1, 1]
    columns = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return int(np.argmax(np.abs(normal @ columns)))


def check_comes_back(cli, report, title, case, mask, path, out):
    """Attached to the case again, it is the same mask."""
    cli.run("attach", case, path, progress=True)
    cli.run("export", case, "--format", "nifti", "--out", out, progress=True)
    values, _ = read_nifti(out)
    report.check(f"{title}: {pathlib.Path(path).name} comes back", np.array_equal(values, mask), np.count_nonzero(values != mask))


def check_report(cli, report, title, case, mask, image, out, nameless):
    answer = cli.run("export", case, "--format", "dicom-sr", "--out", out, progress=True)
    said = any("no Series Instance UID" in note for note in answer.json["notes"])
    report.check(f"{title}: a series without UID is told", said == nameless, answer.json["notes"])
    report.check(f"{title}: dciodvfy on the report", not faults(out), faults(out)[:3])
    dump = subprocess.run(["dsrdump", "-q", out], capture_output=True)
    report.check(f"{title}: dsrdump reads the report", dump.returncode == 0 and not dump.stderr, dump.stderr[-200:])
    groups = [item for item in walk(pydicom.dcmread(out)) if name_of(item) == "125007"]
    report.check(f"{title}: a group per segment", len(groups) == len(NAMES), len(groups))
    values = np.asanyarray(image.dataobj).astype(float)
    for value, group in zip(NAMES, groups):
        numbers = [float(item.MeasuredValueSequence[0].NumericValue) for item in group.ContentSequence if item.ValueType == "NUM"]
        inside = values[mask == value]
        truth = [inside.size * abs(np.linalg.det(image.affine[:3, :3])), inside.size, inside.mean(), inside.std(), inside.min(), inside.max()]
        report.check(f"{title}: figures of {NAMES[value]}", np.allclose(numbers, truth, rtol=1e-5, atol=1e-3), numbers)
    report.check(f"{title}: two files", len(answer.json["files"]) == 2, answer.json["files"])


def name_of(item):
    return item.ConceptNameCodeSequence[0].CodeValue if "ConceptNameCodeSequence" in item else ""


def walk(item):
    for child in item.get("ContentSequence", []):
        yield child
        yield from walk(child)


def check_series(cli, report, work, title, folder, *options):
    work.mkdir()
    cases = cli.run("import", folder, *options, progress=True).json["cases"]
    case = max(cases, key=lambda c: np.prod(c["size"]))["id"]
    shown = cli.run("case", case).json
    plain = work / "image.nii"
    cli.run("convert", folder, plain, *options, progress=True, *([] if not shown.get("seriesUid") else ["--series", shown["seriesUid"]]))
    image = nibabel.load(plain)
    mask = write_mask(image, work / "mask.nii.gz")
    cli.run("attach", case, work / "mask.nii.gz", *[p for v, n in NAMES.items() for p in ("--segment", f"{n}={v}")])
    data = check_segmentation(cli, report, title, case, mask, image.affine, work / "seg.dcm")
    report.check(f"{title}: dciodvfy on the segmentation", not faults(work / "seg.dcm"), faults(work / "seg.dcm")[:3])
    cli.run("export", case, "--format", "rtstruct", "--out", work / "rt.dcm", progress=True)
    report.check(f"{title}: dciodvfy on the structure set", not faults(work / "rt.dcm"), faults(work / "rt.dcm")[:3])
    for path in ("seg.dcm", "rt.dcm"):
        check_comes_back(cli, report, title, case, mask, work / path, work / "again.nii.gz")
    nameless = not pydicom.dcmread(work / "seg.dcm", stop_before_pixels=True).get("ReferencedSeriesSequence")
    check_report(cli, report, title, case, mask, image, work / "report.dcm", nameless)
    return data


def check(cli, report, work, data):
    for number, (title, folder) in enumerate(SERIES.items()):
        root, _, rest = folder.partition("/")
        check_series(cli.at(work / f"workspace{number}"), report, work / str(number), title, data(root) / rest)
    for title, folder in REGULARISED.items():
        check_series(cli.at(work / "regularised"), report, work / "even", title, data(folder), "--regularise")
