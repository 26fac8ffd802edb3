"""Files as other programs write them: odd voxel types, transforms and values."""
import nibabel
import numpy as np

from independent import grid_difference, grid_of_affine, read_nifti

AFFINE = np.array([[0.0, -1.5, 0, 11], [0.9, 0, 0, -7], [0, 0, 3, 20], [0, 0, 0, 1]])
SHAPE = (12, 10, 8)


def save(path, values, affine=AFFINE, qform=1, sform=1):
    image = nibabel.Nifti1Image(values, affine, dtype=values.dtype)
    image.set_qform(affine if qform else None, code=qform)
    image.set_sform(affine if sform else None, code=sform)
    image.header["pixdim"][1:4] = np.linalg.norm(affine[:3, :3], axis=0)
    nibabel.save(image, path)
    return path


def check_transforms(cli, report, work):
    values = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
    sheared = AFFINE.copy()
    sheared[1, 2] = 0.8
    for name, affine, qform, sform in (("qform only", AFFINE, 1, 0), ("sform only", AFFINE, 0, 1),
                                       ("sheared sform", sheared, 0, 2), ("neither", np.eye(4), 0, 0)):
        path = save(work / "transform.nii.gz", values, affine, qform, sform)
        out = work / "out.nii"
        out.unlink(missing_ok=True)
        done = cli.run("convert", path, out)
        if done.status:
            continue
        ours, grid = read_nifti(out)
        truth = read_nifti(path)[1] if name != "neither" else None
        off = grid_difference(grid, truth) if truth else 0.0
        told = cli.run("info", path).json["series"][0]
        report.check(f"NIfTI with {name}", np.array_equal(ours, values) and off < 1e-3,
                     f"off by {off:.1e} mm, warnings {[w['code'] for w in told['warnings']]}")


def check_types(cli, report, work, data):
    values = np.random.default_rng(1).normal(size=SHAPE).astype(np.float32)
    values[0, 0, 0], values[1, 2, 3], values[4, 4, 4] = np.nan, np.inf, -np.inf
    path = save(work / "nan.nii.gz", values)
    cli.run("convert", path, work / "nan_out.nii")
    ours = read_nifti(work / "nan_out.nii")[0]
    finite = np.isfinite(values)
    report.check("float NIfTI with NaN and Inf: finite voxels kept", np.array_equal(ours[finite], values[finite]),
                 f"the others become {ours[~finite]}")
    case = cli.run("import", path).json["cases"][0]
    report.check("float NIfTI with NaN and Inf: drawn", cli.run("snapshot", case["id"], "--out", work / "nan.png").status == 0)
    for kind in ("uint8", "int8", "uint16", "int16", "int32", "uint32", "float32", "float64", "int64", "uint64"):
        values = (np.arange(np.prod(SHAPE)) % 100).reshape(SHAPE).astype(kind)
        path = save(work / f"{kind}.nii", values)
        if cli.run("convert", path, work / "type_out.nii").status == 0:
            ours = read_nifti(work / "type_out.nii")[0]
            report.check(f"NIfTI of {kind}", np.array_equal(ours, values), ours.dtype)
    check_volumes_in_one_file(cli, report, work)
    cli.run("info", data("A11_niivue_flair_lesion/complex.nii.gz"), status=1, names="complex")
    check_colours(cli, report, work)
    shown = cli.run("info", data("A11_niivue_flair_lesion/ct_perfusion.nii.gz")).json["series"]
    report.check("ct_perfusion: luminance", [w["code"] for w in shown[0]["warnings"]].count("colour") == 1, len(shown))


def check_volumes_in_one_file(cli, report, work):
    values = np.random.default_rng(4).integers(-900, 900, (*SHAPE, 3), np.int16)
    four = save(work / "four.nii.gz", values)
    told = cli.run("info", four).json["series"]
    report.check("4-D NIfTI: a volume a time", [s["sequence"]["index"] for s in told] == [0, 1, 2], len(told))
    cases = cli.run("import", four).json["cases"]
    report.check("4-D NIfTI: one case", [c["volumes"] for c in cases] == [3], cases)
    for time in (1, 2, 3):
        out = work / f"four_{time}.nii"
        cli.run("convert", four, out, "--time", time)
        report.check(f"4-D NIfTI: --time {time}", np.array_equal(read_nifti(out)[0], values[..., time - 1]))
    cli.run("convert", four, work / "four_4.nii", "--time", 4, status=1, names="four.nii.gz")


def check_colours(cli, report, work):
    """Luminance by BT.601, and a warning that says so."""
    samples = np.random.default_rng(5).integers(0, 256, (*SHAPE, 3), np.uint8)
    rgb = samples.view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0]
    nibabel.save(nibabel.Nifti1Image(rgb, AFFINE), work / "rgb.nii")
    told = cli.run("convert", work / "rgb.nii", work / "rgb_out.nii").json
    off = np.abs(read_nifti(work / "rgb_out.nii")[0] - samples @ [0.299, 0.587, 0.114]).max()
    report.check("RGB NIfTI: luminance", off <= 0.501 and "colour" in [w["code"] for w in told["warnings"]], off)
    cli.run("import", work / "rgb.nii")


