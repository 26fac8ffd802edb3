"""How series are assembled: 4-D sequences, tilted and uneven stacks, beside pydicom, dcm2niix and scipy."""
import shutil
import subprocess

import nibabel
import numpy as np
import pydicom
from scipy.ndimage import map_coordinates

from independent import read_nifti


ODD = "B09_dicom2nifti_odd/failing/"


def headers(folder):
    files = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
    for path in files:
        try:
            yield path, pydicom.dcmread(path)
        except pydicom.errors.InvalidDicomError:
            pass


def affine_of(series):
    """Voxel index to LPS mm, from what `info` tells."""
    affine = np.eye(4)
    affine[:3, :3] = np.array(series["direction"]).reshape(3, 3).T * series["spacing"]
    affine[:3, 3] = series["origin"]
    return affine


def niix_volumes(folder, work):
    """(affine LPS, values) of the volumes that dcm2niix writes as they lie."""
    out = work / "niix"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    subprocess.run(["dcm2niix", "-b", "n", "-z", "n", "-p", "n", "-f", "%s_%d_%j", "-o", out, folder],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for path in sorted(out.glob("*.nii")):
        image = nibabel.load(path)
        if "_Tilt" not in path.name and "_Eq" not in path.name:
            yield np.diag([-1, -1, 1, 1]) @ image.affine, np.asanyarray(image.dataobj)


def corners(affine, size):
    ends = np.array(np.meshgrid(*[(0, n - 1) for n in size[:3]])).reshape(3, -1)
    points = affine[:3, :3] @ ends + affine[:3, 3:]
    return points[:, np.lexsort(np.round(points, 2))]


def check_geometry(cli, report, work, data):
    """Corners of the grids, in whatever order of axes, as dcm2niix has them."""
    for name in ("A02_totalseg_ct/example_ct_dicom", "A07_ucsf_br06/UCSF-BR-06/image_dce_3dfgre_orig",
                 "B03_brain_tumor_multiseries/Study3", "B05_t1_sag_decubitus", "B07_slicer_cthead",
                 "B10_enhanced_mr/Siemens", "B10_enhanced_mr/Philips", ODD + "slicecount/001", ODD + "sliceorientation/001",
                 ODD + "notavolume/001", "B09_dicom2nifti_odd/hitachi"):
        folder = data(name)
        theirs = [corners(a, v.shape) for a, v in niix_volumes(folder, work)]
        for n, series in enumerate(cli.run("info", folder).json["series"]):
            ours = corners(affine_of(series), series["size"])
            off = min((np.abs(ours - t).max() for t in theirs), default=np.inf)
            report.check(f"dcm2niix {name} volume {n}: corners", off < 1e-3, f"{off:.1e} mm")


def check_sequence(cli, report, work, data):
    folder = data("A07_ucsf_br06/UCSF-BR-06/image_dce_3dfgre_orig")
    places = [s.get("sequence", {}) for s in cli.run("info", folder).json["series"]]
    keys = {p.get("key") for p in places}
    indices = sorted(p.get("index", -1) for p in places)
    report.check("A07: one sequence of three times", len(keys) == 1 and None not in keys and indices == [0, 1, 2] and
                 all(p["kind"] == "time" for p in places), [(p.get("value"), p.get("unit")) for p in places])
    theirs = next(v for _, v in niix_volumes(folder, work) if v.ndim == 4)
    for time in (1, 2, 3):
        out = work / f"time{time}.nii"
        cli.run("convert", folder, out, "--time", time)
        ours = nibabel.as_closest_canonical(nibabel.load(out))
        image = nibabel.Nifti1Image(theirs[..., time - 1], next(
            np.diag([-1, -1, 1, 1]) @ a for a, v in niix_volumes(folder, work) if v.ndim == 4))
        same = np.array_equal(np.asanyarray(ours.dataobj), np.asanyarray(nibabel.as_closest_canonical(image).dataobj))
        report.check(f"A07: --time {time} is dcm2niix's", same)
    cli.run("convert", folder, work / "time4.nii", "--time", 4, status=1)
    cases = cli.run("import", folder).json["cases"]
    report.check("A07: one case of three volumes", [c["volumes"] for c in cases] == [3], [c["volumes"] for c in cases])
    again = cli.run("import", folder).json["cases"]
    report.check("A07: known when imported again", [c["new"] for c in again] == [False])


def sampled(slices, along, points, normal, axes, spacing):
    """The field that the slices draw, linear within each and between two, at points; nan outside."""
    heights = points @ normal
    values = []
    for plane in (np.clip(np.searchsorted(along, heights, "right") - 1, 0, len(along) - 2) + o for o in (0, 1)):
        value = np.full(len(points), np.nan)
        for s in np.unique(plane):
            mine = plane == s
            offset = points[mine] - np.array(slices[s].ImagePositionPatient, float)
            index = np.stack([offset @ axes[1] / spacing[1], offset @ axes[0] / spacing[0]])
            real = slices[s].pixel_array.astype(float) * float(slices[s].RescaleSlope) + float(slices[s].RescaleIntercept)
            value[mine] = map_coordinates(real, index, order=1, cval=np.nan)
        values.append(value)
    low = np.clip(np.searchsorted(along, heights, "right") - 1, 0, len(along) - 2)
    weight = (heights - along[low]) / (along[low + 1] - along[low])
    return values[0] * (1 - weight) + values[1] * weight


def check_tilt(cli, report, work, data):
    folder = data("B01_ge_ct_tilt")
    images = [d for _, d in headers(folder) if "ImagePositionPatient" in d]
    cosines = np.array(images[0].ImageOrientationPatient, float)
    axes = cosines.reshape(2, 3)
    normal = np.cross(*axes)
    images.sort(key=lambda d: float(np.dot(normal, np.array(d.ImagePositionPatient, float))))
    along = np.array([np.dot(normal, np.array(d.ImagePositionPatient, float)) for d in images])
    gaps = np.diff(along)
    report.check("B01: spacing in the headers", abs(gaps.min() - 1.08) < 0.01 and abs(gaps.max() - 7.0) < 0.01,
                 f"{gaps.min():.3f} to {gaps.max():.3f} mm")
    parts = cli.run("info", folder).json["series"]
    told = np.concatenate([(affine_of(s) @ np.array([[0, 0, k, 1] for k in range(s["size"][2])]).T)[:3].T for s in parts])
    told = told[np.argsort(told @ normal)]
    off = np.abs(told - np.array([d.ImagePositionPatient for d in images], float)).max()
    report.check("B01: every slice where its header has it", off < 1e-3, f"{off:.1e} mm")
    # dcm2niix steps evenly through all slices, by the first gap times the tilt's cosine: it agrees nowhere but at first.
    affine, values = next(niix_volumes(folder, work))
    theirs = np.linalg.norm(affine[:3, 2])
    report.check("B01: dcm2niix takes the slices for even", values.shape[2] == 28 and
                 abs(theirs - gaps[0] * np.cos(np.radians(18.5))) < 1e-2, f"{theirs:.3f} mm throughout")
    out = work / "even.nii"
    cli.run("convert", folder, out, "--regularise")
    values, grid = read_nifti(out)
    report.check("B01 regularised: untilted", np.abs(grid.direction @ grid.direction.T - np.eye(3)).max() < 1e-4)
    rng = np.random.default_rng(3)
    index = np.stack([rng.integers(0, n, 20000) for n in grid.size], axis=1)
    points = grid.origin + (index * grid.spacing) @ grid.direction
    spacing = np.array(images[0].PixelSpacing, float)[::-1]
    expected = sampled(images, along, points, normal, axes, spacing)
    inside = ~np.isnan(expected)
    difference = np.abs(values[tuple(index[inside].T)] - expected[inside])
    report.check("B01 regularised: values", inside.sum() > 5000 and difference.max() <= 1.0,
                 f"{inside.sum()} voxels, largest difference {difference.max():.2f} HU")


def check_gaps_and_tilts(cli, report, work, data):
    """dcm2niix makes these even and untilted: the headers are the truth."""
    for name in ("gantrytilting/001", "sliceincrement/001", "sliceincrement/002"):
        positions = np.array([d.ImagePositionPatient for _, d in headers(data(ODD + name)) if "ImagePositionPatient" in d], float)
        series, = cli.run("info", data(ODD + name)).json["series"]
        ours = (affine_of(series) @ np.array([[0, 0, k, 1] for k in range(series["size"][2])]).T)[:3].T
        off = np.array([np.linalg.norm(ours - p, axis=1).min() for p in positions])
        codes = {w["code"] for w in series["warnings"]}
        missing = len(ours) - len(positions)
        report.check(f"B09 {name}: every slice where its header has it", off.max() < 1e-3, f"{off.max():.1e} mm")
        report.check(f"B09 {name}: what is told", ("missingSlice" in codes) == (missing > 0) and
                     ("gantryTilt" in codes) == (name != "sliceincrement/001"), sorted(codes))


def check(cli, report, work, data):
    check_gaps_and_tilts(cli, report, work, data)
    check_geometry(cli, report, work, data)
    check_sequence(cli, report, work, data)
    check_tilt(cli, report, work, data)
