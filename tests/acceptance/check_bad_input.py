"""Bad input: each ends in one sentence that names the file, and nothing that was there before is lost."""
import os
import shutil
import sqlite3
import subprocess

import numpy as np
import pydicom

from independent import read_nifti


def check_files_that_are_none(cli, report, work):
    (work / "empty").mkdir()
    (work / "note.txt").write_text("just a note\n")
    (work / "note.nii").write_text("just a note\n")
    (work / "zero.dcm").touch()
    for name in ("empty", "note.txt", "note.nii", "zero.dcm", "missing.dcm"):
        for command in (["info", work / name], ["import", work / name], ["convert", work / name, work / "o.nii"]):
            cli.run(*command, status=1, names=name)


def check_truncated(cli, report, work, data):
    source = next(data("A02_totalseg_ct/example_ct_dicom").iterdir())
    for path in (source, next(data("B07_slicer_cthead/CTHeadAxialDicom").iterdir())):
        whole = path.read_bytes()
        for part in (0.001, 0.01, 0.05, 0.3, 0.9, 0.999):
            cut = work / "cut.dcm"
            cut.write_bytes(whole[:int(len(whole) * part)])
            for command in (["info", cut], ["import", cut], ["convert", cut, work / "cut.nii"]):
                cli.run(*command, status=1, names="cut.dcm")
    folder = work / "one_cut"
    shutil.copytree(data("B07_slicer_cthead/CTHeadAxialDicom"), folder)
    victim = folder / "CTHead40.dcm"
    victim.write_bytes(victim.read_bytes()[:5000])
    told = cli.run("convert", folder, work / "o.nii").json
    codes = [warning["code"] for warning in told["warnings"]]
    report.check("one slice of a series cut: convert says so", "damagedSlice" in codes, codes)
    told = cli.run("info", folder).json
    report.check("one slice of a series cut: listed", "CTHead40.dcm" in str(told["skipped"]), told["skipped"])


def check_two_studies(cli, report, work, data):
    folder = work / "two"
    shutil.copytree(data("B05_t1_sag_decubitus"), folder / "a")
    shutil.copytree(data("D03_rt_utils/oriented_data"), folder / "a" / "deeper")
    (folder / "notes.docx").write_bytes(b"PK\3\4 nothing")
    (folder / "a" / "broken.dcm").write_bytes(bytes(128) + b"DICM" + b"\xff" * 50)
    for path in data("D03_rt_utils/oriented_data").glob("1.dcm"):
        shutil.copy(path, folder / "copy_of_1.dcm")
    done = cli.run("import", folder).json
    report.check("two studies: both imported", len(done["cases"]) == 2, [c["size"] for c in done["cases"]])
    strays = str(done.get("skipped", ""))
    report.check("two studies: strays listed", "notes.docx" in strays and "broken.dcm" in strays, sorted(done))


def check_aborting_files(cli, report, work, data):
    liver = data("C02_pydicom_data")
    files = [next(liver.rglob(n)) for n in ("liver_rle.dcm", "liver_nonbyte_aligned_rle.dcm")]
    before = cli.run("cases").json
    for path in files:
        mask, = cli.run("info", path).json["masks"]
        told = [mask["format"], mask["frames"], [segment["name"] for segment in mask["segments"]]]
        report.check(f"{path.name}: info describes the mask", told == ["dicom-seg", 3, ["Liver"]], told)
        for command in (["import", path], ["convert", path, work / "o.nii"]):
            cli.run(*command, status=1, names=path.name)
    report.check("aborting files: nothing lost", cli.run("cases").json == before)
    folder = data("C01_pydicom_files/test_files")
    truth = pydicom.dcmread(folder / "rtdose_1frame.dcm")
    dose = truth.pixel_array * float(truth.DoseGridScaling)
    for name in ("rtdose_1frame.dcm", "rtdose_expb_1frame.dcm", "rtdose_rle_1frame.dcm"):
        cli.run("convert", folder / name, work / "dose.nii")
        ours = read_nifti(work / "dose.nii")[0]
        off = np.abs(ours[..., 0].T - dose).max() if ours.shape[2] == 1 else np.inf
        report.check(f"{name}: dose in Gy as pydicom has it", off <= 1e-6 * dose.max(), off)


def check_hippocampus_strays(cli, report, work, data):
    folder = data("A01_msd_hippocampus")
    cli = cli.at(work / "hippocampus")
    alone = next((folder / "images").glob("*118*"))
    case = cli.run("import", alone, "--masks", folder / "labels").json["cases"][0]
    report.check("image 118: imports without a mask", cli.run("case", case["id"]).json["revisions"] == [])
    cli.run("approve", case["id"], "--as", "Dr Test", status=1, names="118")
    cli.run("train", "--minutes", "0.1", status=1)
    labels = work / "labels"
    labels.mkdir()
    for number in ("010", "281"):
        shutil.copy(next((folder / "labels").glob(f"*{number}*")), labels)
    done = cli.run("import", alone, "--masks", labels)
    told = str(done.json)
    report.check("labels 010 and 281: told to have no image", "010" in told and "281" in told, sorted(done.json))
    cli.run("attach", case["id"], next(labels.glob("*010*")), status=1, names="hippocampus_010")
    report.check("mask of another geometry: nothing attached", cli.run("case", case["id"]).json["revisions"] == [])


def with_case(cli, data):
    """A workspace with one approved case, and the image beside its label."""
    folder = data("A01_msd_hippocampus")
    image = sorted((folder / "images").glob("*.nii.gz"))[0]
    cli.run("import", image, "--masks", folder / "labels")
    cli.run("approve", "1", "--as", "Dr Test")
    return image, folder / "labels" / image.name


