"""Images read without the program: DICOM by pydicom, NRRD by hand, NIfTI by nibabel; all as (values, geometry) in LPS."""
import collections
import gzip
import pathlib

import nibabel
import numpy as np
import pydicom

Grid = collections.namedtuple("Grid", "size spacing origin direction")  # direction: unit vectors of i, j, k as rows


def grid_of_affine(matrix, size):
    """matrix: 4x4, voxel index to LPS millimetres."""
    columns = matrix[:3, :3].T
    spacing = np.linalg.norm(columns, axis=1)
    return Grid(tuple(size), spacing, matrix[:3, 3], columns / spacing[:, None])


def read_nifti(path):
    image = nibabel.load(path)
    return np.asanyarray(image.dataobj), grid_of_affine(np.diag([-1, -1, 1, 1]) @ image.affine, image.shape[:3])


def read_nrrd(path):
    raw = pathlib.Path(path).read_bytes()
    head, data = raw.split(b"\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines()[1:] if ": " in line)
    size = [int(n) for n in fields["sizes"].split()]
    kinds = {"short": "i2", "int16": "i2", "unsigned short": "u2", "uint16": "u2", "float": "f4", "double": "f8",
             "unsigned char": "u1", "uint8": "u1", "int": "i4", "int32": "i4", "signed char": "i1", "int8": "i1"}
    data = gzip.decompress(data) if fields["encoding"] in ("gzip", "gz") else data
    values = np.frombuffer(data, "<" + kinds[fields["type"]]).reshape(size, order="F")
    flip = {"left-posterior-superior": (1, 1, 1), "right-anterior-superior": (-1, -1, 1),
            "lps": (1, 1, 1), "ras": (-1, -1, 1)}[fields["space"].lower()]
    vectors = [np.array(eval(v), float) * flip for v in fields["space directions"].split()]
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(vectors).T
    matrix[:3, 3] = np.array(eval(fields["space origin"])) * flip
    return values, grid_of_affine(matrix, size)


def frames_of(path):
    """(series, instance number, frame, position, axes, spacing, thickness, values) of every frame of a DICOM image."""
    data = pydicom.dcmread(path, force=False)
    if "PixelData" not in data or data.get("Modality") in ("SEG", "RTDOSE"):
        return
    stored = data.pixel_array
    count = int(data.get("NumberOfFrames", 1) or 1)
    series = data.get("SeriesInstanceUID") or str(pathlib.Path(path).parent)
    for frame in range(count):
        groups = [data]
        if "SharedFunctionalGroupsSequence" in data:
            groups = [data.PerFrameFunctionalGroupsSequence[frame], data.SharedFunctionalGroupsSequence[0], data]
        plane = stored[frame] if stored.ndim == 3 else stored
        slope, intercept = rescale_of(groups)
        spacing = element(groups, "PixelMeasuresSequence", "PixelSpacing")
        axes = np.array(element(groups, "PlaneOrientationSequence", "ImageOrientationPatient"), float).reshape(2, 3)
        position = np.array(element(groups, "PlanePositionSequence", "ImagePositionPatient"), float)
        values = plane.T.astype(np.float64) * slope + intercept
        yield series, int(data.get("InstanceNumber") or 0), frame, position, axes, spacing, values


def element(groups, sequence, name):
    for group in groups:
        if sequence in group and name in group[sequence].value[0]:
            return group[sequence].value[0][name].value
        if name in group:
            return group[name].value
    return None


def rescale_of(groups):
    slope = element(groups, "PixelValueTransformationSequence", "RescaleSlope")
    intercept = element(groups, "PixelValueTransformationSequence", "RescaleIntercept")
    return (1.0 if slope is None else float(slope)), (0.0 if intercept is None else float(intercept))


def dicom_volumes(folder):
    """(series UID, values, grid) of every stack: by series, orientation, time point and constant spacing."""
    stacks = collections.defaultdict(list)
    seen = set()
    paths = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
    for path in paths:
        try:
            for frame in frames_of(path):
                key = (pydicom.dcmread(path, stop_before_pixels=True).get("SOPInstanceUID") or str(path), frame[2])
                if key in seen:
                    continue
                seen.add(key)
                stacks[(frame[0], tuple(np.round(frame[4].ravel(), 3)), frame[6].shape)].append(frame)
        except pydicom.errors.InvalidDicomError:
            continue
    for (series, _, _), frames in sorted(stacks.items(), key=lambda item: str(item[0])):
        for stack in time_points(frames):
            for part in even_parts(stack):
                yield (series, *volume_of(part))


def along(frame):
    return float(np.dot(np.cross(*frame[4]), frame[3]))


def time_points(frames):
    places = collections.defaultdict(list)
    for frame in frames:
        places[round(along(frame), 2)].append(frame)
    for frames_here in places.values():
        frames_here.sort(key=lambda frame: (frame[1], frame[2]))
    count = max(len(here) for here in places.values())
    return [[places[place][n] for place in sorted(places)] for n in range(count)]


def even_parts(stack):
    gaps = np.diff([along(frame) for frame in stack])
    if len(gaps) < 2 or np.ptp(gaps) < 0.05:
        return [stack]
    parts, first = [], 0
    for p in range(1, len(stack) + 1):
        if p == len(stack) or (p > first + 1 and abs(gaps[p - 1] - gaps[first]) > 0.05):
            parts.append(stack[first:p])
            first = p
    return parts


def volume_of(stack):
    first, last = stack[0], stack[-1]
    step = (last[3] - first[3]) / max(1, len(stack) - 1)
    if len(stack) == 1:
        step = np.cross(*first[4])
    spacing_k = np.linalg.norm(step)
    values = np.stack([frame[6] for frame in stack], axis=2)
    row_spacing, column_spacing = (float(x) for x in first[5])
    direction = np.vstack([first[4], step / spacing_k])
    return values, Grid(values.shape, np.array([column_spacing, row_spacing, spacing_k]), first[3], direction)


def grid_difference(a, b):
    """The largest distance between voxels of the two grids in mm; infinite when their sizes differ."""
    if tuple(a.size) != tuple(b.size):
        return float("inf")
    far = 0.0
    for corner in np.ndindex(2, 2, 2):
        index = np.array(corner) * (np.array(a.size) - 1)
        at = [g.origin + (index * g.spacing) @ g.direction for g in (a, b)]
        far = max(far, float(np.linalg.norm(at[0] - at[1])))
    return far
