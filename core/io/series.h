#pragma once

#include "core/base/progress.h"
#include "core/image/image_info.h"
#include "core/image/volume.h"

#include <string>
#include <vector>

namespace annotomy {

// An image that can be opened: a DICOM series (split by geometry), or one NIfTI or NRRD file. The result of a
// header scan; no pixels were decoded.
struct SeriesEntry {
    ImageInfo info;
    VolumeGeometry geometry;
    // DICOM: one per slice in ascending position along the normal (the neighbour's where a slice is missing,
    // the same one again for every frame of a multi-frame file); else one.
    std::vector<std::string> files;
    std::vector<int> frames; // the frame of each of `files` from 0; empty when no file has more than one
    std::string format;      // "dicom", "nifti", "nrrd"
    std::string transferSyntaxUid; // of the first file; empty for other formats
    std::string contentKey;        // stable identity: series UID + geometry split, or the file's path
    bool operator==(const SeriesEntry&) const = default;
};

// A file that was met and is not part of any series, and why.
struct SkippedFile {
    std::string path;
    ErrorCode code{};
    std::string detail;
};

// A mask file met beside images (RTSTRUCT; a label NIfTI is only known by its folder).
struct MaskFile {
    std::string path;
    std::string format; // "rtstruct", "nifti", "nrrd"
    std::string referencedSeriesUid;
};

struct ScanReport {
    std::vector<SeriesEntry> series; // DICOM first; by patient, study, series number
    std::vector<MaskFile> masks;
    std::vector<SkippedFile> skipped;
    std::int64_t filesSeen = 0;
};

// Scans files and folders (recursively, links not followed out of them) for images, on all cores. Headers
// only. Never fails for one bad file: that one is in `skipped`. Errors: NotFound for a path that does not
// exist, EmptyFolder when there is no image at all (the detail says what was there), Cancelled.
Result<ScanReport> scanPaths(const std::vector<std::string>& paths, std::stop_token stop = {},
                             const ProgressReport& report = {});

// Decodes a series into one volume, on all cores. Slices with differing rescale become float32 real values.
// Errors: the first file that fails, by name.
Result<Volume> readSeries(const SeriesEntry& entry, std::stop_token stop = {},
                          const ProgressReport& report = {});

// JSON of a scan, as annotomy-reader sends it and the workspace keeps it.
std::string toJsonText(const ScanReport& report);
Result<ScanReport> scanReportFromJson(const std::string& text);
std::string toJsonText(const SeriesEntry& entry);
Result<SeriesEntry> seriesEntryFromJson(const std::string& text);

} // namespace annotomy
