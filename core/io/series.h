#pragma once

#include "core/base/progress.h"
#include "core/image/image_info.h"
#include "core/image/volume.h"

#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// The place of a volume in a 4-D sequence: volumes of one series at the same positions, told apart by time, echo
// or diffusion weighting.
struct SequencePlace {
    std::string key;  // the same for all members, and for no other volume; empty: not part of a sequence
    std::string kind; // what tells them apart: "time", "trigger", "bValue", "echo", "phase", "other"
    int index = 0;    // from 0, by falling meaning: the order of `value`, else that of acquisition
    int count = 1;
    double value = 0; // in `unit`; of times since the sequence's first
    std::string unit; // "s" (time, trigger), "ms" (echo), "s/mm2" (bValue); empty: a mere number
    bool operator==(const SequencePlace&) const = default;
};

// How the slices of a series really lie where that is no even, untilted grid.
struct SlicePositions {
    VolumeGeometry grid;         // as opened unless regularised: the mean step between slices, sheared by a tilt
    std::vector<Vec3> positions; // of each of SeriesEntry::files: the centre of its first voxel, LPS mm
    bool operator==(const SlicePositions&) const = default;
};

// An image that can be opened: a DICOM series (split by geometry), or a volume of a NIfTI, NRRD or MetaImage
// file. The result of a
// header scan; no pixels were decoded.
struct SeriesEntry {
    ImageInfo info;
    VolumeGeometry geometry; // of the volume that readSeries makes
    // DICOM: one per slice in ascending position along the normal (the neighbour's where a slice is missing,
    // the same one again for every frame of a multi-frame file); else one.
    std::vector<std::string> files;
    std::vector<int> frames; // the frame of each of `files` from 0; empty when no file has more than one
    std::string format;      // "dicom", "nifti", "nrrd", "metaimage"
    std::string transferSyntaxUid; // of the first file; empty for other formats
    std::string contentKey;        // stable identity: series UID + geometry split, or the file's path
    SequencePlace sequence;
    std::optional<SlicePositions> irregular; // absent: the slices lie on `geometry`, to what its positions' digits tell
    std::string partOf; // the same for the stretches of a stack that was cut where its spacing changes; else empty
    int mosaic = 0;     // tiles across and down the image (a Siemens mosaic) that `frames` counts; 0: not a mosaic
    bool regularised = false; // `geometry` is even and untilted, and the slices are resampled onto it; needs `irregular`
    bool operator==(const SeriesEntry&) const = default;
};

// A file that was met and is not part of any series, and why.
struct SkippedFile {
    std::string path;
    ErrorCode code{};
    std::string detail;
};

// A mask file met beside images (DICOM SEG, RTSTRUCT; a label NIfTI is only known by its folder).
struct MaskFile {
    std::string path;
    std::string format; // "dicom-seg", "rtstruct", "nifti", "nrrd"
    std::string referencedSeriesUid;
    std::string frameOfReferenceUid = {};
    std::string patientId = {};
    std::optional<VolumeGeometry> firstPlane = {}; // of a segmentation: one slice, where its first frame lies
};

// How many files were left out for one reason.
struct SkippedCount {
    ErrorCode code{};
    std::string detail;
    std::int64_t count = 0;
    bool operator==(const SkippedCount&) const = default;
};

// What became of every file that a scan met: filesSeen = filesInSeries + filesInMasks + filesSkipped.
struct ScanTotals {
    std::int64_t filesSeen = 0;
    std::int64_t filesInSeries = 0;
    std::int64_t filesInMasks = 0;
    std::int64_t filesSkipped = 0;
    std::vector<SkippedFile> skipped;        // the first of every reason
    std::vector<SkippedCount> skippedCounts; // all of them
};

// The whole of a scan in memory: for a folder or two.
struct ScanReport : ScanTotals {
    std::vector<SeriesEntry> series; // DICOM first; by patient, study, series number
    std::vector<MaskFile> masks;
};

// The same series to be resampled onto an even grid along the slices' normal (core/io/series/regularise.h); itself where
// there is nothing to regularise. `info.warnings` says "regularised", the content key differs.
SeriesEntry regularised(const SeriesEntry& entry);
// A scan's series regularised, where they need it: the stretches of a stack are joined first.
std::vector<SeriesEntry> regularised(std::vector<SeriesEntry> series);
// The series as its slices lie: the inverse of regularised().
SeriesEntry asStored(const SeriesEntry& entry);

// Scans files and folders (recursively, links not followed out of them) for images, on all cores. Headers
// only. Never fails for one bad file: that one is in `skipped`. Errors: NotFound for a path that does not
// exist, EmptyFolder when there is no image at all (the detail says what was there), Cancelled.
// A DICOMDIR among `paths` stands for the files that it lists. ZIP archives are unpacked below `archiveFolder`
// (zip_archive.h), which must outlast the series found in them, and scanned like folders; where it is empty
// they are skipped.
Result<ScanReport> scanPaths(const std::vector<std::string>& paths, const std::string& archiveFolder,
                             std::stop_token stop = {}, const ProgressReport& report = {});
inline Result<ScanReport> scanPaths(const std::vector<std::string>& paths, std::stop_token stop = {},
                                    const ProgressReport& report = {})
{
    return scanPaths(paths, std::string(), std::move(stop), report);
}

// Decodes a series into one volume, on all cores. Slices with differing rescale become float32 real values. Where up to a
// third of the slices cannot be decoded their neighbours stand in for them, if there are `warnings` to tell it: their
// damagedSlice is put there. Errors: the first file that fails, by name.
Result<Volume> readSeries(const SeriesEntry& entry, std::stop_token stop = {}, const ProgressReport& report = {},
                          std::vector<Warning>* warnings = nullptr);

// JSON of a scan, as annotomy-reader sends it and the workspace keeps it.
std::string toJsonText(const ScanReport& report);
Result<ScanReport> scanReportFromJson(const std::string& text);
std::string toJsonText(const SeriesEntry& entry);
Result<SeriesEntry> seriesEntryFromJson(const std::string& text);
std::string toJsonText(const std::vector<Warning>& warnings);
Result<std::vector<Warning>> warningsFromJsonText(const std::string& text);
// What an entry holds beside header, grid, files and identity (frames, sequence, irregular slices), for the
// workspace's database; an empty object when it holds none of that. False when the text is damaged.
std::string assemblyJsonText(const SeriesEntry& entry);
bool readAssembly(const std::string& text, SeriesEntry& entry);

} // namespace annotomy
