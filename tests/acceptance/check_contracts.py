"""What scripts rely on: JSON names, choosing cases and revisions, attach, export, import and snapshot in all their forms."""
import json
import os
import shutil
import struct
import subprocess

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


def check_masks_without_matching_names(cli, report, work, data):
    """image/phantom.nii.gz beside mask/mask.nii.gz; brain1_image.nrrd beside brain1_label.nrrd."""
    phantom = data("A06_ibsi1_digital_phantom/nifti")
    cases = cli.at(work / "phantom").run("import", phantom).json["cases"]
    report.check("mask folder beside image folder is not an image", len(cases) == 1, len(cases))
    brains = data("A04_pyradiomics")
    cases = cli.at(work / "brains").run("import", brains).json["cases"]
    report.check("masks in the folder of their images are no images", len(cases) == 4, [c["patient"] for c in cases])
    cases = cli.at(work / "brains_masked").run("import", brains, "--masks", brains).json["cases"]
    report.check("one folder of images and masks: attached", len(cases) == 4 and all(c["revision"] for c in cases),
                 [c["revision"] for c in cases])


def check_ambiguous_patient(cli, report, work, data):
    cli = cli.at(work / "ambiguous")
    cases = cli.run("import", data("A03_ibsi_sts/STS_008")).json["cases"]
    cli.run("case", "STS_008", status=1, names="STS_008")
    sentence = cli.run("case", "STS_008", status=1, names=", ".join(str(c["id"]) for c in cases)).sentence
    report.check("ambiguous patient: the numbers are named", "number" in sentence, sentence)


def check_nothing_to_segment(cli, report, work, data):
    cli = cli.at(work / "negative")
    images = sorted((data("A01_msd_hippocampus") / "images").glob("*.nii.gz"))[:2]
    cases = cli.run("import", *images).json["cases"]
    cli.run("approve", cases[0]["id"], "--as", "Dr Test", status=1, names=cases[0]["patient"])
    cli.run("approve", cases[0]["id"], "--as", "Dr Test", "--empty")
    shown = cli.run("case", cases[0]["id"]).json
    report.check("approve --empty", shown["state"] == "approved" and shown["segments"] == [], shown["state"])
    cli.run("attach", cases[1]["id"], data("A01_msd_hippocampus") / "labels" / images[1].name)
    cli.run("approve", cases[1]["id"], "--as", "Dr Test", "--empty", status=1, names=cases[1]["patient"])


def check_options_and_names(cli, report, work, data):
    """Global options before and after the command, relative paths, blanks and other alphabets, in the C locale."""
    folder = work / "Bilder ä 図"
    folder.mkdir()
    for image in sorted((data("A01_msd_hippocampus") / "images").glob("*.nii.gz"))[:2]:
        shutil.copy(image, folder)
    environment = {**os.environ, "LC_ALL": "C"}

    def ran(*arguments):
        done = subprocess.run([cli.program, *arguments], cwd=folder, env=environment, capture_output=True, timeout=300)
        return done.returncode, done.stdout
    names = sorted(path.name for path in folder.iterdir())
    status, out = ran("import", *names, "--workspace", "Arbeit ö", "--json")
    report.check("global options after the command", status == 0 and len(json.loads(out)["cases"]) == 2, status)
    status, out = ran("--json", "--workspace", "Arbeit ö", "cases")
    report.check("global options before the command", status == 0 and len(json.loads(out)["cases"]) == 2, status)
    status, out = ran("cases", "--workspace", "Arbeit ö")
    report.check("without --json: text", status == 0 and b"{" not in out and names[0].split(".")[0].encode() in out, status)
    status, _ = ran("snapshot", "1", "--out", "Bild ß.png", "--workspace", "Arbeit ö")
    report.check("snapshot under such a name", status == 0 and (folder / "Bild ß.png").exists(), status)
    with open("/dev/full", "wb") as full:
        done = subprocess.run([cli.program, "cases", "--workspace", folder / "Arbeit ö"], stdout=full,
                              stderr=subprocess.PIPE, timeout=300)
    report.check("output that is not taken is a failure", done.returncode == 1, done.stderr)


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
    check_masks_without_matching_names(cli, report, work, data)
    check_ambiguous_patient(cli, report, work, data)
    check_nothing_to_segment(cli, report, work, data)
    check_options_and_names(cli, report, work, data)
    check_snapshots(cli, report, work, data, data.pictures)
