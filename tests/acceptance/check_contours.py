"""The sarcoma patients' RTSTRUCTs, rasterised on CT, MR and PET, beside the publisher's own masks."""
import numpy as np

from independent import grid_difference, read_nifti


def dice_of(out, truth):
    (ours, grid), (theirs, grid_of_truth) = read_nifti(out), read_nifti(truth)
    off = grid_difference(grid, grid_of_truth)
    if off > 1e-2:
        return 0.0, off
    a, b = ours > 0, theirs > 0
    return 2 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b)), off


def check_patient(cli, report, work, patient, truths):
    for kind in ("CT", "MR_T1", "PET"):
        cases = cli.run("import", patient / kind / "image").json["cases"]
        report.check(f"{patient.name} {kind}: one case", len(cases) == 1, [c["patient"] for c in cases])
        case = cases[0]["id"]
        attached = cli.run("attach", case, patient / kind / "mask" / "RS.dcm").json
        report.check(f"{patient.name} {kind}: attach", set(attached) >= {"case", "revision"} and attached["case"] == case)
        truth = truths / patient.name / f"{kind}_mask.nii.gz"
        out = work / f"{patient.name}_{kind}.nii.gz"
        cli.run("export", case, "--format", "nifti", "--out", out)
        if truth.exists():
            dice, off = dice_of(out, truth)
            report.check(f"{patient.name} {kind}: contours", dice >= 0.995, f"Dice {dice:.5f}, grids within {off:.1e} mm")


def check_found_beside_images(cli, report, work, patient):
    """One import of the whole patient finds the contours and gives each to the images that it was drawn on."""
    cases = cli.run("import", patient).json["cases"]
    report.check(f"import {patient.name}: cases", len(cases) == 3, [c["modality"] for c in cases])
    for case in cases:
        shown = cli.run("case", case["id"]).json
        kind = {"CT": "CT", "MR": "MR_T1", "PT": "PET"}[case["modality"]]
        report.check(f"import {patient.name} {kind}: contours found", len(shown["revisions"]) == 1 and
                     [s["name"] for s in shown["segments"]] != [], [s["name"] for s in shown["segments"]])
        first, found = work / f"{patient.name}_{kind}.nii.gz", work / "found.nii.gz"
        found.unlink(missing_ok=True)
        cli.run("export", case["id"], "--format", "nifti", "--out", found)
        report.check(f"import {patient.name} {kind}: same mask", dice_of(found, first)[0] == 1.0)


def check(cli, report, work, data):
    truths = data.shared / "A03_ibsi_sts/nifti"
    for patient in sorted(data("A03_ibsi_sts").glob("STS_*")):
        check_patient(cli, report, work, patient, truths)
    for patient in sorted(data("A03_ibsi_sts").glob("STS_*"))[:2]:
        check_found_beside_images(cli.at(work / patient.name), report, work, patient)
