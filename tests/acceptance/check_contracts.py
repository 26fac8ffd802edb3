"""What scripts rely on: JSON names, choosing cases and revisions, attach, export, import and snapshot in all their forms."""
import shutil
import struct

import nibabel
import numpy as np


def has(report, name, document, keys):
    missing = [key for key in keys if key not in document]
    report.check(f"{name}: names", not missing, missing or "")


def check_import(cli, report, work, data):
    folder = data("A01_msd_hippocampus")
    images, labels = sorted((folder / "images").glob("*.nii.gz"))[:3], folder / "labels"
    labelled = [i for i in images if (labels / i.name).exists()]
    first = cli.run("import", *images, "--masks", labels).json
    has(report, "import", first, ["cases"])
    has(report, "import: case", first["cases"][0], ["id", "patient", "modality", "size", "warnings"])
    again = cli.run("import", *images, "--masks", labels).json
    listed = cli.run("cases").json["cases"]
    report.check("import twice: same cases", sorted(c["id"] for c in again["cases"]) ==
                 sorted(c["id"] for c in first["cases"]) and len(listed) == len(images), len(listed))
    revisions = [len(cli.run("case", c["id"]).json["revisions"]) for c in listed]
    report.check("import twice: masks once", sum(revisions) == len(labelled), revisions)
    return images[0], labels / images[0].name


def check_attach_and_export(cli, report, work, image, label):
    patient = image.name.split(".")[0]
    shown = cli.run("case", patient).json
    has(report, "case", shown, ["id", "patient", "state", "size", "spacing", "origin", "direction", "segments", "revisions",
                                "metrics"])
    first = shown["revisions"][-1]["id"]
    values = np.asanyarray(nibabel.load(label).dataobj)
    changed = np.where(values == 1, 7, 0).astype(np.int16)
    nibabel.save(nibabel.Nifti1Image(changed, nibabel.load(label).affine), work / "changed.nii.gz")
    attached = cli.run("attach", patient, work / "changed.nii.gz", "--segment", "a = b=7").json
    has(report, "attach", attached, ["case", "revision"])
    names = [s["name"] for s in cli.run("case", patient).json["segments"]]
    report.check("attach --segment NAME=VALUE", "a = b" in names, names)
    report.check("attach leaves the older revision", cli.run("case", patient, "--revision", first).json["segments"])
    for revision, truth in ((None, changed), (first, values)):
        for form, ending in (("nifti", ".nii.gz"), ("nrrd", ".nrrd")):
            out = work / f"out_{revision}{ending}"
            chosen = ["--revision", revision] if revision else []
            cli.run("export", patient, "--format", form, "--out", out, *chosen)
            if form == "nifti":
                same = np.array_equal(np.asanyarray(nibabel.load(out).dataobj), truth)
                report.check(f"export --revision {revision}: values and grid as attached", same and np.allclose(
                    nibabel.load(out).affine, nibabel.load(image).affine, atol=1e-3))
    for segment in ("noequals", "=3", "a=", "a=x"):
        cli.run("attach", patient, work / "changed.nii.gz", "--segment", segment, status=2)
    cli.run("export", patient, "--format", "nifti", "--out", work / "x.nii", "--revision", 999, status=1)
    cli.run("export", patient, "--format", "bmp", "--out", work / "x.bmp", status=2)
    cli.run("export", patient, "--format", "nifti", "--out", work / "no" / "such" / "x.nii", status=1)
    cli.run("case", "nobody", status=1, names="nobody")
    cli.run("attach", 999, label, status=1)
    return patient


def check_approve(cli, report, patient):
    has(report, "approve", cli.run("approve", patient, "--as", "Dr Test").json, ["case", "revision"])
    listed = {c["patient"]: c for c in cli.run("cases").json["cases"]}
    report.check("approve: state", listed[patient]["state"] == "approved", listed[patient]["state"])
    cli.run("approve", patient, status=2)
    cli.run("approve", patient, "--as", "", status=1)
    has(report, "models", cli.run("models").json, ["models"])
    cli.run("model", "nothing", status=1)
    cli.run("promote", "nothing", status=1)
    cli.run("history", 12345, status=1)
    cli.run("propose", patient, status=1)
    for arguments in ((), ("nonsense",), ("import",), ("cases", "--wrong"), ("train", "--minutes", "-3")):
        cli.run(*arguments, status=2)


