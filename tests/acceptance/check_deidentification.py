#!/usr/bin/env python3
"""De-identified files against an independent reading of them and of the standard's table.

usage: check_deidentification.py annotomy-cli OUT PATH... [-- OPTIONS of deidentify]

pydicom reads every original and every copy; dicom-anonymizer brings its own edition of PS3.15 table E.1-1; dciodvfy (where
installed) counts errors before and after. The new UIDs are computed here once more, from the key."""
import hashlib
import hmac
import pathlib
import subprocess
import sys
import uuid

import pydicom
from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from harness import Report

GEOMETRY = ["Rows", "Columns", "PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "RescaleSlope",
            "RescaleIntercept", "BitsStored", "PixelRepresentation", "NumberOfFrames", "PhotometricInterpretation"]
SECRETS = ["PatientName", "PatientID", "AccessionNumber", "InstitutionName", "ReferringPhysicianName", "InstitutionAddress",
           "PerformingPhysicianName", "OperatorsName", "PhysiciansOfRecord", "OtherPatientIDs", "PatientAddress"]
DUMMIES = {"", "Removed", "REMOVED", "Anonymous", "19000101", "000000", "19000101000000", "000Y", "0"}
CHARACTERISTICS = {"PatientSex", "PatientAge", "PatientSize", "PatientWeight", "EthnicGroup", "SmokingStatus", "PregnancyStatus",
                   "PatientSexNeutered"}
DATES = {"DA", "TM", "DT"}
GIVEN = "given "


def new_uid(key, uid):
    digest = hmac.new(key.encode(), b"uid|" + uid.encode(), hashlib.sha256).digest()[:16]
    return "2.25." + str(uuid.UUID(bytes=digest, version=4).int)


def read(path):
    try:
        return pydicom.dcmread(path, force=True)
    except Exception:  # what it cannot read cannot be compared
        return None


def walk(dataset, depth=0):
    for element in dataset:
        yield depth, element
        if element.VR == "SQ":
            for item in element.value:
                yield from walk(item, depth + 1)


def text(value):
    value = value.decode("latin-1") if isinstance(value, bytes) else value  # of an unknown VR
    return "" if value is None else str(value).strip(" \0")


def allowed(element, options):
    """Whether an option of the command keeps an attribute that the profile alone would not."""
    if ("keep" in options or "shift" in options) and element.VR in DATES:
        return True
    if "--retain-patient-characteristics" in options and element.keyword in CHARACTERISTICS:
        return True
    return "--clean-descriptors" in options and element.VR in ("LO", "SH", "ST", "LT", "UT")


def left_over(original, copy, options):
    """Attributes of the table that are still what they were."""
    found = []
    before = {}
    for _, element in walk(original):
        before.setdefault(element.tag, set()).add(text(element.value))
    removed, zero, dummy, uids = (set(map(tuple, tags)) for tags in
                                  (table.X_TAGS, table.Z_TAGS, table.D_TAGS, table.U_TAGS))
    for _, element in walk(copy):
        tag = (element.tag.group, element.tag.element)
        if element.tag.group % 2:
            found.append(f"private {element.tag}")
        if allowed(element, options):
            continue
        if tag in removed and len(tag) == 2:
            found.append(f"X {element.tag} {element.name}")
        value = text(element.value)
        if element.VR == "SQ" or value in DUMMIES or value.startswith(("Anon-", "ROI ", "Label-")):
            continue
        if (tag in zero or tag in dummy) and value in before.get(element.tag, ()):
            found.append(f"Z/D {element.tag} {element.name}")
        if tag in uids and value in before.get(element.tag, ()) and not value.startswith("1.2.840.10008."):
            found.append(f"U {element.tag} {element.name}")
    return found


def secrets(original):
    values = set()
    for name in SECRETS:
        value = original.get(name)
        for part in (value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]):
            if len(text(part)) > 5 and any(c.isalpha() for c in text(part)) and text(part) not in DUMMIES:
                values.add(text(part).encode("utf-8", "replace"))
    for _, element in walk(original):
        if element.VR == "UI":
            for uid in (element.value if isinstance(element.value, pydicom.multival.MultiValue) else [element.value]):
                if uid and not text(uid).startswith("1.2.840.10008.") and "UID" in element.keyword and \
                        "Class" not in element.keyword and "CodingScheme" not in element.keyword and \
                        "Implementation" not in element.keyword:
                    values.add(text(uid).encode())
    return values


def header_bytes(path, dataset):
    raw = path.read_bytes()
    pixels = dataset.get("PixelData")
    return raw if not pixels else raw.replace(pixels, b"")


def instances(dataset):
    return {text(e.value) for _, e in walk(dataset) if e.keyword == "ReferencedSOPInstanceUID"}


