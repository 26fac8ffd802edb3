"""NIfTI, NRRD, MetaImage and Slicer's segmentations beside nibabel, SimpleITK and pynrrd, on grids of every kind."""
import nibabel
import nrrd
import numpy as np
import SimpleITK as sitk

FLIP = np.diag([-1.0, -1, 1, 1])  # RAS and LPS
SHAPE = (9, 7, 5)


def rotation(random):
    q, _ = np.linalg.qr(random.normal(size=(3, 3)))
    return q * np.sign(np.linalg.det(q))


def grids():
    """Name and affine in RAS."""
    random = np.random.default_rng(11)
    for name, direction, spacing in (("straight", np.eye(3), (1, 1, 1)), ("anisotropic", np.eye(3), (0.7, 0.7, 5)),
                                     ("flipped", np.diag([-1, 1, -1]), (1, 2, 3)),
                                     ("left-handed", np.diag([1, 1, -1]) @ rotation(random), (0.8, 1.1, 2.5)),
                                     ("oblique", rotation(random), (0.5, 0.9, 4)), ("oblique 2", rotation(random), (2, 3, 1))):
        affine = np.eye(4)
        affine[:3, :3] = direction * np.array(spacing)
        affine[:3, 3] = random.uniform(-200, 200, 3)
        yield name, affine


def affine_of_sitk(image):
    """RAS affine of a SimpleITK image."""
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return FLIP @ affine


def read(path):
    """(values in i, j, k; RAS affine) by SimpleITK, and by nibabel or pynrrd where they read the format."""
    image = sitk.ReadImage(str(path))
    yield "SimpleITK", sitk.GetArrayFromImage(image).T, affine_of_sitk(image)
    if ".nii" in path.name:
        image = nibabel.load(path)
        yield "nibabel", np.asanyarray(image.dataobj), image.affine
    if path.suffix == ".nrrd":
        values, header = nrrd.read(str(path))
        affine = np.eye(4)
        affine[:3, :3] = header["space directions"].T
        affine[:3, 3] = header["space origin"]
        yield "pynrrd", values, FLIP @ affine


def check_equal(report, title, path, values, affine):
    for reader, found, other in read(path):
        off = np.abs(other - affine).max()
        report.check(f"{title} by {reader}", found.shape == values.shape and np.array_equal(found, values) and off < 1e-3,
                     f"affine off by {off:.1e}")


def check_image_to_mask(cli, report, work):
    """An image, a mask attached to it, the mask in every format, each read by others and attached again."""
    random = np.random.default_rng(12)
    for name, affine in grids():
        folder = work / name.replace(" ", "_")
        folder.mkdir()
        values = random.integers(-50, 900, SHAPE).astype(np.int16)
        mask = random.integers(0, 4, SHAPE).astype(np.uint8)
        nibabel.save(nibabel.Nifti1Image(values, affine), folder / "image.nii.gz")
        nibabel.save(nibabel.Nifti1Image(mask, affine), folder / "truth.nii.gz")
        own = cli.at(folder / "workspace")
        case = own.run("import", folder / "image.nii.gz", progress=True).json["cases"][0]["id"]
        own.run("attach", case, folder / "truth.nii.gz", "--segment", "liver=1", "--segment", "tumour=2")
        for ending in (".nii", ".nii.gz", ".nrrd", ".mha", ".mhd"):
            cli.run("convert", folder / "image.nii.gz", folder / ("converted" + ending))
            check_equal(report, f"{name}: image {ending}", folder / ("converted" + ending), values, affine)
        for form, ending in (("nifti", ".nii.gz"), ("nrrd", ".nrrd"), ("mha", ".mha"), ("seg-nrrd", ".seg.nrrd")):
            out = folder / ("mask" + ending)
            own.run("export", case, "--format", form, "--out", out, progress=True)
            check_equal(report, f"{name}: mask {form}", out, mask, affine)
            told = own.run("compare", folder / "truth.nii.gz", out).json["segments"]
            report.check(f"{name}: mask {form} comes back", len(told) == 3 and all(s["dice"] == 1 for s in told))
        header = nrrd.read_header(str(folder / "mask.seg.nrrd"))
        report.check(f"{name}: names in .seg.nrrd", [header[f"Segment{n}_Name"] for n in range(3)] ==
                     ["liver", "tumour", "Segment 3"] and header["Segment0_LabelValue"] == "1")


