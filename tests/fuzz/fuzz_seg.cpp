// DICOM segmentations: reading, and placing the frames on an even grid, a tilted one and their own.
#include "core/io/masks/dicom_seg.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/grids.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t mostVoxels = 1 << 18;
    static const fuzz::InputFiles files;
    const std::string path = files.write("segmentation.dcm", {data, size});
    const auto segmentation = readSegmentation(path);
    if (!segmentation || std::int64_t{segmentation->columns} * segmentation->rows > std::int64_t{mostVoxels})
        return 0;
    std::vector<VolumeGeometry> grids{fuzz::evenGrid(), fuzz::tiltedGrid()};
    if (const auto own = gridOf(*segmentation, path)) {
        FUZZ_CHECK(isPlausible(*own));
        if (own->voxelCount() <= mostVoxels)
            grids.push_back(*own);
    }
    for (const VolumeGeometry& grid : grids)
        if (const auto labels = placed(*segmentation, grid, path)) {
            FUZZ_CHECK(labels->segments().segments().size() <= segmentation->segments.size());
            voxelCounts(*labels);
        }
    return 0;
}