def errors(path):
    done = subprocess.run(["dciodvfy", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    lines = done.stdout.decode("latin-1").splitlines()
    return [line for line in lines if line.startswith("Error")]


def main():
    arguments = sys.argv[1:]
    options = arguments[arguments.index("--") + 1:] if "--" in arguments else []
    paths = arguments[:arguments.index("--")] if "--" in arguments else arguments
    program, out, sources = paths[0], pathlib.Path(paths[1]), [pathlib.Path(p) for p in paths[2:]]
    report = Report()
    key = out.parent / (out.name + ".key")
    done = subprocess.run([program, "deidentify", *map(str, sources), "--out", str(out), "--key", str(key), *options],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    print(done.stdout.decode("utf-8", "replace"))
    if not report.check("deidentify ends well", done.returncode == 0, done.stderr.decode()[-300:]):
        return 1
    secret = key.read_text().strip()
    copies = {}
    for path in sorted(out.rglob("*.dcm")):
        copy = pydicom.dcmread(path)
        copies.setdefault(text(copy.SOPInstanceUID), []).append((path, copy))
    originals, nameless = {}, []
    for root in sources:
        for path in sorted(root.rglob("*") if root.is_dir() else [root]):
            dataset = read(path) if path.is_file() and path.suffix not in (".xz", ".gz") else None
            if dataset is not None and text(dataset.get("SOPInstanceUID")):
                originals.setdefault(text(dataset.SOPInstanceUID), []).append((path, dataset))
            elif dataset is not None and "PixelData" in dataset:
                nameless.append((path, dataset))
    keep_uids = "--retain-uids" in options
    find_nameless(nameless, originals, copies, secret)
    problems, compared, worse, checked = [], 0, [], 0
    for uid, (first, *others) in originals.items():
        new = uid.removeprefix(GIVEN) if keep_uids or uid.startswith(GIVEN) else new_uid(secret, uid)
        for path, copy in copies.get(new, []):
            # Several files with one UID: the one with the same pixels is meant.
            same = [o for o in (first, *others) if o[1].get("PixelData") == copy.get("PixelData")]
            if not same:
                problems.append(f"{path}: pixel data differs")
                continue
            alike = [o for o in same if all(text(o[1].get(n)) == text(copy.get(n)) for n in GEOMETRY)]
            source, original = (alike or same)[0]
            compared += 1
            for name in GEOMETRY:
                if text(original.get(name)) != text(copy.get(name)):
                    problems.append(f"{source.name}: {name} differs")
            if copy.file_meta.MediaStorageSOPInstanceUID != copy.SOPInstanceUID:
                problems.append(f"{source.name}: file meta differs")
            if copy.PatientIdentityRemoved != "YES" or not copy.DeidentificationMethodCodeSequence:
                problems.append(f"{source.name}: not recorded")
            if len(others) == 0:
                problems += [f"{source.name}: {what}" for what in left_over(original, copy, options)
                             if not (keep_uids and what.startswith("U "))]
            if len(others) == 0 and not keep_uids:
                raw = header_bytes(path, copy)
                problems += [f"{source.name}: {value!r} occurs" for value in secrets(original) if value in raw]
                gone = {new_uid(secret, u) for u in instances(original)} - instances(copy)
                if not gone <= {new_uid(secret, u) for u in dropped(original)}:
                    problems.append(f"{source.name}: {len(gone)} references lost")
            if checked < 60 or compared % 20 == 0:
                checked += 1
                before, after = errors(source), errors(path)
                if len(after) > len(before):
                    worse.append((source.name, sorted(set(after) - set(before))))
    report.check("copies that were compared", compared > 0, f"{compared} of {sum(map(len, copies.values()))}")
    for problem in problems[:40]:
        print("   ", problem)
    report.check("nothing of the table is left, pixels and geometry are equal", not problems, len(problems))
    for name, lines in worse[:20]:
        print("   ", name, *lines[:6], sep="\n        ")
    report.check(f"dciodvfy finds no more errors than before in {checked}", not worse, len(worse))
    dangling(originals, copies, secret, report, keep_uids)
    return len(report.failures())


def find_nameless(nameless, originals, copies, secret):
    """What had no UID was given one: the copy with the same pixels is taken for it."""
    known = {new_uid(secret, uid) for uid in originals}
    for uid, ((path, copy), *_) in copies.items():
        for original in nameless:
            if uid not in known and original[1].PixelData == copy.get("PixelData"):
                originals.setdefault(GIVEN + uid, []).append(original)


def dropped(original):
    """Instances that only removed sequences refer to."""
    kept_out = {"ReferencedStudySequence", "ReferencedPerformedProcedureStepSequence", "ReferencedPatientSequence",
                "RequestAttributesSequence", "ReferencedVisitSequence", "ReferencedPatientAliasSequence"}
    found = set()

    def visit(dataset, inside):
        for element in dataset:
            removed = inside or element.keyword in kept_out or element.tag.group % 2 == 1
            if removed and element.keyword == "ReferencedSOPInstanceUID":
                found.add(text(element.value))
            if element.VR == "SQ":
                for item in element.value:
                    visit(item, removed)
    visit(original, False)
    return found


def dangling(originals, copies, secret, report, keep_uids):
    """References between the files of a patient still meet their targets."""
    def met(files):
        uids = set(files)
        return sum(len((instances(d) - dropped(d)) & uids) for group in files.values() for _, d in group[:1])
    present = {u: v for u, v in originals.items() if (u if keep_uids else new_uid(secret, u)) in copies}
    before, after = met(present), met(copies)
    report.check("references between files", before == after, f"{before} before, {after} after")


if __name__ == "__main__":
    sys.exit(main())