def check_foreign_files(cli, report, work):
    """What SimpleITK and pynrrd write, converted."""
    random = np.random.default_rng(13)
    for name, affine in grids():
        lps = FLIP @ affine
        spacing = np.linalg.norm(lps[:3, :3], axis=0)
        for kind in (np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64):
            values = random.integers(0, 200, SHAPE).astype(kind)
            image = sitk.GetImageFromArray(values.T)
            image.SetSpacing(spacing.tolist())
            image.SetOrigin(lps[:3, 3].tolist())
            image.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
            for ending, compressed in ((".mha", True), (".mha", False), (".mhd", True), (".nrrd", True), (".nii.gz", True)):
                path = work / ("foreign" + ending)
                sitk.WriteImage(image, str(path), compressed)
                cli.run("convert", path, work / "back.nii")
                back = nibabel.load(work / "back.nii")
                off = np.abs(back.affine - affine).max()
                if not (np.array_equal(np.asanyarray(back.dataobj), values) and off < 1e-3):
                    report.check(f"{name} {np.dtype(kind)} {ending} of SimpleITK", False, f"affine off by {off:.1e}")
        values = random.integers(0, 200, SHAPE).astype(np.int16)
        header = {"space": "left-posterior-superior", "space directions": lps[:3, :3].T, "space origin": lps[:3, 3]}
        for encoding in ("raw", "gzip", "bzip2", "ascii"):
            for file in ("pynrrd.nrrd", "pynrrd.nhdr"):
                nrrd.write(str(work / file), values, {**header, "encoding": encoding}, detached_header=file.endswith("nhdr"))
                cli.run("convert", work / file, work / "back.nii")
                back = nibabel.load(work / "back.nii")
                off = np.abs(back.affine - affine).max()
                if not (np.array_equal(np.asanyarray(back.dataobj), values) and off < 1e-3):
                    report.check(f"{name} {encoding} {file} of pynrrd", False, f"affine off by {off:.1e}")
        report.check(f"{name}: files of SimpleITK and pynrrd", True, "38 files")


def check_time_and_colour(cli, report, work, data):
    random = np.random.default_rng(14)
    values = random.integers(0, 900, (*SHAPE, 4)).astype(np.int16)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([1, 2, 3, 1])), work / "four.nii.gz")
    for time in (1, 3, 4):
        cli.run("convert", work / "four.nii.gz", work / "one.nii", "--time", time)
        report.check(f"4-D: volume {time}", np.array_equal(np.asanyarray(nibabel.load(work / "one.nii").dataobj),
                                                           values[..., time - 1]))
    cli.run("convert", work / "four.nii.gz", work / "one.nii", "--time", 5, status=1)
    cli.run("convert", data("A11_niivue_flair_lesion/complex.nii.gz"), work / "c.nii", status=1, names="complex")
    source = nibabel.load(data("A11_niivue_flair_lesion/ct_perfusion.nii.gz"))
    told = cli.run("info", data("A11_niivue_flair_lesion/ct_perfusion.nii.gz")).json["series"]
    colours = np.asanyarray(source.dataobj)
    if colours.dtype.names:
        parts = [colours[part].astype(float) for part in "RGB"]
        expected = np.floor((299 * parts[0] + 587 * parts[1] + 114 * parts[2] + 500) / 1000)
        cli.run("convert", data("A11_niivue_flair_lesion/ct_perfusion.nii.gz"), work / "grey.nii")
        found = np.asanyarray(nibabel.load(work / "grey.nii").dataobj)
        report.check("A11 ct_perfusion: luminance", np.array_equal(found, expected.reshape(found.shape)) and
                     told[0]["warnings"][0]["code"] == "colour", found.shape)


def check_slicer_layers(cli, report, work):
    """A segmentation as Slicer writes it: cropped, two layers, equal label values."""
    affine = np.diag([1.0, 2, 3, 1])
    nibabel.save(nibabel.Nifti1Image(np.zeros(SHAPE, np.int16), affine), work / "image.nii.gz")
    random = np.random.default_rng(15)
    layers = random.integers(0, 2, (2, 4, 3, 2)).astype(np.uint8)
    lps = FLIP @ affine
    origin = lps @ [3, 2, 1, 1]
    header = {"space": "left-posterior-superior", "kinds": ["list", "domain", "domain", "domain"],
              "space directions": np.vstack([[np.nan] * 3, lps[:3, :3].T]), "space origin": origin[:3], "encoding": "gzip"}
    for n, name in enumerate(("kidney", "cyst")):
        header.update({f"Segment{n}_ID": f"Segment_{n + 1}", f"Segment{n}_Name": name, f"Segment{n}_LabelValue": "1",
                       f"Segment{n}_Layer": str(n), f"Segment{n}_Color": "0.5 0.2 0.1"})
    nrrd.write(str(work / "slicer.seg.nrrd"), layers, header)
    own = cli.at(work / "slicer")
    case = own.run("import", work / "image.nii.gz", progress=True).json["cases"][0]["id"]
    own.run("attach", case, work / "slicer.seg.nrrd")
    told = own.run("case", case).json["segments"]
    report.check("Slicer: segments", [(s["name"], s["layer"], s["voxels"]) for s in told] ==
                 [("kidney", 0, int(layers[0].sum())), ("cyst", 1, int(layers[1].sum()))], [s["voxels"] for s in told])
    own.run("export", case, "--format", "seg-nrrd", "--out", work / "ours.seg.nrrd", progress=True)
    values, ours = nrrd.read(str(work / "ours.seg.nrrd"))
    part = values[:, 3:7, 2:5, 1:3]
    same = all(np.array_equal(part[int(ours[f"Segment{n}_Layer"])] == int(ours[f"Segment{n}_LabelValue"]), layers[n] == 1)
               for n in range(2))
    report.check("Slicer: layers out by pynrrd", values.shape == (2, *SHAPE) and same and
                 np.count_nonzero(values) == np.count_nonzero(layers), values.shape)


def check(cli, report, work, data):
    check_image_to_mask(cli, report, work)
    check_foreign_files(cli, report, work)
    check_time_and_colour(cli, report, work, data)
    check_slicer_layers(cli, report, work)
