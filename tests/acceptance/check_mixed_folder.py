"""A clinician's folder of everything: each file is in an image, a mask or left out with its reason, and twice is once."""
import pathlib
import shutil
import sqlite3


def files_of_images(workspace):
    """Every file that the workspace refers to, read beside the program."""
    with sqlite3.connect(f"file:{workspace / 'annotomy.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT path FROM files").fetchall()
    return {row[0].decode() if isinstance(row[0], bytes) else row[0] for row in rows}


def gathered(data, folder):
    """All published data as it lies, with what is packed unpacked beside it."""
    for source in (data.shared, data.unpacked):
        for part in sorted(p for p in source.iterdir() if p.is_dir()):
            shutil.copytree(part, folder / part.name, dirs_exist_ok=True)
    return {str(p) for p in folder.rglob("*") if p.is_file()}


def reasons(told):
    return sorted((count["code"], count["reason"], count["count"]) for count in told["skippedCounts"])


def check(cli, report, work, data):
    files = gathered(data, work / "all")
    first = cli.run("import", work / "all", progress=True).json
    report.check("mixed folder: every file is counted once", first["filesSeen"] == len(files) ==
                 first["filesInSeries"] + first["filesInMasks"] + first["filesSkipped"],
                 f"{len(files)} files, {first['filesInSeries']} of images, {first['filesInMasks']} of masks, "
                 f"{first['filesSkipped']} left out, {first['newCases']} cases")
    report.check("mixed folder: reasons add up", sum(c["count"] for c in first["skippedCounts"]) == first["filesSkipped"] and
                 all(c["reason"] for c in first["skippedCounts"]), len(first["skippedCounts"]))
    images, skipped = files_of_images(cli.workspace), {s["path"] for s in first["skipped"]}
    # Masks are not listed one by one: what is neither an image's nor left out must be theirs.
    rest = files - images - skipped
    report.check("mixed folder: images as counted", len(images) == first["filesInSeries"], len(images))
    report.check("mixed folder: nothing is both", not images & skipped, sorted(images & skipped)[:3])
    report.check("mixed folder: the others are masks", len(rest) == first["filesInMasks"] + first["filesSkipped"] - len(skipped),
                 sorted(pathlib.Path(p).name for p in rest)[:5])
    again = cli.run("import", work / "all", progress=True).json
    report.check("mixed folder again: nothing new", again["newCases"] == again["grownCases"] == 0 and
                 not any(c["new"] for c in again["cases"]), f"{again['newCases']} new, {again['grownCases']} grown")
    same = [first[n] == again[n] for n in ("filesSeen", "filesInSeries", "filesInMasks", "filesSkipped")]
    report.check("mixed folder again: the same files", all(same) and reasons(first) == reasons(again), same)
    shutil.move(work / "all", work / "moved")
    cli.run("relink", work / "moved", progress=True)
    lost = {p for p in files_of_images(cli.workspace) if not pathlib.Path(p).exists()}
    report.check("mixed folder moved: everything is found again", not lost, sorted(lost)[:5])
