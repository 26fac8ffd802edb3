#!/usr/bin/env python3
"""Every claim of the command line on real data, beside independent programs: pydicom, nibabel, dcm2niix, plastimatch.

usage: real_data.py CLI DATA [--unpacked FOLDER] [--pictures FOLDER] [--only SECTION,...]
DATA is the folder of shared data. Needs pydicom (with decoders), numpy, scipy and nibabel;
for files and datasets also SimpleITK, pynrrd, pycocotools and Pillow. Exits with 1 on disagreement.
"""
import argparse
import importlib
import pathlib
import sys
import tempfile

from harness import Cli, Data, Report

SECTIONS = {"images": "check_images", "masks": "check_masks", "contours": "check_contours",
            "objects": "check_objects", "contracts": "check_contracts", "bad": "check_bad_input",
            "odd": "check_odd_files", "pixels": "check_pixels", "assembly": "check_assembly",
            "files": "check_plain_files", "datasets": "check_datasets", "mixed": "check_mixed_folder",
            "learning": "check_learning"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cli", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--unpacked", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path, help="keep the snapshots here")
    parser.add_argument("--only", default=",".join(SECTIONS))
    options = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="annotomy-acceptance-") as temporary:
        work = pathlib.Path(temporary)
        data = Data(options.data, options.unpacked or work / "unpacked")
        data.pictures = options.pictures or work / "pictures"
        data.pictures.mkdir(exist_ok=True)
        for section in options.only.split(","):
            folder = work / section
            folder.mkdir()
            cli = Cli(options.cli.resolve(), folder / "workspace", report)
            print(f"== {section}", flush=True)
            try:
                importlib.import_module(SECTIONS[section]).check(cli, report, folder, data)
            except (KeyError, IndexError, ValueError, OSError) as error:  # an answer that the rest is built on
                report.check(f"{section}: to the end", False, repr(error))
    failures = report.failures()
    print(f"{len(report.rows)} checks, {len(failures)} failed")
    for _, name, measured in failures:
        print(f"  {name}: {measured}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
