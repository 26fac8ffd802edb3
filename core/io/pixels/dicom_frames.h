#pragma once

#include "core/base/progress.h"
#include "core/image/volume.h"

#include <string>
#include <vector>

namespace annotomy {

// The voxels of one DICOM file without their place in the patient: what there is to see of an image that does
// not say where it lies. The voxels of colours are luminance; a modality LUT is applied, a rescale is not. Internal to
// core/io.
struct FrameStack {
    int columns = 0, rows = 0, frames = 0;
    VoxelType type{};
    std::vector<std::byte> bytes; // columns fastest, frames slowest
    std::vector<std::byte> rgb;   // of each voxel, 8 bits each; empty for a grey image
};

// Errors: those of readDicomFile and of decoding; Unsupported when the file holds no pixel data.
Result<FrameStack> readDicomFrames(const std::string& path, std::stop_token stop = {});

} // namespace annotomy