def check_import_forms(cli, report, work, data):
    copied = work / "copied"
    shutil.copytree(data("B07_slicer_cthead/CTHeadAxialDicom"), work / "source")
    cli = cli.at(copied)
    case = cli.run("import", work / "source", "--copy").json["cases"][0]["id"]
    shutil.rmtree(work / "source")
    done = cli.run("snapshot", case, "--out", work / "copied.png")
    report.check("import --copy: opens without the source", done.status == 0)
    cli = cli.at(work / "channels")
    study = data("B03_brain_tumor_multiseries/Study3")
    series = {kind: next(study.glob(pattern)) for kind, pattern in (("T1", "*T1post-*"), ("T2", "*T2reg*"))}
    case = cli.run("import", series["T1"]).json["cases"][0]
    joined = cli.run("import", series["T2"], "--channel", "T2").json["cases"]
    listed = cli.run("cases").json["cases"]
    report.check("import --channel: joins the case", len(listed) == 1 and [c["id"] for c in joined] == [case["id"]],
                 [c["patient"] for c in listed])
    cli.run("import", series["T2"], "--channel", "T2")
    report.check("import --channel twice: one case", len(cli.run("cases").json["cases"]) == 1)


def check_masks_beside_images(cli, report, work, data):
    folder = data("A01_msd_hippocampus")
    mixed = work / "mixed"
    for part in ("images", "labels"):
        (mixed / part).mkdir(parents=True)
        for path in sorted((folder / "images").glob("*.nii.gz"))[:2]:
            shutil.copy(folder / part / path.name, mixed / part)
    cli = cli.at(work / "mixed_workspace")
    cases = cli.run("import", mixed, "--masks", mixed / "labels").json["cases"]
    report.check("mask folder beside images is not images", len(cases) == 2, len(cases))
    for case in cases:
        report.check("mask beside image attached", len(cli.run("case", case["id"]).json["revisions"]) == 1)


def check_ambiguous_patient(cli, report, work, data):
    cli = cli.at(work / "ambiguous")
    cli.run("import", data("A03_ibsi_sts/STS_008"))
    cli.run("case", "STS_008", status=1, names="STS_008")


def png_size(path):
    head = path.read_bytes()[:24]
    return struct.unpack(">II", head[16:]) if head.startswith(b"\x89PNG") else None


def check_snapshots(cli, report, work, data, pictures):
    cli = cli.at(work / "snapshots")
    case = cli.run("import", data("A02_totalseg_ct/example_ct_dicom")).json["cases"][0]["id"]
    cli.run("attach", case, data("A02_totalseg_ct/example_seg_dicom.nii.gz"))
    sarcoma = {c["modality"]: c["id"] for c in cli.run("import", data("A03_ibsi_sts/STS_008")).json["cases"]}
    for name, number in (("A02", case), ("A03_MR", sarcoma["MR"]), ("A03_PT", sarcoma["PT"])):
        for layout in ("mpr", "axial", "3d"):
            out = pictures / f"{name}_{layout}.png"
            out.unlink(missing_ok=True)
            cli.run("snapshot", number, "--out", out, "--layout", layout, "--size", "900x700")
            report.check(f"snapshot {name} {layout}", out.exists() and png_size(out) == (900, 700) and
                         out.stat().st_size > 5000, out.stat().st_size if out.exists() else "nothing")
    cli.run("snapshot", case, "--out", pictures / "at.png", "--at", "200,200,10", "--layout", "axial")
    cli.run("snapshot", case, "--out", work / "x.png", "--at", "1,2", status=2)
    cli.run("snapshot", case, "--out", work / "x.png", "--at", "9999,0,0", status=1)
    cli.run("snapshot", case, "--out", work / "x.png", "--size", "0x-4", status=2)
    cli.run("snapshot", case, "--out", work / "x.png", "--layout", "sideways", status=2)
    cli.run("snapshot", case, "--out", work / "no" / "x.png", status=1)


def check(cli, report, work, data):
    image, label = check_import(cli, report, work, data)
    patient = check_attach_and_export(cli, report, work, image, label)
    check_approve(cli, report, patient)
    check_import_forms(cli, report, work, data)
    check_masks_beside_images(cli, report, work, data)
    check_ambiguous_patient(cli, report, work, data)
    check_snapshots(cli, report, work, data, data.pictures)
