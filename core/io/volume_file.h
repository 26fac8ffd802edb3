#pragma once

#include "core/base/progress.h"
#include "core/image/label_map.h"
#include "core/image/volume.h"

#include <string>

namespace annotomy {

// Annotomy's own uncompressed volume file (".avol"): one page of JSON header (grid, voxel type, rescale,
// unit), then the voxels at offset 4096, then a colour image's colours. It is the workspace's cache and the way images
// and masks go to the worker; reading maps the file. Format: docs/file-formats.md. Written aside and renamed.
Result<void> writeVolumeFile(const std::string& path, const Volume& volume, std::stop_token stop = {},
                             const ProgressReport& report = {});
// The volume shares the mapping. Errors: NotFound, Truncated, Malformed.
Result<Volume> mapVolumeFile(const std::string& path);

// A mask with its table, as core/edit/edit.h encodes it, in one file.
Result<void> writeLabelFile(const std::string& path, const LabelMap& labels);
Result<LabelMap> readLabelFile(const std::string& path);

} // namespace annotomy
