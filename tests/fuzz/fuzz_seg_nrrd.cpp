// 3D Slicer's segmentations: the NRRD beneath and the key-value lines that describe its segments.
#include "core/io/masks/seg_nrrd.h"
#include "core/io/plain/nrrd.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t mostVoxels = 1 << 18;
    static const fuzz::InputFiles files;
    const auto paths = files.writeParts({"image.seg.nrrd", "image.raw"}, {data, size});
    if (const auto entry = scanNrrd(paths.front()); entry && entry->geometry.voxelCount() > mostVoxels)
        return 0;
    if (const auto labels = readSegNrrd(paths.front()))
        FUZZ_CHECK(isPlausible(labels->geometry()) && labels->layerCount() <= 255);
    return 0;
}