def check_corrupt_database(cli, report, work, data):
    for name, damage in (("overwritten", lambda b: b[:4096] + b"\xa5" * (len(b) - 4096)),
                         ("header", lambda b: b"x" * 100 + b[100:]), ("half", lambda b: b[:len(b) // 2]),
                         ("middle", lambda b: b[:8192] + os.urandom(8192) + b[16384:])):
        spoilt = cli.at(work / f"corrupt_{name}")
        with_case(spoilt, data)
        database = spoilt.workspace / "annotomy.db"
        database.write_bytes(damage(database.read_bytes()))
        for extra in spoilt.workspace.glob("annotomy.db-*"):
            extra.unlink()
        kept = database.read_bytes()
        spoilt.run("cases", status=1, names="annotomy.db")
        report.check(f"corrupt database ({name}): left as it was", database.read_bytes() == kept)


def check_other_versions(cli, report, work, data):
    newer = cli.at(work / "newer")
    with_case(newer, data)
    with sqlite3.connect(newer.workspace / "annotomy.db") as database:
        database.execute("PRAGMA user_version = 9999")
    newer.run("cases", status=1)
    file = work / "file_for_workspace"
    file.write_text("no folder")
    cli.at(file).run("cases", status=1)
    cli.at("/proc/annotomy").run("cases", status=1, names="/proc/annotomy")


def fill(folder):
    try:
        with open(folder / "filler", "wb") as filler:
            while True:
                filler.write(bytes(65536))
                filler.flush()
    except OSError:
        pass


def check_full_disk(cli, report, work, data):
    mounted = work / "tmpfs"
    mounted.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", mounted]).returncode:
        print("note  a small disk cannot be mounted here: not checked", flush=True)
        return
    try:
        small = cli.at(mounted / "workspace")
        image, label = with_case(small, data)
        before = small.run("case", "1").json
        fill(mounted)
        small.run("attach", "1", label, status=1, progress=True)
        small.run("import", data("B05_t1_sag_decubitus"), "--copy", status=1, progress=True)
        small.run("train", "--minutes", "0.1", status=1, progress=True)
        small.run("export", "1", "--format", "nifti", "--out", mounted / "out.nii", status=1)
        (mounted / "filler").unlink()
        report.check("full disk: nothing lost", small.run("case", "1").json == before)
        report.check("full disk: no leavings", not (mounted / "out.nii").exists())
        small.run("attach", "1", label)
        fill(mounted)
        cli.at(mounted / "second").run("cases", status=1)
    finally:
        subprocess.run(["umount", mounted])


def check_unwritable(cli, report, work, data):
    """Root writes everywhere; a read-only mount refuses everybody."""
    source = work / "hippocampus"
    mounted = work / "readonly"
    mounted.mkdir()
    if subprocess.run(["mount", "--bind", source, mounted]).returncode:
        return
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", mounted], check=True)
        cases = cli.at(mounted).run("cases").json["cases"]
        report.check("read-only disk: the cases are shown", cases == cli.at(source).run("cases").json["cases"], len(cases))
        cli.at(mounted).run("snapshot", cases[0]["id"], "--out", work / "readonly.png")
        cli.at(mounted).run("import", data("B05_t1_sag_decubitus"), status=1)
        cli.at(mounted).run("approve", cases[0]["id"], "--as", "Dr Test", "--empty", status=1)
        cli.at(mounted / "new").run("cases", status=1)
    finally:
        subprocess.run(["umount", mounted])


def check_cut_model(cli, report, work, data):
    folder = data("A01_msd_hippocampus")
    cli = cli.at(work / "learning")
    images = [i for i in sorted((folder / "images").glob("*.nii.gz")) if (folder / "labels" / i.name).exists()][:8]
    cases = cli.run("import", *images, "--masks", folder / "labels").json["cases"]
    for case in cases[:6]:
        cli.run("approve", case["id"], "--as", "Dr Test")
    trained = cli.run("train", "--minutes", "0.15", "--seed", "3", progress=True).json
    for key in ("model", "run", "promoted", "gate"):
        report.check(f"train: {key}", key in trained, trained.get(key))
    history = cli.run("history", trained["run"]).json
    report.check("history", len(history.get("epochs", [])) > 0, sorted(history))
    shown = cli.run("model", trained["model"]).json
    report.check("model", "card" in shown or "name" in shown, sorted(shown))
    proposed = cli.run("propose", cases[7]["id"], "--model", trained["model"], progress=True).json["proposals"][0]
    report.check("propose", {"case", "revision", "model"} <= set(proposed), proposed)
    model = cli.workspace / shown["file"]
    whole = model.read_bytes()
    model.chmod(0o644)
    model.write_bytes(whole[:len(whole) // 2])
    before = cli.run("cases").json
    cli.run("propose", cases[7]["id"], "--model", trained["model"], status=1, progress=True)
    cli.run("train", "--from", trained["model"], "--minutes", "0.1", status=1, progress=True)
    cli.run("model", trained["model"])
    report.check("model cut in half: cases as they were", cli.run("cases").json == before)


def check(cli, report, work, data):
    check_files_that_are_none(cli, report, work)
    check_truncated(cli, report, work, data)
    check_two_studies(cli, report, work, data)
    check_aborting_files(cli, report, work, data)
    check_hippocampus_strays(cli, report, work, data)
    check_corrupt_database(cli, report, work, data)
    check_other_versions(cli, report, work, data)
    check_full_disk(cli, report, work, data)
    check_unwritable(cli, report, work, data)
    check_cut_model(cli, report, work, data)