def check_mask_values(cli, report, work):
    image = save(work / "image.nii.gz", np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE))
    case = cli.run("import", image).json["cases"][0]["id"]
    for name, kind, wanted in (("int64", np.int64, (1, 2)), ("300 and -1", np.int16, (300, -1, 5)),
                               ("float", np.float32, (1, 3)), ("252 values", np.int16, range(1, 253))):
        values = np.zeros(SHAPE, kind)
        values.reshape(-1)[:len(wanted)] = list(wanted)
        mask = save(work / f"{name.replace(' ', '_')}.nii.gz", values)
        if cli.run("attach", case, mask).status:
            report.check(f"mask of {name}", False)
            continue
        out = work / "exported.nii.gz"
        out.unlink(missing_ok=True)
        cli.run("export", case, "--format", "nifti", "--out", out)
        ours = read_nifti(out)[0]
        report.check(f"mask of {name}: same values out", np.array_equal(ours, values), sorted(set(np.unique(ours)) - {0})[:5])
        told = cli.run("compare", mask, out).json["segments"]
        report.check(f"mask of {name}: compare", sorted(s["value"] for s in told) == sorted(wanted) and
                     all(s["dice"] == 1 for s in told))
    crowd = np.zeros(SHAPE, np.int16)
    crowd.reshape(-1)[:255] = range(1001, 1256)
    before = cli.run("case", case).json
    crowd = save(work / "crowd.nii.gz", crowd)
    cli.run("attach", case, crowd, status=1, names="crowd")
    cli.run("compare", work / "300_and_-1.nii.gz", crowd, status=1, names="crowd")
    for name, values in (("thousand", np.arange(np.prod(SHAPE)).reshape(SHAPE) % 1001),
                         ("fractions", np.full(SHAPE, 0.5)), ("nan", np.full(SHAPE, np.nan))):
        mask = save(work / f"{name}.nii.gz", values.astype(np.float32 if name != "thousand" else np.int16))
        cli.run("attach", case, mask, status=1, names=mask.name)
        cli.run("compare", mask, mask, status=1, names=mask.name)
    report.check("refused masks: nothing attached", cli.run("case", case).json == before)
    check_axis_orders(cli, report, work, case)


def check_axis_orders(cli, report, work, case):
    """The same voxels as another program orders them: canonical RAS, and turned."""
    values = (np.random.default_rng(2).random(SHAPE) > 0.7).astype(np.uint8)
    straight = nibabel.Nifti1Image(values, AFFINE)
    nibabel.save(straight, work / "straight.nii.gz")
    for codes in ("RAS", "LPS", "SRA", "IPL"):
        turned = straight.as_reoriented(nibabel.orientations.ornt_transform(
            nibabel.io_orientation(AFFINE), nibabel.orientations.axcodes2ornt(tuple(codes))))
        nibabel.save(turned, work / f"{codes}.nii.gz")
        cli.run("attach", case, work / f"{codes}.nii.gz")
        out = work / "exported.nii.gz"
        out.unlink()
        cli.run("export", case, "--format", "nifti", "--out", out)
        exported = nibabel.load(out)
        same = np.array_equal(np.asanyarray(exported.dataobj), values) and np.allclose(exported.affine, AFFINE, atol=1e-3)
        dice = cli.run("compare", work / "straight.nii.gz", work / f"{codes}.nii.gz").json["segments"][0]["dice"]
        report.check(f"mask in {codes} order: same voxels", same and dice == 1.0, f"Dice {dice}")


def check_nrrd(cli, report, work):
    values = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
    columns = AFFINE[:3, :3].T
    vectors = " ".join("(" + ",".join(f"{x:.17g}" for x in column) + ")" for column in columns)
    origin = ",".join(f"{x:.17g}" for x in AFFINE[:3, 3])
    head = (f"NRRD0004\ntype: short\ndimension: 3\nspace: right-anterior-superior\nsizes: {' '.join(map(str, SHAPE))}\n"
            f"space directions: {vectors}\nkinds: domain domain domain\nendian: little\nencoding: raw\n"
            f"space origin: ({origin})\n\n")
    (work / "ras.nrrd").write_bytes(head.encode() + values.tobytes(order="F"))
    cli.run("convert", work / "ras.nrrd", work / "ras.nii")
    ours, grid = read_nifti(work / "ras.nii")
    off = grid_difference(grid, grid_of_affine(np.diag([-1, -1, 1, 1]) @ AFFINE, SHAPE))
    report.check("NRRD in RAS", np.array_equal(ours, values) and off < 1e-3, f"off by {off:.1e} mm")


def told_modality(cli, path):
    return cli.run("info", path).json["series"][0]["modality"]


def check_modality(cli, report, work, data):
    """NIfTI and NRRD name no modality: a CT shows by its air, nothing else does."""
    report.check("modality of A02's NIfTI", told_modality(cli, data("A02_totalseg_ct/example_ct_sm.nii.gz")) == "CT")
    for series in ("STS_008/CT", "STS_041/CT", "STS_008/MR_T1", "STS_008/PET"):
        for ending in (".nii", ".nii.gz", ".nrrd"):
            out = work / ("modality" + ending)
            out.unlink(missing_ok=True)
            cli.run("convert", data("A03_ibsi_sts") / series / "image", out)
            told = told_modality(cli, out)
            report.check(f"modality of {series} as {ending}", (told == "CT") == series.endswith("CT"), told)
    told = {told_modality(cli, path) for path in sorted(data("A01_msd_hippocampus/images").glob("*.nii.gz"))[:20]}
    report.check("modality of A01's crops", "CT" not in told, told)


def check_pairs(cli, report, work):
    values = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
    nibabel.save(nibabel.Nifti1Pair(values, AFFINE), work / "pair.hdr")
    for ending in (".hdr", ".img"):
        out = work / "pair_out.nii"
        out.unlink(missing_ok=True)
        cli.run("convert", work / ("pair" + ending), out)
        report.check(f"NIfTI pair by its {ending}", np.array_equal(read_nifti(out)[0], values))


def check(cli, report, work, data):
    check_modality(cli, report, work, data)
    check_pairs(cli, report, work)
    check_transforms(cli, report, work)
    check_types(cli, report, work, data)
    check_mask_values(cli, report, work)
    check_nrrd(cli, report, work)
