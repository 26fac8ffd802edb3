#pragma once

#include "core/io/series.h"

namespace annotomy {

// DICOM through GDCM. Used in annotomy-reader and in tests; never in the desktop's own process.

struct DicomScan {
    std::vector<SeriesEntry> series;
    std::vector<MaskFile> masks; // RTSTRUCT files
    std::vector<SkippedFile> skipped;
};

// Groups files into series by UID and geometry (orientation, in-plane grid, frame of reference, spacing
// runs); orders slices by position along the normal; geometry in LPS from Image Position/Orientation
// (Patient) and Pixel Spacing, the third axis from positions, never from Slice Thickness. Warnings name their
// files.
Result<DicomScan> scanDicomFiles(const std::vector<std::string>& files, std::stop_token stop = {},
                                 const ProgressReport& report = {});

Result<Volume> readDicomSeries(const SeriesEntry& entry, std::stop_token stop = {},
                               const ProgressReport& report = {});

} // namespace annotomy
