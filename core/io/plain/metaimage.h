#pragma once

#include "core/io/series.h"

namespace annotomy {

// MetaImage (MetaIO 3-D): .mha, or .mhd with its voxels in one file beside it, raw or zlib. Geometry from TransformMatrix
// (the axes one after the other), Offset and ElementSpacing, all LPS, as ITK has it: AnatomicalOrientation and
// CenterOfRotation do not move the image; where they contradict it a warning says so.
Result<SeriesEntry> scanMetaImage(const std::string& path);
Result<Volume> readMetaImage(const std::string& path, std::stop_token stop = {}, const ProgressReport& report = {});

// Writes a compressed .mha; under a name that ends in .mhd the voxels go uncompressed into a .raw file beside it, first.
// Real values when there is a rescale. Written aside and renamed.
Result<void> writeMetaImage(const std::string& path, const Volume& volume, std::stop_token stop = {},
                            const ProgressReport& report = {});

} // namespace annotomy
