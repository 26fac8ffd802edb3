"""`info` and `convert` beside pydicom and dcm2niix."""
import shutil
import subprocess

import nibabel
import numpy as np

from independent import Grid, dicom_volumes, grid_difference, read_nifti, read_nrrd

SERIES_KEYS = {"modality", "description", "size", "spacing", "origin", "direction", "warnings"}


def folders(data):
    yield "A02", data("A02_totalseg_ct/example_ct_dicom")
    for patient in sorted((data("A03_ibsi_sts")).glob("STS_*")):
        for kind in ("CT", "MR_T1", "PET"):
            yield f"A03 {patient.name} {kind}", patient / kind / "image"
    for series in sorted(data("B03_brain_tumor_multiseries/Study3").iterdir()):
        if series.is_dir():
            yield f"B03 {series.name}", series
    yield "B05", data("B05_t1_sag_decubitus")
    yield "B07", data("B07_slicer_cthead")
    yield "D03 mock", data("D03_rt_utils/mock_data")
    yield "D03 oriented", data("D03_rt_utils/oriented_data")
    yield "B01", data("B01_ge_ct_tilt")
    for part in ("Siemens", "Philips", "niivue_enh.dcm"):
        yield f"B10 {part}", data("B10_enhanced_mr") / part
    yield "A07", data("A07_ucsf_br06/UCSF-BR-06/image_dce_3dfgre_orig")


def grid_of_json(series):
    return Grid(tuple(series["size"]), np.array(series["spacing"]), np.array(series["origin"]),
                np.array(series["direction"]).reshape(3, 3))


def worst(values, expected):
    """The largest difference; where values have fractions, in float32 units of the last place of the largest value,
    since NIfTI keeps slope and intercept in float32."""
    difference = np.abs(values.astype(np.float64) - expected)
    if np.all(expected == np.round(expected)):
        return float(difference.max())
    return float(difference.max() / np.spacing(np.float32(np.abs(expected).max())))


def check_folder(cli, report, work, name, folder):
    series = cli.run("info", folder).json["series"]
    expected = list(dicom_volumes(folder))
    report.check(f"info {name}: volumes", len(series) == len(expected), f"{len(series)} of {len(expected)}")
    unmatched = list(expected)
    for told in series:
        if not report.check(f"info {name}: names", SERIES_KEYS <= set(told), sorted(SERIES_KEYS - set(told)) or ""):
            continue
        grid = grid_of_json(told)
        near = [e for e in unmatched if grid_difference(grid, e[2]) < 1e-3]
        found = near[0] if near else None
        unit = np.abs(np.linalg.norm(grid.direction, axis=1) - 1).max()
        report.check(f"info {name}: grid", found is not None and unit < 1e-9,
                     f"{grid.size} off by {min([grid_difference(grid, e[2]) for e in unmatched] or [np.inf]):.1e} mm")
        unmatched = [e for e in unmatched if e is not found]
    for ending, read in ((".nii.gz", read_nifti), (".nrrd", read_nrrd)):
        out = work / ("converted" + ending)
        out.unlink(missing_ok=True)
        if cli.run("convert", folder, out).status:
            continue
        values, grid = read(out)
        same = [worst(values, e[1]) for e in expected if grid_difference(grid, e[2]) < 1e-3]
        report.check(f"convert {name} to {ending}", same and min(same) <= 1.0 and
                     (min(same) == 0 or values.dtype.kind == "f"),
                     f"{values.dtype}, largest difference {min(same) if same else 'no such grid'}")
    return work / "converted.nii.gz"


def canonical(path):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return np.asanyarray(image.dataobj), image.affine


def check_dcm2niix(report, work, name, folder, ours):
    out = work / "dcm2niix"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    if folder.is_file():  # dcm2niix would take the files beside it, too
        alone = work / folder.stem
        alone.mkdir(exist_ok=True)
        folder = shutil.copy(folder, alone)
    # -p n: the header's own rescaling, not the scanner's private one
    subprocess.run(["dcm2niix", "-b", "n", "-z", "n", "-p", "n", "-f", "v%s_%d", "-o", out, folder],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    values, affine = canonical(ours)
    theirs = [canonical(p) for p in out.glob("*.nii") if "Tilt" not in p.name and "_Eq" not in p.name]
    theirs = [(v[..., 0] if v.ndim == 4 else v, a) for v, a in theirs]
    same = [(v, a) for v, a in theirs if v.shape == values.shape and np.abs(a - affine).max() < 2e-3]
    if not same:
        shapes = [v.shape for v, _ in theirs]
        print(f"note  dcm2niix {name}: writes {shapes or 'nothing'}: not compared", flush=True)
        return
    difference = min(float(np.abs(v.astype(np.float64) - values).max() / max(1.0, np.abs(values).max())) for v, _ in same)
    report.check(f"dcm2niix {name}", difference <= 1e-6, f"{values.shape} largest relative difference {difference:.1e}")


def check_transfer_syntaxes(cli, report, work, data):
    folder = data("C03_cs3d_all_ts")
    reference = next(dicom_volumes(folder / "CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm"))
    allowed = {"4.91": 6, "4.81": 1, "4.50": 4000, "4.51": 4000}
    for path in sorted(folder.glob("CTImage.dcm_*")):
        refused = path.name.endswith(("4.53.dcm", "4.55.dcm"))
        out = work / "syntax.nii"
        out.unlink(missing_ok=True)
        done = cli.run("convert", path, out, status=1 if refused else 0, names=path.name if refused else None)
        if done.status == 0:
            values, grid = read_nifti(out)
            off = np.abs(values - reference[1]).max()
            bound = next((b for end, b in allowed.items() if path.name.endswith(end + ".dcm")), 0)
            report.check(f"convert {path.name.split('_', 1)[1]}", off <= bound and
                         grid_difference(grid, reference[2]) < 1e-3, f"largest difference {off}")


def check(cli, report, work, data):
    for name, folder in folders(data):
        ours = check_folder(cli, report, work, name, folder)
        if ours.exists():
            check_dcm2niix(report, work, name, folder, ours)
    check_transfer_syntaxes(cli, report, work, data)
