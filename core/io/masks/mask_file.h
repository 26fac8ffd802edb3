#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <map>
#include <string>

namespace annotomy {

// Names given on attach: `--segment NAME=VALUE` means: the voxels of VALUE are segment NAME.
using SegmentNames = std::map<std::int64_t, std::string>;

// Turns an integer-valued volume into labels on the same grid. Distinct values other than 0 become segments
// in ascending order (their file values are kept); values 1..255 keep their number. Errors: TooManySegments,
// Malformed for fractional values.
Result<LabelMap> labelMapFromVolume(const Volume& volume, const SegmentNames& names = {});

// The labels of all layers as one volume of the file's own values where known, for writing NIfTI or NRRD.
// Where layers overlap the last one wins: `overlapping` tells whether any voxel was hidden so.
struct FlattenedMask {
    Volume volume; // uint8, or int32 when a file value does not fit
    bool overlapping = false;
};
FlattenedMask flattened(const LabelMap& labels);

// Sentences on what was left out of a file that was read, or is not quite what it seems.
using MaskNotes = std::vector<std::string>;

// Reads a mask file of any format that is read: NIfTI, NRRD, DICOM SEG, RTSTRUCT, and DICOM images, or a folder of
// them, for their overlay planes. RTSTRUCT contours are rasterised on `grid`, the frames of a SEG and overlay planes
// placed on it by their positions; other files must lie on `grid` to 1e-3 mm (GeometryMismatch), in whatever order of
// axes.
Result<LabelMap> readMaskFile(const std::string& path, const VolumeGeometry& grid,
                              const SegmentNames& names = {}, std::stop_token stop = {},
                              const ProgressReport& report = {}, MaskNotes* notes = nullptr);

// As readMaskFile, on the file's own grid. Unsupported for RTSTRUCT, which has none.
Result<LabelMap> readMaskFile(const std::string& path, const SegmentNames& names = {},
                              std::stop_token stop = {}, const ProgressReport& report = {},
                              MaskNotes* notes = nullptr);

} // namespace annotomy
